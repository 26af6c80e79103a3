package setting

import (
	"fmt"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
)

// Refusal is the reason for which a field cannot be in a set.
type Refusal string

// The reasons.
const (
	NoSuchField    Refusal = "no_such_field"
	Unwritable     Refusal = "field_unwritable"
	ArchivedField  Refusal = "field_archived"
	Unconvertible  Refusal = "type_not_convertible"
	NotDisplayable Refusal = "not_displayable" // its values are mapped, not given
	PrivateField   Refusal = "private_field"
	NotSearchable  Refusal = "not_searchable"   // candidates are read without it
	NothingFills   Refusal = "nothing_fills_it" // neither mapped nor displayed
	NeverWritten   Refusal = "never_written"    // its policy is never
	NotOfTheTeam   Refusal = "not_of_the_team"  // a user narrows what the team chose
	StillMandatory Refusal = "still_mandatory"  // only because it is displayed can a mandatory field be filled
)

// Mistake is a reason with its place in the settings ("mandatory[2]") and what is
// particular to the case, for people.
type Mistake struct {
	Path  string
	Code  Refusal
	About string
}

// MayDisplay says why users cannot give values for a field; empty when they can.
func MayDisplay(f field.Field) Refusal {
	switch {
	case !f.Writable():
		return Unwritable
	case f.Archived:
		return ArchivedField
	case f.BuiltIn && !slices.Contains([]string{field.Source, field.CreditedTo, field.Tags, field.Projects, field.Location}, f.ID):
		return NotDisplayable
	case !f.Type.Convertible():
		return Unconvertible
	}
	return ""
}

// MayFilter says why candidates cannot be searched by a field; empty when they can.
func MayFilter(f field.Field) Refusal {
	switch {
	case f.Private:
		return PrivateField
	case f.Archived:
		return ArchivedField
	case f.BuiltIn && f.ID == field.Projects:
		return NotSearchable
	case !f.Type.Convertible():
		return Unconvertible
	}
	return ""
}

// MayProtect says why a field cannot be protected; empty when it can.
func MayProtect(f field.Field) Refusal {
	switch {
	case !f.Writable():
		return Unwritable
	case f.Archived:
		return ArchivedField
	}
	return ""
}

// MayDemand says why a field cannot be mandatory, given what is mapped and
// displayed; empty when it can.
func MayDemand(f field.Field, m mapping.Mapping, displayed []string) Refusal {
	switch {
	case !f.Writable():
		return Unwritable
	case f.Archived:
		return ArchivedField
	case !f.Type.Convertible():
		return Unconvertible
	case m.Rule(f.ID).Policy == field.Never:
		return NeverWritten
	case !m.Targets(f.ID) && !slices.Contains(displayed, f.ID):
		return NothingFills
	}
	return ""
}

// Terms are what a level's sets are held against.
type Terms struct {
	Fields  []field.Field // all of them: built-in ones, and custom ones of candidates
	Mapping mapping.Mapping
	Team    *Document // whose sets a user's narrow and add to; nil: it is the team's own that is checked
}

// Check lists everything for which the named sets of a document cannot be saved.
func (t Terms) Check(d Document, named []Name) []Mistake {
	c := checker{Terms: t, named: named, displayed: listOf(d.Choices.Displayed)}
	if t.Team != nil {
		c.displayed = Stand(*t.Team, "u", d).Displayed
	}
	c.set(DisplayedName, listOf(d.Choices.Displayed), MayDisplay)
	c.set(FilterableName, listOf(d.Choices.Filterable), MayFilter)
	c.set(MandatoryName, d.Choices.Mandatory, func(f field.Field) Refusal { return MayDemand(f, t.Mapping, c.displayed) })
	c.set(ProtectedName, d.Choices.Protected, MayProtect)
	if slices.Contains(named, DisplayedName) && !slices.Contains(named, MandatoryName) {
		c.stillNeeded(d.Choices.Mandatory)
	}
	return c.mistakes
}

type checker struct {
	Terms
	named     []Name
	displayed []string // that hold with the document
	mistakes  []Mistake
}

// set checks each field of a set that is being saved.
func (c *checker) set(name Name, ids []string, may func(field.Field) Refusal) {
	if !slices.Contains(c.named, name) {
		return
	}
	for i, id := range ids {
		path := fmt.Sprintf("%s[%d]", name, i)
		f, known := c.field(id)
		switch {
		case !known:
			c.add(path, NoSuchField, "")
		case c.Team != nil && !c.ofTeam(name, id):
			c.add(path, NotOfTheTeam, quoted(f))
		default:
			if code := may(f); code != "" {
				c.add(path, code, quoted(f))
			}
		}
	}
}

// ofTeam reports whether a user may have a field in a set that narrows the team's.
func (c *checker) ofTeam(name Name, id string) bool {
	switch name {
	case DisplayedName:
		return slices.Contains(listOf(c.Team.Choices.Displayed), id)
	case FilterableName:
		return slices.Contains(listOf(c.Team.Choices.Filterable), id)
	default:
		return true
	}
}

// stillNeeded refuses to take away a displayed field without which a mandatory
// one could not be filled.
func (c *checker) stillNeeded(mandatory []string) {
	for _, id := range mandatory {
		f, known := c.field(id)
		if known && MayDemand(f, c.Mapping, c.displayed) == NothingFills {
			c.add(string(DisplayedName), StillMandatory, quoted(f))
		}
	}
}

func (c *checker) field(id string) (field.Field, bool) {
	i := slices.IndexFunc(c.Fields, func(f field.Field) bool { return f.ID == id })
	if i < 0 {
		return field.Field{}, false
	}
	return c.Fields[i], true
}

func (c *checker) add(path string, code Refusal, about string) {
	c.mistakes = append(c.mistakes, Mistake{path, code, about})
}

func quoted(f field.Field) string { return "“" + f.Title + "”" }

// Named lists the fields of the named sets that are no built-in ones, so that
// Ashby has to be asked about them.
func (d Document) Named(names []Name) []string {
	var ids []string
	for _, set := range []struct {
		name Name
		ids  []string
	}{
		{DisplayedName, listOf(d.Choices.Displayed)},
		{FilterableName, listOf(d.Choices.Filterable)},
		{MandatoryName, d.Choices.Mandatory},
		{ProtectedName, d.Choices.Protected},
	} {
		if slices.Contains(names, set.name) {
			ids = append(ids, set.ids...)
		}
	}
	slices.Sort(ids)
	builtIn := func(id string) bool {
		return slices.ContainsFunc(field.BuiltIns(), func(f field.Field) bool { return f.ID == id })
	}
	return slices.DeleteFunc(slices.Compact(ids), builtIn)
}
