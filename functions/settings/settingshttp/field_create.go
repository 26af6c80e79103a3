package settingshttp

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mapfields"
)

// CreateField is the body of createField: either title and type, or for.
type CreateField struct {
	_ struct{} `additionalProperties:"false"`

	Title       string   `json:"title,omitempty" minLength:"1" maxLength:"100"`
	Type        string   `json:"type,omitempty" enum:"String,LongText,Number,Boolean,Date,ValueSelect,MultiValueSelect,Url,UUID"`
	Description string   `json:"description,omitempty" maxLength:"500"`
	Options     []string `json:"options,omitempty" doc:"of selects: 1 to 200 different labels"`
	For         []string `json:"for,omitempty" doc:"of company and role: those to let reach Ashby. Each goes to the one text field that fits, or to a new one"`
}

// CreatedFields is what createField made.
type CreatedFields struct {
	Created []AshbyField `json:"created" doc:"none where fields that fit were there"`
	Mapped  []Mapped     `json:"mapped" doc:"where the variables of for go now"`
}

type createdAnswer struct{ Body CreatedFields }

func (s *surface) createFieldOperation(path string) {
	op := operation("createField", http.MethodPost, path, "Create a custom field of candidates in Ashby", createdExample,
		http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity,
		http.StatusTooManyRequests, http.StatusGatewayTimeout)
	op.Description = "With title and type: that field, mapped to nothing. With for: what company and role need to reach Ashby, mapped. " +
		"A title that is in use: 409 title_taken. A key without the permission to create fields: 422 missing_endpoint_permission, which names the box to tick. " +
		"Nobody knows whether Ashby created it: 504; look at the fields before trying again."
	register(s.api, op, func(ctx context.Context, in *rawBody) (*createdAnswer, error) {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		wish, err := fieldIn(in.RawBody)
		if err != nil {
			return nil, err
		}
		if wish.variables == nil {
			made, err := s.mapper.Create(ctx, who(ctx).Team, wish.field)
			if err != nil {
				return nil, err
			}
			return s.created(ctx, mapfields.Made{Created: []field.Field{made}})
		}
		made, err := s.mapper.CreateFor(ctx, who(ctx).Team, who(ctx).User, wish.variables)
		if err != nil {
			return nil, err
		}
		return s.created(ctx, made)
	})
	describe[CreateField](s, http.MethodPost, path, map[string]any{"for": []string{"company", "role"}})
}

func (s *surface) created(ctx context.Context, m mapfields.Made) (*createdAnswer, error) {
	standing, stored, err := s.configure.Terms(ctx, who(ctx).Team, who(ctx).User)
	if err != nil {
		return nil, err
	}
	out := CreatedFields{Created: []AshbyField{}, Mapped: []Mapped{}}
	for _, f := range m.Created {
		out.Created = append(out.Created, chosenField(ashbyFieldOf(f, m.Created), f, standing, stored))
	}
	for _, a := range m.Mapped {
		out.Mapped = append(out.Mapped, Mapped{string(a.Variable), a.Field.ID, a.Field.Title})
	}
	return &createdAnswer{out}, nil
}

// wish is a field to be made, or the variables to make fields for.
type wish struct {
	field     mapfields.New
	variables []contact.Variable
}

func fieldIn(body []byte) (wish, error) {
	given, err := members(body)
	if err != nil {
		return wish{}, err
	}
	r := reading{given: given}
	var out wish
	if _, ok := given["for"]; ok {
		r.only("for")
		out.variables = r.wanted("for")
		return out, refused(r.mistakes)
	}
	r.only("title", "type", "description", "options")
	out.field = mapfields.New{
		Title: strings.TrimSpace(r.text("title", 1, 100)), Type: field.Type(r.text("type", 1, 100)), Description: r.text("description", 0, 500),
	}
	out.field.Options = r.options(out.field.Type)
	return out, refused(r.mistakes)
}

// reading reads an object's members and gathers what is wrong with them.
type reading struct {
	given    map[string]json.RawMessage
	mistakes []fault.Detail
}

func (r *reading) wrong(path, code, message string) {
	r.mistakes = append(r.mistakes, fault.Detail{Path: path, Code: code, Message: message})
}

func (r *reading) only(names ...string) {
	for _, name := range slices.Sorted(maps.Keys(r.given)) {
		if !slices.Contains(names, name) {
			r.mistakes = append(r.mistakes, unknownMember(name))
		}
	}
}

// text reads a text of so many characters; what must have some is required.
func (r *reading) text(name string, least, most int) string {
	raw, ok := r.given[name]
	if !ok || string(raw) == "null" {
		if least > 0 {
			r.wrong(name, "required", "")
		}
		return ""
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		r.wrong(name, "wrong_type", "this is a text")
		return ""
	}
	switch n := utf8.RuneCountInString(strings.TrimSpace(text)); {
	case n < least:
		r.wrong(name, "required", "")
	case n > most:
		r.wrong(name, "too_long", fmt.Sprintf("at most %d characters", most))
	case field.Printable(text) != text || strings.ContainsAny(text, "\n\t"):
		r.wrong(name, "invalid_value", "one line of printable text")
	case name == "type" && !slices.Contains(mapfields.Creatable(), field.Type(text)):
		r.wrong(name, "unknown_value", "fields of this type cannot be made and mapped")
	}
	return text
}

func (r *reading) list(name string) []string {
	raw, ok := r.given[name]
	if !ok || string(raw) == "null" {
		return nil
	}
	var list []string
	if json.Unmarshal(raw, &list) != nil {
		r.wrong(name, "wrong_type", "this is a list of texts")
	}
	return list
}

// mostOptions bounds the options of a new select.
const mostOptions = 200

func (r *reading) options(kind field.Type) []string {
	before := len(r.mistakes)
	list := r.list("options")
	selects := kind == field.Select || kind == field.MultiSelect
	switch {
	case len(r.mistakes) > before:
	case selects && len(list) == 0:
		r.wrong("options", "required", "a select has at least one option")
	case !selects && len(list) > 0:
		r.wrong("options", "invalid_value", "only selects have options")
	case len(list) > mostOptions:
		r.wrong("options", "too_many", fmt.Sprintf("at most %d", mostOptions))
	}
	for i, o := range list {
		list[i] = strings.TrimSpace(o)
		at := fmt.Sprintf("options[%d]", i)
		switch {
		case list[i] == "" || utf8.RuneCountInString(list[i]) > 100 || field.Printable(o) != o || strings.ContainsAny(o, "\n\t"):
			r.wrong(at, "invalid_value", "an option is one line of 1 to 100 characters")
		case slices.ContainsFunc(list[:i], func(b string) bool { return strings.EqualFold(b, list[i]) }):
			r.wrong(at, "repeated", "this option is there already")
		}
	}
	return list
}

// wanted reads the variables to make fields for.
func (r *reading) wanted(name string) []contact.Variable {
	before := len(r.mistakes)
	list := r.list(name)
	if len(list) == 0 && len(r.mistakes) == before {
		r.wrong(name, "required", "name company, role or both")
	}
	out := []contact.Variable{}
	for i, text := range list {
		v := contact.Variable(text)
		if !slices.Contains(mapping.Wanted(), v) {
			r.wrong(fmt.Sprintf("%s[%d]", name, i), "unknown_value", "only company and role")
		} else if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
