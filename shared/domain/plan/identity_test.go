package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

func TestAddressProfileAndNumberAreWeighedTogether(t *testing.T) {
	mail := candidate.Candidate{ID: "mail", Name: "Ada Lane", Emails: []candidate.Address{{Value: "a@x.io", Primary: true}}}
	profile := candidate.Candidate{ID: "profile", Name: "A. Somebody", Links: []candidate.Link{{Type: "LinkedIn", URL: "https://linkedin.com/in/ada"}}}
	number := candidate.Candidate{ID: "number", Name: "A. Lane", Phones: []candidate.Address{{Value: "+44 20 7946 0000", Primary: true}}}
	stranger := candidate.Candidate{ID: "stranger", Name: "Bob Stone", Phones: number.Phones}
	other := candidate.Candidate{ID: "other", Name: "A. Other", Links: profile.Links}
	all := mail
	all.Links, all.Phones = profile.Links, number.Phones
	type those = []candidate.Candidate
	for name, c := range map[string]struct {
		ashby, index those
		code, link   string
		review       []string
	}{
		"no index: the address decides":              {those{mail, profile}, nil, "matched", "mail", nil},
		"no index, and nobody has the address":       {those{profile}, nil, "created", "", nil},
		"the profile, where nobody has the address":  {those{profile}, those{profile}, "matched", "profile", nil},
		"the number, where the last name agrees":     {those{number}, those{number}, "matched", "number", nil},
		"the number of somebody else":                {those{stranger}, those{stranger}, "created", "", nil},
		"a number that two have":                     {those{number, stranger}, those{number, stranger}, "created", "", nil},
		"a profile that two have":                    {those{profile, other}, those{profile, other}, "created", "", nil},
		"all of one candidate":                       {those{all}, those{all}, "matched", "mail", nil},
		"address and profile of two: somebody looks": {those{mail, profile}, those{mail, profile}, "needs_review", "", []string{"mail", "profile"}},
		"profile and number of two: somebody looks":  {those{profile, number}, those{profile, number}, "needs_review", "", []string{"number", "profile"}},
		"an index that is behind, about a deletion":  {nil, those{profile}, "created", "", nil},
		"an index that is behind, about a change":    {those{{ID: "profile", Name: "A. Somebody"}}, those{profile}, "created", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			in := situation(func(in *plan.Input) {
				in.Event.Person.Snapshot = contact.Snapshot{
					contact.FirstName: {Text: "Ada"}, contact.LastName: {Text: "Lane"}, contact.Emails: {List: []string{"a@x.io"}},
					contact.SocialLinks: {List: []string{"linkedin.com/in/ada"}}, contact.Phones: {List: []string{"+442079460000"}},
				}
			})
			out, _ := drive(in, ashby{candidates: c.ashby, index: c.index})
			if string(out.Code) != c.code || c.link != "" && (out.Link == nil || out.Link.Candidate != c.link) {
				t.Errorf("%s, link %+v", out.Code, out.Link)
			}
			if diff := cmp.Diff(c.review, out.Review); diff != "" {
				t.Errorf("candidates with evidence (-want +got):\n%s", diff)
			}
		})
	}
}

