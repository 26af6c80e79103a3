package push

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// push carries the current event as far as it gets. halted holds back the
// person's later events; an error drops the person.
func (w *worker) push(ctx context.Context) (halted bool, err error) {
	began := w.Now()
	w.mu.Lock()
	w.counts.events++
	w.mu.Unlock()
	if halted, err = w.settleOrGoOn(ctx); err == nil {
		err = w.uncount(context.WithoutCancel(ctx))
	}
	w.tellEvent(ctx, began, err)
	return halted, err
}

// settleOrGoOn never repeats a step of which nobody knows whether it was applied:
// it waits, and then looks.
func (w *worker) settleOrGoOn(ctx context.Context) (halted bool, err error) {
	w.sight = ""
	if step, unknown := w.current().Unknown(); unknown {
		w.heed(step)
		if w.Now().Before(w.lookAt(step)) {
			return true, w.settle(ctx, w.current().Record)
		}
		if over, halted, err := w.reconcile(ctx, step); over || err != nil {
			return halted, err
		}
	}
	if over, err := w.count(ctx); over || err != nil {
		return err != nil, err
	}
	defer func() { w.free(); w.disclaim() }()
	w.made, w.shares = nil, false
	p, err := w.planAlone(ctx)
	if err != nil {
		return w.unread(ctx, err)
	}
	if p.claimed {
		return true, w.awaitClaim(ctx)
	}
	if p.keep && !p.begun {
		if p.name, err = w.Ledger.PutExplanation(ctx, w.team, w.current().Event, p.explanation); err != nil {
			return true, err
		}
	}
	halted, err = w.carryOut(ctx, &p)
	if err == nil && p.keep && w.current().Plan != p.name { // nothing was begun: no time was left
		err = w.Ledger.DropExplanation(context.WithoutCancel(ctx), w.team, w.current().Event, p.name)
	}
	return halted, err
}

// planned is what is to be done about an event.
type planned struct {
	outcome     plan.Outcome
	person      person.Person // as the event leaves them, with the link it rests on
	explanation plan.Explanation
	keep        bool   // worth an explanation of its own
	name        string // of the plan that is kept
	begun       bool   // goes on as it was planned, and the person is written
	fresh       bool   // planned anew although it was begun: what it writes rests on fresh reads
	claimed     bool   // another create for one of the person's identity keys is not settled yet
}

// planAlone plans while nobody else writes to the candidate, as far as the
// candidate is known before; found by the plan, it may have to be planned again.
func (w *worker) planAlone(ctx context.Context) (planned, error) {
	locked := w.subject.Person.Link.Candidate
	w.lock(locked)
	for {
		p, err := w.plan(ctx)
		if err != nil {
			return planned{}, err
		}
		if p.outcome.Code == delivery.RecordDeleted {
			moved, ok, err := w.survivor(ctx)
			if ok {
				err = w.write(ctx, w.current().Record, moved)
			}
			if err != nil {
				return planned{}, err
			}
			if ok {
				continue
			}
		}
		if w.creates(p) {
			switch verdict, err := w.contest(ctx, p); {
			case err != nil:
				return planned{}, err
			case verdict == decided:
				continue
			case verdict == undecided:
				p.claimed = true
				return p, nil
			}
		}
		target := p.person.Link.Candidate
		if target == "" || target == locked || !w.lock(target) {
			return p, nil
		}
		locked = target
	}
}

// lock lets go of the candidate that this worker has and waits for another.
func (w *worker) lock(candidate string) (waited bool) {
	w.free()
	w.unlock, waited = w.locks.lock(candidate)
	return waited
}

// free lets others write to the candidate.
func (w *worker) free() {
	w.unlock()
	w.unlock = func() {}
}

// claim waits until nobody else who shares one of the person's identity keys is
// being planned or created. A linked person's candidate is known.
func (w *worker) claim(e event.Event) {
	if w.claimed || w.subject.Person.Link.Kind != person.NotLinked {
		return
	}
	w.claimed = true
	w.release = w.locks.lockAll(plan.IdentityKeys(w.subject.Person.After(e).Snapshot()))
}

// disclaim lets others who share a key go on; they find what was made.
func (w *worker) disclaim() {
	if w.claimed {
		w.claimed = false
		w.release()
	}
}

func (w *worker) plan(ctx context.Context) (planned, error) {
	r := w.current().Record
	if r.Frozen {
		if p, err := w.thaw(ctx, r); err != nil || w.stands(p) {
			return p, err
		}
	}
	if r.Ends != "" && !slices.ContainsFunc(r.Steps, func(s delivery.Step) bool { return s.Status != delivery.Done }) {
		return planned{outcome: plan.Outcome{Code: r.Ends, Row: r.Row}, person: w.subject.Person, begun: true}, nil
	}
	e, ok, err := w.Ledger.Event(ctx, w.team, r.Event)
	if err != nil {
		return planned{}, err
	}
	if !ok {
		return planned{}, fault.New(fault.Internal, "payload_gone", "the event's content is not kept any more")
	}
	earlier, err := w.carried(ctx)
	if err != nil {
		return planned{}, err
	}
	w.claim(e)
	terms := w.terms()
	standing, kept, err := terms.of(ctx, e)
	if err != nil {
		return planned{}, err
	}
	redo, err := w.owed(ctx, r)
	if err != nil {
		return planned{}, err
	}
	effective := setting.Resolve(r.Layers, terms.fence)
	out, asks, err := w.driven(ctx, plan.Input{
		Event: e, Earlier: earlier, Person: w.subject.Person, Settings: effective, Standing: standing, Mapping: terms.mapping, Given: kept,
		Key: plan.Key{SeesPrivate: w.connection.SeesPrivate}, Made: w.made, Redo: redo, Owed: r.Owed,
	})
	if err != nil {
		return planned{}, err
	}
	p := planned{
		outcome: out, person: out.Person, fresh: redo != nil,
		keep: telling(r, out, effective) || len(earlier) > 0 || redo != nil,
	}
	if redo != nil && len(out.Steps) == 0 && out.Code.State() == delivery.Waiting {
		p.keep = false // what was begun, and is owed, is in the plan that is kept
	}
	if out.Link != nil {
		p.person.Link = *out.Link
	}
	p.explanation = plan.Explanation{
		Effective: effective, Asks: asks, Outcome: out, KeyFingerprint: w.connection.Fingerprint,
		MappingVersion: terms.mapping.Version, TeamVersion: standing.TeamVersion, UserVersion: standing.UserVersion,
		PlannedAt: w.Now().UTC(), Carried: ids(earlier),
	}
	p.explanation.Outcome.Person = person.Person{} // kept in their own row
	return p, nil
}

