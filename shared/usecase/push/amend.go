package push

import (
	"context"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// Of a fault's detail: what Ashby's answer may mean besides its code.
const (
	pathAnswer       = "answer"
	refreshCatalogue = "refresh_catalogue"
)

// stale reports whether a refusal may come from what is remembered of the
// organisation: a tag, project, source, user, field or option that is gone, or a
// field of another type.
func stale(f *fault.Error) bool {
	for _, d := range f.Details() {
		if d.Path == pathAnswer && d.Code == refreshCatalogue {
			return true
		}
	}
	return false
}

// amend looks at the organisation as it is now, and goes on without what a step
// was refused for, once for an event (row 10). done is false when it does not find
// that out: the step is refused as a whole.
func (w *worker) amend(ctx context.Context, p *planned, s delivery.Step, f *fault.Error) (done, halted bool, err error) {
	if !p.keep || w.current().Amended != "" || !stale(f) {
		return false, false, nil
	}
	facts, err := w.asItIsNow(ctx, p, s.ID)
	if err != nil {
		s.Status = delivery.NotSent // to be refused again, when there is time to look
		halted, err = w.putOff(ctx, w.current().WithStep(s), fault.Of(err))
		return true, halted, err
	}
	amended, ok := p.outcome.Amended(s.ID, facts, said(f))
	if !ok {
		return false, false, nil
	}
	subject := w.subject.Person
	if dropped(amended, p.outcome, field.Location) {
		subject.Location = "" // it was not sent
	}
	s.Status = delivery.Refused
	if has(amended, s.ID) {
		s.Status = delivery.NotSent
	}
	p.outcome, p.explanation.Outcome = amended, amended
	if p.name, err = w.Ledger.PutExplanation(ctx, w.team, w.current().Event, p.explanation); err != nil {
		return true, true, err
	}
	to := w.current().WithStep(s)
	to.Amended, to.Plan = s.ID, p.name
	if err := w.write(ctx, to, subject); err != nil {
		return true, true, err
	}
	p.person = w.subject.Person
	halted, err = w.again(ctx, p)
	return true, halted, err
}

// again takes the steps that are left of an amended plan. A create's claims were
// written with its first attempt, and are read for the next.
func (w *worker) again(ctx context.Context, p *planned) (halted bool, err error) {
	if w.creates(*p) {
		if found, err := w.contest(ctx, *p); err != nil || found != unclaimed {
			return true, err // it stays due, and is looked at anew
		}
	}
	return w.carryOut(ctx, p)
}

// asItIsNow asks for what a step rests on of the organisation.
func (w *worker) asItIsNow(ctx context.Context, p *planned, step string) (plan.Facts, error) {
	facts := plan.Facts{}
	for _, s := range p.outcome.Steps {
		if s.ID != step {
			continue
		}
		for member, kind := range map[string]plan.AskKind{
			`"fieldId"`: plan.AskFields, `"sourceId"`: plan.AskSources, `"creditedToUserId"`: plan.AskUsers,
		} {
			if !strings.Contains(s.Body, member) {
				continue
			}
			ask := plan.Ask{Kind: kind, Arg: plan.Fresh}
			answer, err := w.account.Read(ctx, ask)
			if err != nil {
				return nil, err
			}
			facts[ask] = answer
		}
	}
	return facts, nil
}

// said is all in which a refusal may name what it is about.
func said(f *fault.Error) []string {
	out := []string{f.Message()}
	for _, d := range f.Details() {
		if d.Path != pathAnswer {
			out = append(out, d.Path, d.Message)
		}
	}
	switch {
	case strings.HasPrefix(f.Code(), "source"):
		out = append(out, "sourceId")
	case strings.HasPrefix(f.Code(), "user"):
		out = append(out, "creditedToUserId")
	}
	return out
}

func has(o plan.Outcome, step string) bool {
	for _, s := range o.Steps {
		if s.ID == step {
			return true
		}
	}
	return false
}

// dropped reports whether a field that was to be written is not any more.
func dropped(now, before plan.Outcome, id string) bool {
	for i, r := range now.Fields {
		if r.Field == id && r.Action == field.Skip && before.Fields[i].Action != field.Skip {
			return true
		}
	}
	return false
}
