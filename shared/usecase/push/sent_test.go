package push

import (
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
)

func TestWhichCandidateMayBeTheOneThatWasToBeMade(t *testing.T) {
	const linkedIn = "https://www.linkedin.com/in/ada"
	ada := func(change func(*candidate.Candidate)) candidate.Candidate {
		c := candidate.Candidate{Name: "Ada Lane"}
		change(&c)
		return c
	}
	for name, c := range map[string]struct {
		body string
		has  candidate.Candidate
		may  bool
	}{
		"the address in another case": {
			`{"name":"Ada Lane","email":"Ada@Example.com"}`,
			candidate.Candidate{Name: "A.", Emails: []candidate.Address{{Value: "ada@example.COM"}}},
			true,
		},
		"an alternate address": {
			`{"name":"Ada Lane","email":"a@b.example","alternateEmailAddresses":["c@d.example"]}`,
			candidate.Candidate{Emails: []candidate.Address{{Value: "c@d.example"}}},
			true,
		},
		"the name alone, with an address": {
			`{"name":"Ada Lane","email":"a@b.example"}`, ada(func(*candidate.Candidate) {}), false,
		},
		"name and profile": {
			`{"name":"ada  lane","linkedInUrl":"` + linkedIn + `"}`,
			ada(func(c *candidate.Candidate) { c.Links = []candidate.Link{{Type: "LinkedIn", URL: linkedIn + "/"}} }), true,
		},
		"the profile of another name": {
			`{"name":"Eve Lane","linkedInUrl":"` + linkedIn + `"}`,
			ada(func(c *candidate.Candidate) { c.Links = []candidate.Link{{Type: "LinkedIn", URL: linkedIn}} }), false,
		},
		"name and national number": {
			`{"name":"Ada Lane","phoneNumber":"020 7946 0000"}`,
			ada(func(c *candidate.Candidate) { c.Phones = []candidate.Address{{Value: "02079460000", Primary: true}} }), true,
		},
		"name and another number": {
			`{"name":"Ada Lane","phoneNumber":"020 7946 0001"}`,
			ada(func(c *candidate.Candidate) { c.Phones = []candidate.Address{{Value: "02079460000", Primary: true}} }), false,
		},
		"nothing but the name": {`{"name":"Ada Lane"}`, ada(func(*candidate.Candidate) {}), true},
		"nothing but the name, and a number there": {
			`{"name":"Ada Lane"}`,
			ada(func(c *candidate.Candidate) { c.Phones = []candidate.Address{{Value: "02079460000", Primary: true}} }), false,
		},
		"nothing but another name": {`{"name":"Eve Lane"}`, ada(func(*candidate.Candidate) {}), false},
	} {
		if got := readCreation([]byte(c.body)).mayBe(c.has); got != c.may {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWhetherACandidateHasAllThatAWriteWasToSet(t *testing.T) {
	c := candidate.Candidate{
		Name: "Ada Lane", SourceID: "s1", Location: "London, UK",
		Emails: []candidate.Address{{Value: "a@b.example", Primary: true}, {Value: "c@d.example"}},
		Phones: []candidate.Address{{Value: "+44 20 7946 0000", Primary: true}},
		Links:  []candidate.Link{{Type: "GitHub", URL: "https://github.com/ada"}, {Type: "Website", URL: "https://ada.example"}},
		Custom: map[string]candidate.FieldValue{"f1": {JSON: `["a","b"]`}, "f2": {JSON: `12`}},
	}
	const update, fields = "candidate.update", "customField.setValues"
	for _, w := range []struct {
		method, body string
		has          bool
	}{
		{update, `{"candidateId":"c","name":"Ada Lane","email":"A@b.example","alternateEmail":"c@d.example","sendNotifications":false}`, true},
		{update, `{"candidateId":"c","phoneNumber":"+442079460000","sourceId":"s1"}`, true},
		{update, `{"candidateId":"c","name":"Ada L."}`, false},
		{update, `{"candidateId":"c","email":"c@d.example"}`, false},
		{update, `{"candidateId":"c","alternateEmail":"e@f.example"}`, false},
		{update, `{"candidateId":"c","phoneNumber":"+442079460001"}`, false},
		{update, `{"candidateId":"c","sourceId":"s2"}`, false},
		{update, `{"candidateId":"c","location":{"city":"London"}}`, false},
		{update, `{"candidateId":"c","somethingNew":"x"}`, false},
		{update, `{"candidateId":"c","socialLinks":[{"type":"Website","url":"https://ada.example"},{"type":"GitHub","url":"https://github.com/ada"}]}`, true},
		{update, `{"candidateId":"c","socialLinks":[{"type":"GitHub","url":"https://github.com/ada"}]}`, false},
		{update, `{"candidateId":"c","socialLinks":[{"type":"GitHub","url":"https://github.com/eve"},{"type":"Website","url":"https://ada.example"}]}`, false},
		{fields, `{"objectId":"c","values":[{"fieldId":"f1","fieldValue":["a","b"]},{"fieldId":"f2","fieldValue":12}]}`, true},
		{fields, `{"objectId":"c","values":[{"fieldId":"f3","fieldValue":null}]}`, true},
		{fields, `{"objectId":"c","values":[{"fieldId":"f1","fieldValue":["b"]}]}`, false},
		{fields, `{"objectId":"c","values":[{"fieldId":"f2","fieldValue":null}]}`, false},
		{"candidate.addTag", `{"candidateId":"c","tagId":"t"}`, false},
	} {
		if got := bears(c, w.method, []byte(w.body)); got != w.has {
			t.Errorf("%s %s: %v", w.method, w.body, got)
		}
		if got := targetOf([]byte(w.body)); got != "c" {
			t.Errorf("%s is for %q", w.body, got)
		}
	}
}
