package push

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// survivor gives the person linked to the candidate that theirs went into, where a
// merge was told of that did not reach them: its hook may have come before the link,
// or before that of an earlier merge. ok is false when there is none.
func (w *worker) survivor(ctx context.Context) (p person.Person, ok bool, err error) {
	p = w.subject.Person
	if p.Link.Candidate == "" {
		return p, false, nil
	}
	c, err := w.Ledger.Candidate(ctx, w.team, p.Link.Candidate)
	if err != nil || c.Into == "" {
		return p, false, err
	}
	return p.Moved(c.ID, c.Into, w.Now().UTC().Round(0)), true, nil
}

// elsewhere reports whether a write went, or is to go, to another candidate than the
// one that the person has by now.
func (w *worker) elsewhere(target string) bool {
	l := w.subject.Person.Link
	return target != "" && l.Candidate != "" && !l.Gone && target != l.Candidate
}

// followed lets an event whose candidate is not there go on with the one that it
// went into; ok is false when it went into none.
func (w *worker) followed(ctx context.Context, s delivery.Step) (ok bool, err error) {
	p, ok := w.subject.Person, w.elsewhere(s.Target)
	if !ok {
		if p, ok, err = w.survivor(ctx); err != nil || !ok {
			return false, err
		}
	}
	s.Status = delivery.NotSent
	to := w.current().WithStep(s)
	to.Frozen = false
	return true, w.goOn(ctx, to, p)
}
