package ashby

import (
	"context"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// known looks for match keys in our own copy alone, and says that it saw not all
// where there is none that is complete.
func (r *Reader) known(ctx context.Context, keys []string) (plan.Answer, error) {
	if r.index == nil {
		return plan.Answer{Incomplete: true}, nil
	}
	if _, complete, err := r.index.Complete(ctx); err != nil || !complete {
		return plan.Answer{Incomplete: true}, err
	}
	var answer plan.Answer
	for _, key := range keys {
		bearers, err := r.index.Bearers(ctx, key)
		if err != nil {
			return plan.Answer{}, err
		}
		for _, c := range bearers {
			if !slices.ContainsFunc(answer.Candidates, func(o candidate.Candidate) bool { return o.ID == c.ID }) {
				answer.Candidates = append(answer.Candidates, c)
			}
		}
	}
	return answer, nil
}
