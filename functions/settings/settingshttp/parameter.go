package settingshttp

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// call is every request as huma sees it: huma asks it, as a resolver, what is
// wrong with its parameters, and the handler gets what was read.
type call struct {
	read any // a pointer to the operation's own input
}

// callWithBody is one whose handler reads the body byte by byte.
type callWithBody struct {
	call

	RawBody []byte `contentType:"application/json"`
}

// Resolve reads the parameters and tells every mistake.
func (r *call) Resolve(ctx huma.Context) []error {
	p, _ := ctx.Operation().Metadata[parametersKey].(*parameters)
	in := reflect.New(p.input)
	r.read = in.Interface()
	return p.readInto(ctx, in.Elem())
}

const parametersKey = "parameters"

// parameters are those of an operation, as its input's tags say.
type parameters struct {
	input   reflect.Type
	list    []parameter
	query   map[string]bool
	schemas huma.Registry
	body    []int // where the input takes its raw body; nil: it has none
}

// parameter is a text, a whole number or a yes-or-no in a path, a query or a header.
type parameter struct {
	*huma.Param

	field    []int
	fallback string
}

// asking says in the operation what it is asked with.
func asking(schemas huma.Registry, op huma.Operation, input reflect.Type) (*parameters, huma.Operation) {
	p := &parameters{input: input, query: map[string]bool{}, schemas: schemas}
	if body, ok := input.FieldByName("RawBody"); ok {
		p.body = body.Index
	}
	for _, f := range reflect.VisibleFields(input) {
		for _, in := range [...]string{"path", "query", "header"} {
			name := f.Tag.Get(in)
			if name == "" {
				continue
			}
			if !slices.Contains([]reflect.Kind{reflect.String, reflect.Int, reflect.Bool}, f.Type.Kind()) {
				panic(op.OperationID + " takes in " + name + " what is not read here")
			}
			schema := huma.SchemaFromField(schemas, f, "")
			schema.PrecomputeMessages()
			param := &huma.Param{Name: name, In: in, Required: in == "path", Schema: schema, Description: schema.Description}
			if in == "query" {
				p.query[name] = true
				param.Explode = new(bool)
			}
			p.list = append(p.list, parameter{param, f.Index, f.Tag.Get("default")})
			op.Parameters = append(op.Parameters, param)
		}
	}
	if len(op.Errors) > 0 && len(p.list) > 0 && p.body == nil { // with a body, huma adds it
		op.Errors = append(op.Errors, http.StatusUnprocessableEntity)
	}
	op.SkipValidateParams = true // readInto does
	op.Metadata = map[string]any{parametersKey: p}
	return p, op
}

// readInto reads every parameter, and tells every mistake.
func (p *parameters) readInto(ctx huma.Context, in reflect.Value) []error {
	found := &huma.ValidateResult{}
	url := ctx.URL()
	for _, name := range slices.Sorted(maps.Keys(url.Query())) {
		if !p.query[name] {
			found.Add(place("query", name), nil, "unknown query parameter")
		}
	}
	for _, one := range p.list {
		at := place(one.In, one.Name)
		text := cmp.Or(one.textIn(ctx), one.fallback)
		if text == "" {
			if one.Required {
				found.Add(at, nil, "required "+one.In+" parameter is missing")
			}
			continue
		}
		value, err := set(in.FieldByIndex(one.field), text)
		if err != nil {
			found.Add(at, nil, err.Error())
			continue
		}
		huma.Validate(p.schemas, one.Schema, at, huma.ModeWriteToServer, value, found)
	}
	return found.Errors
}

func place(in, name string) *huma.PathBuffer {
	at := huma.NewPathBuffer(nil, 0)
	at.Push(in)
	at.Push(name)
	return at
}

func (p parameter) textIn(ctx huma.Context) string {
	switch p.In {
	case "path":
		return ctx.Param(p.Name)
	case "query":
		return ctx.Query(p.Name)
	}
	return ctx.Header(p.Name)
}

// set gives a field what a text stands for.
func set(field reflect.Value, text string) (any, error) {
	switch field.Kind() { //nolint:exhaustive // what asking lets in
	case reflect.Int:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, errors.New("invalid integer")
		}
		field.SetInt(n)
		return n, nil
	case reflect.Bool:
		yes, err := strconv.ParseBool(text)
		if err != nil {
			return nil, errors.New("invalid boolean")
		}
		field.SetBool(yes)
		return yes, nil
	}
	field.SetString(text) // of any other kind an operation cannot have been added
	return text, nil
}
