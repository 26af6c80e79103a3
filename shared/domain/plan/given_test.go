package plan_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// organisation is an Ashby with something of all that can be given.
func organisation(candidates ...candidate.Candidate) ashby {
	return ashby{
		candidates: candidates,
		fields: []field.Field{
			{ID: "f-level", Title: "Level", Type: field.Select, Options: []field.Option{{Value: "sr", Label: "Senior"}, {Value: "jr", Label: "Junior"}}},
			{ID: "f-langs", Title: "Languages", Type: field.MultiSelect, Options: []field.Option{{Value: "en", Label: "English, all"}, {Value: "no", Label: "Norwegian"}}},
			{ID: "f-remote", Title: "Remote", Type: field.Boolean},
			{ID: "f-years", Title: "Years", Type: field.Number},
		},
		sources:  []field.Option{{Value: "s-1", Label: "Outreach"}, {Value: "s-2", Label: "Referral"}},
		tags:     []field.Option{{Value: "t-1", Label: "Warm"}, {Value: "t-2", Label: "Cold"}, {Value: "t-3", Label: "cold"}},
		projects: []field.Option{{Value: "p-1", Label: "Platform"}, {Value: "p-2", Label: "Old", Archived: true}},
		users:    []field.Option{{Value: "u-1", Label: "Bo Berg"}},
	}
}

func showing(ids ...string) func(*plan.Input) {
	return func(in *plan.Input) { in.Standing.Displayed, in.Standing.Shown = ids, ids }
}

func forPerson(values ...given.Value) func(*plan.Input) {
	return func(in *plan.Input) {
		for _, v := range values {
			if v.At.IsZero() {
				v.At = noon
			}
			in.Given.Person = append(in.Given.Person, v)
		}
	}
}

var everything = []string{"source", "credited_to", "tags", "projects", "location", "f-level", "f-langs", "f-remote", "f-years"}

func TestGivenValuesGoIntoANewCandidate(t *testing.T) {
	in := situation(showing(everything...), forPerson(
		given.Value{Field: "source", Text: "s-2"}, given.Value{Field: "credited_to", Text: "bo berg"}, given.Value{Field: "location", Text: "Oslo, Norway"},
		given.Value{Field: "tags", List: []string{"warm", "t-2"}}, given.Value{Field: "projects", List: []string{"Platform"}},
		given.Value{Field: "f-level", Text: "senior"}, given.Value{Field: "f-langs", List: []string{"English, all", "no"}},
		given.Value{Field: "f-remote", Text: "false"}, given.Value{Field: "f-years", Text: "0"},
	), func(in *plan.Input) {
		in.Event.Person.Snapshot[contact.Source], in.Event.Person.Snapshot[contact.City] = contact.Value{Text: "Outreach"}, contact.Value{Text: "London"}
	})
	out, _ := drive(in, organisation())
	want := []plan.Step{
		{ID: "create", Method: create, Body: `{"name":"Ada Lane","email":"ada@example.com","sourceId":"s-2","creditedToUserId":"u-1",` +
			`"location":{"city":"Oslo","region":"Norway"}}`},
		{ID: "fields", Method: fields, Body: `{"objectId":"$create.candidateId","objectType":"Candidate","values":[` +
			`{"fieldId":"f-langs","fieldValue":["en","no"]},{"fieldId":"f-level","fieldValue":"sr"},{"fieldId":"f-remote","fieldValue":false},` +
			`{"fieldId":"f-years","fieldValue":0}]}`},
		{ID: "tag:t-1", Method: "candidate.addTag", Body: `{"candidateId":"$create.candidateId","tagId":"t-1"}`},
		{ID: "tag:t-2", Method: "candidate.addTag", Body: `{"candidateId":"$create.candidateId","tagId":"t-2"}`},
		{ID: "project:p-1", Method: "candidate.addProject", Body: `{"candidateId":"$create.candidateId","projectId":"p-1"}`},
	}
	if diff := cmp.Diff(want, out.Steps[:len(out.Steps)-1]); diff != "" {
		t.Fatalf("steps (-want +got):\n%s", diff)
	}
	if len(out.Person.Given) != len(everything) || !out.Person.Given["tags"].Equal(noon) {
		t.Errorf("pushed %v", out.Person.Given)
	}
	if r := resultOf(out, "source"); len(r.From) != 0 || r.After != "Referral" || r.Step != "create" {
		t.Errorf("source %+v", r)
	}
}

