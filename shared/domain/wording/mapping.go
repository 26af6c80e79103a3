package wording

import "github.com/sourcewhale/ashby-sync/shared/domain/mapping"

var mappings = map[mapping.Code]string{
	mapping.VariableRequired:  "an entry maps at least one variable",
	mapping.UnknownVariable:   "SourceWhale has no such variable",
	mapping.SensitiveVariable: "this variable is never mapped, stored or logged",
	mapping.ObjectVariable:    "lists of objects cannot be mapped for now",
	mapping.VariableTaken:     "a text variable goes to one field only",
	mapping.FieldRequired:     "an entry has a target",
	mapping.UnknownField:      "Ashby has no such field for candidates, or the key may not see it",
	mapping.FieldUnwritable:   "Ashby's API cannot write this field",
	mapping.FieldArchived:     "the field is archived in Ashby; bring it back there, or choose another",
	mapping.FieldNotMappable:  "values for this field are given for a campaign or a person, not mapped",
	mapping.FieldTaken:        "a field is the target of one entry only",
	mapping.TypeUnconvertible: "values of this field's type cannot be made from a variable for now",
	mapping.NotComposite:      "these variables do not make one value, so only one of them can go to the field",
	mapping.CompositeRequired: "this field takes several variables together",
	mapping.LinksRequired:     "a network's link is picked from socialLinks and links",
	mapping.ListRequired:      "this field takes a list",
	mapping.TakeRequired:      "say which part of the list goes to the field",
	mapping.TakeUnfit:         "this part does not fit the field",
	mapping.AppendOnScalar:    "the field holds one value, so nothing can be appended to it",
	mapping.ClearNeedsAlways:  "only with the policy “always” may a field be cleared",
	mapping.CannotClear:       "Ashby is not known to clear this field; only custom fields are cleared",
	mapping.TooManyEntries:    "the mapping has too many entries",
	mapping.FieldGone:         "the field is no longer there, or the key may not see it any more; nothing is written to it",
	mapping.FieldRetyped:      "the field has another type than when it was mapped; values may not fit any more",
	mapping.MandatoryUnfilled: "nobody is put into Ashby without these fields, and nothing fills them any more; map a variable to each, display it, or make it optional",
	mapping.OptionGone:        "options that the field had when it was mapped are no longer there; such values are not written",
}

// Mapping says why a mapping is refused or warned about.
func Mapping(c mapping.Code) string { return mappings[c] }

// MappingMistake says a mistake in full.
func MappingMistake(m mapping.Mistake) string {
	if m.About == "" {
		return Mapping(m.Code)
	}
	return Mapping(m.Code) + ": " + m.About
}
