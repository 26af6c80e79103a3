package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

func protecting(ids ...string) func(*plan.Input) {
	return func(in *plan.Input) { in.Standing.Protected = ids }
}

func brings(values contact.Snapshot) func(*plan.Input) {
	return func(in *plan.Input) {
		for v, value := range values {
			in.Event.Person.Snapshot[v] = value
		}
	}
}

func TestAProtectedLocationIsOneUnit(t *testing.T) {
	c := ada()
	c.Location = "Norway"
	in := situation(protecting(field.Location), brings(contact.Snapshot{contact.City: {Text: "Oslo"}, contact.Country: {Text: "Norway"}}))
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{c}})
	if r := resultOf(out, field.Location); r.Code != field.Protected || slices.Contains(methods(out), update) {
		t.Errorf("partly filled: %+v with %v", r, methods(out))
	}
	c.Location = ""
	out, _ = drive(in, ashby{candidates: []candidate.Candidate{c}})
	if r := resultOf(out, field.Location); r.Action != field.Write || !strings.Contains(out.Steps[0].Body, `"location":{"city":"Oslo","country":"Norway"}`) {
		t.Errorf("blank: %+v, %v", r, out.Steps)
	}
}

func TestLinksAreProtectedNetworkByNetwork(t *testing.T) {
	c := ada()
	c.Links = []candidate.Link{{Type: "LinkedIn", URL: "https://www.linkedin.com/in/ada-of-old"}, {Type: "GitHub", URL: "https://github.com/old"}}
	in := situation(protecting(field.LinkTo("LinkedIn"), field.LinkTo("Twitter")), brings(contact.Snapshot{
		contact.SocialLinks: {List: []string{"linkedin.com/in/ada-lane", "github.com/ada", "x.com/ada"}},
	}))
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{c}})
	want := `"socialLinks":[{"type":"LinkedIn","url":"https://www.linkedin.com/in/ada-of-old"},{"type":"GitHub","url":"https://github.com/old"},` +
		`{"type":"GitHub","url":"https://github.com/ada"},{"type":"Twitter","url":"https://twitter.com/ada"}]`
	if !strings.Contains(out.Steps[0].Body, want) {
		t.Errorf("got  %s\nwant %s", out.Steps[0].Body, want)
	}
	if r := resultOf(out, field.LinkTo("LinkedIn")); r.Code != field.Protected {
		t.Errorf("LinkedIn %+v", r)
	}
}

func TestAProtectedNameStaysAsTheRecruiterWroteIt(t *testing.T) {
	c := ada()
	c.Name = "Ada B. Lane"
	out, _ := drive(situation(protecting(field.Name)), ashby{candidates: []candidate.Candidate{c}})
	if r := resultOf(out, field.Name); r.Code != field.Protected || r.Before != "Ada B. Lane" {
		t.Errorf("%+v", r)
	}
}

func TestWhatAUserProtectsSoftensNoPolicyOfTheTeams(t *testing.T) {
	in := situation(protecting(field.Phone), brings(contact.Snapshot{contact.Phones: {List: []string{"+47 2212 3456"}}}))
	in.Mapping = in.Mapping.WithProtected(nil)
	in.Mapping.Rules[field.Phone] = neverRule
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{ada()}})
	if r := resultOf(out, field.Phone); r.Code != field.ByPolicy {
		t.Errorf("%+v, want it never written", r)
	}
}

func TestEveryAddressOfAPersonIsLookedUp(t *testing.T) {
	var emails []string
	for n := range 12 {
		emails = append(emails, fmt.Sprintf("ada%d@example.com", n))
	}
	c := candidate.Candidate{ID: "cand-1", Name: "Ada Lane", Emails: []candidate.Address{{Value: "ada11@example.com", Primary: true}}}
	out, _ := drive(situation(brings(contact.Snapshot{contact.Emails: {List: emails}})), ashby{candidates: []candidate.Candidate{c}})
	if out.Code != delivery.Matched {
		t.Errorf("%s, want the candidate found by the twelfth address", out.Code)
	}
}

var neverRule = mapping.Rule{Policy: field.Never}
