package intakehttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"testing"
	"time"

	lambda "github.com/aws/aws-lambda-go/events"

	"github.com/sourcewhale/ashby-sync/functions/intake/intakehttp"
	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/runtime/apigw"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
)

const master = `{"masters":["MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="],"revoked":[{"team":"t-out","purpose":"hook_ashby","generation":1}]}`

var now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// vault is a secret store with one secret; it can be down.
type vault struct{ err error }

func (v *vault) Get(context.Context, string, string) (secret.Value, string, error) {
	if v.err != nil {
		return secret.Value{}, "", v.err
	}
	return secret.NewValue(master), "v1", nil
}

func (*vault) Put(context.Context, string, string, secret.Value) error { return errors.ErrUnsupported }

func (*vault) Delete(context.Context, string) error { return errors.ErrUnsupported }

// shelf is a queue that keeps what it gets; it can refuse, or panic.
type shelf struct {
	messages []queue.Message
	err      error
	bomb     any
}

func (s *shelf) Send(_ context.Context, messages ...queue.Message) error {
	if s.bomb != nil {
		panic(s.bomb)
	}
	if s.err == nil {
		s.messages = append(s.messages, messages...)
	}
	return s.err
}

// world is the function as Lambda runs it, but for its store and its queue.
type world struct {
	vault *vault
	shelf *shelf
	log   *bytes.Buffer
	ring  webhook.Keyring
	run   apigw.Func
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{vault: &vault{}, shelf: &shelf{}, log: &bytes.Buffer{}}
	handler, _ := intakehttp.New(intakehttp.Parts{
		Secrets: w.vault, Keyring: "intake", Events: w.shelf, Now: func() time.Time { return now }, Log: logging.New(w.log, "debug"),
	})
	ring, err := webhook.ParseKeyring(master)
	if err != nil {
		t.Fatal(err)
	}
	w.ring, w.run = ring, apigw.Handler(handler)
	return w
}

func call(method, path string, headers map[string]string, body []byte) lambda.APIGatewayV2HTTPRequest {
	return lambda.APIGatewayV2HTTPRequest{
		Version: "2.0", RawPath: path, Headers: headers, Body: string(body),
		RequestContext: lambda.APIGatewayV2HTTPRequestContext{
			RequestID: "req-1", Stage: "$default",
			HTTP: lambda.APIGatewayV2HTTPRequestContextHTTPDescription{Method: method},
		},
	}
}

// events is a request signed as the team.
func (w *world) events(team string, body []byte) lambda.APIGatewayV2HTTPRequest {
	return call("POST", "/v1/events", map[string]string{
		"webhook-id": "m1", "webhook-timestamp": "1795176000", "webhook-signature": webhook.Sign(w.ring.TeamSecret(team, 1), "m1", now, body),
	}, body)
}

func (w *world) ashby(team string, generation int, body []byte) lambda.APIGatewayV2HTTPRequest {
	return call("POST", "/v1/hooks/ashby/"+w.ring.HookToken(team, webhook.AshbyHook, generation),
		map[string]string{"ashby-signature": webhook.SignAshby(w.ring.AshbySecret(team, generation), body)}, body)
}

func (w *world) sourcewhale(team string, body []byte) lambda.APIGatewayV2HTTPRequest {
	return call("POST", "/v1/hooks/sourcewhale/"+w.ring.HookToken(team, webhook.SourceWhaleHook, 1), nil, body)
}

func (w *world) answer(t *testing.T, in lambda.APIGatewayV2HTTPRequest) lambda.APIGatewayV2HTTPResponse {
	t.Helper()
	out, err := w.run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// parcels is what lies on the queue.
func (w *world) parcels(t *testing.T) contract.Parcel {
	t.Helper()
	var all contract.Parcel
	for _, m := range w.shelf.messages {
		p, err := contract.Unpack(m.Body)
		if err != nil {
			t.Fatal(err)
		}
		all.Events = append(all.Events, p.Events...)
		all.Hooks = append(all.Hooks, p.Hooks...)
		all.Candidates = append(all.Candidates, p.Candidates...)
	}
	return all
}

func (w *world) count(t *testing.T) int {
	t.Helper()
	p := w.parcels(t)
	return len(p.Events) + len(p.Hooks) + len(p.Candidates)
}

func unavailable() error { return fault.New(fault.Unavailable, "down", "").Because(fs.ErrClosed) }

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

func ids(events []event.Event) []string {
	var out []string
	for _, e := range events {
		out = append(out, e.ID)
	}
	return out
}