func TestIdentity(t *testing.T) {
	mail := func(id string, addresses ...string) candidate.Candidate {
		c := candidate.Candidate{ID: id, Name: "Somebody Lane"}
		for i, a := range addresses {
			c.Emails = append(c.Emails, candidate.Address{Value: a, Primary: i == 0})
		}
		return c
	}
	profile := func(id, url string) candidate.Candidate {
		return candidate.Candidate{ID: id, Name: "Ada Lane", Links: []candidate.Link{{Type: "LinkedIn", URL: url}}}
	}
	phone := func(id, name, n string) candidate.Candidate {
		return candidate.Candidate{ID: id, Name: name, Phones: []candidate.Address{{Value: n, Primary: true}}}
	}
	emails := func(list ...string) contact.Snapshot { return contact.Snapshot{contact.Emails: {List: list}} }
	noEmail := func(s contact.Snapshot) contact.Snapshot {
		s[contact.FirstName], s[contact.LastName] = contact.Value{Text: "Ada"}, contact.Value{Text: "Lane"}
		return s
	}
	linkedIn := func(url string) contact.Snapshot {
		return noEmail(contact.Snapshot{contact.SocialLinks: {List: []string{url}}})
	}
	byPhone := noEmail(contact.Snapshot{contact.Phones: {List: []string{"0044 20 7946 0000"}}})

	for name, c := range map[string]struct {
		knows  contact.Snapshot
		ashby  []candidate.Candidate
		part   bool // Ashby could not be looked through to the end
		code   string
		link   string
		review []string
	}{
		"nobody bears the address":                  {emails("a@x.io"), nil, false, "created", "", nil},
		"one bears it, in other letters":            {emails("A@X.io"), []candidate.Candidate{mail("c1", "a@x.IO")}, false, "matched", "c1", nil},
		"one bears the second address":              {emails("new@x.io", "a@x.io"), []candidate.Candidate{mail("c1", "a@x.io")}, false, "matched", "c1", nil},
		"as an alternate":                           {emails("b@x.io"), []candidate.Candidate{mail("c1", "a@x.io", "b@x.io")}, false, "matched", "c1", nil},
		"two addresses point at two":                {emails("a@x.io", "b@x.io"), []candidate.Candidate{mail("c1", "a@x.io"), mail("c2", "b@x.io")}, false, "needs_review", "", []string{"c1", "c2"}},
		"an address that two share decides nothing": {emails("a@x.io"), []candidate.Candidate{mail("c1", "a@x.io"), mail("c2", "a@x.io")}, false, "needs_review", "", []string{"c1", "c2"}},
		"a shared one gives way to a clear one":     {emails("a@x.io", "b@x.io"), []candidate.Candidate{mail("c1", "a@x.io", "b@x.io"), mail("c2", "a@x.io")}, false, "matched", "c1", nil},
		"profile, however it is written":            {linkedIn("uk.linkedin.com/in/Ada?x=1"), []candidate.Candidate{profile("c1", "https://www.linkedin.com/in/ada/")}, false, "matched", "c1", nil},
		"another profile":                           {linkedIn("linkedin.com/in/ada"), []candidate.Candidate{profile("c1", "linkedin.com/in/adam")}, false, "created", "", nil},
		"a profile that two share is no evidence":   {linkedIn("linkedin.com/in/ada"), []candidate.Candidate{profile("c1", "linkedin.com/in/ada"), profile("c2", "linkedin.com/in/ada")}, false, "created", "", nil},
		"phone and last name":                       {byPhone, []candidate.Candidate{phone("c1", "A. LANE", "+44 (20) 7946 0000")}, false, "matched", "c1", nil},
		"phone, but another last name":              {byPhone, []candidate.Candidate{phone("c1", "Bob Stone", "+442079460000")}, false, "created", "", nil},
		"a national number is no evidence":          {byPhone, []candidate.Candidate{phone("c1", "Ada Lane", "020 7946 0000")}, false, "created", "", nil},
		"never by name alone":                       {noEmail(contact.Snapshot{}), []candidate.Candidate{{ID: "c1", Name: "Ada Lane"}}, false, "created", "", nil},
		"not found in a part proves nothing":        {linkedIn("linkedin.com/in/ada"), nil, true, "index_building", "", nil},
		"an address needs no index":                 {emails("a@x.io"), nil, true, "created", "", nil},
		"without a name the address's local part":   {emails("a@x.io"), nil, false, "created", "", nil},
		"without name and address":                  {contact.Snapshot{}, nil, false, "name_missing", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			in := situation(func(in *plan.Input) { in.Event.Person.Snapshot = c.knows })
			out, _ := drive(in, ashby{candidates: c.ashby, incomplete: c.part})
			if string(out.Code) != c.code {
				t.Errorf("code %s, want %s", out.Code, c.code)
			}
			if link := out.Link; c.link != "" && (link == nil || link.Candidate != c.link) || c.link == "" && link != nil {
				t.Errorf("link %+v, want %q", link, c.link)
			}
			if diff := cmp.Diff(c.review, out.Review); diff != "" {
				t.Errorf("candidates with evidence (-want +got):\n%s", diff)
			}
		})
	}
}
