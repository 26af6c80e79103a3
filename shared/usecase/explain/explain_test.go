package explain_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/usecase/explain"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// shelf holds what was recorded of one team's people.
type shelf struct {
	people  map[string]person.Person
	records map[string]delivery.Record
	events  map[string]event.Event
	plans   map[string]plan.Explanation
}

func (s shelf) Person(_ context.Context, team, id string) (person.Person, bool, error) {
	p, ok := s.people[id]
	return p, ok && team == "acme", nil
}

func (s shelf) Timeline(_ context.Context, team, id, _ string, _ int) (page []delivery.Record, next string, err error) {
	for _, r := range s.records {
		if r.Person == id && team == "acme" {
			page = append(page, r)
		}
	}
	return page, "", nil
}

func (s shelf) Record(_ context.Context, team, id string) (delivery.Record, bool, error) {
	r, ok := s.records[id]
	return r, ok && team == "acme", nil
}

func (s shelf) Event(_ context.Context, team, id string) (event.Event, bool, error) {
	e, ok := s.events[id]
	return e, ok && team == "acme", nil
}

func (s shelf) Explanation(_ context.Context, team string, r delivery.Record) (plan.Explanation, bool, error) {
	x, ok := s.plans[r.Event]
	return x, ok && team == "acme", nil
}

func (s shelf) Load(_ context.Context, team, id string, _ []string) (delivery.Subject, []delivery.Stored, error) {
	var out []delivery.Stored
	for _, r := range s.records {
		if r.Person == id && team == "acme" {
			out = append(out, delivery.Stored{Record: r})
		}
	}
	slices.SortFunc(out, func(a, b delivery.Stored) int { return strings.Compare(a.Order, b.Order) })
	return delivery.Subject{}, out, nil
}

// fence is the lock of a team that is connected.
type fence setting.Lock

func (f fence) Connection(context.Context, string) (connection.Connection, error) {
	return connection.Connection{Status: connection.Connected}, nil
}

func (f fence) Lock(context.Context, string) (setting.Lock, error) { return setting.Lock(f), nil }

var unlocked = fence{}

func now() time.Time { return noon }

func TestAnEventThatNobodyLookedAtYetIsUnderTheLockAsItStands(t *testing.T) {
	never, onAdd := setting.Never, setting.OnAdd
	layers := []setting.Layer{
		{Level: setting.Person, ID: "p1", Author: "mel", Values: setting.Values{Trigger: &never}},
		{Level: setting.Team, Author: "ann", Values: setting.Values{Trigger: &onAdd}},
	}
	store := shelf{records: map[string]delivery.Record{
		"new":  {Event: "new", State: delivery.Pending, Layers: layers},
		"done": {Event: "done", State: delivery.Final, Code: delivery.Created, Layers: layers},
	}}
	x := explain.Explainer{Store: store, Teams: fence{On: true, Admins: []string{"ann"}}, Now: now}
	for event, want := range map[string]setting.Trigger{"new": setting.OnAdd, "done": setting.Never} {
		if s, err := x.Event(t.Context(), "acme", event); err != nil || s.Settings.Trigger != want {
			t.Errorf("%s: %s, %v, want %s", event, s.Settings.Trigger, err, want)
		}
	}
}

func full() shelf {
	never := setting.Never
	return shelf{
		people: map[string]person.Person{"known": {Team: "acme", ID: "known", Held: true}},
		records: map[string]delivery.Record{
			"waits": {
				Event: "waits", Person: "new", State: delivery.Waiting, Code: delivery.NameMissing, Due: noon,
				Layers: []setting.Layer{{Level: setting.Team, Version: 4, Values: setting.Values{Trigger: &never}}},
			},
			"again": {Event: "again", Person: "new", State: delivery.Pending, Code: delivery.NameMissing},
			"done":  {Event: "done", Person: "new", State: delivery.Final, Code: delivery.Created},
		},
		events: map[string]event.Event{"done": {ID: "done", Flags: []event.Flag{event.TimeClamped}}},
		plans:  map[string]plan.Explanation{"done": {Effective: setting.Effective{Trigger: setting.OnAdd}, MappingVersion: 2}},
	}
}

func TestAWaitNamesItsOwnerAndExit(t *testing.T) {
	x := explain.Explainer{Store: full(), Teams: unlocked, Now: now}
	s, err := x.Event(t.Context(), "acme", "waits")
	if err != nil || s.Wait == nil || s.Wait.Owner != delivery.OwnerMember || s.Wait.Exit == "" {
		t.Fatalf("got %+v, %v", s, err)
	}
	if s.Settings.Trigger != setting.Never || s.Settings.Sources[0].Version != 4 || s.Event != nil || s.Plan != nil {
		t.Errorf("before any plan, the frozen settings count: %+v", s)
	}
	if s, err := x.Event(t.Context(), "acme", "again"); err != nil || s.Wait != nil {
		t.Errorf("what is looked at again waits for nobody: %+v, %v", s.Wait, err)
	}
}

