package ashby

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// Field is a custom field of any kind of object.
type Field struct {
	field.Field
	ObjectType string // Candidate, Application, Job, ...
	Required   bool
}

// OfCandidate reports whether candidates have the field.
func (f Field) OfCandidate() bool { return f.ObjectType == onCandidate }

type fieldWire struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	ObjectType string `json:"objectType"`
	Type       string `json:"fieldType"`
	Archived   bool   `json:"isArchived"`
	Required   bool   `json:"isRequired"`
	Private    bool   `json:"isPrivate"`
	Options    []struct {
		Label    string `json:"label"`
		Value    string `json:"value"`
		Archived bool   `json:"isArchived"`
	} `json:"selectableValues"`
}

func (w fieldWire) plain() Field {
	f := Field{ObjectType: w.ObjectType, Required: w.Required, Field: field.Field{
		ID: w.ID, Title: w.Title, Type: field.Type(w.Type), Archived: w.Archived, Private: w.Private,
	}}
	for _, o := range w.Options {
		f.Options = append(f.Options, field.Option{Value: o.Value, Label: o.Label, Archived: o.Archived})
	}
	return f
}

// Fields lists custom fields of all kinds of objects (customField.list); Ashby
// cannot narrow the list. Private ones are missing where the key lacks the switch.
func (a *Account) Fields(ctx context.Context, p Page) (Answer[[]Field], error) {
	return call[many[fieldWire, Field]](ctx, a, "customField.list", p)
}

// Field reads one custom field (customField.info).
func (a *Account) Field(ctx context.Context, id string) (Answer[Field], error) {
	return call[fieldWire](ctx, a, "customField.info", struct {
		ID string `json:"customFieldId"`
	}{id})
}

// CreateField makes a custom field of candidates.
func (a *Account) CreateField(ctx context.Context, w CreateField) (Answer[Field], error) {
	return call[fieldWire](ctx, a, w.Method(), w.body())
}

// SetValue sets one custom field of a candidate.
func (a *Account) SetValue(ctx context.Context, w SetValue) (Answer[Ack], error) {
	return acknowledge(ctx, a, w)
}

// SetValues sets custom fields of a candidate in one call.
func (a *Account) SetValues(ctx context.Context, w SetValues) (Answer[Ack], error) {
	return acknowledge(ctx, a, w)
}
