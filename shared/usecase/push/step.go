package push

import (
	"context"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// step takes one step: leave to call, the intent, the call, what came of it.
// over says that the event is done with, or does not go on now; halted that the
// person's later events are held back too.
func (w *worker) step(ctx context.Context, p *planned, s plan.Step, last bool) (over, halted bool, err error) {
	if before, ok := w.current().Step(s.ID); ok && w.barred(before) {
		before.Status = delivery.Uncertain
		return true, true, w.settle(ctx, w.current().WithStep(before))
	}
	if !w.leave(ctx) {
		return true, true, nil // it stays as it is, due for the next drain
	}
	ctx = context.WithoutCancel(ctx) // from here on it is brought to an end
	if err := w.intend(ctx, p, s); err != nil {
		return true, true, err
	}
	intent, _ := w.current().Step(s.ID)
	if until, err := w.closed(ctx, intent); err != nil || !until.IsZero() {
		if err != nil {
			until = w.Now().UTC().Add(claimAgain) // nobody knows: nothing was sent, and nothing is
		}
		return true, true, w.standAside(ctx, intent, until)
	}
	defer w.open(ctx)
	if now := w.Now(); !w.mayCall() || !now.Before(intent.CallBy.Add(-lag)) {
		intent.Status = delivery.NotSent
		to := w.current().WithStep(intent)
		if to.Tries = 0; w.tried != nil {
			to.Due = w.tried.due
		}
		return true, true, w.write(ctx, to, w.subject.Person)
	}
	w.recall = recall{}
	reply, failure := w.account.Do(ctx, s.Method, w.bodyOf(s))
	intent.DoneAt, intent.RequestID, intent.Warnings = w.Now().UTC(), reply.RequestID, reply.Warnings
	for range rebases {
		over, halted, err = w.answered(ctx, p, s, intent, last, reply, failure)
		if !fault.Is(err, fault.Conflict) || !w.rebase(ctx, intent) {
			break
		}
	}
	return over, halted, err
}

// rebases bounds how often an answer is written over a record that others change.
const rebases = 4

// rebase takes up record and person as somebody else left them while we were
// calling, if our attempt is still the one that nobody knows the outcome of: we
// do, and to drop it would leave it unknown.
func (w *worker) rebase(ctx context.Context, ours delivery.Step) bool {
	subject, records, err := w.Ledger.Load(ctx, w.team, w.id, []string{w.current().Event})
	if err != nil {
		return false
	}
	for _, r := range records {
		step, unknown := r.Unknown()
		if r.Event == w.current().Event && unknown && step.ID == ours.ID && step.Token == ours.Token {
			w.subject, w.records[w.at] = subject, r
			return true
		}
	}
	return false
}

// answered writes down what came of a call.
func (w *worker) answered(
	ctx context.Context, p *planned, s plan.Step, d delivery.Step, last bool, reply Reply, failure error,
) (over, halted bool, err error) {
	if failure != nil {
		return w.failed(ctx, p, d, last, failure)
	}
	d.Status, d.RemoteID, d.Code, d.Message = delivery.Done, reply.RemoteID, "", ""
	return last, false, w.took(ctx, p, d, last, w.linked(s, reply))
}

// intend writes down that the step is about to be taken. With the first one the
// person is written as the event leaves them, and the plan stands from then on.
func (w *worker) intend(ctx context.Context, p *planned, s plan.Step) error {
	now := w.Now().UTC()
	r := w.current().Record
	if p.fresh && !p.begun {
		r = r.Superseded(fieldSteps(p.outcome.Steps))
	}
	before, _ := r.Step(s.ID)
	next := delivery.Step{
		ID: s.ID, Method: s.Method, Token: w.Token(), Fingerprint: w.connection.Fingerprint,
		IntentAt: now, CallBy: now.Add(announce), Status: delivery.Intent, Attempts: before.Attempts + 1,
		Target: targetOf(w.bodyOf(s)),
	}
	switch s.ID {
	case plan.StepCreate:
		next.Witness = w.witnesses.of(w.team, now)
	case plan.StepEmail:
		next.LookedBy = before.LookedBy // an earlier attempt may have filed it, for that key alone
	}
	r = r.WithStep(next)
	if s.ID == plan.StepCreate {
		r.Claims = w.claimKeys()
	}
	subject := w.subject.Person
	if !p.begun {
		subject = p.person
	}
	subject = subject.Using()
	r.Frozen, r.Row, r.Ends = p.keep, p.outcome.Row, ""
	if p.keep {
		r.Plan = p.name
	} else {
		r.Ends = p.outcome.Code
	}
	err := w.conclude(ctx, r, subject)
	p.begun = err == nil
	return err
}

// fieldSteps gives the ids of the steps that write fields.
func fieldSteps(steps []plan.Step) []string {
	var ids []string
	for _, s := range steps {
		if plan.WritesFields(s.ID) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// bodyOf gives the step's bytes, with the id of the candidate that an earlier
// step made.
func (w *worker) bodyOf(s plan.Step) []byte {
	created, _ := w.current().Step(plan.StepCreate)
	return []byte(strings.ReplaceAll(s.Body, plan.CreatedCandidate, created.RemoteID))
}

// linked gives the person after a step that went well: a create links them.
func (w *worker) linked(s plan.Step, reply Reply) person.Person {
	if s.ID != plan.StepCreate {
		return w.subject.Person
	}
	return w.linkedTo(reply.RemoteID, reply.Profile)
}

// linkedTo gives the person linked to the candidate that the current event made.
func (w *worker) linkedTo(candidate, profile string) person.Person {
	p := w.subject.Person
	p.Link = person.Link{
		Kind: person.Synced, Candidate: candidate, Profile: profile, By: w.current().Event, At: w.Now().UTC(),
	}
	return p
}

// took writes down a step that is settled; with the last one the event ends.
func (w *worker) took(ctx context.Context, p *planned, s delivery.Step, last bool, subject person.Person) error {
	to := w.current().WithStep(s)
	to.Tries = 0
	if last {
		var err error
		if to, err = w.close(to, p.outcome); err != nil {
			return err
		}
		if err := w.giveBack(ctx, to); err != nil {
			return err
		}
	}
	return w.write(ctx, to, subject)
}

// failed writes down what became of a step that did not go well.
func (w *worker) failed(
	ctx context.Context, p *planned, s delivery.Step, last bool, err error,
) (over, halted bool, _ error) {
	f := fault.Of(err)
	s.Code, s.Message = f.Code(), f.Message()
	if hidden, err := w.unseenTarget(ctx, s, f); err != nil || hidden {
		return w.mayBeThere(ctx, s, err)
	}
	switch fateOf(f) {
	case uncertain:
		s.Status = delivery.Uncertain
		return true, true, w.settle(ctx, w.current().WithStep(s))
	case refused:
		if done, halted, err := w.amend(ctx, p, s, f); done || err != nil {
			return true, halted, err
		}
		s.Status = delivery.Refused
		return w.refused(ctx, p, s, last)
	default:
		s.Status = delivery.NotSent
		halted, err = w.putOff(ctx, w.current().WithStep(s), f)
		return true, halted, err
	}
}

// mayBeThere puts off a step whose candidate Ashby does not find, as long as that
// proves nothing. By then the person may have another candidate, so it is planned
// anew.
func (w *worker) mayBeThere(ctx context.Context, s delivery.Step, looked error) (over, halted bool, err error) {
	s.Status = delivery.NotSent
	to := w.current().WithStep(s)
	to.Frozen = false
	if looked == nil {
		looked = errHidden()
	}
	halted, err = w.putOff(ctx, to, fault.Of(looked))
	return true, halted, err
}

// refused is Ashby's definite no to one step.
func (w *worker) refused(ctx context.Context, p *planned, s delivery.Step, last bool) (over, halted bool, err error) {
	now := w.Now().UTC()
	to := w.current().WithStep(s)
	to.Detail = s.Message
	subject := w.subject.Person
	var code delivery.Code
	switch {
	case s.ID != plan.StepCreate && s.Code == delivery.CandidateNotFound:
		if ok, err := w.followed(ctx, s); ok || err != nil {
			return true, true, err
		}
		subject = subject.Lost()
		code = delivery.RecordDeleted
	case s.ID == plan.StepCreate, s.ID == plan.StepNote, s.ID == plan.StepEmail:
		code = delivery.Rejected // what depends on it is not sent
	case last:
		code = p.outcome.Code
	default:
		return false, false, w.write(ctx, to, subject)
	}
	if to, err = to.Move(code, now); err != nil {
		return true, true, err
	}
	to.Row, to.Due = p.outcome.Row, time.Time{}
	if err := w.giveBack(ctx, to); err != nil {
		return true, true, err
	}
	return true, false, w.write(ctx, to, subject)
}

// close gives the record as its outcome ends it. What Ashby refused on the way
// stays in sight.
func (w *worker) close(r delivery.Record, out plan.Outcome) (delivery.Record, error) {
	to, err := r.Move(out.Code, w.Now().UTC())
	if err != nil {
		return r, err
	}
	to.Row, to.Due, to.Detail, to.Ends, to.Missing, to.Owed = out.Row, time.Time{}, out.Detail, "", out.Missing, out.Owed
	if to.State == delivery.Waiting {
		to.Frozen = false // what was to be done now is done; the rest is planned anew
	}
	for _, s := range to.Steps {
		if s.Status == delivery.Refused {
			to.Detail = s.Message
		}
	}
	return to, nil
}
