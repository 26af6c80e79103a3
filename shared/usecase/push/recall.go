package push

import (
	"context"
	"maps"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// Many events of one person may wait for the same thing, and each asks Ashby the
// same to find that out. So what was read is remembered for the rest of the pass,
// until something of the person's is written. Only an event that goes on waiting
// may rest on it: what writes, or ends, reads afresh.

// recall are the answers of one pass over one person.
type recall struct {
	before map[plan.Ask]plan.Answer // of the plans before the one that is being made
	now    map[plan.Ask]plan.Answer // of that one
	used   bool                     // by it, of what was before
}

// reading answers from what is remembered, and remembers what it reads.
type reading struct {
	from plan.Reader
	seen *recall
}

// Read answers a question.
func (r reading) Read(ctx context.Context, ask plan.Ask) (plan.Answer, error) {
	if answer, ok := r.seen.now[ask]; ok {
		return answer, nil
	}
	if answer, ok := r.seen.before[ask]; ok {
		r.seen.used = true
		return answer, nil
	}
	answer, err := r.from.Read(ctx, ask)
	if err == nil {
		r.seen.now[ask] = answer
	}
	return answer, err
}

// driven plans, from what is remembered if the event goes on waiting.
func (w *worker) driven(ctx context.Context, in plan.Input) (plan.Outcome, []plan.Ask, error) {
	drive := w.Drive
	if drive == nil {
		drive = plan.Drive
	}
	known := map[plan.Ask]plan.Answer{}
	maps.Copy(known, w.recall.before)
	maps.Copy(known, w.recall.now)
	w.recall = recall{before: known, now: map[plan.Ask]plan.Answer{}}
	out, asks, err := drive(ctx, in, reading{reader{w}, &w.recall})
	if err != nil || !w.recall.used || out.Code.State() == delivery.Waiting && len(out.Steps) == 0 {
		return out, asks, err
	}
	w.recall = recall{now: w.recall.now}
	return drive(ctx, in, reading{reader{w}, &w.recall})
}
