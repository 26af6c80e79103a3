package mapping

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// Seen is a custom field as it was when it was mapped, so that a change at Ashby
// shows.
type Seen struct {
	Title   string
	Type    field.Type
	Options []field.Option // of selects, those in use; none where there are too many to keep
}

// mostOptions bounds how many options of a field are remembered, and allOptions
// how many a mapping remembers: a row has a size.
const (
	mostOptions = 200
	allOptions  = 2000
)

// Remember gives the mapping with its custom targets as they are now. What is
// not among the fields keeps what was known of it.
func (m Mapping) Remember(fields []field.Field) Mapping {
	seen, left := map[string]Seen{}, allOptions
	for _, e := range m.Entries {
		i := slices.IndexFunc(fields, func(f field.Field) bool { return f.ID == e.To && !f.BuiltIn })
		if old, ok := m.Seen[e.To]; ok && i < 0 {
			seen[e.To], left = old, left-len(old.Options)
		}
		if i < 0 {
			continue
		}
		now := Seen{Title: fields[i].Title, Type: fields[i].Type}
		if open := inUse(fields[i]); len(open) <= min(mostOptions, left) {
			now.Options, left = open, left-len(open)
		}
		seen[e.To] = now
	}
	m.Seen = seen
	return m
}

func inUse(f field.Field) []field.Option {
	return slices.DeleteFunc(slices.Clone(f.Options), func(o field.Option) bool { return o.Archived })
}

// Warnings lists what has become of a mapping's targets at Ashby: gone, archived,
// of another type, without an option that it had.
func (m Mapping) Warnings(fields []field.Field) []Mistake {
	var out []Mistake
	for i, e := range m.Entries {
		path := fmt.Sprintf("entries[%d].to", i)
		j := slices.IndexFunc(fields, func(f field.Field) bool { return f.ID == e.To })
		before, remembered := m.Seen[e.To]
		if j < 0 {
			out = append(out, Mistake{path, FieldGone, quoted(before.Title)})
			continue
		}
		f := fields[j]
		switch {
		case f.Archived:
			out = append(out, Mistake{path, FieldArchived, quoted(f.Title)})
		case remembered && f.Type != before.Type:
			out = append(out, Mistake{path, FieldRetyped, fmt.Sprintf("%s was %s and is %s", quoted(f.Title), before.Type, f.Type)})
		case !f.Type.Convertible():
			out = append(out, Mistake{path, TypeUnconvertible, quoted(f.Title) + " is " + string(f.Type)})
		default:
			if lost := lostOptions(before, f); lost != "" {
				out = append(out, Mistake{path, OptionGone, "of " + quoted(f.Title) + ": " + lost})
			}
		}
	}
	return out
}

func quoted(title string) string {
	if title == "" {
		return ""
	}
	return "“" + title + "”"
}

// mostNamed bounds how many lost options a warning names.
const mostNamed = 5

func lostOptions(before Seen, f field.Field) string {
	var lost []string
	now := inUse(f)
	for _, o := range before.Options {
		if !slices.ContainsFunc(now, func(n field.Option) bool { return n.Value == o.Value }) {
			lost = append(lost, quoted(o.Label))
		}
	}
	if more := len(lost) - mostNamed; more > 0 {
		return strings.Join(lost[:mostNamed], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(lost, ", ")
}

// Custom lists the ids that a mapping names and that are no built-in fields.
func (m Mapping) Custom() []string {
	ids := map[string]bool{}
	for _, e := range m.Entries {
		ids[e.To] = true
	}
	for id := range m.Rules {
		ids[id] = true
	}
	for _, f := range field.BuiltIns() {
		delete(ids, f.ID)
	}
	delete(ids, "")
	return slices.Sorted(maps.Keys(ids))
}
