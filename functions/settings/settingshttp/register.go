package settingshttp

import (
	"context"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// answer is every answer as huma sees it. For each other pair of an input and an
// answer the compiler makes all of huma's handler anew, twenty kilobytes; so what an
// answer is of is said in the operation instead, and what is asked with is read by
// parameters. An empty ETag is not sent.
type answer struct {
	ETag string `header:"ETag" hidden:"true"`
	Body any
}

// register adds an operation whose answer has a body, and a version or none.
func register[I, O any](api huma.API, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	registerTypes(api, op, reflect.TypeFor[I](), reflect.TypeFor[O](), func(ctx context.Context, in any) (any, error) {
		return handle(ctx, in.(*I)) //nolint:forcetypeassert // made by parameters of I
	})
}

func registerTypes(api huma.API, op huma.Operation, in, out reflect.Type, handle func(context.Context, any) (any, error)) {
	schemas := api.OpenAPI().Components.Schemas
	op, versioned := answering(schemas, op, out)
	p, op := asking(schemas, op, in)
	finish := func(ctx context.Context, in any) (*answer, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, err
		}
		v := reflect.ValueOf(out).Elem()
		a := answer{Body: v.FieldByName("Body").Interface()}
		if versioned {
			a.ETag = v.FieldByName("ETag").String()
		}
		return &a, nil
	}
	if p.body == nil {
		huma.Register(api, op, func(ctx context.Context, r *call) (*answer, error) { return finish(ctx, r.read) })
		return
	}
	huma.Register(api, op, func(ctx context.Context, r *callWithBody) (*answer, error) {
		reflect.ValueOf(r.read).Elem().FieldByIndex(p.body).SetBytes(r.RawBody)
		return finish(ctx, r.read)
	})
}

// answering says in the operation what its answer looks like.
func answering(schemas huma.Registry, op huma.Operation, out reflect.Type) (_ huma.Operation, versioned bool) {
	body, ok := out.FieldByName("Body")
	etag, versioned := out.FieldByName("ETag")
	if !ok || !versioned && out.NumField() > 1 || out.NumField() > 2 {
		panic("the answer of " + op.OperationID + " has other parts than a body and a version")
	}
	status := strconv.Itoa(http.StatusOK)
	if op.Responses[status] == nil {
		op.Responses = map[string]*huma.Response{status: {Content: map[string]*huma.MediaType{"application/json": {}}}}
	}
	response := op.Responses[status]
	response.Content["application/json"].Schema = huma.SchemaFromField(schemas, body, op.OperationID+"Response")
	if versioned {
		schema := huma.SchemaFromField(schemas, etag, op.OperationID+status+"ETag")
		response.Headers = map[string]*huma.Param{"ETag": {Schema: schema}}
	}
	return op, versioned
}
