package preview

import (
	"context"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// run is one preview: what a drain would plan with, and Ashby as it would be.
type run struct {
	*Previewer
	team       string
	connection connection.Connection
	mapping    mapping.Mapping
	lock       setting.Lock
	ashby      *imagined
	unseen     bool // notes that were to be private, and cannot be
}

func (p *Previewer) open(ctx context.Context, team string) (*run, error) {
	r := &run{Previewer: p, team: team}
	var err error
	if r.connection, err = p.Teams.Connection(ctx, team); err != nil {
		return nil, err
	}
	if r.mapping, err = p.Teams.Mapping(ctx, team); err != nil {
		return nil, err
	}
	if r.lock, err = p.Teams.Lock(ctx, team); err != nil {
		return nil, err
	}
	r.ashby = imagine(&reader{previewer: p, team: team, connection: r.connection})
	return r, nil
}

func (r *run) warnings() []Warning {
	var out []Warning
	if !r.connection.Active() {
		out = append(out, NotActive)
	}
	if r.unseen {
		out = append(out, NotesNotPrivate)
	}
	return out
}

// person plans a person's events, in their order, as a drain would: edits that go
// together as one, and once more what waited for something that a later event says.
func (r *run) person(ctx context.Context, events []event.Event) ([]Preview, error) {
	who, ok, err := r.People.Person(ctx, r.team, events[0].Person.ID)
	if err != nil {
		return nil, err
	}
	if !ok {
		who = person.Person{Team: r.team, ID: events[0].Person.ID}
	}
	who = who.Of(r.connection.Generation)
	before, out := who, []Preview(nil)
	for len(events) > 0 {
		in, together, err := r.inputs(ctx, who, events)
		if err != nil {
			return nil, err
		}
		p, err := r.plan(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, e := range in.Earlier {
			out = append(out, carried(e, p))
		}
		who, out, events = p.Person, append(out, p), events[together:]
	}
	if !person.News(before, who) {
		return out, nil
	}
	return r.woken(ctx, who, out)
}

// inputs gives what the first of the events is planned with, and how many of them
// go together with it.
func (r *run) inputs(ctx context.Context, who person.Person, events []event.Event) (plan.Input, int, error) {
	first, err := r.input(ctx, who, events[0])
	if err != nil {
		return plan.Input{}, 0, err
	}
	in, n := first, 1
	for ; n < len(events) && n < plan.MostTogether; n++ {
		next, err := r.input(ctx, who, events[n])
		if err != nil {
			return plan.Input{}, 0, err
		}
		if !plan.Together(first, next) {
			break
		}
		in = next
	}
	in.Earlier = events[:n-1]
	return in, n, nil
}

// input gathers what push would plan an event with.
func (r *run) input(ctx context.Context, who person.Person, e event.Event) (plan.Input, error) {
	layers, err := r.Teams.LayersAt(ctx, r.team, setting.Asker(e), e.AcceptedAt)
	if err != nil {
		return plan.Input{}, err
	}
	standing, err := r.Teams.Standing(ctx, r.team, setting.Asker(e))
	if err != nil {
		return plan.Input{}, err
	}
	kept, err := r.given(ctx, e, standing)
	if err != nil {
		return plan.Input{}, err
	}
	return plan.Input{
		Event: e, Person: who, Mapping: r.mapping, Standing: standing, Given: kept,
		Settings: setting.Resolve(append(setting.Given(e), layers...), r.lock),
		Key:      plan.Key{SeesPrivate: r.connection.SeesPrivate},
	}, nil
}

// given gives the values that users gave for the event's campaign and person, where
// the team displays any field.
func (r *run) given(ctx context.Context, e event.Event, standing setting.Standing) (kept given.Kept, err error) {
	if len(standing.Shown) == 0 {
		return kept, nil
	}
	if e.Campaign != nil {
		if kept.Campaign, err = r.Teams.Values(ctx, r.team, given.ForCampaign, e.Campaign.ID); err != nil {
			return kept, err
		}
	}
	kept.Person, err = r.Teams.Values(ctx, r.team, given.ForPerson, e.Person.ID)
	return kept, err
}

// plan plans one input, and leaves Ashby as its steps would.
func (r *run) plan(ctx context.Context, in plan.Input) (Preview, error) {
	out, asks, err := plan.Drive(ctx, in, beside{r, in.Person.ID})
	if err != nil {
		return Preview{}, err
	}
	r.ashby.take(in.Event.ID, out.Steps)
	r.unseen = r.unseen || out.Note.Written && in.Standing.PrivateNotes && !in.Key.SeesPrivate
	after := out.Person
	if out.Link != nil {
		after.Link = *out.Link
	}
	if slices.ContainsFunc(out.Steps, func(s plan.Step) bool { return s.ID == plan.StepCreate }) {
		after.Link = person.Link{Kind: person.Synced, Candidate: CreatedBy(in.Event.ID), By: in.Event.ID, At: r.Now().UTC()}
	}
	out.Person = person.Person{}
	var earlier []string
	for _, e := range in.Earlier {
		earlier = append(earlier, e.ID)
	}
	return Preview{Event: in.Event, Person: after, Explanation: plan.Explanation{
		Effective: in.Settings, Asks: asks, Outcome: out, KeyFingerprint: r.connection.Fingerprint,
		MappingVersion: in.Mapping.Version, TeamVersion: in.Standing.TeamVersion, UserVersion: in.Standing.UserVersion,
		PlannedAt: r.Now().UTC(), Carried: earlier,
	}}, nil
}

// carried is the preview of an edit that goes together with a later one.
func carried(e event.Event, by Preview) Preview {
	x := by.Explanation
	x.Carried, x.Asks, x.Outcome = nil, nil, plan.Outcome{
		Code: delivery.Coalesced, Row: x.Outcome.Row, Note: plan.NoteResult{Code: plan.NoteNeverGiven},
	}
	return Preview{Event: e, Explanation: x, Person: by.Person, CarriedBy: by.Event.ID}
}

// woken plans once more what waited for something that may be known by now. It comes
// last, and makes no call again.
func (r *run) woken(ctx context.Context, who person.Person, all []Preview) ([]Preview, error) {
	var out, again []Preview
	for _, p := range all {
		code, made := p.Explanation.Outcome.Code, p.Explanation.Outcome.Steps
		waits := code == delivery.NameMissing || code == delivery.IndexBuilding || code == delivery.MandatoryMissing
		if !waits || len(made) > 0 {
			out = append(out, p)
		}
		if !waits {
			continue
		}
		in, err := r.input(ctx, who, p.Event)
		if err != nil {
			return nil, err
		}
		next, err := r.plan(ctx, in)
		if err != nil {
			return nil, err
		}
		steps := &next.Explanation.Outcome.Steps
		*steps = slices.DeleteFunc(*steps, func(s plan.Step) bool {
			return slices.ContainsFunc(made, func(m plan.Step) bool { return m.ID == s.ID })
		})
		who, again = next.Person, append(again, next)
	}
	return append(out, again...), nil
}
