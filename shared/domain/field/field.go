// Package field is Ashby's fields of a candidate: which there are, what type each
// has, whether it can be written, and what a policy does with an incoming value.
package field

import "slices"

// The built-in fields, by the ids that settings and mappings use. Links are
// addressed per network with LinkTo.
const (
	Name            = "name"
	Email           = "email"
	AlternateEmails = "alternate_emails"
	Phone           = "phone"
	Location        = "location"
	Source          = "source"
	CreditedTo      = "credited_to"
	Tags            = "tags"
	Projects        = "projects"
	linkPrefix      = "link."
)

// LinkTo gives the field id of a network's link.
func LinkTo(network string) string { return linkPrefix + network }

// Network gives the network of a link field; ok is false for other fields.
func Network(id string) (network string, ok bool) {
	if len(id) > len(linkPrefix) && id[:len(linkPrefix)] == linkPrefix {
		return id[len(linkPrefix):], true
	}
	return "", false
}

// Networks lists the link types that Ashby knows.
func Networks() []string {
	return []string{"LinkedIn", "GitHub", "Twitter", "Medium", "StackOverflow", "YouTube", "CodePen", "Website"}
}

// Type of a field's value.
type Type string

// The types, as Ashby spells them, and List for the built-in sets.
const (
	String      Type = "String"
	LongText    Type = "LongText"
	Number      Type = "Number"
	Boolean     Type = "Boolean"
	Date        Type = "Date"
	Select      Type = "ValueSelect"
	MultiSelect Type = "MultiValueSelect"
	URL         Type = "Url"
	EmailType   Type = "Email"
	PhoneType   Type = "Phone"
	UUID        Type = "UUID"
	Place       Type = "Location"
	List        Type = "List"
)

// Convertible reports whether values of the type can be made from a variable.
// Currency and ranges cannot, for now.
func (t Type) Convertible() bool {
	return slices.Contains([]Type{
		String, LongText, Number, Boolean, Date, Select, MultiSelect, URL, EmailType, PhoneType, UUID, Place, List,
	}, t)
}

// Field is one field of the catalogue.
type Field struct {
	ID       string
	Title    string
	Type     Type
	BuiltIn  bool
	Archived bool
	Private  bool
	Reason   string // why it cannot be written; empty when it can
	Options  []Option
}

// Option of a select field.
type Option struct {
	Value, Label string
	Archived     bool
}

// Writable reports whether the API can write the field.
func (f Field) Writable() bool { return f.Reason == "" }

// BuiltIns lists the built-in fields, those that cannot be written included.
func BuiltIns() []Field {
	fields := []Field{
		{ID: Name, Title: "Name", Type: String},
		{ID: Email, Title: "Primary email", Type: EmailType},
		{ID: AlternateEmails, Title: "Alternate emails", Type: List},
		{ID: Phone, Title: "Phone", Type: PhoneType},
		{ID: Location, Title: "Location", Type: Place},
		{ID: Source, Title: "Source", Type: Select},
		{ID: CreditedTo, Title: "Credited to", Type: String},
		{ID: Tags, Title: "Tags", Type: List},
		{ID: Projects, Title: "Projects", Type: List},
	}
	for _, n := range Networks() {
		fields = append(fields, Field{ID: LinkTo(n), Title: n, Type: URL})
	}
	const readOnly = "Ashby's API cannot write this field; use a custom field instead"
	for _, f := range []Field{
		{ID: "company", Title: "Company"},
		{ID: "position", Title: "Position"},
		{ID: "school", Title: "School"},
		{ID: "timezone", Title: "Timezone"},
	} {
		f.Type, f.Reason = String, readOnly
		fields = append(fields, f)
	}
	for i := range fields {
		fields[i].BuiltIn = true
	}
	return fields
}

var titles = func() map[string]string {
	m := map[string]string{}
	for _, f := range BuiltIns() {
		m[f.ID] = f.Title
	}
	return m
}()

// TitleOf gives a built-in field's title; for any other field its id.
func TitleOf(id string) string {
	if t, ok := titles[id]; ok {
		return t
	}
	return id
}
