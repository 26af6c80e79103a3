package ashby

import (
	"encoding/json"
	"errors"
	"time"
)

// FieldValue is a value for a custom field, in the JSON that its type asks for.
// The zero value is no value and cannot be sent; ClearField is one.
type FieldValue struct{ json json.RawMessage }

// MarshalJSON gives the value as built.
func (v FieldValue) MarshalJSON() ([]byte, error) {
	if v.json == nil {
		return nil, errors.New("a field value that was never made")
	}
	return v.json, nil
}

// ClearField empties a field.
func ClearField() FieldValue { return FieldValue{json.RawMessage("null")} }

// TextField is for String, LongText, Email, Phone, Url, UUID, and for ValueSelect,
// where it is an option's value and not its label.
func TextField(s string) FieldValue { return fieldValue(s) }

// BoolField is for Boolean.
func BoolField(b bool) FieldValue { return fieldValue(b) }

// NumberField is for Number. An infinite number or none gives the zero value.
func NumberField(n float64) FieldValue { return fieldValue(n) }

// DateField is for Date.
func DateField(t time.Time) FieldValue { return fieldValue(stamp(t)) }

// OptionsField is for MultiValueSelect: the options' values, replacing the set.
func OptionsField(values []string) FieldValue { return fieldValue(append([]string{}, values...)) }

// PlaceField is for Location; Ashby geocodes it.
func PlaceField(p Place) FieldValue { return fieldValue(p) }

// MoneyField is for Currency: an amount and an ISO 4217 code.
func MoneyField(amount float64, currency string) FieldValue {
	return fieldValue(struct {
		Value        float64 `json:"value"`
		CurrencyCode string  `json:"currencyCode"`
	}{amount, currency})
}

func fieldValue(v any) FieldValue {
	b, err := encode(v)
	if err != nil {
		return FieldValue{}
	}
	return FieldValue{b}
}

// FieldSetting gives one custom field a value.
type FieldSetting struct {
	FieldID string     `json:"fieldId"`
	Value   FieldValue `json:"fieldValue"`
}

const onCandidate = "Candidate" // the one kind of object whose fields we write

// SetValues sets custom fields of a candidate in one call (customField.setValues).
// Calls that overlap on one candidate lose values: one writer per candidate, all
// fields at once.
type SetValues struct {
	CandidateID string
	Values      []FieldSetting // at least one
}

// Method of Ashby's.
func (SetValues) Method() string { return "customField.setValues" }

func (w SetValues) body() any {
	return struct {
		ObjectID   string         `json:"objectId"`
		ObjectType string         `json:"objectType"`
		Values     []FieldSetting `json:"values"`
	}{w.CandidateID, onCandidate, w.Values}
}

// SetValue sets one custom field of a candidate (customField.setValue).
type SetValue struct {
	CandidateID string
	FieldSetting
}

// Method of Ashby's.
func (SetValue) Method() string { return "customField.setValue" }

func (w SetValue) body() any {
	return struct {
		ObjectID   string `json:"objectId"`
		ObjectType string `json:"objectType"`
		FieldSetting
	}{w.CandidateID, onCandidate, w.FieldSetting}
}

// CreateField makes a custom field of candidates (customField.create). Titles are
// not known to be unique at Ashby: look first.
type CreateField struct {
	Title       string
	Type        string   // Ashby's fieldType, such as String or ValueSelect
	Description string   // optional
	Options     []Option // required for selects
}

// Option of a select, as one makes it.
type Option struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Method of Ashby's.
func (CreateField) Method() string { return "customField.create" }

func (w CreateField) body() any {
	return struct {
		FieldType   string   `json:"fieldType"`
		ObjectType  string   `json:"objectType"`
		Title       string   `json:"title"`
		Description string   `json:"description,omitempty"`
		Options     []Option `json:"selectableValues,omitempty"`
	}{w.Type, onCandidate, w.Title, w.Description, w.Options}
}

// CreateTag makes a tag, or finds the one of that title (candidateTag.create).
type CreateTag struct {
	Title string `json:"title"`
}

// Method of Ashby's.
func (CreateTag) Method() string { return "candidateTag.create" }
func (w CreateTag) body() any    { return w }
