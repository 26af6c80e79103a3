package setting_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

func TestWhoseSettingsAnEventAsksFor(t *testing.T) {
	owned := &event.Campaign{ID: "c1", Owner: event.Actor{ID: "owner"}}
	for name, c := range map[string]struct {
		e    event.Event
		want string
	}{
		"who acted":              {event.Event{Actor: event.Actor{ID: "actor"}, Campaign: owned}, "actor"},
		"else the owner":         {event.Event{Campaign: owned}, "owner"},
		"else nobody's":          {event.Event{}, ""},
		"an owner nobody knows":  {event.Event{Campaign: &event.Campaign{ID: "c1"}}, ""},
		"who acted, no campaign": {event.Event{Actor: event.Actor{ID: "actor"}}, "actor"},
	} {
		if got := setting.Asker(c.e); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestLayersThatComeWithAnEvent(t *testing.T) {
	known, unknown, no := "on_add", "sometimes", false
	onAdd := setting.OnAdd
	e := event.Event{
		Person: event.Person{ID: "p1"},
		Overrides: []event.Override{
			{Level: event.ForPerson, Author: "u1", Trigger: &known},
			{Level: event.ForCampaign, Author: "u2", Trigger: &unknown, OnlySynced: &no},
		},
	}
	person := setting.Layer{Level: setting.Person, ID: "p1", Author: "u1", Values: setting.Values{Trigger: &onAdd}}
	if diff := cmp.Diff([]setting.Layer{person}, setting.Given(e)); diff != "" {
		t.Errorf("without a campaign: %s", diff)
	}
	e.Campaign = &event.Campaign{ID: "c1"}
	campaign := setting.Layer{Level: setting.Campaign, ID: "c1", Author: "u2", Values: setting.Values{OnlySynced: &no}}
	if diff := cmp.Diff([]setting.Layer{person, campaign}, setting.Given(e)); diff != "" {
		t.Errorf("with one: %s", diff)
	}
}