func TestWhatCannotBeGivenIsSkippedWithItsReason(t *testing.T) {
	for name, c := range map[string]struct {
		v    given.Value
		code field.Code
	}{
		"no such source":          {given.Value{Field: "source", Text: "Elsewhere"}, field.Unknown},
		"no such user":            {given.Value{Field: "credited_to", Text: "nobody@example.com"}, field.Unknown},
		"no such tag":             {given.Value{Field: "tags", List: []string{"new"}}, field.Unknown},
		"a title that two have":   {given.Value{Field: "tags", List: []string{"COLD"}}, field.Unknown},
		"an archived project":     {given.Value{Field: "projects", List: []string{"p-2"}}, field.Unknown},
		"no such option":          {given.Value{Field: "f-level", Text: "middling"}, field.NotConvertible},
		"one option of two":       {given.Value{Field: "f-langs", List: []string{"no", "klingon"}}, field.NotConvertible},
		"no number":               {given.Value{Field: "f-years", Text: "many"}, field.NotConvertible},
		"a field that is no more": {given.Value{Field: "f-gone", Text: "x"}, field.Gone},
	} {
		out, _ := drive(situation(showing(append(everything, "f-gone")...), forPerson(c.v)), organisation())
		if r := resultOf(out, c.v.Field); r.Action != field.Skip || r.Code != c.code {
			t.Errorf("%s: %+v, want %s", name, r, c.code)
		}
		if len(out.Person.Given) > 0 {
			t.Errorf("%s: counts as pushed", name)
		}
	}
}

func TestOfALinkedPersonOnlyGivenValuesNotYetPushedAreWritten(t *testing.T) {
	c := ada()
	c.Tags = []string{"t-1"}
	source := given.Value{Field: "source", Text: "Referral", At: noon}
	tags := given.Value{Field: "tags", List: []string{"Warm", "t-2"}, At: noon.Add(time.Minute)}
	in := situation(linked(person.Synced), showing("source", "tags"), forPerson(source, tags), func(in *plan.Input) {
		in.Person.Given = map[string]time.Time{"source": noon}
		in.Event.Person.Snapshot[contact.Phones] = contact.Value{List: []string{"+47 2212 3456"}}
	})
	out, asks := drive(in, organisation(c))
	want := []string{"candidate.addTag", note}
	if diff := cmp.Diff(want, methods(out)); diff != "" || out.Steps[0].ID != "tag:t-2" {
		t.Errorf("calls %v\n%s", out.Steps, diff)
	}
	var results []string
	for _, r := range out.Fields {
		results = append(results, r.Field+" "+string(r.Action)+" "+string(r.Code))
	}
	if diff := cmp.Diff([]string{"tags skip equal", "tags write_union "}, results); diff != "" {
		t.Errorf("fields:\n%s", diff)
	}
	if len(asks) != 2 { // the tags, the candidate
		t.Errorf("asked %v", asks)
	}
	in.Person = out.Person
	if again, asks := drive(in, organisation(c)); len(again.Steps) != 1 || len(asks) != 0 {
		t.Errorf("a second event: %v after %v, want the note alone", methods(again), asks)
	}
}

func TestAValueThatAshbyHasIsNotLookedAtWithEveryEvent(t *testing.T) {
	c := ada()
	c.SourceID = "s-2"
	for name, change := range map[string]func(*plan.Input){
		"equal": func(*plan.Input) {},
		"protected": func(in *plan.Input) {
			in.Given.Person[0].Text, in.Standing.Protected = "Outreach", []string{"source"}
		},
	} {
		in := situation(linked(person.Synced), showing("source"), forPerson(given.Value{Field: "source", Text: "Referral"}), change)
		out, _ := drive(in, organisation(c))
		if r := resultOf(out, "source"); string(r.Code) != name || r.Before != "Referral" || len(out.Steps) != 1 {
			t.Errorf("%s: %+v with %v", name, r, methods(out))
		}
		in.Person = out.Person
		if _, asks := drive(in, organisation(c)); len(asks) != 0 {
			t.Errorf("%s: the next event asks %v", name, asks)
		}
	}
}

func TestAGivenValueBeatsTheMappingButNotThePolicy(t *testing.T) {
	c := ada()
	c.SourceID = "s-1"
	in := situation(showing("source"), forPerson(given.Value{Field: "source", Text: "Referral"}), func(in *plan.Input) {
		in.Event.Person.Snapshot[contact.Source] = contact.Value{Text: "Outreach"}
	})
	out, _ := drive(in, organisation(c))
	if want := `{"candidateId":"cand-1","sourceId":"s-2","sendNotifications":false}`; out.Steps[0].Body != want {
		t.Errorf("%s, want %s", out.Steps[0].Body, want)
	}
	for policy, code := range map[field.Policy]field.Code{field.Never: field.ByPolicy, field.OnlyIfBlank: field.Protected} {
		in.Mapping.Rules = map[string]mapping.Rule{field.Source: {Policy: policy}}
		if out, _ = drive(in, organisation(c)); resultOf(out, "source").Code != code || strings.Contains(out.Steps[0].Body, "sourceId") {
			t.Errorf("%s: %+v", policy, resultOf(out, "source"))
		}
	}
}

