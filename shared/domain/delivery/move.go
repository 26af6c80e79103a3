package delivery

import (
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// An event moves in four ways, and in no other: by an outcome (Move), to be tried
// again as it is (Retry), because what it waited for or rested upon is there
// (Reopen), and because a person says so, or the candidate of an edit is there after
// all (Again).
//
//	            Move                       Retry     Reopen    Again
//	pending     waiting, resting, final    pending   pending   pending
//	waiting     waiting, resting, final    pending   pending   pending; an unknown step first
//	resting     resting, final             –         pending   pending
//	final       –                          –         –         pending

// moves are the states that an outcome may lead to, by the state before.
var moves = map[State][]State{
	Pending: {Waiting, Resting, Final},
	Waiting: {Waiting, Resting, Final},
	Resting: {Resting, Final},
	Final:   nil,
}

// Move gives the record in the state that the code asks for, or a fault of kind
// Internal when there is no such move.
func (r Record) Move(c Code, now time.Time) (Record, error) {
	to := c.State()
	if !slices.Contains(moves[r.State], to) {
		return r, noMove(r.State, to)
	}
	r.State, r.Code, r.Changed = to, c, now
	r.Tries, r.Retries = 0, 0
	return r, nil
}

// Retry gives the record to be looked at at that time, and to go on as far as it
// was planned.
func (r Record) Retry(due time.Time) (Record, error) {
	if r.State != Pending && r.State != Waiting {
		return r, noMove(r.State, Pending)
	}
	r.State, r.Code, r.Due = Pending, "", due
	return r, nil
}

// Reopen gives the record to be planned anew at that time: what it waited for, or
// rested upon, is there. What was refused because a candidate was gone was surely
// not applied; and what was done to a candidate for which the person is to have
// another one counts no more.
func (r Record) Reopen(due time.Time, p person.Person) (Record, error) {
	if r.State == Final {
		return r, noMove(r.State, Pending)
	}
	r = r.unfrozen()
	replaced := p.Replaced()
	for _, s := range r.Steps {
		lost := replaced != "" && s.Status == Done && (s.Target == replaced || s.RemoteID == replaced)
		if lost || s.Status == Refused && s.Code == CandidateNotFound {
			s.Status = NotSent
			r = r.WithStep(s)
		}
	}
	r.State, r.Code, r.Row, r.Detail, r.Due, r.Tries, r.Retries = Pending, "", 0, "", due, 0, 0
	return r, nil
}

// unfrozen gives the record without its plan, unless nobody knows what became of
// a step of it: then it must be looked for first, by what the plan says.
func (r Record) unfrozen() Record {
	if _, unknown := r.Unknown(); !unknown {
		r.Frozen, r.Ends = false, ""
	}
	return r
}

// FreedBy reports whether an event waits for a decision about its person that was
// taken since, or is an edit whose candidate was gone and, by a merge that was learnt
// of later or by a decision, is there again.
func (r Record) FreedBy(p person.Person) bool {
	if r.State == Final {
		return r.Code == NoLink && len(r.Owed) > 0 && p.Link.Kind == person.Synced && !p.Link.Gone && !p.Link.Stopped
	}
	if r.State != Waiting {
		return false
	}
	switch r.Code {
	case Held:
		return !p.Held
	case NeedsReview:
		return p.Review.Answer != person.Open || p.Link.Kind == person.Synced
	case RecordDeleted:
		return !p.Link.Gone || p.Link.Stopped || p.Review.Answer != person.Open
	default:
		return false
	}
}

// Freed gives an event that rested, or that FreedBy frees, to be planned anew now.
func (r Record) Freed(now time.Time, p person.Person) (Record, error) {
	if r.State == Final {
		return r.Again(now), nil
	}
	return r.Reopen(now.UTC(), p)
}

func noMove(from, to State) error {
	return fault.New(fault.Internal, "no_such_move", "an event cannot go from "+string(from)+" to "+string(to))
}
