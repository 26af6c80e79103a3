package review

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// Events knows where events stand.
type Events interface {
	// Stored reads an event's record; ok is false when there is none.
	Stored(ctx context.Context, team, event string) (r delivery.Stored, ok bool, err error)
	// Claims reads the claims that stand on identity keys.
	Claims(ctx context.Context, team string, keys []string) ([]delivery.StoredClaim, error)
}

var errCandidate = fault.New(fault.Invalid, "invalid_request", "the answer does not fit the write").With(fault.Detail{
	Path: "candidate", Code: "candidate_with_create", Message: "name the candidate that a create made, and none for any other write",
})

// Settle takes a person's word for what became of a write that looking in Ashby does
// not settle, such as an email after its key was replaced. For a create that was
// applied they name the candidate, to which the person is linked. Errors: NotFound for
// an event that was never recorded, Invalid for a candidate that is missing, uncalled
// for or not in Ashby, Conflict where nothing is unknown (any more), it is still being
// looked for, or the person has another candidate by now.
func (r *Reviewer) Settle(ctx context.Context, team, event, by string, t delivery.Told, candidate string) (to delivery.Record, err error) {
	for range rounds {
		if to, err = r.settle(ctx, team, event, by, t, candidate); !fault.Is(err, fault.Conflict) || !stale(err) {
			break
		}
	}
	if err == nil {
		_ = r.Bell.Ring(ctx, team) // the sweep makes up for it
	}
	return to, err
}

func (r *Reviewer) settle(ctx context.Context, team, event, by string, t delivery.Told, candidate string) (delivery.Record, error) {
	from, ok, err := r.Events.Stored(ctx, team, event)
	if err != nil {
		return delivery.Record{}, err
	}
	if !ok {
		return delivery.Record{}, fault.New(fault.NotFound, "no_such_event", "no event of this id was recorded")
	}
	now := r.now()
	unknown, _ := from.Unknown()
	made := unknown.ID == plan.StepCreate && t == delivery.Applied
	c := delivery.Change{Team: team, From: from}
	if c.To, err = from.Tell(t, candidate, by, now); err != nil {
		return from.Record, err
	}
	switch {
	case made != (candidate != ""):
		return from.Record, errCandidate
	case made:
		if candidate, err = r.there(ctx, team, candidate); err != nil {
			return from.Record, err
		}
		if c.To, err = from.Tell(t, candidate, by, now); err != nil {
			return from.Record, err
		}
		if c.Person, err = r.linking(ctx, team, from.Record, candidate, now); err != nil {
			return from.Record, err
		}
	}
	if from.Claiming(plan.StepCreate) {
		stand, err := r.Events.Claims(ctx, team, c.To.Claims)
		if err != nil {
			return from.Record, err
		}
		c.Claims = c.To.EndClaims(plan.StepCreate, stand)
	}
	stored, _, err := r.Ledger.Apply(ctx, c)
	return stored.Record, err
}

// linking gives the person of a create as linked to what it made.
func (r *Reviewer) linking(ctx context.Context, team string, e delivery.Record, candidate string, now time.Time) (*delivery.PersonChange, error) {
	subject, _, err := r.Ledger.All(ctx, team, e.Person)
	if err != nil {
		return nil, err
	}
	to := subject.Person
	if to.Link.Kind == person.Synced && to.Link.Candidate != candidate {
		return nil, fault.New(fault.Conflict, "already_linked", "the person is linked to another candidate by now; what is owed goes there once you let it be sent again")
	}
	to.Link = person.Link{Kind: person.Synced, Candidate: candidate, By: e.Event, At: now}
	return &delivery.PersonChange{From: subject, To: to}, nil
}
