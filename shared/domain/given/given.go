// Package given is the values that users give for displayed fields of Ashby, for
// a campaign or a person, and which of them counts.
package given

import (
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// Value is one of them. A blank one says that there is none, and hides an older
// one of its level.
type Value struct {
	Field  string
	Text   string   // of fields that hold one value; ids of sources and users, or their titles
	List   []string // tags, projects, multi-selects: ids and options, or their titles
	Shown  string   // for people, as it was when it was given; empty: the value says it
	Author string   // user id; empty: unknown
	At     time.Time
}

// Of gives the values that came with an event.
func Of(e event.Event) []Value {
	var out []Value
	for _, g := range e.Values {
		v := Value{Field: g.Field, Text: g.Text, List: g.List, Author: g.By, At: e.OccurredAt}
		if v.Author == "" {
			v.Author = e.Actor.ID
		}
		out = append(out, v)
	}
	return out
}

// Items gives the value's parts, without blanks and repeats: those of the list,
// else the text.
func (v Value) Items() []string {
	var out []string
	for _, item := range append([]string{v.Text}, v.List...) {
		if item = strings.TrimSpace(item); item != "" && !slices.Contains(out, item) {
			out = append(out, item)
		}
	}
	return out
}

// Blank reports whether nothing but white space is in the value.
func (v Value) Blank() bool { return len(v.Items()) == 0 }

// Scope says for what a value is given.
type Scope string

// The scopes. A person's value beats a campaign's.
const (
	ForCampaign Scope = "campaign"
	ForPerson   Scope = "person"
)

// Kept are the values that were given for an event's campaign and for its person.
type Kept struct {
	Campaign []Value
	Person   []Value
}

// Newer adds a value to those of one level if it is not older than the one there
// is. The map stays as it is; a new one is given.
func Newer(known map[string]Value, v Value) map[string]Value {
	if old, ok := known[v.Field]; ok && old.At.After(v.At) {
		return known
	}
	next := make(map[string]Value, len(known)+1)
	for id, old := range known {
		next[id] = old
	}
	next[v.Field] = v
	return next
}

// Counting gives, of the fields that are shown, the value that counts: the
// person's, be it kept or brought by their events, before the campaign's. They are
// sorted by field.
func Counting(kept Kept, brought map[string]Value, shown []string) []Value {
	var campaign map[string]Value
	for _, v := range kept.Campaign {
		campaign = Newer(campaign, v)
	}
	person := brought
	for _, v := range kept.Person {
		person = Newer(person, v)
	}
	var out []Value
	for _, id := range slices.Sorted(slices.Values(shown)) {
		if v, ok := person[id]; ok && !v.Blank() {
			out = append(out, v)
		} else if v, ok := campaign[id]; ok && !v.Blank() {
			out = append(out, v)
		}
	}
	return slices.CompactFunc(out, func(a, b Value) bool { return a.Field == b.Field })
}

// Choose finds among Ashby's own things the one of an id, else of a title, which
// must not be archived and the only one of it. Nothing is ever made.
func Choose(options []field.Option, text string) (field.Option, bool) {
	text = strings.TrimSpace(text)
	var found []field.Option
	for _, o := range options {
		if o.Value == text && text != "" {
			return o, true
		}
		if !o.Archived && strings.EqualFold(strings.TrimSpace(o.Label), text) {
			found = append(found, o) // a title may stand twice, as under different types
		}
	}
	if len(found) != 1 || text == "" {
		return field.Option{}, false
	}
	return found[0], true
}
