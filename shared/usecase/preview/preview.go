// Package preview says what an event would do, by the very planner that pushes:
// it reads Ashby and writes nothing, anywhere.
package preview

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
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
	Explanation plan.Explanation // steps with their exact bodies, fields, settings, reads
	Person      person.Person    // as the event would leave them
}

// Event plans an event as if it came now, for the person as they stand. Errors:
// Conflict "not_connected" when Ashby must be read and there is no connection;
// KeyRefused "key_refused" and PermissionMissing when Ashby refuses to be read;
// those of reading Ashby.
func (p *Previewer) Event(ctx context.Context, e event.Event) (Preview, error) {
	in, key, err := p.input(ctx, e)
	if err != nil {
		return Preview{}, err
	}
	out, asks, err := plan.Drive(ctx, in, &reader{previewer: p, team: e.Team, connection: key})
	if err != nil {
		return Preview{}, err
	}
	after := out.Person
	if out.Link != nil {
		after.Link = *out.Link
	}
	out.Person = person.Person{}
	return Preview{Person: after, Explanation: plan.Explanation{
		Effective: in.Settings, Asks: asks, Outcome: out, KeyFingerprint: key.Fingerprint,
		MappingVersion: in.Mapping.Version, TeamVersion: in.Standing.TeamVersion, UserVersion: in.Standing.UserVersion,
		PlannedAt: p.Now().UTC(),
	}}, nil
}

// input gathers what push would plan with.
func (p *Previewer) input(ctx context.Context, e event.Event) (plan.Input, connection.Connection, error) {
	fail := func(err error) (plan.Input, connection.Connection, error) {
		return plan.Input{}, connection.Connection{}, err
	}
	conn, err := p.Teams.Connection(ctx, e.Team)
	if err != nil {
		return fail(err)
	}
	m, err := p.Teams.Mapping(ctx, e.Team)
	if err != nil {
		return fail(err)
	}
	layers, err := p.Teams.LayersAt(ctx, e.Team, setting.Asker(e), e.AcceptedAt)
	if err != nil {
		return fail(err)
	}
	lock, err := p.Teams.Lock(ctx, e.Team)
	if err != nil {
		return fail(err)
	}
	standing, err := p.Teams.Standing(ctx, e.Team, setting.Asker(e))
	if err != nil {
		return fail(err)
	}
	kept, err := p.given(ctx, e, standing)
	if err != nil {
		return fail(err)
	}
	who, ok, err := p.People.Person(ctx, e.Team, e.Person.ID)
	if err != nil {
		return fail(err)
	}
	if !ok {
		who = person.Person{Team: e.Team, ID: e.Person.ID}
	}
	return plan.Input{
		Event: e, Person: who.Of(conn.Generation), Mapping: m,
		Settings: setting.Resolve(append(setting.Given(e), layers...), lock), Standing: standing, Given: kept,
		Key: plan.Key{SeesPrivate: conn.SeesPrivate},
	}, conn, nil
}

// given gives the values that users gave for the event's campaign and person, where
// the team displays any field.
func (p *Previewer) given(ctx context.Context, e event.Event, standing setting.Standing) (kept given.Kept, err error) {
	if len(standing.Shown) == 0 {
		return kept, nil
	}
	if e.Campaign != nil {
		if kept.Campaign, err = p.Teams.Values(ctx, e.Team, given.ForCampaign, e.Campaign.ID); err != nil {
			return kept, err
		}
	}
	kept.Person, err = p.Teams.Values(ctx, e.Team, given.ForPerson, e.Person.ID)
	return kept, err
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
