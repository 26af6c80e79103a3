package field

// Policy is what a team allows to happen to a field that has a value.
type Policy string

// The policies. OnlyIfBlank is what "protected" means.
const (
	Never       Policy = "never"
	OnlyIfBlank Policy = "only_if_blank"
	Append      Policy = "append"
	Always      Policy = "always"
)

// Code is the reason for which a field was not written.
type Code string

// The reasons, in the order in which they are looked for.
const (
	Gone           Code = "field_gone"
	Unwritable     Code = "unwritable"
	NotVisible     Code = "not_visible"
	ByPolicy       Code = "never"
	Stale          Code = "stale"
	Unchanged      Code = "unchanged_at_source"
	NoValue        Code = "no_value"
	CannotClear    Code = "cannot_clear"
	NotConvertible Code = "not_convertible"
	Equal          Code = "equal"
	Protected      Code = "protected"
	NotDisplayed   Code = "not_displayed" // a given value for a field that is not displayed
	GivenInstead   Code = "given_instead" // a value given for the field counts in place of the mapped one
	Unknown        Code = "unknown_value" // no source, user, tag or option of that name in Ashby
	Refused        Code = "refused"       // Ashby refused the write that carried it
	NotYet         Code = "not_yet"       // the write that carries it has not been made yet
	Unsure         Code = "unsure"        // nobody knows yet whether Ashby applied the write that carried it
	NotSent        Code = "not_sent"      // the event ended before the write that would have carried it
)

// Action is what happens to a field.
type Action string

// The actions.
const (
	Skip  Action = "skip"
	Write Action = "write"
	Union Action = "write_union"
	Clear Action = "clear"
)

// Case is everything a decision about one field rests on: incoming value v,
// existing value x.
type Case struct {
	Archived   bool // the field is archived, or no longer there
	Unwritable bool
	Invisible  bool // private, and the key cannot see private fields: it only looks blank
	Policy     Policy
	MayClear   bool // the clear flag, with Always
	Clearable  bool // Ashby is known to clear this field
	Stale      bool // v is older than what was last applied for its variable
	Unchanged  bool // a manual edit that did not change this variable
	Blank      bool // v
	Converts   bool // v fits the field's type
	WasBlank   bool // x
	Same       bool // x equals v after normalisation
	Covered    bool // x contains all of v
}

// Decide is the decision table of field policies: the first match wins.
func Decide(c Case) (Action, Code) {
	switch {
	case c.Archived:
		return Skip, Gone
	case c.Unwritable:
		return Skip, Unwritable
	case c.Invisible:
		return Skip, NotVisible
	case c.Policy == Never:
		return Skip, ByPolicy
	case c.Stale:
		return Skip, Stale
	case c.Unchanged:
		return Skip, Unchanged
	case c.Blank && (!c.MayClear || c.WasBlank):
		return Skip, NoValue
	case c.Blank && !c.Clearable:
		return Skip, CannotClear
	case c.Blank:
		return Clear, ""
	case !c.Converts:
		return Skip, NotConvertible
	case c.WasBlank:
		return Write, ""
	case c.Same:
		return Skip, Equal
	case c.Policy == OnlyIfBlank:
		return Skip, Protected
	case c.Policy == Append && c.Covered:
		return Skip, Equal
	case c.Policy == Append:
		return Union, ""
	default:
		return Write, ""
	}
}
