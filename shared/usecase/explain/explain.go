// Package explain answers what became of an event and why, and what a person's
// events were.
package explain

import (
	"context"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// Store has what happened to people. ok is false where there is nothing.
type Store interface {
	Person(ctx context.Context, team, id string) (p person.Person, ok bool, err error)
	// Timeline gives a page of a person's events, newest first; next is empty after the last.
	Timeline(ctx context.Context, team, person, cursor string, limit int) (page []delivery.Record, next string, err error)
	Record(ctx context.Context, team, event string) (r delivery.Record, ok bool, err error)
	Event(ctx context.Context, team, event string) (e event.Event, ok bool, err error)
	Explanation(ctx context.Context, team string, r delivery.Record) (x plan.Explanation, ok bool, err error)
	// Load reads a person with the records of their latest events, in the person's order.
	Load(ctx context.Context, team, person string, besides []string) (delivery.Subject, []delivery.Stored, error)
}

// Teams has what a team configured.
type Teams interface {
	Connection(ctx context.Context, team string) (connection.Connection, error)
	// Lock gives the team's lock as it stands now, with who is an admin now.
	Lock(ctx context.Context, team string) (setting.Lock, error)
}

// Explainer has the verbs of this package.
type Explainer struct {
	Store Store
	Teams Teams
	Now   func() time.Time
}

// Page of a person's timeline.
type Page struct {
	Person person.Person
	Events []Entry // newest first
	Next   string  // cursor of the next page; empty after the last
}

// Timeline gives a page of a person's events, newest first. A person of whom
// nothing was ever recorded is NotFound.
func (x *Explainer) Timeline(ctx context.Context, team, id, cursor string, limit int) (Page, error) {
	records, next, err := x.Store.Timeline(ctx, team, id, cursor, limit)
	if err != nil {
		return Page{}, err
	}
	p, ok, err := x.Store.Person(ctx, team, id)
	if err != nil {
		return Page{}, err
	}
	if !ok {
		p = person.Person{Team: team, ID: id}
		if len(records) == 0 && cursor == "" && next == "" {
			return Page{}, fault.New(fault.NotFound, "no_such_person", "nothing is known of this person")
		}
	}
	conn, err := x.Teams.Connection(ctx, team)
	if err != nil {
		return Page{}, err
	}
	p = p.Of(conn.Generation)
	entries, err := x.entries(ctx, team, id, records)
	return Page{Person: p, Events: entries, Next: next}, err
}

// Story is all that is known of an event.
type Story struct {
	Entry
	Event    *event.Event      // nil: its content is not kept any more
	Plan     *plan.Explanation // nil: nothing was planned yet, or no more than the record says
	Settings setting.Effective // in force for it
	Note     *plan.NoteResult  // nil: not decided yet
}

// Event tells an event's story. One that was never recorded is NotFound.
func (x *Explainer) Event(ctx context.Context, team, id string) (Story, error) {
	r, ok, err := x.Store.Record(ctx, team, id)
	if err != nil {
		return Story{}, err
	}
	if !ok {
		return Story{}, fault.New(fault.NotFound, "no_such_event", "no event of this id was recorded")
	}
	settings, err := x.inForce(ctx, team, r)
	if err != nil {
		return Story{}, err
	}
	entries, err := x.entries(ctx, team, r.Person, []delivery.Record{r})
	if err != nil {
		return Story{}, err
	}
	s := Story{Entry: entries[0], Settings: settings}
	e, ok, err := x.Store.Event(ctx, team, id)
	if err != nil {
		return Story{}, err
	}
	if ok {
		s.Event = &e
	}
	planned, ok, err := x.Store.Explanation(ctx, team, r)
	if err != nil {
		return Story{}, err
	}
	if ok {
		planned.Outcome.Fields = cameOf(planned.Outcome.Fields, r)
		s.Plan, s.Settings = &planned, planned.Effective
	}
	s.Note = noteOf(s)
	return s, nil
}

// inForce gives an event's settings as long as no plan is kept of it. Where it was
// looked at, no lock mattered then: a plan is kept of those where one did. Where it
// was not, the lock counts as it stands.
func (x *Explainer) inForce(ctx context.Context, team string, r delivery.Record) (setting.Effective, error) {
	if r.Code != "" {
		return setting.Resolve(r.Layers, setting.Lock{}), nil
	}
	lock, err := x.Teams.Lock(ctx, team)
	return setting.Resolve(r.Layers, lock), err
}

// noteOf says whether the event gives a note. Of an event that came to no more
// than a note no plan is kept: then it follows from the record and the settings.
func noteOf(s Story) *plan.NoteResult {
	r := s.Record
	_, announced := r.Step(plan.StepNote)
	switch {
	case s.Plan != nil && s.Plan.Outcome.Note.Written:
		return noteCame(r, s.Plan.Outcome.Note)
	case announced:
		return noteCame(r, plan.NoteResult{})
	case s.Plan != nil:
		return &s.Plan.Outcome.Note
	case r.Code == "":
		return nil
	case r.Type == event.ContactEdited || r.Type == event.ContactRemoved:
		return &plan.NoteResult{Code: plan.NoteNeverGiven}
	case !slices.Contains(s.Settings.NoteTypes, r.Type):
		return &plan.NoteResult{Code: plan.NoteTypeOff}
	case r.Code == delivery.NameMissing:
		return &plan.NoteResult{Code: plan.NoteAfterWait}
	}
	return &plan.NoteResult{Code: plan.NoteByRow}
}
