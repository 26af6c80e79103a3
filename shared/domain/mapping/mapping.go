// Package mapping says which SourceWhale variable goes to which Ashby field, and
// under which policy.
package mapping

import (
	"maps"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// Take says which part of a list variable goes to a target.
type Take string

// The parts. Text variables use Whole.
const (
	Whole  Take = ""
	First  Take = "first"
	Rest   Take = "rest"
	All    Take = "all"
	Joined Take = "joined" // ", " between
)

// Entry maps variables to a field. Several variables make a composite (name,
// location); a single one is the rule.
type Entry struct {
	From []contact.Variable
	To   string // field id
	Take Take
}

// Rule is a field's policy with its clear flag.
type Rule struct {
	Policy Policy
	Clear  bool
}

// Policy is field.Policy; named here so that a mapping reads alone.
type Policy = field.Policy

// Mapping of a team.
type Mapping struct {
	Version int
	Entries []Entry
	Rules   map[string]Rule // by field id; absent: the field's own default
	Author  string          // user id of who saved this version
	At      time.Time
	Seen    map[string]Seen // by field id: mapped custom fields as they were when this was saved
}

// Default is the built-in mapping. Company and role have no built-in target in
// Ashby; activation adds the custom fields that fit.
func Default() Mapping {
	m := Mapping{Entries: []Entry{
		{From: []contact.Variable{contact.FirstName, contact.LastName, contact.Name}, To: field.Name},
		{From: []contact.Variable{contact.Emails}, To: field.Email, Take: First},
		{From: []contact.Variable{contact.Emails}, To: field.AlternateEmails, Take: Rest},
		{From: []contact.Variable{contact.Phones}, To: field.Phone, Take: First},
		{
			From: []contact.Variable{contact.City, contact.State, contact.Country, contact.Location},
			To:   field.Location,
		},
		{From: []contact.Variable{contact.Source}, To: field.Source},
	}}
	for _, n := range field.Networks() {
		m.Entries = append(m.Entries, Entry{From: []contact.Variable{contact.SocialLinks, contact.Links}, To: field.LinkTo(n)})
	}
	return m
}

// Rule gives the policy in force for a field: what the team chose, else append
// for the sets (alternate emails, phones, links, tags, projects) and always for
// the rest.
func (m Mapping) Rule(id string) Rule {
	if r, ok := m.Rules[id]; ok {
		return r
	}
	if _, link := field.Network(id); link {
		return Rule{Policy: field.Append}
	}
	switch id {
	case field.AlternateEmails, field.Phone, field.Tags, field.Projects:
		return Rule{Policy: field.Append}
	}
	return Rule{Policy: field.Always}
}

// With adds an entry and gives the new mapping.
func (m Mapping) With(e Entry) Mapping {
	m.Entries = append(append([]Entry(nil), m.Entries...), e)
	return m
}

// Protected lists the fields that are only written while blank: those whose
// policy says so.
func (m Mapping) Protected() []string {
	var ids []string
	for id, r := range m.Rules {
		if r.Policy == field.OnlyIfBlank {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// WithProtected gives the mapping in which these fields are protected and no
// others. One that was protected and is no more has its default policy.
func (m Mapping) WithProtected(ids []string) Mapping {
	rules := map[string]Rule{}
	for id, r := range m.Rules {
		if r.Policy != field.OnlyIfBlank {
			rules[id] = r
		}
	}
	for _, id := range ids {
		rules[id] = Rule{Policy: field.OnlyIfBlank}
	}
	m.Rules = rules
	return m
}

// Protecting gives the mapping in which these fields are protected besides. What
// is never written stays so.
func (m Mapping) Protecting(ids []string) Mapping {
	if len(ids) == 0 {
		return m
	}
	rules := maps.Clone(m.Rules)
	if rules == nil {
		rules = map[string]Rule{}
	}
	for _, id := range ids {
		if rules[id].Policy != field.Never {
			rules[id] = Rule{Policy: field.OnlyIfBlank}
		}
	}
	m.Rules = rules
	return m
}