// telling reports whether a plan says more than the record does: more than a note,
// a choice that the lock set aside, or other than an earlier look that may be kept.
func telling(r delivery.Record, out plan.Outcome, effective setting.Effective) bool {
	return len(out.Steps) > 1 || len(out.Fields) > 0 || len(out.Review) > 0 || out.Note.Email || out.Note.Lacks != "" || len(effective.Forced()) > 0 || r.Code != ""
}

// stands reports whether a plan that was begun may go on as it is: not if it is yet
// to make a candidate or to write fields, for that rests on what was read when it
// was made.
func (w *worker) stands(p planned) bool {
	return !w.creates(p) && !slices.ContainsFunc(w.undone(p), func(s plan.Step) bool {
		return plan.WritesFields(s.ID) || w.elsewhere(targetOf(w.bodyOf(s))) // they have another candidate by now
	})
}

// thaw takes up a plan that was begun.
func (w *worker) thaw(ctx context.Context, r delivery.Record) (planned, error) {
	x, ok, err := w.Ledger.Explanation(ctx, w.team, r)
	if err != nil {
		return planned{}, err
	}
	if !ok {
		return planned{}, fault.New(fault.Internal, "plan_gone", "the event's plan is not kept any more")
	}
	return planned{outcome: x.Outcome, person: w.subject.Person, explanation: x, keep: true, name: r.Plan, begun: true}, nil
}

// carryOut takes the steps that are not done yet, and ends the event.
func (w *worker) carryOut(ctx context.Context, p *planned) (halted bool, err error) {
	steps := w.undone(*p)
	if len(steps) == 0 {
		to, err := w.close(w.current().Record, p.outcome)
		if err != nil {
			return w.broken(ctx, w.current().Record, err)
		}
		if p.keep {
			to.Plan = p.name
		}
		if err := w.giveBack(ctx, to); err != nil {
			return true, err
		}
		return false, w.conclude(ctx, to, p.person)
	}
	for i, s := range steps {
		over, halted, err := w.step(ctx, p, s, i == len(steps)-1)
		if over || halted || err != nil {
			return halted, err
		}
	}
	return false, nil
}

// undone leaves out the steps that are settled for good. What a fresh plan writes of
// fields is to be written, whatever an earlier step of that name did.
func (w *worker) undone(p planned) []plan.Step {
	var out []plan.Step
	for _, s := range p.outcome.Steps {
		r, begun := w.current().Step(s.ID)
		again := p.fresh && !p.begun && r.Status == delivery.Done && plan.WritesFields(s.ID)
		if !begun || again || r.Status == delivery.NotSent || r.Status == delivery.Disputed {
			out = append(out, s)
		}
	}
	return out
}

// owed gives what an earlier plan of the event, which was begun and does not stand
// any more, left to be written; nil when there was none.
func (w *worker) owed(ctx context.Context, r delivery.Record) (*plan.Redo, error) {
	if len(r.Steps) == 0 {
		return nil, nil
	}
	x, ok, err := w.Ledger.Explanation(ctx, w.team, r)
	if err != nil || !ok {
		return nil, err
	}
	redo := &plan.Redo{Code: x.Outcome.Code, Row: x.Outcome.Row}
	for _, f := range x.Outcome.Fields {
		if step, _ := r.Step(f.Step); f.Action != field.Skip && step.Status != delivery.Done {
			redo.Fields = append(redo.Fields, f.Field)
		}
	}
	return redo, nil
}

func (w *worker) tellEvent(ctx context.Context, began time.Time, err error) {
	r := w.current()
	level, code := slog.LevelInfo, ""
	if err != nil {
		level, code = slog.LevelWarn, fault.Of(err).Code()
	}
	if r.Code == delivery.Quarantined {
		level = slog.LevelError
	}
	w.Log.LogAttrs(ctx, level, "event pushed", slog.String("team", w.team), slog.String("event", r.Event),
		slog.String("type", string(r.Type)), slog.String("person", w.id), slog.String("state", string(r.State)),
		slog.String("code", string(r.Code)), slog.Int("row", r.Row), slog.Int("steps", len(r.Steps)),
		slog.Int("tries", r.Tries), slog.Int("retries", r.Retries), slog.String("trace", r.Trace), slog.String("sight", w.sight),
		slog.Int64("duration_ms", w.Now().Sub(began).Milliseconds()), slog.String("error", code))
}
