package connect

import (
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
)

// wanted are the variables without a field of their own in Ashby, with the
// titles under which organisations keep them as a custom field.
var wanted = []struct {
	variable contact.Variable
	titles   []string
}{
	{contact.Company, []string{"Company", "Current company"}},
	{contact.Role, []string{"Role", "Title", "Job title", "Position"}},
}

// mapWanted adds company and role to a mapping where exactly one field fits.
func mapWanted(m mapping.Mapping, fields []field.Field) (mapping.Mapping, []Mapped) {
	var added []Mapped
	for _, w := range wanted {
		f, ok := only(fields, w.titles)
		if !ok || has(m, w.variable) || targets(m, f.ID) {
			continue
		}
		m = m.With(mapping.Entry{From: []contact.Variable{w.variable}, To: f.ID})
		added = append(added, Mapped{Variable: w.variable, Field: f.ID, Title: f.Title})
	}
	return m, added
}

// only gives the one text field in use that bears one of the titles.
func only(fields []field.Field, titles []string) (field.Field, bool) {
	var found []field.Field
	for _, f := range fields {
		fits := slices.ContainsFunc(titles, func(t string) bool { return strings.EqualFold(t, strings.TrimSpace(f.Title)) })
		if fits && f.Type == field.String && !f.Archived && f.Writable() {
			found = append(found, f)
		}
	}
	if len(found) != 1 {
		return field.Field{}, false
	}
	return found[0], true
}

func unmapped(m mapping.Mapping) []contact.Variable {
	var out []contact.Variable
	for _, w := range wanted {
		if !has(m, w.variable) {
			out = append(out, w.variable)
		}
	}
	return out
}

func has(m mapping.Mapping, v contact.Variable) bool {
	return slices.ContainsFunc(m.Entries, func(e mapping.Entry) bool { return slices.Contains(e.From, v) })
}

func targets(m mapping.Mapping, id string) bool {
	return slices.ContainsFunc(m.Entries, func(e mapping.Entry) bool { return e.To == id })
}
