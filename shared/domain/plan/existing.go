package plan

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
)

// existing is what Ashby has in a field, against an incoming value.
type existing struct {
	text    string // for people
	blank   bool
	same    bool   // equals the incoming value after normalisation
	covered bool   // contains all of it
	set     bool   // a value can be added to what is there
	union   string // JSON of a custom set with the incoming values added
}

// existing compares a built-in field with what comes.
func (p *planner) existing(id string, c candidate.Candidate, v incoming) existing {
	switch network, isLink := field.Network(id); {
	case isLink:
		return existingLinks(c, network, v.text)
	case id == field.Name:
		return scalar(c.Name, sameText(c.Name, v.text))
	case id == field.Email:
		x := scalar(c.PrimaryEmail(), strings.EqualFold(c.PrimaryEmail(), v.text))
		x.covered = c.HasEmail(v.text)
		return x
	case id == field.AlternateEmails:
		return existingAlternates(c, v.list)
	case id == field.Phone:
		x := scalar(c.PrimaryPhone(), samePhone(c.PrimaryPhone(), v.text))
		x.set = true
		x.covered = slices.ContainsFunc(c.Phones, func(a candidate.Address) bool { return samePhone(a.Value, v.text) })
		return x
	case id == field.Location:
		return scalar(c.Location, p.sentLocation() == v.text)
	case id == field.Source:
		return scalar(c.SourceID, c.SourceID == v.text)
	case id == field.CreditedTo:
		return scalar(c.CreditedTo, c.CreditedTo == v.text)
	case id == field.Tags:
		return existing{blank: len(c.Tags) == 0, set: true}
	}
	return existing{blank: true}
}

func scalar(text string, same bool) existing {
	blank := strings.TrimSpace(text) == ""
	return existing{text: text, blank: blank, same: same && !blank, covered: same && !blank}
}

// existingAlternates compares the addresses besides the primary one. An address
// that the candidate has in any place need not be added.
func existingAlternates(c candidate.Candidate, incoming []string) existing {
	var list []candidate.Address
	for _, a := range c.Emails {
		if !a.Primary {
			list = append(list, a)
		}
	}
	covered := len(incoming) > 0 && !slices.ContainsFunc(incoming, func(e string) bool { return !c.HasEmail(e) })
	return existing{text: addresses(list), blank: len(list) == 0 && !covered, same: covered, covered: covered, set: true}
}

func existingLinks(c candidate.Candidate, network, url string) existing {
	x := existing{blank: true, set: true}
	for _, l := range c.Links {
		if l.Type != network || strings.TrimSpace(l.URL) == "" {
			continue
		}
		x.blank = false
		if x.text == "" {
			x.text = l.URL
		}
		if sameLink(l.URL, url) {
			x.covered = true
		}
	}
	x.same = x.covered
	return x
}

func sameLink(a, b string) bool {
	pa, okA := mapping.Recognise(a)
	pb, okB := mapping.Recognise(b)
	if okA && okB {
		return strings.EqualFold(pa.URL, pb.URL)
	}
	return a == b
}

func sameText(a, b string) bool {
	return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
}

func samePhone(a, b string) bool {
	a, b = mapping.Digits(a), mapping.Digits(b)
	return a != "" && strings.TrimPrefix(a, "+") == strings.TrimPrefix(b, "+")
}

func addresses(list []candidate.Address) string {
	var out []string
	for _, a := range list {
		out = append(out, a.Value)
	}
	return strings.Join(out, ", ")
}

// existingCustom compares a custom field's JSON with what comes.
func existingCustom(c candidate.Candidate, id, incoming string) existing {
	raw := c.Custom[id].JSON
	var x, v any
	if json.Unmarshal([]byte(raw), &x) != nil || nothing(x) {
		return existing{blank: true}
	}
	same := json.Unmarshal([]byte(incoming), &v) == nil && sameJSON(x, v)
	out := existing{text: readable(x, raw), same: same, covered: same}
	if set, ok := x.([]any); ok {
		out.set = true
		out.union, out.covered = union(set, v)
	}
	return out
}

// nothing reports whether a custom field's value says nothing.
func nothing(x any) bool {
	switch x := x.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(x) == ""
	case []any:
		return len(x) == 0
	}
	return false
}

// union gives the JSON of a set with the missing ones added, and whether none was.
func union(set []any, v any) (string, bool) {
	more, _ := v.([]any)
	all := slices.Clone(set)
	for _, m := range more {
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return encode(all), len(all) == len(set)
}

func sameJSON(x, v any) bool {
	if a, ok := x.(string); ok {
		b, ok := v.(string)
		return ok && sameText(a, b)
	}
	return encode(x) == encode(v)
}

func readable(x any, raw string) string {
	if s, ok := x.(string); ok {
		return s
	}
	return raw
}
