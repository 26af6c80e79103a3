// Package preview says what an event would do, by the very planner that pushes:
// it reads Ashby and writes nothing, anywhere.
package preview

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// Teams has what a team configured.
type Teams interface {
	Connection(ctx context.Context, team string) (connection.Connection, error)
	Mapping(ctx context.Context, team string) (mapping.Mapping, error)
	LayersAt(ctx context.Context, team, user string, at time.Time) ([]setting.Layer, error)
	// Lock gives the team's lock as it stands now, with who is an admin now.
	Lock(ctx context.Context, team string) (setting.Lock, error)
	// Standing gives what holds now for a user's events of the settings that are
	// not frozen with them.
	Standing(ctx context.Context, team, user string) (setting.Standing, error)
	// Values gives the values that users gave for a campaign or a person.
	Values(ctx context.Context, team string, scope given.Scope, id string) ([]given.Value, error)
}

// People has what is known of persons; ok is false for one nobody knows.
type People interface {
	Person(ctx context.Context, team, id string) (p person.Person, ok bool, err error)
	// AppliedByOthers gives the times of the values that a candidate's other people
	// last wrote to it.
	AppliedByOthers(ctx context.Context, team, candidate, but string) (map[contact.Variable]time.Time, error)
}

// Keys gives the key of an active connection.
type Keys interface {
	Key(ctx context.Context, team, version string) (secret.Value, error)
}

// Ashby answers the questions of a plan.
type Ashby interface {
	plan.Reader
	// Probe settles whether a key is alive that was refused without a reason.
	Probe(ctx context.Context) (alive bool, err error)
}

// Previewer has the verb of this package.
type Previewer struct {
	Teams  Teams
	People People
	Keys   Keys
	Open   func(key secret.Value, fingerprint string) Ashby
	Now    func() time.Time
}

// Preview is what an event would come to.
type Preview struct {
	Event       event.Event
	Explanation plan.Explanation // steps with their exact bodies, fields, settings, reads
	Person      person.Person    // as the event would leave them
	CarriedBy   string           // the later edit that it would go together with; it has no plan of its own then
}

// Result is what several events would come to.
type Result struct {
	Events   []Preview // in the order in which a push would take them, person by person
	Warnings []Warning
}

// Warning is something about all of a preview that somebody might overlook.
type Warning string

// The warnings.
const (
	NotActive       Warning = "not_active"        // nothing is sent as things stand
	WithheldFollow  Warning = "withheld_follow"   // earlier events of the person that were withheld go too; they are not shown
	NotesNotPrivate Warning = "notes_not_private" // the team wants private notes, and the key does not see them
)

// Events plans events of one team as if they came now, together: each in its place
// in its person's order, and as if those before it had gone. Errors: Conflict
// "not_connected" when Ashby must be read and there is no connection; KeyRefused
// "key_refused" and PermissionMissing when Ashby refuses to be read; those of
// reading Ashby.
func (p *Previewer) Events(ctx context.Context, team string, events []event.Event) (Result, error) {
	r, err := p.open(ctx, team)
	if err != nil {
		return Result{}, err
	}
	var out Result
	for _, theirs := range byPerson(events) {
		all, err := r.person(ctx, theirs)
		if err != nil {
			return Result{}, err
		}
		out.Events = append(out.Events, all...)
	}
	out.Warnings = r.warnings()
	return out, nil
}

// Person plans a push that somebody asks for: of all that is known of the person.
// Errors: NotFound when nobody knows them; those of Events.
func (p *Previewer) Person(ctx context.Context, team, id string, by event.Actor) (Result, error) {
	if _, ok, err := p.People.Person(ctx, team, id); err != nil || !ok {
		return Result{}, orUnknown(err)
	}
	return p.Events(ctx, team, []event.Event{p.request(team, id, by)})
}

func orUnknown(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.NotFound, "no_such_person", "nothing is known of this person")
}

// request is the event that a push of a person is.
func (p *Previewer) request(team, id string, by event.Actor) event.Event {
	now := p.Now().UTC()
	return event.Event{
		ID: "preview", Team: team, Type: event.PushRequested, OccurredAt: now, AcceptedAt: now, Actor: by, Person: event.Person{ID: id},
	}
}

// byPerson groups events by person, in the order in which the people come, and
// puts each one's in their order. Of two events of one id the first counts.
func byPerson(events []event.Event) [][]event.Event {
	var groups [][]event.Event
	at, seen := map[string]int{}, map[string]bool{}
	for _, e := range events {
		if seen[e.ID] {
			continue
		}
		seen[e.ID] = true
		i, ok := at[e.Person.ID]
		if !ok {
			i, groups = len(groups), append(groups, nil)
			at[e.Person.ID] = i
		}
		groups[i] = append(groups[i], e)
	}
	for _, g := range groups {
		slices.SortFunc(g, func(a, b event.Event) int {
			return strings.Compare(delivery.OrderOf(a.OccurredAt, a.AcceptedAt, a.ID), delivery.OrderOf(b.OccurredAt, b.AcceptedAt, b.ID))
		})
	}
	return groups
}

// reader opens Ashby when the plan first asks, because most plans never do.
type reader struct {
	previewer  *Previewer
	team       string
	connection connection.Connection
	opened     Ashby
}

// Read answers a question of the plan.
func (r *reader) Read(ctx context.Context, ask plan.Ask) (plan.Answer, error) {
	if r.opened == nil {
		if r.connection.Fingerprint == "" {
			return plan.Answer{}, fault.New(fault.Conflict, "not_connected", "what this event would do depends on what is in Ashby; connect it first")
		}
		key, err := r.previewer.Keys.Key(ctx, r.team, r.connection.SecretVersion)
		if err != nil {
			return plan.Answer{}, err
		}
		r.opened = r.previewer.Open(key, r.connection.Fingerprint)
	}
	answer, err := r.opened.Read(ctx, ask)
	if f := fault.Of(err); err != nil && f.Kind() == fault.KeyRefused && f.Code() == codeUnclear {
		err = r.settled(ctx, f)
	}
	return answer, err
}

// codeUnclear is the code of a refusal that does not say whether the key is
// wrong or lacks a permission.
const codeUnclear = "forbidden_unclear"

// settled says what a refusal without a reason means, by one more call.
func (r *reader) settled(ctx context.Context, unclear *fault.Error) error {
	alive, err := r.opened.Probe(ctx)
	switch {
	case err != nil:
		return fault.New(fault.Unavailable, "key_unclear", "Ashby refused a call and did not say why; try again").Because(err)
	case !alive:
		return fault.New(fault.KeyRefused, "key_refused",
			"Ashby does not accept the key any more; check the connection, or activate another key").Because(unclear)
	}
	return fault.New(fault.PermissionMissing, "missing_endpoint_permission",
		"the key lacks a permission that this needs: check the connection, and tick the boxes that it names").
		Because(unclear).With(unclear.Details()...)
}
