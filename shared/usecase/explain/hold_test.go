package explain_test

import (
	"context"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/usecase/explain"
)

// tied is a team with a connection.
type tied struct {
	fence
	connection connection.Connection
}

func (c tied) Connection(context.Context, string) (connection.Connection, error) {
	return c.connection, nil
}

// asked asks for an event alone and in its person's timeline, which must agree.
func asked(t *testing.T, x explain.Explainer, person, event string) *explain.Wait {
	t.Helper()
	s, err := x.Event(t.Context(), "acme", event)
	if err != nil {
		t.Fatal(err)
	}
	p, err := x.Timeline(t.Context(), "acme", person, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range p.Events {
		if e.Record.Event != event {
			continue
		}
		if (e.Wait == nil) != (s.Wait == nil) || e.Wait != nil && *e.Wait != *s.Wait {
			t.Errorf("timeline says %+v, the event %+v", e.Wait, s.Wait)
		}
		return s.Wait
	}
	t.Fatalf("%s is not in the timeline", event)
	return nil
}

func TestWhatAnInactiveConnectionHoldsIsTheAdmins(t *testing.T) {
	for name, c := range map[string]struct {
		connection connection.Connection
		want       delivery.Hold
	}{
		"never connected": {connection.Connection{Status: connection.NotConnected}, delivery.HoldUnconnected},
		"disconnected":    {connection.Connection{Status: connection.Disconnected}, delivery.HoldDisconnected},
		"paused":          {connection.Connection{Status: connection.Paused}, delivery.HoldPaused},
		"key refused":     {connection.Connection{Status: connection.Attention, Reason: "key_refused"}, delivery.HoldKeyRefused},
		"key gone":        {connection.Connection{Status: connection.Attention, Reason: "key_missing"}, delivery.HoldKeyMissing},
		"another Ashby":   {connection.Connection{Status: connection.Attention, Reason: "other_organisation"}, delivery.HoldOrganisation},
		"of old":          {connection.Connection{Status: connection.Attention}, delivery.HoldKeyRefused},
	} {
		t.Run(name, func(t *testing.T) {
			store := shelf{records: map[string]delivery.Record{
				"new":      {Event: "new", Person: "zoe", State: delivery.Pending},
				"settling": {Event: "settling", Person: "zoe", State: delivery.Waiting, Code: delivery.Settling},
				"nameless": {Event: "nameless", Person: "zoe", State: delivery.Waiting, Code: delivery.NameMissing},
				"done":     {Event: "done", Person: "zoe", State: delivery.Final, Code: delivery.Synced},
			}}
			x := explain.Explainer{Store: store, Teams: tied{connection: c.connection}, Now: now}
			for _, event := range []string{"new", "settling"} {
				if w := asked(t, x, "zoe", event); w == nil || w.Hold != c.want || w.Owner != delivery.OwnerAdmin || w.Exit == "" {
					t.Errorf("%s: %+v", event, w)
				}
			}
			if w := asked(t, x, "zoe", "nameless"); w == nil || w.Owner != delivery.OwnerMember || w.Hold != "" {
				t.Errorf("what waits for a name: %+v", w)
			}
			if w := asked(t, x, "zoe", "done"); w != nil {
				t.Errorf("what is done with: %+v", w)
			}
		})
	}
}

func TestAnEventNamesTheOneThatItWaitsBehind(t *testing.T) {
	later := noon.Add(time.Minute)
	unknown := []delivery.Step{{ID: plan.StepNote, Status: delivery.Uncertain}}
	for name, c := range map[string]struct {
		other delivery.Record
		want  *explain.Wait
	}{
		"a write that is looked up": {
			delivery.Record{Order: "1", State: delivery.Waiting, Code: delivery.Settling, Due: later, Steps: unknown},
			&explain.Wait{Owner: delivery.OwnerPush, Hold: delivery.HoldUnknownStep},
		},
		"such a write of a later event": {
			delivery.Record{Order: "3", State: delivery.Waiting, Code: delivery.Settling, Due: later, Steps: unknown},
			&explain.Wait{Owner: delivery.OwnerPush, Hold: delivery.HoldUnknownStep},
		},
		"a missing permission": {
			delivery.Record{Order: "1", State: delivery.Waiting, Code: delivery.Connection, Due: later},
			&explain.Wait{Owner: delivery.OwnerAdmin, Hold: delivery.HoldEarlier},
		},
		"another try": {
			delivery.Record{Order: "1", State: delivery.Pending, Due: later, Retries: 1},
			&explain.Wait{Owner: delivery.OwnerPush, Hold: delivery.HoldEarlier},
		},
		"another try of a later event": {delivery.Record{Order: "3", State: delivery.Pending, Due: later, Retries: 1}, nil},
		"one that holds nothing back":  {delivery.Record{Order: "1", State: delivery.Waiting, Code: delivery.NeedsReview}, nil},
		"one that is done with":        {delivery.Record{Order: "1", State: delivery.Final, Code: delivery.Synced}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c.other.Event, c.other.Person = "other", "zoe"
			store := shelf{records: map[string]delivery.Record{
				"other": c.other, "new": {Event: "new", Person: "zoe", Order: "2", State: delivery.Pending},
			}}
			w := asked(t, explain.Explainer{Store: store, Teams: unlocked, Now: now}, "zoe", "new")
			if (w == nil) != (c.want == nil) {
				t.Fatalf("got %+v, want %+v", w, c.want)
			}
			if w != nil && (w.Owner != c.want.Owner || w.Hold != c.want.Hold || w.Behind != "other" || w.Exit == "") {
				t.Errorf("got %+v, want %+v", w, c.want)
			}
		})
	}
}