func TestWhatWasPlannedCounts(t *testing.T) {
	x := explain.Explainer{Store: full(), Teams: unlocked, Now: now}
	s, err := x.Event(t.Context(), "acme", "done")
	if err != nil || s.Plan == nil || s.Plan.MappingVersion != 2 || s.Settings.Trigger != setting.OnAdd || s.Event == nil || s.Wait != nil {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestAPersonIsThereOnceAnythingIsRecorded(t *testing.T) {
	x := explain.Explainer{Store: full(), Teams: unlocked, Now: now}
	if p, err := x.Timeline(t.Context(), "acme", "known", "", 10); err != nil || !p.Person.Held || len(p.Events) != 0 {
		t.Errorf("known, without events: %+v, %v", p, err)
	}
	if p, err := x.Timeline(t.Context(), "acme", "new", "", 10); err != nil || p.Person.ID != "new" || len(p.Events) != 3 {
		t.Errorf("recorded, not yet looked at: %+v, %v", p, err)
	}
	for team, id := range map[string]string{"acme": "nobody", "globex": "known"} {
		if _, err := x.Timeline(t.Context(), team, id, "", 10); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s of %s: %v", id, team, err)
		}
	}
	if _, err := x.Event(t.Context(), "globex", "done"); !fault.Is(err, fault.NotFound) {
		t.Errorf("another team's event: %v", err)
	}
}

func TestWhetherThereIsANoteIsToldWithoutAPlanToo(t *testing.T) {
	chosen := []event.Type{event.EmailSent}
	layers := []setting.Layer{{Level: setting.Team, Version: 1, Values: setting.Values{NoteTypes: &chosen}}}
	for name, c := range map[string]struct {
		record delivery.Record
		want   *plan.NoteResult
	}{
		"written":           {noted(delivery.Final, delivery.Done), &plan.NoteResult{Written: true}},
		"refused":           {noted(delivery.Final, delivery.Refused), &plan.NoteResult{Code: plan.NoteRefused}},
		"to be tried again": {noted(delivery.Pending, delivery.NotSent), &plan.NoteResult{Code: plan.NoteNotYet}},
		"unknown":           {noted(delivery.Waiting, delivery.Uncertain), &plan.NoteResult{Code: plan.NoteUnsure}},
		"type not chosen":   {delivery.Record{Type: event.SMSSent, Code: delivery.Synced}, &plan.NoteResult{Code: plan.NoteTypeOff}},
		"never":             {delivery.Record{Type: event.ContactEdited, Code: delivery.NoLink}, &plan.NoteResult{Code: plan.NoteNeverGiven}},
		"none in this row":  {delivery.Record{Type: event.EmailSent, Code: delivery.WithheldUntilMarked}, &plan.NoteResult{Code: plan.NoteByRow}},
		"after the name":    {delivery.Record{Type: event.EmailSent, Code: delivery.NameMissing}, &plan.NoteResult{Code: plan.NoteAfterWait}},
		"not looked at yet": {delivery.Record{Type: event.EmailSent}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c.record.Event, c.record.Layers = "e", layers
			x := explain.Explainer{Store: shelf{records: map[string]delivery.Record{"e": c.record}}, Teams: unlocked, Now: now}
			s, err := x.Event(t.Context(), "acme", "e")
			if err != nil {
				t.Fatal(err)
			}
			if (s.Note == nil) != (c.want == nil) || s.Note != nil && *s.Note != *c.want {
				t.Errorf("got %+v, want %+v", s.Note, c.want)
			}
		})
	}
}

// noted is an event's record with a note of that status.
func noted(state delivery.State, status delivery.StepStatus) delivery.Record {
	return delivery.Record{
		Type: event.EmailSent, State: state, Code: delivery.Synced, Steps: []delivery.Step{{ID: plan.StepNote, Status: status}},
	}
}

func TestANoteThatWasPlannedAndNeverSentIsNotSaidToBeWritten(t *testing.T) {
	store := shelf{
		records: map[string]delivery.Record{"e": {Event: "e", State: delivery.Final, Code: delivery.Rejected, Steps: []delivery.Step{{ID: plan.StepCreate, Status: delivery.Refused}}}},
		plans:   map[string]plan.Explanation{"e": {Outcome: plan.Outcome{Note: plan.NoteResult{Written: true}}}},
	}
	x := explain.Explainer{Store: store, Teams: unlocked, Now: now}
	if s, err := x.Event(t.Context(), "acme", "e"); err != nil || s.Note == nil || s.Note.Written || s.Note.Code != plan.NoteNotSent {
		t.Errorf("got %+v, %v", s.Note, err)
	}
}
