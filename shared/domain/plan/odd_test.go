package plan_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

func mapped(v contact.Variable, to string, rule mapping.Rule) func(*plan.Input) {
	return func(in *plan.Input) {
		in.Mapping = in.Mapping.With(mapping.Entry{From: []contact.Variable{v}, To: to})
		in.Mapping.Rules = map[string]mapping.Rule{to: rule}
	}
}

func knows(v contact.Variable, value contact.Value) func(*plan.Input) {
	return func(in *plan.Input) { in.Event.Person.Snapshot[v] = value }
}

func TestAppendHasNothingToAppendToInAScalar(t *testing.T) {
	c := ada()
	c.Custom = map[string]candidate.FieldValue{"f": {JSON: `"Engines Ltd"`}}
	c.Name = "Ada B. Lane"
	in := situation(knows(contact.Company, contact.Value{Text: "Looms Ltd"}), mapped(contact.Company, "f", mapping.Rule{Policy: field.Append}))
	in.Mapping.Rules[field.Name] = mapping.Rule{Policy: field.Append}
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{c}, fields: []field.Field{{ID: "f", Type: field.String}}})
	for _, id := range []string{"f", field.Name} {
		if r := resultOf(out, id); r.Code != field.Protected {
			t.Errorf("%s: %+v, want protected", id, r)
		}
	}
	for _, s := range out.Steps {
		if !json.Valid([]byte(s.Body)) {
			t.Errorf("%s is no JSON: %s", s.ID, s.Body)
		}
	}
}

func TestEntryWithoutVariablesHasNoValue(t *testing.T) {
	in := situation(func(in *plan.Input) {
		in.Mapping = mapping.Mapping{}
		for _, f := range field.BuiltIns() {
			in.Mapping = in.Mapping.With(mapping.Entry{To: f.ID})
		}
	})
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{ada()}})
	if r := resultOf(out, field.AlternateEmails); r.Code != field.NoValue {
		t.Errorf("%+v, want no_value", r)
	}
}

func TestReadOnlyFieldIsNamedAsSuch(t *testing.T) {
	in := situation(knows(contact.Company, contact.Value{Text: "Engines Ltd"}), mapped(contact.Company, "company", mapping.Rule{Policy: field.Always}))
	out, _ := drive(in, ashby{})
	if r := resultOf(out, "company"); r.Code != field.Unwritable {
		t.Errorf("%+v, want unwritable", r)
	}
}

func TestLinkThatCreateCannotCarryNamesTheStepThatWritesIt(t *testing.T) {
	in := situation(knows(contact.SocialLinks, contact.Value{List: []string{"https://x.com/ada", "https://github.com/ada"}}))
	out, _ := drive(in, ashby{})
	for id, want := range map[string]string{field.LinkTo("Twitter"): plan.StepUpdate, field.LinkTo("GitHub"): plan.StepCreate} {
		if r := resultOf(out, id); r.Step != want {
			t.Errorf("%s is written by %q, want %q", id, r.Step, want)
		}
	}
}

func TestEmptySelectionIsBlank(t *testing.T) {
	c := ada()
	c.Custom = map[string]candidate.FieldValue{"f": {JSON: `[]`}}
	in := situation(knows("skills", contact.Value{List: []string{"Go"}}), mapped("skills", "f", mapping.Rule{Policy: field.OnlyIfBlank}))
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{c}, fields: []field.Field{
		{ID: "f", Type: field.MultiSelect, Options: []field.Option{{Value: "go", Label: "Go"}}},
	}})
	if r := resultOf(out, "f"); r.Action != field.Write {
		t.Errorf("%+v, want a write", r)
	}
}

