package mapfields

import (
	"context"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
)

// New is a custom field to be made.
type New struct {
	Title       string
	Type        field.Type
	Description string
	Options     []string // of selects: labels, which are the values too
}

// Creatable lists the types of custom fields that can be made and mapped.
func Creatable() []field.Type {
	return []field.Type{
		field.String, field.LongText, field.Number, field.Boolean, field.Date, field.Select, field.MultiSelect, field.URL, field.UUID,
	}
}

// Create makes a custom field of candidates at Ashby. Errors: Conflict
// "not_connected", or "title_taken" when a field in use has the title; those of
// Ashby, Ambiguous among them: look at the fields before trying again.
func (m *Mapper) Create(ctx context.Context, team string, n New) (field.Field, error) {
	account, err := m.open(ctx, team)
	if err != nil {
		return field.Field{}, err
	}
	existing, err := account.Fields(ctx, true)
	if err != nil {
		return field.Field{}, err
	}
	for _, f := range existing {
		if !f.Archived && strings.EqualFold(strings.TrimSpace(f.Title), n.Title) {
			return field.Field{}, fault.New(fault.Conflict, "title_taken", "Ashby has a field of this title already; use that one").
				With(fault.Detail{Path: "title", Code: "title_taken", Message: "its id is " + f.ID})
		}
	}
	return account.CreateField(ctx, n)
}

// Made is what CreateFor did.
type Made struct {
	Created []field.Field
	Mapped  []mapping.Addition // where each of the variables goes now
}

// CreateFor lets wanted variables (company, role) reach Ashby: each goes to the
// one custom text field that fits, and where none does, one is made. A variable
// that is mapped already stays as it is. What was made is mapped even when a later
// one cannot be made; after an error it is safe to call again. Errors: those of
// Create, and Conflict "several_fields_fit".
func (m *Mapper) CreateFor(ctx context.Context, team, author string, variables []contact.Variable) (Made, error) {
	account, err := m.open(ctx, team)
	if err != nil {
		return Made{}, err
	}
	fields, err := account.Fields(ctx, true)
	if err != nil {
		return Made{}, err
	}
	stored, err := m.Store.Mapping(ctx, team)
	if err != nil {
		return Made{}, err
	}
	chosen, err := choose(stored, fields, variables)
	if err != nil {
		return Made{}, err
	}
	var out Made
	var failure error
	for i, c := range chosen {
		if c.Field.ID != "" {
			continue
		}
		made, err := account.CreateField(ctx, New{Title: mapping.TitleFor(c.Variable), Type: field.String})
		if err != nil {
			failure = err
			break
		}
		chosen[i].Field = made
		out.Created, fields = append(out.Created, made), append(fields, made)
	}
	saved, err := m.add(ctx, team, author, chosen)
	if err != nil {
		return Made{}, err
	}
	out.Mapped = targets(saved, fields, variables)
	return out, failure
}

// choose gives, for each of the variables that is mapped to nothing, the one field
// that fits, or none.
func choose(m mapping.Mapping, fields []field.Field, variables []contact.Variable) ([]mapping.Addition, error) {
	var out []mapping.Addition
	var several []fault.Detail
	for _, v := range variables {
		fit := slices.DeleteFunc(mapping.Fitting(v, fields), func(f field.Field) bool { return m.Targets(f.ID) })
		switch {
		case m.Maps(v):
		case len(fit) == 0:
			out = append(out, mapping.Addition{Variable: v})
		case len(fit) == 1:
			out = append(out, mapping.Addition{Variable: v, Field: fit[0]})
		default:
			several = append(several, fault.Detail{
				Path: "for", Code: "several_fields_fit", Message: string(v) + " could go to " + titles(fit) + "; map it to one of them",
			})
		}
	}
	if len(several) > 0 {
		return nil, fault.New(fault.Conflict, "several_fields_fit", "Ashby has several fields that fit; choose one in the mapping").With(several...)
	}
	return out, nil
}

func titles(fields []field.Field) string {
	var list []string
	for _, f := range fields {
		list = append(list, "“"+f.Title+"” ("+f.ID+")")
	}
	return strings.Join(list, " or ")
}

// addTries bounds the race of add with other writers of the mapping.
const addTries = 3

// add maps variables to the fields that were chosen for them, over whatever is
// stored; what somebody mapped meanwhile stays.
func (m *Mapper) add(ctx context.Context, team, author string, chosen []mapping.Addition) (mapping.Mapping, error) {
	var err error
	for range addTries {
		stored, readErr := m.Store.Mapping(ctx, team)
		if readErr != nil {
			return mapping.Mapping{}, readErr
		}
		next := stored
		for _, c := range chosen {
			if c.Field.ID != "" && !next.Maps(c.Variable) && !next.Targets(c.Field.ID) {
				next = next.With(mapping.Entry{From: []contact.Variable{c.Variable}, To: c.Field.ID}).Remember([]field.Field{c.Field})
			}
		}
		if len(next.Entries) == len(stored.Entries) {
			return stored, nil
		}
		next.Author = author
		if next, err = m.store(ctx, team, next); !fault.Is(err, fault.Conflict) {
			return next, err
		}
	}
	return mapping.Mapping{}, err
}

func targets(m mapping.Mapping, fields []field.Field, variables []contact.Variable) []mapping.Addition {
	var out []mapping.Addition
	for _, e := range m.Entries {
		for _, v := range variables {
			if i := slices.IndexFunc(fields, func(f field.Field) bool { return f.ID == e.To }); i >= 0 && slices.Contains(e.From, v) {
				out = append(out, mapping.Addition{Variable: v, Field: fields[i]})
			}
		}
	}
	return out
}
