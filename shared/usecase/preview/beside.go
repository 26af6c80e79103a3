package preview

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// beside reads for one person's plan: with a candidate comes what the other people
// who are linked to it wrote there, as a push reads it.
type beside struct {
	*run
	id string
}

// Read answers a question.
func (b beside) Read(ctx context.Context, ask plan.Ask) (plan.Answer, error) {
	answer, err := b.ashby.Read(ctx, ask)
	if err == nil && ask.Kind == plan.AskCandidate && len(answer.Candidates) > 0 {
		answer.Others, err = b.People.AppliedByOthers(ctx, b.team, ask.Arg, b.id)
	}
	return answer, err
}