func TestAFieldIsWrittenOnlyWhenItsStepWas(t *testing.T) {
	planned := []plan.FieldResult{
		{Field: "title", Action: field.Write, Step: "fields"},
		{Field: "phone", Action: field.Skip, Code: field.Protected},
	}
	for name, c := range map[string]struct {
		state  delivery.State
		steps  []delivery.Step
		action field.Action
		code   field.Code
	}{
		"done":                 {delivery.Final, []delivery.Step{{ID: "fields", Status: delivery.Done}}, field.Write, ""},
		"rejected":             {delivery.Final, []delivery.Step{{ID: "fields", Status: delivery.Refused}}, field.Skip, field.Refused},
		"not sent, goes on":    {delivery.Pending, []delivery.Step{{ID: "fields", Status: delivery.NotSent}}, field.Write, field.NotYet},
		"not begun, goes on":   {delivery.Pending, nil, field.Write, field.NotYet},
		"unknown":              {delivery.Waiting, []delivery.Step{{ID: "fields", Status: delivery.Uncertain}}, field.Write, field.Unsure},
		"announced":            {delivery.Pending, []delivery.Step{{ID: "fields", Status: delivery.Intent}}, field.Write, field.Unsure},
		"disputed":             {delivery.Waiting, []delivery.Step{{ID: "fields", Status: delivery.Disputed}}, field.Write, field.Unsure},
		"ended before it went": {delivery.Final, []delivery.Step{{ID: "create", Status: delivery.Refused}}, field.Skip, field.NotSent},
	} {
		t.Run(name, func(t *testing.T) {
			store := shelf{
				records: map[string]delivery.Record{"e": {Event: "e", Person: "zoe", State: c.state, Code: delivery.Created, Steps: c.steps}},
				plans:   map[string]plan.Explanation{"e": {Outcome: plan.Outcome{Fields: planned}}},
			}
			x := explain.Explainer{Store: store, Teams: unlocked, Now: now}
			s, err := x.Event(t.Context(), "acme", "e")
			if err != nil {
				t.Fatal(err)
			}
			got := s.Plan.Outcome.Fields
			if got[0].Action != c.action || got[0].Code != c.code || got[1].Code != field.Protected {
				t.Errorf("got %+v", got)
			}
			if planned[0].Code != "" {
				t.Error("what is kept was changed")
			}
		})
	}
}
