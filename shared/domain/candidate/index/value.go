// Package index is our own copy of a team's candidates as searches see it: typed
// values in columns, a column for each field, in segments that never change.
//
// A generation is a list of segments, oldest first. A candidate that changes is
// written into a newer segment and hides what older ones say of it; one that is
// deleted is written there as gone.
package index

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
)

// Kind says what can be asked of a field.
type Kind uint8

// The kinds. Presence is for types that are only known to have a value or not.
const (
	Presence Kind = iota
	Text          // one text, folded
	Texts         // several
	Choice        // one id of an option
	Choices       // several
	Number
	Date // milliseconds since 1970
	Flag // 0 or 1
)

// KindOf gives the kind of a field's values; ok is false for fields that
// candidates are not listed with.
func KindOf(f field.Field) (k Kind, ok bool) {
	switch f.ID {
	case field.Projects:
		return Presence, false
	case field.AlternateEmails, field.Phone:
		return Texts, true
	case field.Source, field.CreditedTo:
		return Choice, true
	case field.Tags:
		return Choices, true
	}
	switch f.Type {
	case field.String, field.LongText, field.URL, field.EmailType, field.PhoneType, field.UUID, field.Place:
		if _, link := field.Network(f.ID); link {
			return Texts, true
		}
		return Text, true
	case field.Number:
		return Number, true
	case field.Boolean:
		return Flag, true
	case field.Date:
		return Date, true
	case field.Select:
		return Choice, true
	case field.MultiSelect:
		return Choices, true
	default:
		return Presence, true
	}
}

// Value of a field: texts or ids, or a number, by its kind. A field without a
// value has none.
type Value struct {
	Texts  []string
	Number float64
}

// Entry is a candidate as a segment holds it.
type Entry struct {
	ID     string
	Gone   bool
	Values map[string]Value // by field id
}

// longestText bounds what is kept of a text, in bytes: a search in a long text
// looks at its beginning.
const longestText = 4000

// Of makes the entry of a candidate. Fields are the custom fields of the team;
// values of fields that are private, or not among them, are left out. fold makes
// texts comparable.
func Of(k candidate.Known, fields []field.Field, fold func(string) string) Entry {
	e := Entry{ID: k.ID, Gone: k.Gone}
	if k.Gone {
		return e
	}
	b := builder{values: map[string]Value{}, fold: fold}
	b.builtIns(k.Listed)
	for _, f := range fields {
		if v, ok := k.Custom[f.ID]; ok && !f.Private && !slices.Contains(k.Private, f.ID) {
			b.custom(f, v.JSON)
		}
	}
	e.Values = b.values
	return e
}

type builder struct {
	values map[string]Value
	fold   func(string) string
}

func (b builder) builtIns(c candidate.Listed) {
	b.text(field.Name, c.Name)
	b.text(field.Email, c.PrimaryEmail())
	for _, a := range c.Emails {
		if !a.Primary {
			b.text(field.AlternateEmails, a.Value)
		}
	}
	for _, a := range c.Phones {
		b.phone(field.Phone, a.Value)
	}
	for _, l := range c.Links {
		b.text(field.LinkTo(l.Type), l.URL)
	}
	b.text(field.Location, c.Location)
	b.text("company", c.Company)
	b.text("position", c.Position)
	b.text("school", c.School)
	b.text("timezone", c.Timezone)
	b.ids(field.Source, c.SourceID)
	b.ids(field.CreditedTo, c.CreditedTo)
	b.ids(field.Tags, c.Tags...)
}

func (b builder) text(id, text string) {
	text = Cut(b.fold(text), longestText)
	if text == "" || slices.Contains(b.values[id].Texts, text) {
		return
	}
	b.values[id] = Value{Texts: append(b.values[id].Texts, text)}
}

func (b builder) phone(id, number string) { b.text(id, PhoneText(number)) }

// PhoneText gives what phone numbers are compared by: their digits, so that
// spelling does not count. A number without any stays as it is.
func PhoneText(number string) string {
	if digits := strings.TrimPrefix(mapping.Digits(number), "+"); digits != "" {
		return digits
	}
	return number
}

// IsPhone reports whether a field's texts are phone numbers.
func IsPhone(f field.Field) bool { return f.ID == field.Phone || f.Type == field.PhoneType }

func (b builder) ids(field string, ids ...string) {
	var kept []string
	for _, id := range ids {
		if id != "" && !slices.Contains(kept, id) {
			kept = append(kept, id)
		}
	}
	if len(kept) > 0 {
		b.values[field] = Value{Texts: kept}
	}
}

// custom reads a value as Ashby gives it; one of another shape than its field's
// type counts as none.
func (b builder) custom(f field.Field, raw string) {
	kind, _ := KindOf(f)
	switch kind {
	case Text, Texts:
		text := plainText(raw)
		if IsPhone(f) {
			text = PhoneText(text)
		}
		b.text(f.ID, text)
	case Choice, Choices:
		b.ids(f.ID, texts(raw)...)
	case Number:
		var n float64
		if json.Unmarshal([]byte(raw), &n) == nil {
			b.values[f.ID] = Value{Number: n}
		}
	case Flag:
		var on bool
		if json.Unmarshal([]byte(raw), &on) == nil {
			b.values[f.ID] = Value{Number: number(on)}
		}
	case Date:
		if at, ok := moment(raw); ok {
			b.values[f.ID] = Value{Number: at}
		}
	case Presence:
		if raw != "" && raw != "null" {
			b.values[f.ID] = Value{Number: 1}
		}
	}
}

func number(on bool) float64 {
	if on {
		return 1
	}
	return 0
}

// plainText gives a text, and of a place its parts.
func plainText(raw string) string {
	var text string
	if json.Unmarshal([]byte(raw), &text) == nil {
		return text
	}
	var place struct{ City, Region, Country string }
	if json.Unmarshal([]byte(raw), &place) != nil {
		return ""
	}
	parts := slices.DeleteFunc([]string{place.City, place.Region, place.Country}, func(p string) bool { return p == "" })
	return strings.Join(parts, ", ")
}

func texts(raw string) []string {
	var one string
	if json.Unmarshal([]byte(raw), &one) == nil {
		return []string{one}
	}
	var list []string
	if json.Unmarshal([]byte(raw), &list) != nil {
		return nil
	}
	return list
}

func moment(raw string) (float64, bool) {
	var text string
	if json.Unmarshal([]byte(raw), &text) != nil {
		return 0, false
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return float64(t.UnixMilli()), true
		}
	}
	return 0, false
}

// Cut shortens a text to so many bytes at most, between two characters.
func Cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && text[most]&0xC0 == 0x80 {
		most--
	}
	return text[:most]
}
