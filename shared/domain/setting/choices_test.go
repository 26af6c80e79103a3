package setting_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

func TestAUserNarrowsWhatTheTeamShowsAndAddsToWhatItDemands(t *testing.T) {
	yes := true
	team := setting.Document{Version: 3, Choices: setting.Choices{
		Displayed: &[]string{"source", "tags"}, Mandatory: []string{"source"}, Protected: []string{"phone"}, NativeEmail: &yes,
	}}
	own := setting.Document{Version: 2, Choices: setting.Choices{
		Displayed: &[]string{"location", "tags"}, Mandatory: []string{"tags", "source"}, Protected: []string{"email"},
	}}
	got := setting.Stand(team, "u1", own)
	want := setting.Standing{
		Displayed: []string{"tags"}, Shown: []string{"source", "tags"}, Mandatory: []string{"source", "tags"}, Protected: []string{"phone", "email"},
		NativeEmail: true, TeamVersion: 3, UserVersion: 2,
		Sources: []setting.Source{
			{Setting: "displayed", Level: setting.User, ID: "u1", Version: 2, Shadowed: []setting.Level{setting.Team, setting.BuiltIn}},
			{Setting: "filterable", Level: setting.BuiltIn},
			{Setting: "native_email", Level: setting.Team, Version: 3, Shadowed: []setting.Level{setting.BuiltIn}},
			{Setting: "backfill", Level: setting.BuiltIn},
			{Setting: "private_notes", Level: setting.BuiltIn},
		},
		Elements: []setting.Element{
			{Setting: "mandatory", Field: "source", Level: setting.Team, Version: 3},
			{Setting: "mandatory", Field: "tags", Level: setting.User, ID: "u1", Version: 2},
			{Setting: "mandatory", Field: "source", Level: setting.User, ID: "u1", Version: 2},
			{Setting: "protected", Field: "phone", Level: setting.Team, Version: 3},
			{Setting: "protected", Field: "email", Level: setting.User, ID: "u1", Version: 2},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAUserWhoChoseNothingHasTheTeamsFields(t *testing.T) {
	team := setting.Document{Version: 1, Choices: setting.Choices{Displayed: &[]string{"source"}}}
	none := setting.Document{Version: 1, Choices: setting.Choices{Displayed: &[]string{}}}
	for name, c := range map[string]struct {
		own   setting.Document
		want  []string
		level setting.Level
	}{
		"never chose":             {setting.Document{}, []string{"source"}, setting.Team},
		"chose none, a choice":    {none, []string{}, setting.User},
		"equal to the team's own": {team, []string{"source"}, setting.User},
	} {
		got := setting.Stand(team, "u1", c.own)
		if diff := cmp.Diff(c.want, got.Displayed); diff != "" || got.Sources[0].Level != c.level {
			t.Errorf("%s: %v from %s\n%s", name, got.Displayed, got.Sources[0].Level, diff)
		}
	}
	if got := setting.Stand(team, "", none); len(got.Displayed) != 1 {
		t.Errorf("without a user: %v", got.Displayed)
	}
}

func fieldsOf(more ...field.Field) []field.Field { return append(field.BuiltIns(), more...) }

func mistakes(list []setting.Mistake) []string {
	var out []string
	for _, m := range list {
		out = append(out, m.Path+" "+string(m.Code))
	}
	return out
}

func TestSetsOfFieldsThatCannotWorkAreRefused(t *testing.T) {
	terms := setting.Terms{
		Fields: fieldsOf(
			field.Field{ID: "level", Title: "Level", Type: field.Select}, field.Field{ID: "secret", Title: "Secret", Type: field.String, Private: true},
			field.Field{ID: "old", Title: "Old", Type: field.String, Archived: true}, field.Field{ID: "pay", Title: "Pay", Type: "Currency"},
		),
		Mapping: mapping.Default().With(mapping.Entry{From: []contact.Variable{"company"}, To: "level"}),
	}
	terms.Mapping.Rules = map[string]mapping.Rule{field.Phone: {Policy: field.Never}}
	displayed, filterable := []string{"source", "name", "company", "level", "secret", "old", "pay", "nope"}, []string{"company", "secret", "projects", "level", "pay"}
	d := setting.Document{Choices: setting.Choices{
		Displayed: &displayed, Filterable: &filterable,
		Mandatory: []string{"level", "source", "tags", "company", "phone", "secret"},
		Protected: []string{"phone", "school", "old", "level"},
	}}
	want := []string{
		"displayed[1] not_displayable", "displayed[2] field_unwritable", "displayed[5] field_archived",
		"displayed[6] type_not_convertible", "displayed[7] no_such_field",
		"filterable[1] private_field", "filterable[2] not_searchable", "filterable[4] type_not_convertible",
		"mandatory[2] nothing_fills_it", "mandatory[3] field_unwritable", "mandatory[4] never_written",
		"protected[1] field_unwritable", "protected[2] field_archived",
	}
	if diff := cmp.Diff(want, mistakes(terms.Check(d, setting.Names()))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := terms.Check(d, []setting.Name{setting.TriggerName}); got != nil {
		t.Errorf("sets that are not being saved: %v", got)
	}
}

func TestAFieldCannotBeHiddenWhileItAloneFillsAMandatoryOne(t *testing.T) {
	terms := setting.Terms{Fields: fieldsOf(), Mapping: mapping.Default()}
	d := setting.Document{Choices: setting.Choices{Displayed: &[]string{}, Mandatory: []string{"source", "tags"}}}
	want := []string{"displayed still_mandatory"}
	if diff := cmp.Diff(want, mistakes(terms.Check(d, []setting.Name{setting.DisplayedName}))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAUsersSetsAreHeldAgainstTheTeams(t *testing.T) {
	team := setting.Document{Version: 1, Choices: setting.Choices{Displayed: &[]string{"tags"}}}
	terms := setting.Terms{Fields: fieldsOf(), Mapping: mapping.Default(), Team: &team}
	d := setting.Document{Choices: setting.Choices{
		Displayed: &[]string{"tags", "location"}, Filterable: &[]string{"name"}, Mandatory: []string{"tags", "projects", "name"},
	}}
	want := []string{"displayed[1] not_of_the_team", "filterable[0] not_of_the_team", "mandatory[1] nothing_fills_it"}
	if diff := cmp.Diff(want, mistakes(terms.Check(d, setting.Names()))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAPatchOfSets(t *testing.T) {
	p, wrong := setting.ParseTeamPatch(map[string]any{
		"displayed": []any{"source"}, "filterable": nil, "mandatory": []any{"tags"}, "protected": nil, "native_email": true, "backfill": nil,
	})
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	yes := true
	before := setting.Document{Version: 4, Choices: setting.Choices{Filterable: &[]string{"name"}, Protected: []string{"phone"}, Backfill: &yes, PrivateNotes: &yes}}
	want := setting.Document{Version: 4, Choices: setting.Choices{
		Displayed: &[]string{"source"}, Mandatory: []string{"tags"}, NativeEmail: &yes, PrivateNotes: &yes,
	}}
	if diff := cmp.Diff(want, p.Apply(before)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, wrong = setting.ParsePatch(map[string]any{
		"native_email": true, "lock": true, "displayed": "source", "mandatory": []any{"a", "a", 1.0, ""}, "protected": make([]any, 201),
	})
	var got []string
	for _, m := range wrong {
		got = append(got, m.Path+" "+m.Code)
	}
	if diff := cmp.Diff([]string{
		"displayed wrong_type", "lock unknown_field", "mandatory[1] repeated", "mandatory[2] wrong_type", "mandatory[3] wrong_type",
		"native_email unknown_field", "protected too_many",
	}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
