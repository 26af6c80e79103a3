package push

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

const (
	// newKey is how long after a change of key or of its permissions a candidate
	// that is not found is not taken for deleted.
	newKey = time.Hour
	// shownBy is how many linked candidates are looked for to see whether the key
	// sees any.
	shownBy = 3
)

// errHidden is what is said of a linked candidate that a key does not show which
// is new to it. It waits as what lacks a permission does.
func errHidden() error {
	return fault.New(fault.PermissionMissing, "candidate_not_visible",
		"the API key or what it may do was changed, and it does not show the candidate; it may be hidden from the key, so it is not taken for deleted")
}

// hidden reports whether a linked candidate that Ashby does not find may be hidden
// from the key instead of deleted: it was linked before the key was what it is, and
// either that is just so, or the key sees no other linked candidate either.
func (w *worker) hidden(ctx context.Context) (bool, error) {
	l, since := w.subject.Person.Link, w.connection.KeySince
	if _, moved, err := w.survivor(ctx); err != nil || moved {
		return false, err // Ashby told of a merge: it is not there for anybody
	}
	switch {
	case l.Gone, !l.At.Before(since): // Ashby said so, or the key has seen it
		return false, nil
	case w.Now().Before(since.Add(newKey)):
		return true, nil
	}
	sees, err := w.seesLinked(ctx)
	return !sees, err
}

// seesLinked reports whether the key sees a candidate that people are linked to; it
// is found out once in a drain.
func (d *drain) seesLinked(ctx context.Context) (bool, error) {
	<-d.sight
	defer func() { d.sight <- struct{}{} }()
	if d.sees != nil {
		return *d.sees, nil
	}
	candidates, err := d.Ledger.Linked(ctx, d.team, d.connection.Generation, shownBy)
	if err != nil {
		return false, err
	}
	sees := false
	for _, id := range candidates {
		answer, err := d.account.Read(ctx, plan.Ask{Kind: plan.AskCandidate, Arg: id})
		if err != nil {
			return false, err
		}
		if sees = len(answer.Candidates) > 0; sees {
			break
		}
	}
	d.sees = &sees
	return sees, nil
}

// reader reads Ashby for a person's plan. That a linked candidate is not there is
// an answer only where the key would show it.
type reader struct{ *worker }

// Read answers a question.
func (r reader) Read(ctx context.Context, ask plan.Ask) (plan.Answer, error) {
	answer, err := r.account.Read(ctx, ask)
	if err != nil || ask.Kind != plan.AskCandidate {
		return answer, err
	}
	if len(answer.Candidates) > 0 {
		answer.Others, err = r.Ledger.AppliedByOthers(ctx, r.team, ask.Arg, r.id)
		return answer, err
	}
	if ask.Arg != r.subject.Person.Link.Candidate {
		return answer, err
	}
	hidden, err := r.hidden(ctx)
	if err == nil && hidden {
		err = errHidden()
	}
	return answer, err
}

// unseenTarget reports whether a refused step is to wait because its candidate may
// only be hidden from the key.
func (w *worker) unseenTarget(ctx context.Context, s delivery.Step, f *fault.Error) (bool, error) {
	if fateOf(f) != refused || f.Code() != delivery.CandidateNotFound || s.Target == "" || s.Target != w.subject.Person.Link.Candidate {
		return false, nil
	}
	return w.hidden(ctx)
}
