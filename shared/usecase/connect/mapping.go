package connect

import (
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
)

// mapWanted adds company and role to a mapping where exactly one field fits.
func mapWanted(m mapping.Mapping, fields []field.Field) (mapping.Mapping, []Mapped) {
	m, added := mapping.Fill(m, fields)
	var out []Mapped
	for _, a := range added {
		out = append(out, Mapped{Variable: a.Variable, Field: a.Field.ID, Title: a.Field.Title})
	}
	return m, out
}

func unmapped(m mapping.Mapping) []contact.Variable {
	var out []contact.Variable
	for _, v := range mapping.Wanted() {
		if !m.Maps(v) {
			out = append(out, v)
		}
	}
	return out
}
