package preview

import (
	"context"
	"slices"
	"time"

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
	follows    bool // what was withheld earlier goes too
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
	if r.follows {
		out = append(out, WithheldFollow)
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
	pass := pass{run: r, who: who}
	err = pass.over(ctx, events)
	if err == nil && person.News(who, pass.who) {
		err = pass.woken(ctx)
	}
	return pass.out, err
}

// pass is one person's events as a drain goes through them.
type pass struct {
	*run
	who  person.Person
	out  []Preview
	back []string // withheld events that are given back to work
}

// over plans events, in their order. What by now waits for nobody's decision any more,
// and what is given back, goes before what follows.
func (p *pass) over(ctx context.Context, events []event.Event) error {
	again := map[string]bool{}
	freed := func(o Preview) bool {
		now := (p.freed(o) || slices.Contains(p.back, o.Event.ID)) && !again[o.Event.ID]
		again[o.Event.ID] = again[o.Event.ID] || now
		return now
	}
	for len(events) > 0 {
		in, together, err := p.inputs(ctx, p.who, events)
		if err != nil {
			return err
		}
		next, err := p.plan(ctx, in)
		if err != nil {
			return err
		}
		for _, e := range in.Earlier {
			p.out = append(p.out, carried(e, next))
		}
		if p.brings(in, next) {
			p.follows, p.back = true, p.withheld(in.Event.AcceptedAt)
		}
		p.who, p.out = next.Person, append(p.out, next)
		events = append(p.retaken(freed), events[together:]...)
		p.back = nil
	}
	return nil
}

// brings reports whether an event lets what was withheld go: it is a backfill, or it
// puts the person into Ashby and the team wants a backfill then.
func (p *pass) brings(in plan.Input, next Preview) bool {
	code := next.Explanation.Outcome.Code
	made := code == delivery.Created || code == delivery.Matched
	return in.Event.Type == event.BackfillRequested && (made || code == delivery.Synced) || in.Standing.Backfill && made
}

// backfillLife is for how long withheld events may be given back.
const backfillLife = 90 * 24 * time.Hour

// withheld lists the events that rest so far.
func (p *pass) withheld(now time.Time) []string {
	var ids []string
	for _, o := range p.out {
		if o.Explanation.Outcome.Code.State() == delivery.Resting && !o.Event.OccurredAt.Before(now.Add(-backfillLife)) {
			ids = append(ids, o.Event.ID)
		}
	}
	return ids
}

// freed reports whether an event waits for a decision that is made by now.
func (p *pass) freed(o Preview) bool {
	code := o.Explanation.Outcome.Code
	return delivery.Record{State: code.State(), Code: code}.FreedBy(p.who)
}

// retaken takes events out again, to be planned anew.
func (p *pass) retaken(which func(Preview) bool) []event.Event {
	var events []event.Event
	p.out = slices.DeleteFunc(p.out, func(o Preview) bool {
		if !which(o) {
			return false
		}
		events = append(events, o.Event)
		return true
	})
	return events
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
func (p *pass) woken(ctx context.Context) error {
	made := map[string][]plan.Step{}
	var again []event.Event
	p.out = slices.DeleteFunc(p.out, func(o Preview) bool {
		out := o.Explanation.Outcome
		waits := out.Code == delivery.NameMissing || out.Code == delivery.IndexBuilding || out.Code == delivery.MandatoryMissing
		if !waits && !(delivery.Record{State: out.Code.State(), Code: out.Code}).FreedBy(p.who) {
			return false
		}
		again, made[o.Event.ID] = append(again, o.Event), out.Steps
		return len(out.Steps) == 0
	})
	if err := p.over(ctx, again); err != nil {
		return err
	}
	for i := len(p.out) - 1; i >= 0; i-- { // the last of an event's is what came of looking again
		o := &p.out[i]
		steps := made[o.Event.ID]
		delete(made, o.Event.ID)
		o.Explanation.Outcome.Steps = slices.DeleteFunc(o.Explanation.Outcome.Steps, func(s plan.Step) bool {
			return slices.ContainsFunc(steps, func(m plan.Step) bool { return m.ID == s.ID })
		})
	}
	return nil
}
