// Package review takes people's decisions about a person: which candidate they
// are, what to do after a deletion, and whether their work is held.
//
// A decision is one write: the person, together with the first of their events
// that waited for it. The others are given back one by one, in their order; should
// that end halfway, the drain that takes the first one gives back the rest.
package review

import (
	"context"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// Ledger keeps people and their events. Errors are faults; Conflict means that
// another writer came between and nothing was written.
type Ledger interface {
	// All reads a person with the records of all of their events, in order.
	All(ctx context.Context, team, person string) (delivery.Subject, []delivery.Stored, error)
	// Apply writes a change, all of it or nothing.
	Apply(ctx context.Context, c delivery.Change) (delivery.Stored, delivery.Subject, error)
	// SavePerson writes a person alone.
	SavePerson(ctx context.Context, team string, c delivery.PersonChange) (delivery.Subject, error)
}

// Candidates knows what Ashby has.
type Candidates interface {
	// Current follows merges that we were told of, and looks in Ashby: the id by
	// which the candidate goes now; ok is false when there is none.
	Current(ctx context.Context, team, candidate string) (id string, ok bool, err error)
}

// Bell tells a team's drain that there is work. The sweep makes up for a ring
// that fails.
type Bell interface {
	Ring(ctx context.Context, team string) error
}

// Reviewer has the verbs of this package.
type Reviewer struct {
	Ledger     Ledger
	Events     Events
	Teams      Teams
	Candidates Candidates
	Bell       Bell
	Now        func() time.Time
}

// Answer answers what is asked about a person; the candidate is for the answer
// "link" alone. It may be changed until something is written on the strength of
// it. Errors: NotFound when nothing is asked, Invalid for an answer that is not
// offered or a candidate that Ashby does not have, Conflict when another answer
// stands.
func (r *Reviewer) Answer(ctx context.Context, team, id, by string, a person.Answer, candidate string) (person.Person, error) {
	chosen := ""
	if a == person.LinkTo {
		var err error
		if chosen, err = r.there(ctx, team, candidate); err != nil {
			return person.Person{}, err
		}
	}
	return r.decide(ctx, team, id, func(p person.Person) (person.Person, error) {
		return p.Decide(a, chosen, by, r.now())
	}, nil)
}

// Undo takes an answer back, with the events that it ended. Conflict: there is
// none, or something was written since.
func (r *Reviewer) Undo(ctx context.Context, team, id string) (person.Person, error) {
	var answered time.Time
	return r.decide(ctx, team, id, func(p person.Person) (person.Person, error) {
		answered = p.Review.At
		return p.Undo()
	}, func(e delivery.Record) bool {
		return (e.Code == delivery.ReviewNever || e.Code == delivery.LinkStopped) && !e.Changed.Before(answered)
	})
}

// Link links a person to a candidate by hand. Invalid: Ashby does not have it.
func (r *Reviewer) Link(ctx context.Context, team, id, by, candidate string) (person.Person, error) {
	chosen, err := r.there(ctx, team, candidate)
	if err != nil {
		return person.Person{}, err
	}
	return r.decide(ctx, team, id, func(p person.Person) (person.Person, error) {
		if p.Link.Candidate == chosen && p.Link.Kind == person.Synced && !p.Link.Gone {
			return p, nil
		}
		return p.LinkedTo(chosen, by, r.now()), nil
	}, nil)
}

// Unlink takes a person's link and answers away; the next event looks for them
// afresh.
func (r *Reviewer) Unlink(ctx context.Context, team, id string) (person.Person, error) {
	return r.decide(ctx, team, id, func(p person.Person) (person.Person, error) { return p.Unlinked(), nil }, nil)
}

// Hold keeps all of a person's work waiting, from the next look on.
func (r *Reviewer) Hold(ctx context.Context, team, id string) (person.Person, error) {
	return r.decide(ctx, team, id, func(p person.Person) (person.Person, error) {
		p.Held = true
		return p, nil
	}, nil)
}

// Release lets a held person's work go on, in order.
func (r *Reviewer) Release(ctx context.Context, team, id string) (person.Person, error) {
	return r.decide(ctx, team, id, func(p person.Person) (person.Person, error) {
		p.Held = false
		return p, nil
	}, nil)
}

// rounds bounds how often a decision is taken again because another writer came
// between.
const rounds = 5

// decide changes a person and gives the events back that this frees, and of those
// that had ended the ones named by revives.
func (r *Reviewer) decide(
	ctx context.Context, team, id string, change func(person.Person) (person.Person, error), revives func(delivery.Record) bool,
) (person.Person, error) {
	var err error
	for range rounds {
		var to person.Person
		if to, err = r.once(ctx, team, id, change, revives); !fault.Is(err, fault.Conflict) || !stale(err) {
			return to, err
		}
	}
	return person.Person{}, err
}

// stale tells a lost race from a decision that contradicts another.
func stale(err error) bool { return fault.Of(err).Code() == "stale" }

// ofNow gives a person as they stand for the team's links of now. After a fresh start
// with another organisation the drain takes up first who has events that were begun,
// so that nothing of the old one goes on in the new one.
func (r *Reviewer) ofNow(ctx context.Context, team string, p person.Person, records []delivery.Stored) (person.Person, error) {
	conn, err := r.Teams.Connection(ctx, team)
	if err != nil || p.Generation == conn.Generation {
		return p, err
	}
	if slices.ContainsFunc(records, func(e delivery.Stored) bool { return e.State != delivery.Final && (e.Frozen || len(e.Steps) > 0) }) {
		return p, fault.New(fault.Conflict, "matching_anew",
			"the team started fresh with another Ashby organisation, and this person is being matched anew; try again in a minute")
	}
	return p.Of(conn.Generation), nil
}

func (r *Reviewer) once(
	ctx context.Context, team, id string, change func(person.Person) (person.Person, error), revives func(delivery.Record) bool,
) (person.Person, error) {
	subject, records, err := r.Ledger.All(ctx, team, id)
	if err != nil {
		return person.Person{}, err
	}
	if subject.Revision == "" && len(records) == 0 {
		return person.Person{}, fault.New(fault.NotFound, "no_such_person", "nothing is known of this person")
	}
	now, err := r.ofNow(ctx, team, subject.Person, records)
	if err != nil {
		return subject.Person, err
	}
	to, err := change(now)
	if err != nil {
		return now, err
	}
	freed := slices.DeleteFunc(records, func(e delivery.Stored) bool {
		return !e.FreedBy(to) && (revives == nil || !revives(e.Record))
	})
	who := &delivery.PersonChange{From: subject, To: to}
	if len(freed) == 0 {
		_, err := r.Ledger.SavePerson(ctx, team, *who)
		return to, err
	}
	for _, from := range freed {
		next, err := r.back(from.Record, to)
		if err != nil {
			return to, err
		}
		if _, _, err := r.Ledger.Apply(ctx, delivery.Change{Team: team, From: from, To: next, Person: who}); err != nil {
			return to, err
		}
		who = nil // written with the first
	}
	_ = r.Bell.Ring(ctx, team) // the sweep makes up for it
	return to, nil
}

// back gives an event back to work.
func (r *Reviewer) back(from delivery.Record, p person.Person) (delivery.Record, error) {
	if from.State == delivery.Final {
		return from.Again(r.now()), nil
	}
	next, err := from.Reopen(r.now(), p)
	next.Changed = next.Due
	return next, err
}

// there gives the id by which a candidate goes now.
func (r *Reviewer) there(ctx context.Context, team, candidate string) (string, error) {
	id, ok, err := "", false, error(nil)
	if candidate != "" {
		id, ok, err = r.Candidates.Current(ctx, team, candidate)
	}
	if err != nil {
		return "", err
	}
	if !ok {
		return "", fault.New(fault.Invalid, "no_such_candidate", "Ashby has no such candidate, or does not show it to the key")
	}
	return id, nil
}

func (r *Reviewer) now() time.Time { return r.Now().UTC().Round(0) }
