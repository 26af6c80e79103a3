package mapping

import (
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// standIn is a custom field that organisations keep for something that Ashby's
// API cannot write: the titles under which one is recognised, the first of which
// is also what a new one is called.
type standIn struct {
	variable contact.Variable // empty: no variable says it
	builtIn  string           // the field that cannot be written; empty: none
	titles   []string
}

var standIns = []standIn{
	{contact.Company, "company", []string{"Company", "Current company"}},
	{contact.Role, "position", []string{"Role", "Title", "Job title", "Position"}},
	{"school", "school", []string{"School"}},
	{"", "timezone", []string{"Timezone", "Time zone"}},
}

// Wanted are the variables without a field of their own in Ashby that a team
// expects to arrive nevertheless.
func Wanted() []contact.Variable { return []contact.Variable{contact.Company, contact.Role} }

// Addition is a variable with the custom field that it was mapped to.
type Addition struct {
	Variable contact.Variable
	Field    field.Field
}

// Fill adds to a mapping the wanted variables that are in no entry, each to the
// one custom text field that bears a title of it and is no target yet.
func Fill(m Mapping, fields []field.Field) (Mapping, []Addition) {
	var added []Addition
	for _, v := range Wanted() {
		fit := Fitting(v, fields)
		if len(fit) != 1 || m.Maps(v) || m.Targets(fit[0].ID) {
			continue
		}
		m = m.With(Entry{From: []contact.Variable{v}, To: fit[0].ID}).Remember(fit)
		added = append(added, Addition{v, fit[0]})
	}
	return m, added
}

// Fitting gives the custom text fields in use that bear one of the titles under
// which a wanted variable is kept.
func Fitting(v contact.Variable, fields []field.Field) []field.Field {
	i := slices.IndexFunc(standIns, func(s standIn) bool { return v != "" && s.variable == v })
	if i < 0 {
		return nil
	}
	return standIns[i].among(fields)
}

// TitleFor gives the title of a field to be made for a wanted variable; empty
// for any other variable.
func TitleFor(v contact.Variable) string {
	if !slices.Contains(Wanted(), v) {
		return ""
	}
	i := slices.IndexFunc(standIns, func(s standIn) bool { return s.variable == v })
	return standIns[i].titles[0]
}

func (s standIn) among(fields []field.Field) []field.Field {
	var found []field.Field
	for _, f := range fields {
		fits := slices.ContainsFunc(s.titles, func(t string) bool { return strings.EqualFold(t, strings.TrimSpace(f.Title)) })
		if fits && f.Type == field.String && !f.BuiltIn && !f.Archived && f.Writable() {
			found = append(found, f)
		}
	}
	return found
}

// Instead gives the nearest legal target for a built-in field that cannot be
// written: a custom text field of such a title where there is one, else the
// title under which to make one. Both are empty for every other field.
func Instead(id string, fields []field.Field) (f field.Field, title string) {
	i := slices.IndexFunc(standIns, func(s standIn) bool { return s.builtIn == id })
	if i < 0 {
		return field.Field{}, ""
	}
	if fit := standIns[i].among(fields); len(fit) > 0 {
		return fit[0], fit[0].Title
	}
	return field.Field{}, standIns[i].titles[0]
}

// Maps reports whether a variable is in an entry.
func (m Mapping) Maps(v contact.Variable) bool {
	return slices.ContainsFunc(m.Entries, func(e Entry) bool { return slices.Contains(e.From, v) })
}

// Targets reports whether a field is the target of an entry.
func (m Mapping) Targets(id string) bool {
	return slices.ContainsFunc(m.Entries, func(e Entry) bool { return e.To == id })
}