func TestAlternateEmails(t *testing.T) {
	for name, c := range map[string]struct {
		emails []string
		policy field.Policy
		action field.Action
		code   field.Code
	}{
		"the primary is no alternate":     {[]string{"ada@example.com", "b@example.com"}, field.OnlyIfBlank, field.Write, ""},
		"the primary need not be added":   {[]string{"x@example.com", "ada@example.com"}, field.Append, field.Skip, field.Equal},
		"none of them is an address":      {[]string{"ada@example.com", "broken"}, field.Append, field.Skip, field.NotConvertible},
		"what is no address does not bar": {[]string{"ada@example.com", "broken", "b@example.com"}, field.Append, field.Write, ""},
	} {
		t.Run(name, func(t *testing.T) {
			in := situation(knows(contact.Emails, contact.Value{List: c.emails}))
			in.Mapping.Rules = map[string]mapping.Rule{field.AlternateEmails: {Policy: c.policy}}
			out, _ := drive(in, ashby{candidates: []candidate.Candidate{ada()}})
			if r := resultOf(out, field.AlternateEmails); r.Action != c.action || r.Code != c.code {
				t.Errorf("%+v, want %s %s", r, c.action, c.code)
			}
		})
	}
}

func TestAddressOfTheCreatedCandidateIsNotItsAlternateToo(t *testing.T) {
	in := situation()
	in.Mapping = mapping.Mapping{Entries: []mapping.Entry{
		{From: []contact.Variable{contact.Emails}, To: field.Email, Take: mapping.First},
		{From: []contact.Variable{contact.Emails}, To: field.AlternateEmails, Take: mapping.All},
	}}
	out, _ := drive(in, ashby{})
	if b := out.Steps[0].Body; strings.Contains(b, "alternateEmailAddresses") {
		t.Errorf("%s", b)
	}
}

func TestPhoneThatTwoShareIsNoEvidenceThoughOneLastNameAgrees(t *testing.T) {
	phones := []candidate.Address{{Value: "+44 20 7946 0000"}}
	in := situation(func(in *plan.Input) {
		in.Event.Person.Snapshot = contact.Snapshot{contact.Name: {Text: "Ada Lane"}, contact.Phones: {List: []string{"+442079460000"}}}
	})
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{
		{ID: "c1", Name: "Ann Lane", Phones: phones}, {ID: "c2", Name: "Bob Stone", Phones: phones},
	}})
	if out.Code != delivery.Created {
		t.Errorf("%s, want created", out.Code)
	}
}

func TestPersonWithNothingToFindThemByWaitsForTheWholeOfAshby(t *testing.T) {
	in := situation(func(in *plan.Input) { in.Event.Person.Snapshot = contact.Snapshot{contact.Name: {Text: "Ada Lane"}} })
	if out, _ := drive(in, ashby{incomplete: true}); out.Code != delivery.IndexBuilding {
		t.Errorf("%s, want index_building while not all of Ashby was looked through", out.Code)
	}
	if out, _ := drive(in, ashby{}); out.Code != delivery.Created {
		t.Errorf("%s, want created once it was", out.Code)
	}
}

func TestThirdAddressInAListIsNoNewFirstOne(t *testing.T) {
	c := ada()
	c.Emails = []candidate.Address{{Value: "chosen@example.com", Primary: true}, {Value: "ada@example.com"}}
	in := situation(linked(person.Synced), edited(map[contact.Variable]contact.Value{
		contact.Emails: {List: []string{"ada@example.com", "third@example.com"}},
	}, contact.Emails))
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{c}})
	want := `{"candidateId":"cand-1","alternateEmail":"third@example.com","sendNotifications":false}`
	if len(out.Steps) != 1 || out.Steps[0].Body != want {
		t.Errorf("%+v, want %s: the recruiter's choice of a primary address stays", out.Steps, want)
	}
}

func TestSearchThatLagsBehindADeletionIsNoMatch(t *testing.T) {
	in := situation(func(in *plan.Input) {
		in.Event.Person.Snapshot[contact.Phones] = contact.Value{List: []string{"+1 212 555 0100"}} // so that something is to be written
	})
	out, _ := drive(in, lagging{ashby{candidates: []candidate.Candidate{ada()}}})
	if out.Code != delivery.Created || out.Link != nil {
		t.Errorf("%s with link %+v, want a new candidate", out.Code, out.Link)
	}
}

// lagging finds candidates that are no longer there.
type lagging struct{ ashby }

func (l lagging) Read(ctx context.Context, q plan.Ask) (plan.Answer, error) {
	if q.Kind == plan.AskCandidate {
		return plan.Answer{}, nil
	}
	return l.ashby.Read(ctx, q)
}

