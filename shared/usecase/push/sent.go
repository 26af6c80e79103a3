package push

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
)

// What a body says is read back here, to be compared with what Ashby has.

// targetOf gives the candidate that a body is for; empty for a create.
func targetOf(body []byte) string {
	var b struct {
		CandidateID string `json:"candidateId"`
		ObjectID    string `json:"objectId"`
	}
	_ = json.Unmarshal(body, &b) // our own bytes
	return b.CandidateID + b.ObjectID
}

// creation is who a create was to make.
type creation struct {
	name   string
	emails []string // lower case
	keys   []string // match keys
	phone  string   // digits
}

func readCreation(body []byte) creation {
	var b struct {
		Name       string   `json:"name"`
		Email      string   `json:"email"`
		Alternates []string `json:"alternateEmailAddresses"`
		Phone      string   `json:"phoneNumber"`
		LinkedIn   string   `json:"linkedInUrl"`
	}
	_ = json.Unmarshal(body, &b) // our own bytes
	made := creation{name: b.Name, phone: mapping.Digits(b.Phone)}
	for _, e := range append([]string{b.Email}, b.Alternates...) {
		if e = strings.ToLower(strings.TrimSpace(e)); e != "" && !slices.Contains(made.emails, e) {
			made.emails = append(made.emails, e)
		}
	}
	if k, ok := mapping.LinkedInKey(b.LinkedIn); ok {
		made.keys = append(made.keys, k)
	}
	if k, ok := mapping.PhoneKey(b.Phone); ok {
		made.keys = append(made.keys, k)
	}
	return made
}

// mayBe reports whether a candidate may be the one that was to be made: by an
// address, or by name and profile or number; by name alone only where neither
// has anything else.
func (made creation) mayBe(c candidate.Candidate) bool {
	if slices.ContainsFunc(made.emails, c.HasEmail) {
		return true
	}
	if !sameWords(made.name, c.Name) {
		return false
	}
	keys := mapping.Keys(c)
	if slices.ContainsFunc(made.keys, func(k string) bool { return slices.Contains(keys, k) }) {
		return true
	}
	phone := mapping.Digits(c.PrimaryPhone())
	bare := len(made.emails)+len(made.keys) == 0 && len(c.Emails)+len(keys) == 0
	return made.phone != "" && made.phone == phone || bare && made.phone == phone
}

func sameWords(a, b string) bool { return strings.EqualFold(words(a), words(b)) }

func words(s string) string { return strings.Join(strings.Fields(s), " ") }

// bears reports whether a candidate has all that a write was to set. What cannot
// be compared, such as a place, which Ashby geocodes, counts as not there.
func bears(c candidate.Candidate, method string, body []byte) bool {
	switch method {
	case "candidate.update":
		return bearsUpdate(c, body)
	case "customField.setValues":
		return bearsFields(c, body)
	case "candidate.addTag":
		return slices.Contains(c.Tags, tagOf(body))
	default:
		return false
	}
}

// tagOf gives the tag that a body adds.
func tagOf(body []byte) string {
	var b struct {
		TagID string `json:"tagId"`
	}
	_ = json.Unmarshal(body, &b) // our own bytes
	return b.TagID
}

func bearsUpdate(c candidate.Candidate, body []byte) bool {
	var b map[string]json.RawMessage
	if json.Unmarshal(body, &b) != nil {
		return false
	}
	for name, raw := range b {
		var text string
		_ = json.Unmarshal(raw, &text) // the list and the place are no texts
		same := false
		switch name {
		case "candidateId", "sendNotifications":
			same = true
		case "name":
			same = words(c.Name) == words(text)
		case "email":
			same = strings.EqualFold(c.PrimaryEmail(), text)
		case "alternateEmail":
			same = c.HasEmail(text)
		case "phoneNumber":
			same = mapping.Digits(c.PrimaryPhone()) == mapping.Digits(text)
		case "sourceId":
			same = c.SourceID == text
		case "creditedToUserId":
			same = c.CreditedTo == text
		case "socialLinks":
			same = bearsLinks(c, raw)
		}
		if !same {
			return false
		}
	}
	return true
}

func bearsLinks(c candidate.Candidate, raw []byte) bool {
	var links []struct{ Type, URL string }
	if json.Unmarshal(raw, &links) != nil || len(links) != len(c.Links) {
		return false
	}
	for _, l := range links {
		if !slices.Contains(c.Links, candidate.Link(l)) {
			return false
		}
	}
	return true
}

func bearsFields(c candidate.Candidate, body []byte) bool {
	var b struct {
		Values []struct {
			ID    string `json:"fieldId"`
			Value any    `json:"fieldValue"`
		} `json:"values"`
	}
	if json.Unmarshal(body, &b) != nil {
		return false
	}
	for _, v := range b.Values {
		var has any
		if raw := c.Custom[v.ID].JSON; raw != "" && json.Unmarshal([]byte(raw), &has) != nil {
			return false
		}
		if !reflect.DeepEqual(has, v.Value) {
			return false
		}
	}
	return true
}
