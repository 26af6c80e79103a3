package setting

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBuiltInValuesHoldWhereNobodyChose(t *testing.T) {
	e := Resolve(nil, Lock{})
	if e.Trigger != OnInterested || !e.OnlySynced || !e.Manual || len(e.NoteTypes) != 12 {
		t.Errorf("%+v", e)
	}
	for _, s := range e.Sources {
		if s.Level != BuiltIn || s.Shadowed != nil {
			t.Errorf("%+v, want built_in, shadowing nothing", s)
		}
	}
}

func TestMostSpecificValueWinsAndNamesWhatItShadows(t *testing.T) {
	layers := []Layer{
		{Level: Team, Version: 3, Values: Values{Trigger: new(OnReply), Manual: new(false)}},
		{Level: User, ID: "u1", Version: 2, Values: Values{Manual: new(true)}},
		{Level: Person, ID: "p1", Values: Values{Trigger: new(OnAdd)}},
		{Level: Campaign, ID: "c1", Values: Values{Trigger: new(Never)}},
	}
	e := Resolve(layers, Lock{})
	if e.Trigger != OnAdd || !e.Manual {
		t.Errorf("trigger %s, manual %v", e.Trigger, e.Manual)
	}
	want := Source{Setting: TriggerName, Level: Person, ID: "p1", Shadowed: []Level{Campaign, Team, BuiltIn}}
	if diff := cmp.Diff(want, e.Sources[0]); diff != "" {
		t.Errorf("trigger's source (-want +got):\n%s", diff)
	}
}

func TestExplicitValueEqualToTheParentsIsNotInherited(t *testing.T) {
	layers := func(user Values) []Layer {
		return []Layer{{Level: User, ID: "u1", Values: user}, {Level: Team, Values: Values{Trigger: new(OnReply)}}}
	}
	if e := Resolve(layers(Values{}), Lock{}); e.Sources[0].Level != Team {
		t.Errorf("inherited: %+v", e.Sources[0])
	}
	if e := Resolve(layers(Values{Trigger: new(OnReply)}), Lock{}); e.Sources[0].Level != User {
		t.Errorf("explicit: %+v", e.Sources[0])
	}
}

func TestLockCountsOnlyValuesOfCurrentAdmins(t *testing.T) {
	layers := []Layer{
		{Level: Person, ID: "p1", Author: "member", Values: Values{Trigger: new(OnAdd)}},
		{Level: Campaign, ID: "c1", Author: "boss", Values: Values{Trigger: new(OnReply)}},
		{Level: Team, Author: "gone", Values: Values{Trigger: new(Never)}},
	}
	e := Resolve(layers, Lock{On: true, Admins: []string{"boss"}})
	if e.Trigger != OnReply || !cmp.Equal(e.Sources[0].Forced, []Level{Person}) {
		t.Errorf("%s from %+v, want on_reply of the campaign, the person's set aside", e.Trigger, e.Sources[0])
	}
	if e = Resolve(layers, Lock{On: true}); e.Trigger != Never {
		t.Errorf("%s, want the team's own: it counts whoever set it", e.Trigger)
	}
}