func TestSourceIsExplainedByItsTitle(t *testing.T) {
	c := ada()
	c.SourceID = "s-2"
	in := situation(func(in *plan.Input) { in.Event.Person.Snapshot[contact.Source] = contact.Value{Text: "sourcewhale"} })
	out, _ := drive(in, ashby{
		candidates: []candidate.Candidate{c}, sources: []field.Option{{Value: "s-1", Label: "SourceWhale"}, {Value: "s-2", Label: "LinkedIn"}},
	})
	if r := resultOf(out, field.Source); r.Before != "LinkedIn" || r.After != "sourcewhale" || r.Action != field.Write {
		t.Errorf("%+v", r)
	}
}

func TestRecreatedCandidateGetsEverythingAgain(t *testing.T) {
	in := situation(linked(person.Synced), knows(contact.City, contact.Value{Text: "London"}))
	in.Person.Link.Gone, in.Person.Review.Answer = true, person.CreateNew
	in.Person.Location = "London"
	in.Person.Applied = map[contact.Variable]time.Time{contact.Emails: noon.Add(time.Hour), contact.City: noon.Add(time.Hour)}
	out, _ := drive(in, ashby{})
	if b := out.Steps[0].Body; !strings.Contains(b, "ada@example.com") || !strings.Contains(b, "London") {
		t.Errorf("%s, want address and city", b)
	}
}

func TestLateEventIsJudgedByTheTimeOfTheValueThatIsWritten(t *testing.T) {
	in := situation(linked(person.Synced))
	in.Event.Type = event.PushRequested
	in.Person.Known = map[contact.Variable]person.Known{contact.Emails: {Value: contact.Value{List: []string{"newer@example.com"}}, At: noon.Add(time.Hour)}}
	in.Person.Applied = map[contact.Variable]time.Time{contact.Emails: noon.Add(time.Minute)}
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{ada()}})
	if r := resultOf(out, field.Email); r.Action != field.Write || r.After != "newer@example.com" {
		t.Errorf("%+v, want the newer address written", r)
	}
	if got := out.Person.Applied[contact.Emails]; !got.Equal(noon.Add(time.Hour)) {
		t.Errorf("applied as of %s, want the value's own time", got)
	}
}

func TestLocationSentToOneCandidateSaysNothingOfAnother(t *testing.T) {
	c := ada()
	c.Location = "Paris, France"
	in := situation(knows(contact.City, contact.Value{Text: "London"}))
	in.Person.Location = "London"
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{c}})
	if r := resultOf(out, field.Location); r.Action != field.Write {
		t.Errorf("%+v, want the location written to the newly linked candidate", r)
	}
}

func TestOldAnswerDoesNotRecreateACandidateDeletedLater(t *testing.T) {
	in := situation(linked(person.Synced))
	in.Event.Type, in.Person.Review.Answer = event.PushRequested, person.CreateNew
	out, _ := drive(in, ashby{})
	if out.Code != delivery.RecordDeleted || out.Person.Review.Answer != person.Open {
		t.Errorf("%s with answer %q, want record_deleted and the question open", out.Code, out.Person.Review.Answer)
	}
}

func TestControlCharactersReachNoField(t *testing.T) {
	in := situation(func(in *plan.Input) {
		in.Event.Person.Snapshot = contact.Snapshot{
			contact.FirstName: {Text: "A\x00da"}, contact.LastName: {Text: "Lane\x1b"}, contact.City: {Text: "Lon\x00don"},
			contact.Phones: {List: []string{"+44 20\x00 7946 0000"}},
		}
	})
	out, _ := drive(in, ashby{})
	if b := out.Steps[0].Body; b != `{"name":"Ada Lane","phoneNumber":"+44 20 7946 0000","location":{"city":"London"}}` {
		t.Errorf("%s", b)
	}
}

func TestClearedPartOfANameIsNotWritten(t *testing.T) {
	in := situation(linked(person.Synced), edited(map[contact.Variable]contact.Value{contact.FirstName: {}}, contact.FirstName))
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{ada()}})
	if r := resultOf(out, field.Name); r.Code != field.NoValue || len(out.Steps) != 0 {
		t.Errorf("%+v with %v, want no_value and no call", r, methods(out))
	}
}
