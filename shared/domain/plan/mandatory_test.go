package plan_test

import (
	"slices"
	"testing"

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

func demanding(ids ...string) func(*plan.Input) {
	return func(in *plan.Input) { in.Standing.Mandatory = ids }
}

func TestACreateWaitsForEveryMandatoryFieldAndNamesThem(t *testing.T) {
	in := situation(showing("source", "tags", "f-level"), demanding("name", "source", "f-level", "tags"), forPerson(given.Value{Field: "tags", Text: "Warm"}))
	out, _ := drive(in, organisation())
	if out.Code != delivery.MandatoryMissing || out.Row != 9 || len(out.Steps) > 0 || out.Link != nil || out.Note.Code != plan.NoteAfterWait {
		t.Errorf("%s in row %d with %v, note %+v", out.Code, out.Row, methods(out), out.Note)
	}
	if diff := cmp.Diff([]string{"source", "f-level"}, out.Missing); diff != "" || out.Detail != "Source, Level" {
		t.Errorf("detail %q, missing\n%s", out.Detail, diff)
	}
}

func TestWhatFillsAMandatoryField(t *testing.T) {
	company := func(v contact.Value) func(*plan.Input) {
		return func(in *plan.Input) {
			in.Mapping = in.Mapping.With(mapping.Entry{From: []contact.Variable{contact.Company}, To: "f-years"})
			in.Event.Person.Snapshot[contact.Company] = v
		}
	}
	level := func(v given.Value) func(*plan.Input) {
		return func(in *plan.Input) { v.Field = "f-level"; forPerson(v)(in); demanding("f-level")(in) }
	}
	demanded, remote := demanding("f-years"), demanding("f-remote")
	for name, c := range map[string]struct {
		changes []func(*plan.Input)
		filled  bool
	}{
		"a mapped value":                    {[]func(*plan.Input){demanded, company(contact.Value{Text: "7"})}, true},
		"nought":                            {[]func(*plan.Input){demanded, company(contact.Value{Text: "0"})}, true},
		"a mapped value that does not fit":  {[]func(*plan.Input){demanded, company(contact.Value{Text: "seven"})}, false},
		"blanks":                            {[]func(*plan.Input){demanded, company(contact.Value{Text: "  "})}, false},
		"nothing":                           {[]func(*plan.Input){demanded}, false},
		"false":                             {[]func(*plan.Input){remote, forPerson(given.Value{Field: "f-remote", Text: "false"})}, true},
		"a given value":                     {[]func(*plan.Input){level(given.Value{Text: "sr"})}, true},
		"a given value that is no option":   {[]func(*plan.Input){level(given.Value{Text: "middling"})}, false},
		"an empty list":                     {[]func(*plan.Input){demanding("tags"), forPerson(given.Value{Field: "tags", List: []string{}})}, false},
		"a value of a field that is hidden": {[]func(*plan.Input){level(given.Value{Text: "sr"}), showing("tags")}, false},
	} {
		out, _ := drive(situation(append([]func(*plan.Input){showing(everything...)}, c.changes...)...), organisation())
		if filled := out.Code == delivery.Created; filled != c.filled {
			t.Errorf("%s: %s", name, out.Code)
		}
	}
}

func TestWhatAshbyHasFillsAMandatoryFieldOfOneWhoIsFound(t *testing.T) {
	full := ada()
	full.SourceID, full.Tags = "s-1", []string{"t-1"}
	full.Custom = map[string]candidate.FieldValue{"f-remote": {JSON: "false"}, "f-langs": {JSON: "[]"}}
	world := organisation(full)
	world.members = map[string][]field.Option{"cand-1": {{Value: "p-1", Label: "Platform"}}}
	for id, filled := range map[string]bool{
		"source": true, "tags": true, "f-remote": true, "projects": true, "email": true, "f-langs": false, "location": false, "f-level": false,
	} {
		out, _ := drive(situation(demanding(id)), world)
		if got := out.Code == delivery.Matched; got != filled {
			t.Errorf("%s: %s, missing %v", id, out.Code, out.Missing)
		}
	}
}

func TestALinkWaitsButItsNoteGoesWhereNotesMayGoToAnybody(t *testing.T) {
	for name, c := range map[string]struct {
		changes []func(*plan.Input)
		steps   []string
		link    person.LinkKind
	}{
		"on add":                       {[]func(*plan.Input){trigger(setting.OnAdd, false)}, nil, ""},
		"marked, synced records only":  {[]func(*plan.Input){trigger(setting.OnReply, true)}, nil, ""},
		"marked, notes to anybody":     {[]func(*plan.Input){trigger(setting.OnReply, false)}, []string{note}, person.NoteOnly},
		"marked, its type is not kept": {[]func(*plan.Input){trigger(setting.OnReply, false), func(in *plan.Input) { in.Settings.NoteTypes = nil }}, nil, ""},
		"an asked-for push":            {[]func(*plan.Input){trigger(setting.OnReply, false), of(event.PushRequested)}, nil, ""},
	} {
		in := situation(append([]func(*plan.Input){demanding("source")}, c.changes...)...)
		out, _ := drive(in, organisation(ada()))
		if diff := cmp.Diff(c.steps, methods(out)); diff != "" || out.Code != delivery.MandatoryMissing {
			t.Errorf("%s: %s with\n%s", name, out.Code, diff)
		}
		if linked := out.Link != nil; linked != (c.link != "") || linked && out.Link.Kind != c.link {
			t.Errorf("%s: link %+v", name, out.Link)
		}
	}
}

func TestALinkedPersonWaitsForNoMandatoryField(t *testing.T) {
	in := situation(linked(person.Synced), demanding("source", "tags"))
	if out, asks := drive(in, organisation(ada())); out.Code != delivery.Synced || len(asks) > 0 || !slices.Equal(methods(out), []string{note}) {
		t.Errorf("%s, %v after %v", out.Code, methods(out), asks)
	}
}

func TestNoMandatoryFieldKeepsWhatIsWithheldFromResting(t *testing.T) {
	in := situation(trigger(setting.OnInterested, true), demanding("source"))
	if out, asks := drive(in, organisation(ada())); out.Code != delivery.WithheldUntilMarked || len(asks) > 0 {
		t.Errorf("%s after %v", out.Code, asks)
	}
}