func TestAnEditOfAVariableWhoseFieldWasGivenIsNotWritten(t *testing.T) {
	in := situation(linked(person.Synced), showing("source"), forPerson(given.Value{Field: "source", Text: "Referral"}),
		edited(map[contact.Variable]contact.Value{contact.Source: {Text: "Outreach"}}))
	out, asks := drive(in, organisation(ada()))
	if r := resultOf(out, "source"); r.Code != field.GivenInstead || len(out.Steps)+len(asks) > 0 {
		t.Errorf("%+v, %v after %v", r, methods(out), asks)
	}
}

func TestValuesThatComeWithEventsAreKeptWithThePersonWhileTheyAreDisplayed(t *testing.T) {
	values := []event.Given{{Field: "tags", List: []string{"Warm"}, By: "ann"}, {Field: "source", Text: "Referral"}}
	in := situation(showing("tags"), trigger(setting.OnInterested, true), func(in *plan.Input) { in.Event.Values = values })
	out, _ := drive(in, organisation())
	want := map[string]given.Value{"tags": {Field: "tags", List: []string{"Warm"}, Author: "ann", At: noon}}
	if diff := cmp.Diff(want, out.Person.Values); diff != "" || out.Code != delivery.WithheldUntilMarked {
		t.Errorf("%s, kept:\n%s", out.Code, diff)
	}
	if r := resultOf(out, "source"); r.Code != field.NotDisplayed {
		t.Errorf("source %+v", r)
	}
	next := situation(showing("tags"), func(in *plan.Input) { in.Event.ID, in.Person = "evt-2", out.Person })
	if out, _ := drive(next, organisation()); !slices.Contains(methods(out), "candidate.addTag") {
		t.Errorf("a later event: %v", methods(out))
	}
	next.Standing.Displayed, next.Standing.Shown = nil, nil
	if out, _ := drive(next, organisation()); slices.Contains(methods(out), "candidate.addTag") || len(out.Person.Values) != 1 {
		t.Errorf("displayed no more: %v, kept %v", methods(out), out.Person.Values)
	}
}

func TestAUserWhoNarrowedWhatIsDisplayedStopsNobodyElsesValues(t *testing.T) {
	in := situation(showing("tags"), forPerson(given.Value{Field: "tags", Text: "Warm"}), func(in *plan.Input) {
		in.Standing.Displayed = nil
		in.Event.Values = []event.Given{{Field: "tags", Text: "Cold"}}
	})
	out, _ := drive(in, organisation())
	if !slices.Contains(methods(out), "candidate.addTag") || resultOf(out, "tags").Code != field.NotDisplayed || len(out.Person.Values) > 0 {
		t.Errorf("%v, fields %+v", methods(out), out.Fields)
	}
}

func TestTheCampaignsValueCountsWhereThePersonHasNone(t *testing.T) {
	in := situation(showing("source"), func(in *plan.Input) {
		in.Given.Campaign = []given.Value{{Field: "source", Text: "s-1", At: noon.Add(time.Hour)}}
	})
	if out, _ := drive(in, organisation()); !strings.Contains(out.Steps[0].Body, `"sourceId":"s-1"`) {
		t.Errorf("%s", out.Steps[0].Body)
	}
	forPerson(given.Value{Field: "source", Text: "s-2"})(&in)
	if out, _ := drive(in, organisation()); !strings.Contains(out.Steps[0].Body, `"sourceId":"s-2"`) {
		t.Errorf("%s", out.Steps[0].Body)
	}
}

func TestProjectsOfACandidateAreReadBeforeOneIsAdded(t *testing.T) {
	world := organisation(ada())
	in := situation(linked(person.Synced), showing("projects"), forPerson(given.Value{Field: "projects", Text: "Platform"}))
	if out, _ := drive(in, world); !slices.Equal(methods(out), []string{"candidate.addProject", note}) {
		t.Errorf("%v", methods(out))
	}
	world.members = map[string][]field.Option{"cand-1": {{Value: "p-1", Label: "Platform"}}}
	out, _ := drive(in, world)
	if r := resultOf(out, "projects"); !slices.Equal(methods(out), []string{note}) || r.Code != field.Equal || r.Before != "Platform" {
		t.Errorf("%v, %+v", methods(out), r)
	}
}
