package plan

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Reader answers the planner's questions by reading Ashby. Errors are faults
// (KeyRefused, PermissionMissing, Throttled, Unavailable); a candidate that is
// not there is an empty answer.
type Reader interface {
	Read(ctx context.Context, ask Ask) (Answer, error)
}

// rounds bounds the loop: each kind of question is asked in at most two rounds.
const rounds = 12

// Drive plans, answers what the plan asks, and plans again until there is an
// outcome. It gives the facts it gathered, in the order in which they were asked.
func Drive(ctx context.Context, in Input, read Reader) (Outcome, []Ask, error) {
	facts, asked := Facts{}, []Ask(nil)
	for range rounds {
		out := Plan(in, facts)
		if len(out.Asks) == 0 {
			return out, asked, nil
		}
		for _, ask := range out.Asks {
			answer, err := read.Read(ctx, ask)
			if err != nil {
				return Outcome{}, asked, err
			}
			facts[ask], asked = answer, append(asked, ask)
		}
	}
	return Outcome{}, asked, fault.New(fault.Internal, "plan_does_not_end", "the plan keeps asking")
}
