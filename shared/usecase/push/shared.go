package push

import (
	"context"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// A candidate has one writer at a time, and none while nobody knows what became of
// a write to it. Within a drain, people of one candidate take turns (lock.go). A
// candidate with one person needs no more: their own unknown step holds back all
// that is theirs. Where several people share one, the candidate's row says whose
// write is under way; and because somebody may have begun to share it just now,
// everybody announces first and looks round then, so that of two at least one sees
// the other.

// whyClosed is what is said of an event that waits for another person's write.
const whyClosed = "a write to this candidate for another person is not settled yet"

// closed says until when the candidate of an announced step is closed to it; zero
// when it is not, and then, if others share it, it is closed to them from now on.
func (w *worker) closed(ctx context.Context, s delivery.Step) (until time.Time, err error) {
	w.shut = nil
	if s.Target == "" {
		return time.Time{}, nil
	}
	c, err := w.Ledger.Candidate(ctx, w.team, s.Target)
	if err != nil {
		return time.Time{}, err
	}
	others := c.Others(w.id)
	w.shares = len(others) > 0
	if c.Closed != nil && c.Closed.Person == "" && c.Closed.Until.After(w.Now()) {
		return c.Closed.Until, nil // of somebody who is forgotten, and it may still be on its way
	}
	if c.Closed != nil && c.Closed.Person != "" && c.Closed.Person != w.id && !slices.Contains(others, c.Closed.Person) {
		others = append(others, c.Closed.Person) // who was linked to it then
	}
	if len(others) == 0 {
		return time.Time{}, nil
	}
	shut, err := w.Ledger.CloseCandidate(ctx, w.team, c, &delivery.Closing{
		Person: w.id, Event: w.current().Event, Step: s.ID, Token: s.Token, Until: w.lookAt(s),
	})
	if fault.Is(err, fault.Conflict) { // another came between
		return w.Now().UTC().Add(claimAgain), nil
	}
	if err != nil {
		return time.Time{}, err
	}
	for _, id := range others {
		var known []string
		if c.Closed != nil && c.Closed.Person == id {
			known = []string{c.Closed.Event}
		}
		if until, err = w.unsettled(ctx, id, s.Target, known); err != nil || !until.IsZero() {
			// What stood there is no loss: the other's own record says the same.
			return until, err
		}
	}
	w.shut = &shut
	return time.Time{}, nil
}

// unsettled gives the moment from which nothing can be on its way any more of what
// another person announced to a candidate; zero when there is no such thing. What
// was announced just now is asked after soon: its outcome comes any moment.
func (w *worker) unsettled(ctx context.Context, id, candidate string, known []string) (time.Time, error) {
	_, records, err := w.Ledger.Load(ctx, w.team, id, known)
	if err != nil {
		return time.Time{}, err
	}
	var until time.Time
	for _, r := range records {
		step, unknown := r.Unknown()
		if !unknown || step.Target != candidate {
			continue
		}
		at, now := w.lookAt(step), w.Now().UTC()
		if step.Status == delivery.Intent && now.Before(step.CallBy.Add(CallTime+Margin)) {
			at = now.Add(max(claimAgain, w.wait(w.current().Retries)))
		}
		if at.After(now) && at.After(until) {
			until = at
		}
	}
	return until, nil
}

// standAside lets an announced step that was not sent wait until another person's
// write to its candidate is settled.
func (w *worker) standAside(ctx context.Context, s delivery.Step, until time.Time) error {
	s.Status = delivery.NotSent
	r := w.current().WithStep(s)
	return w.stay(ctx, r, until, whyClosed, r.Retries+1)
}

// open lets others write to the candidate again, once it is known what became of
// the step. Left closed, it holds nobody up: whose write it was says that it is over.
func (w *worker) open(ctx context.Context) {
	if _, unknown := w.current().Unknown(); w.shut == nil || unknown {
		return
	}
	_, _ = w.Ledger.CloseCandidate(ctx, w.team, *w.shut, nil)
	w.shut = nil
}
