package push

import (
	"context"
	"errors"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// lookAt is the first moment at which it makes sense to look for an unknown step:
// its call has ended, and Ashby has had time to apply what it still held.
func (w *worker) lookAt(s delivery.Step) time.Time {
	return s.CallBy.Add(CallTime + w.settleTime())
}

// overdue is how old an intent is whose outcome should be known by now.
const overdue = 10 * time.Minute

// heed counts a step that should long be settled, for the alarm.
func (w *worker) heed(s delivery.Step) {
	if w.Now().Sub(s.IntentAt) < overdue {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts.unknownOld++
}

func (w *worker) settleTime() time.Duration {
	if w.Settle == 0 {
		return DefaultSettle
	}
	return w.Settle
}

// reconcile settles an unknown step by looking. What is found is done. What two
// complete looks of one key, a settle time apart, do not find was not applied,
// if what else must be there is seen. Anything else leaves the step unknown, in
// sight, to be looked for again. over says that the event does not go on now.
func (w *worker) reconcile(ctx context.Context, s delivery.Step) (over, halted bool, err error) {
	seen, err := w.look(ctx, s)
	ctx = context.WithoutCancel(ctx)
	if err != nil {
		w.sight = "failed"
		return true, true, w.unseen(ctx, err)
	}
	w.sight = seen.verdict.String()
	now := w.Now().UTC()
	switch seen.verdict {
	case there:
		s.Status, s.DoneAt, s.Code, s.Message = delivery.Done, now, "", ""
		subject := w.subject.Person
		if s.ID == plan.StepCreate {
			s.RemoteID = seen.id
			subject = w.linkedTo(seen.id, seen.profile)
		} else if s.RemoteID == "" {
			s.RemoteID = seen.id
		}
		return false, false, w.goOn(ctx, w.current().WithStep(s), subject)
	case repeatable:
		s.LookedBy = w.connection.Fingerprint
		return false, false, w.notSent(ctx, s, seen.moved)
	case several:
		return true, false, w.dispute(ctx, s, seen.candidates)
	case hidden:
		r := w.current().Record
		return true, true, w.stay(ctx, r, now.Add(w.wait(r.Retries)), seen.why, r.Retries+1)
	case absent, gone:
	}
	known := seen.verdict == gone && w.subject.Person.Link.Gone // Ashby said so itself
	if !known && !w.twice(s, now) {
		return true, true, w.lookedOnce(ctx, s, now)
	}
	if seen.verdict == gone {
		return true, false, w.lost(ctx, s)
	}
	return false, false, w.notSent(ctx, s, seen.moved)
}

// twice reports whether the look of now is the second one by the same key.
func (w *worker) twice(s delivery.Step, now time.Time) bool {
	return !s.Looked.IsZero() && s.LookedBy == w.connection.Fingerprint && !now.Before(s.Looked.Add(w.settleTime()))
}

// lookedOnce notes the first look, and comes back for the second.
func (w *worker) lookedOnce(ctx context.Context, s delivery.Step, now time.Time) error {
	s.Looked, s.LookedBy = now, w.connection.Fingerprint
	return w.stay(ctx, w.current().WithStep(s), now.Add(w.settleTime()), "", 0)
}

// stay leaves the event settling until then.
func (w *worker) stay(ctx context.Context, r delivery.Record, due time.Time, detail string, retries int) error {
	to, err := r.Move(delivery.Settling, w.Now().UTC())
	if err != nil {
		return err
	}
	to.Due, to.Detail, to.Retries = due, detail, retries
	return w.write(ctx, to, w.subject.Person)
}

// goOn writes down a step that is settled; the event goes on from there.
func (w *worker) goOn(ctx context.Context, to delivery.Record, subject person.Person) error {
	to, err := to.Retry(w.Now().UTC())
	if err != nil {
		return err
	}
	to.Detail, to.Tries, to.Retries = "", 0, 0
	return w.write(ctx, to, subject)
}

// notSent lets a step be sent again, as a new attempt. A plan for a candidate
// that is another by now does not stand.
func (w *worker) notSent(ctx context.Context, s delivery.Step, moved bool) error {
	s.Status = delivery.NotSent
	to := w.current().WithStep(s)
	to.Frozen = to.Frozen && !moved
	return w.goOn(ctx, to, w.subject.Person)
}

// dispute asks which of several candidates is the person. With the answer the
// event is planned anew.
func (w *worker) dispute(ctx context.Context, s delivery.Step, candidates []string) error {
	s.Status = delivery.Disputed
	to, err := w.current().WithStep(s).Move(delivery.NeedsReview, w.Now().UTC())
	if err != nil {
		return err
	}
	to.Frozen, to.Row, to.Due, to.Detail = false, 0, time.Time{}, ""
	subject := w.subject.Person
	subject.Review = person.Review{Candidates: candidates}
	return w.write(ctx, to, subject)
}

// lost ends a write to a candidate that is no more: whether it was applied before
// makes no difference.
func (w *worker) lost(ctx context.Context, s delivery.Step) error {
	if ok, err := w.followed(ctx, s); ok || err != nil {
		return err
	}
	s.Status, s.Code = delivery.Refused, delivery.CandidateNotFound
	to, err := w.current().WithStep(s).Move(delivery.RecordDeleted, w.Now().UTC())
	if err != nil {
		return err
	}
	to.Due, to.Detail = time.Time{}, ""
	subject := w.subject.Person
	if !subject.Link.Gone { // the question that a hook opened may have been answered
		subject = subject.Lost()
	}
	return w.write(ctx, to, subject)
}

// unseen handles a look that could not be made: it is made later, and proves
// nothing until then.
func (w *worker) unseen(ctx context.Context, err error) error {
	if errors.Is(err, errNotNow) {
		return nil
	}
	r, now := w.current().Record, w.Now().UTC()
	f := fault.Of(err)
	if f.Kind() == fault.KeyRefused && f.Code() == codeUnclear {
		f = w.probed(ctx, f)
	}
	switch fateOf(f) {
	case keyless:
		w.stop(keyRefused)
		return w.keyRefused(ctx, r)
	case paced:
		wait, err := w.slowDown(ctx, f)
		if err != nil {
			return err
		}
		return w.stay(ctx, r, now.Add(wait), r.Detail, r.Retries)
	case parked:
		return w.stay(ctx, r, now.Add(recheckKey), f.Message(), r.Retries)
	default: // again, ours, refused, uncertain: a read may be repeated
		return w.stay(ctx, r, now.Add(w.wait(r.Retries)), f.Message(), r.Retries+1)
	}
}
