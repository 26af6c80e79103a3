package preview

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
)

// written is what the body of a write may say.
type written struct {
	CandidateID string            `json:"candidateId"`
	ObjectID    string            `json:"objectId"`
	Name        string            `json:"name"`
	Email       string            `json:"email"`
	Alternate   string            `json:"alternateEmail"`
	Alternates  []string          `json:"alternateEmailAddresses"`
	Phone       string            `json:"phoneNumber"`
	LinkedIn    string            `json:"linkedInUrl"`
	GitHub      string            `json:"githubUrl"`
	Website     string            `json:"website"`
	Links       *[]candidate.Link `json:"socialLinks"`
	Source      string            `json:"sourceId"`
	Credited    string            `json:"creditedToUserId"`
	Location    *place            `json:"location"`
	Tag         string            `json:"tagId"`
	Project     string            `json:"projectId"`
	Values      []struct {
		Field string          `json:"fieldId"`
		Value json.RawMessage `json:"fieldValue"`
	} `json:"values"`
}

type place struct{ City, Region, Country string }

// on gives the candidate with what is written.
func (w written) on(c candidate.Candidate) candidate.Candidate {
	for _, set := range []struct{ to, from *string }{{&c.Name, &w.Name}, {&c.SourceID, &w.Source}, {&c.CreditedTo, &w.Credited}} {
		if *set.from != "" {
			*set.to = *set.from
		}
	}
	if w.Location != nil {
		// Ashby geocodes it; what we compare with is what was sent.
		parts := slices.DeleteFunc([]string{w.Location.City, w.Location.Region, w.Location.Country}, func(s string) bool { return s == "" })
		c.Location = strings.Join(parts, ", ")
	}
	c.Emails = added(promoted(c.Emails, w.Email), append(w.Alternates, w.Alternate)...)
	c.Phones = promoted(c.Phones, w.Phone)
	c.Links = w.linked(c.Links)
	if w.Tag != "" && !slices.Contains(c.Tags, w.Tag) {
		c.Tags = append(slices.Clone(c.Tags), w.Tag)
	}
	return w.valued(c)
}

// promoted makes an address the primary one. One that was not there takes the
// place of the primary one: nobody promises that Ashby keeps that.
func promoted(list []candidate.Address, value string) []candidate.Address {
	if value == "" {
		return list
	}
	same := func(a candidate.Address) bool { return strings.EqualFold(a.Value, value) }
	known := slices.ContainsFunc(list, same)
	out := []candidate.Address{{Value: value, Primary: true}}
	for _, a := range list {
		if same(a) {
			out[0].Value = a.Value
		} else if known || !a.Primary {
			out = append(out, candidate.Address{Value: a.Value})
		}
	}
	return out
}

func added(list []candidate.Address, values ...string) []candidate.Address {
	for _, v := range values {
		if v != "" && !slices.ContainsFunc(list, func(a candidate.Address) bool { return strings.EqualFold(a.Value, v) }) {
			list = append(slices.Clone(list), candidate.Address{Value: v})
		}
	}
	return list
}

// linked gives the links as they are written: the whole list, or one by one.
func (w written) linked(links []candidate.Link) []candidate.Link {
	if w.Links != nil {
		return *w.Links
	}
	for _, l := range []candidate.Link{{Type: "LinkedIn", URL: w.LinkedIn}, {Type: "GitHub", URL: w.GitHub}, {Type: "Website", URL: w.Website}} {
		if l.URL != "" {
			links = append(slices.DeleteFunc(slices.Clone(links), func(o candidate.Link) bool { return o.Type == l.Type }), l)
		}
	}
	return links
}

func (w written) valued(c candidate.Candidate) candidate.Candidate {
	if len(w.Values) == 0 {
		return c
	}
	c.Custom = maps.Clone(c.Custom)
	if c.Custom == nil {
		c.Custom = map[string]candidate.FieldValue{}
	}
	for _, v := range w.Values {
		if string(v.Value) == "null" {
			delete(c.Custom, v.Field)
		} else {
			c.Custom[v.Field] = candidate.FieldValue{JSON: string(v.Value)}
		}
	}
	return c
}
