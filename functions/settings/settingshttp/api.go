package settingshttp

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/runtime/problem"
)

const (
	smallBody = 16 << 10  // bytes, of what people save
	eventBody = 256 << 10 // bytes, of an event to preview
)

// surface is the API with what it serves.
type surface struct {
	verbs
	api huma.API
}

// Description gives the API's OpenAPI description as YAML.
func Description() ([]byte, error) {
	_, s := whole(verbs{now: time.Now}, nil)
	return s.api.OpenAPI().YAML()
}

// whole is the API with all of its operations.
func whole(v verbs, verify Verifier) (*http.ServeMux, *surface) {
	var all []operations
	seen := map[string]bool{}
	for _, g := range groups() {
		for _, o := range g.operations {
			if !seen[o.name] {
				seen[o.name] = true
				all = append(all, o)
			}
		}
	}
	return build(v, verify, all)
}

func build(v verbs, verify Verifier, list []operations) (*http.ServeMux, *surface) {
	mux := http.NewServeMux()
	s := &surface{verbs: v, api: humago.New(mux, configuration())}
	s.api.UseMiddleware(door{verify, v.see}.pass)
	for _, o := range list {
		o.add(s)
	}
	s.refine()
	return mux, s
}

func configuration() huma.Config {
	c := huma.DefaultConfig("SourceWhale–Ashby settings", "1")
	c.Info.Description = "What a team chooses about its tie to Ashby, and what has become of its events. " +
		"The team is the token's. Errors are problem documents with stable codes."
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "", "", "", nil
	c.RejectUnknownQueryParameters = true
	c.AllowAdditionalPropertiesByDefault = true // of answers, so that they may grow
	c.Servers = []*huma.Server{{URL: "http://127.0.0.1:3000", Description: "make run; a deployment's is its output ApiUrl, or its own domain"}}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {
			Type: "http", Scheme: "bearer", BearerFormat: "JWT",
			Description: "RS256; claims sub, team, role (viewer, member, super) and admin",
		},
	}
	return c
}

// refine says of schemas what tags cannot: what a list of types may hold, and that
// a choice may be null.
func (s *surface) refine() {
	types := []any{}
	for _, t := range event.NoteTypes() {
		types = append(types, string(t))
	}
	for name, schema := range s.api.OpenAPI().Components.Schemas.Map() {
		switch name {
		case "Values", "TeamValues", "PatchTeamSettings", "PatchMySettings":
			schema.Properties["note_types"].Items.Enum = types
			schema.Properties["trigger"].Enum = append(schema.Properties["trigger"].Enum, nil)
		}
	}
}

// described serves the description, made when first asked for.
func described(v verbs) http.HandlerFunc {
	text := sync.OnceValues(func() ([]byte, error) {
		_, s := whole(v, nil)
		return json.Marshal(s.api.OpenAPI())
	})
	return func(w http.ResponseWriter, r *http.Request) {
		visitOf(r.Context()).operation = "getDescription"
		body, err := text()
		if err != nil {
			problem.Write(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body) // the caller is gone if this fails
	}
}

// operation begins the description of an operation for callers with a token. The
// example is of its answer.
func operation(id, method, path, summary string, example any, errors ...int) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, MaxBodyBytes: smallBody, SkipValidateBody: true,
		Security: []map[string][]string{{"token": {}}},
		Errors:   append([]int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusServiceUnavailable}, errors...),
		Responses: map[string]*huma.Response{"200": {
			Content: map[string]*huma.MediaType{"application/json": {Example: example}},
		}},
	}
}

// rawBody is a body that the handler reads byte by byte; describe says what it
// looks like.
type rawBody struct {
	RawBody []byte `contentType:"application/json"`
}

// describe says that a request's body has the shape of B.
func describe[B any](s *surface, method, path string, example any) {
	item := s.api.OpenAPI().Paths[path]
	op := map[string]*huma.Operation{http.MethodPut: item.Put, http.MethodPost: item.Post, http.MethodPatch: item.Patch}[method]
	schema := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[B](), true, "")
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/json": {Schema: schema, Example: example},
	}}
}

// Health says that the function runs.
type Health struct {
	Status string `json:"status" enum:"ok"`
}

func (s *surface) healthOperations() {
	op := huma.Operation{OperationID: "getHealth", Method: http.MethodGet, Path: "/v1/health", Summary: "Say that the API runs"}
	register(s.api, op, func(context.Context, *struct{}) (*struct{ Body Health }, error) {
		return &struct{ Body Health }{Health{"ok"}}, nil
	})
}
