package mapping

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// Code is the reason for which a mapping is refused, or warned about.
type Code string

// The reasons.
const (
	VariableRequired  Code = "variable_required"
	UnknownVariable   Code = "unknown_variable"
	SensitiveVariable Code = "sensitive_variable"
	ObjectVariable    Code = "object_variable"
	VariableTaken     Code = "variable_taken" // a text variable has another target
	FieldRequired     Code = "target_required"
	UnknownField      Code = "unknown_target"
	FieldUnwritable   Code = "field_unwritable"
	FieldArchived     Code = "field_archived"
	FieldNotMappable  Code = "field_not_mappable" // its values are given, not mapped
	FieldTaken        Code = "field_taken"        // another entry has the same target
	TypeUnconvertible Code = "type_not_convertible"
	NotComposite      Code = "not_composite"      // several variables that make no one value
	CompositeRequired Code = "composite_required" // a field that only a composite fills
	LinksRequired     Code = "links_required"     // a network's link is picked from lists of addresses
	ListRequired      Code = "list_required"
	TakeRequired      Code = "take_required"
	TakeUnfit         Code = "take_unfit"
	AppendOnScalar    Code = "append_on_scalar"
	ClearNeedsAlways  Code = "clear_needs_always"
	CannotClear       Code = "field_cannot_clear"
	TooManyEntries    Code = "too_many_entries"
	FieldGone         Code = "field_gone"         // a warning: it was there when the mapping was saved
	FieldRetyped      Code = "field_retyped"      // a warning
	OptionGone        Code = "option_gone"        // a warning
	MandatoryUnfilled Code = "mandatory_unfilled" // a warning: a mandatory field that nothing fills any more
)

// Conflict reports whether the reason is that something is taken: by another
// entry, or by another variable of the same entry.
func (c Code) Conflict() bool {
	return slices.Contains([]Code{VariableTaken, FieldTaken, NotComposite}, c)
}

// Mistake is a reason with its place in the mapping ("entries[2].from[0]",
// "policies.phone.clear") and what is particular to the case, for people.
type Mistake struct {
	Path  string
	Code  Code
	About string
}

// MaxEntries bounds a mapping.
const MaxEntries = 200

// Check lists everything for which a mapping cannot be saved, given all fields:
// built-in ones and custom ones of candidates.
func (m Mapping) Check(fields []field.Field) []Mistake {
	c := checker{
		all: fields, fields: map[string]field.Field{}, variables: map[contact.Variable]Entry{}, targets: map[string]int{},
	}
	for _, f := range fields {
		c.fields[f.ID] = f
	}
	if len(m.Entries) > MaxEntries {
		c.add("entries", TooManyEntries, fmt.Sprintf("at most %d", MaxEntries))
		return c.mistakes
	}
	for i, e := range m.Entries {
		c.entry(i, e)
	}
	for _, id := range slices.Sorted(maps.Keys(m.Rules)) {
		c.rule(id, m.Rules[id])
	}
	return c.mistakes
}

type checker struct {
	all       []field.Field
	fields    map[string]field.Field
	variables map[contact.Variable]Entry // text variables, with the entry that has them first
	targets   map[string]int             // with the index of their first entry
	mistakes  []Mistake
}

func (c *checker) add(path string, code Code, about string) {
	c.mistakes = append(c.mistakes, Mistake{path, code, about})
}

func (c *checker) entry(i int, e Entry) {
	path := fmt.Sprintf("entries[%d]", i)
	from, to := c.from(path+".from", e), c.to(path+".to", i, e)
	if from && to {
		c.shape(path, e, c.fields[e.To])
	}
}

func (c *checker) from(path string, e Entry) bool {
	if len(e.From) == 0 {
		c.add(path, VariableRequired, "")
		return false
	}
	sound := true
	for j, v := range e.From {
		at := fmt.Sprintf("%s[%d]", path, j)
		code := variableCode(v)
		if code != "" {
			c.add(at, code, "")
			sound = false
			continue
		}
		if contact.KindOf(v) != contact.Text || slices.Contains(e.From[:j], v) {
			continue
		}
		if first, taken := c.variables[v]; taken {
			c.add(at, VariableTaken, string(v)+" goes to "+c.title(first.To)+" already")
			continue
		}
		c.variables[v] = e
	}
	return sound
}

func variableCode(v contact.Variable) Code {
	if contact.Sensitive(string(v)) {
		return SensitiveVariable
	}
	switch contact.KindOf(v) {
	case contact.Unknown:
		return UnknownVariable
	case contact.Objects:
		return ObjectVariable
	case contact.Text, contact.List:
	}
	return ""
}

func (c *checker) title(id string) string {
	if f, ok := c.fields[id]; ok {
		return "“" + f.Title + "”"
	}
	return "another field"
}

func (c *checker) to(path string, i int, e Entry) bool {
	if e.To == "" {
		c.add(path, FieldRequired, "")
		return false
	}
	f, known := c.fields[e.To]
	if !known {
		c.add(path, UnknownField, "")
		return false
	}
	if first, taken := c.targets[e.To]; taken {
		c.add(path, FieldTaken, fmt.Sprintf("%s is the target of entries[%d]", c.title(e.To), first))
	} else {
		c.targets[e.To] = i
	}
	if code, about := Unmappable(f, c.all); code != "" {
		c.add(path, code, about)
		return false
	}
	return true
}

// Unmappable says why a field cannot be the target of any variable; empty when
// it can. Fields are all that there are, to name one that can be used instead.
func Unmappable(f field.Field, fields []field.Field) (code Code, about string) {
	switch {
	case !f.Writable():
		return FieldUnwritable, instead(f, fields)
	case f.Archived:
		return FieldArchived, ""
	case f.BuiltIn && slices.Contains([]string{field.CreditedTo, field.Tags, field.Projects}, f.ID):
		return FieldNotMappable, ""
	case !f.Type.Convertible():
		return TypeUnconvertible, "its type is " + string(f.Type)
	}
	return "", ""
}

func instead(f field.Field, fields []field.Field) string {
	switch found, title := Instead(f.ID, fields); {
	case found.ID != "":
		return "use the custom field “" + found.Title + "” (" + found.ID + ") instead"
	case title != "":
		return "create a custom field “" + title + "” of type String and use that instead"
	}
	return f.Reason
}

// rule checks the policy of a field, be it mapped or not.
func (c *checker) rule(id string, r Rule) {
	path := "policies." + id
	f, known := c.fields[id]
	if !known {
		c.add(path, UnknownField, "")
		return
	}
	if !f.Writable() {
		c.add(path, FieldUnwritable, instead(f, c.all))
		return
	}
	if r.Policy == field.Append && !IsSet(f) {
		c.add(path+".policy", AppendOnScalar, "")
	}
	if r.Clear && r.Policy != field.Always {
		c.add(path+".clear", ClearNeedsAlways, "")
	}
	if r.Clear && f.BuiltIn {
		c.add(path+".clear", CannotClear, "")
	}
}

// IsSet reports whether values can be added to what is in a field.
func IsSet(f field.Field) bool {
	if _, link := field.Network(f.ID); f.BuiltIn && link {
		return true
	}
	return f.Type == field.MultiSelect || f.BuiltIn && (f.Type == field.List || f.ID == field.Phone)
}

// words joins takes for people.
func words(takes []Take) string {
	list := make([]string, 0, len(takes))
	for _, t := range takes {
		list = append(list, string(t))
	}
	return strings.Join(list, ", ")
}
