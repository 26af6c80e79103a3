package intakehttp_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	lambda "github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
	"github.com/sourcewhale/ashby-sync/shared/runtime/problem"
)

func sent(id string) string {
	return fmt.Sprintf(`{"id":%q,"type":"email_sent","occurred_at":"2026-11-20T11:00:00Z","person":{"id":"p1"}}`, id)
}

func body(team string, events ...string) []byte {
	return []byte(`{"team":"` + team + `","events":[` + strings.Join(events, ",") + `]}`)
}

type accepted struct {
	Accepted, Refused int
	Results           []struct {
		Index  int
		ID     string
		Status string
		Errors []problem.Entry
	}
}

func TestSignedEventsAre202AndOnTheQueue(t *testing.T) {
	w := newWorld(t)
	out := w.answer(t, w.events("t1", body("t1", sent("e1"), sent("e2"))))
	a := decode[accepted](t, out.Body)
	if out.StatusCode != http.StatusAccepted || a.Accepted != 2 || a.Refused != 0 || len(a.Results) != 2 ||
		a.Results[1].ID != "e2" || a.Results[1].Status != "accepted" {
		t.Errorf("%d %s", out.StatusCode, out.Body)
	}
	p := w.parcels(t)
	if diff := cmp.Diff([]string{"e1", "e2"}, ids(p.Events)); diff != "" {
		t.Error(diff)
	}
	if e := p.Events[0]; e.Team != "t1" || e.Trace != "req-1" || !e.AcceptedAt.Equal(now) {
		t.Errorf("%+v", e)
	}
}

func TestABodyInBase64AndARotatedSignatureAreTheSame(t *testing.T) {
	w := newWorld(t)
	in := w.events("t1", body("t1", sent("e1")))
	in.Headers["webhook-signature"] = "v1,AAAA " + in.Headers["webhook-signature"]
	in.Body, in.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(in.Body)), true
	if out := w.answer(t, in); out.StatusCode != http.StatusAccepted || w.count(t) != 1 {
		t.Errorf("%d %s", out.StatusCode, out.Body)
	}
}

func TestAMixedBatchIs202WithAResultPerEvent(t *testing.T) {
	w := newWorld(t)
	out := w.answer(t, w.events("t1", body("t1", sent("e1"), `{"id":"e2","type":"email_red","person":{"id":"p#"}}`, sent("e3"))))
	a := decode[accepted](t, out.Body)
	if out.StatusCode != http.StatusAccepted || a.Accepted != 2 || a.Refused != 1 || a.Results[1].Status != "refused" {
		t.Fatalf("%d %s", out.StatusCode, out.Body)
	}
	got := map[string]string{}
	for _, e := range a.Results[1].Errors {
		got[e.Path] = e.Code
	}
	want := map[string]string{
		"events[1].type": "unknown_type", "events[1].occurred_at": "required", "events[1].person.id": "bad_id",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"e1", "e3"}, ids(w.parcels(t).Events)); diff != "" {
		t.Error(diff)
	}
}

func TestRepeatedIDsAreForTheLedgerToJudge(t *testing.T) {
	w := newWorld(t)
	w.answer(t, w.events("t1", body("t1", sent("e1"), sent("e1"))))
	if diff := cmp.Diff([]string{"e1", "e1"}, ids(w.parcels(t).Events)); diff != "" {
		t.Error(diff)
	}
}

func TestEveryRefusalHasItsStatus(t *testing.T) {
	good := body("t1", sent("e1"))
	with := func(in lambda.APIGatewayV2HTTPRequest, name, value string) lambda.APIGatewayV2HTTPRequest {
		in.Headers[name] = value
		return in
	}
	merge := []byte(`{"webhookActionId":"a","action":"candidateMerge","data":{"deletedCandidate":{"id":"c1"},"mergedCandidate":{"id":"c2"}}}`)
	huge := []byte(`{"team":"t1","events":["` + strings.Repeat("x", 256<<10) + `"]}`)
	for _, c := range []struct {
		name   string
		in     func(w *world) lambda.APIGatewayV2HTTPRequest
		status int
		code   string
	}{
		{"all bad", func(w *world) lambda.APIGatewayV2HTTPRequest { return w.events("t1", body("t1", `{}`)) }, 422, "no_event_accepted"},
		{"empty", func(w *world) lambda.APIGatewayV2HTTPRequest { return w.events("t1", body("t1")) }, 400, "no_events"},
		{"too many", func(w *world) lambda.APIGatewayV2HTTPRequest {
			return w.events("t1", body("t1", strings.Repeat("1,", 100)+"1"))
		}, 413, "too_many_events"},
		{"too large", func(w *world) lambda.APIGatewayV2HTTPRequest { return w.events("t1", huge) }, 413, "body_too_large"},
		{"malformed", func(w *world) lambda.APIGatewayV2HTTPRequest { return w.events("t1", []byte(`{"team":`)) }, 400, "malformed_json"},
		{"no body", func(w *world) lambda.APIGatewayV2HTTPRequest { return w.events("t1", nil) }, 400, "malformed_json"},
		{"no team", func(w *world) lambda.APIGatewayV2HTTPRequest {
			return w.events("t1", []byte(`{"events":[`+sent("e1")+`]}`))
		}, 400, "no_team"},
		{"a team that is no text", func(w *world) lambda.APIGatewayV2HTTPRequest {
			return w.events("t1", []byte(`{"team":1,"events":[`+sent("e1")+`]}`))
		}, 400, "no_team"},
		{"an unknown key", func(w *world) lambda.APIGatewayV2HTTPRequest {
			return w.events("t1", []byte(`{"team":"t1","evnts":[],"events":[`+sent("e1")+`]}`))
		}, 422, "bad_envelope"},
		{"a byte order mark", func(w *world) lambda.APIGatewayV2HTTPRequest {
			return w.events("t1", append([]byte("\ufeff"), good...))
		}, 400, "invalid_utf8"},
		{"Latin-1", func(w *world) lambda.APIGatewayV2HTTPRequest { return w.events("t1", body("t1", "\"\xe9\"")) }, 400, "invalid_utf8"},
		{"a hook in Latin-1", func(w *world) lambda.APIGatewayV2HTTPRequest {
			return w.sourcewhale("t1", []byte("{\"type\":\"\xe9\"}"))
		}, 400, "invalid_utf8"},
		{"wrong signature", func(w *world) lambda.APIGatewayV2HTTPRequest {
			return with(w.events("t1", good), "webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
		}, 401, "bad_signature"},
		{"no signature", func(*world) lambda.APIGatewayV2HTTPRequest { return call("POST", "/v1/events", nil, good) }, 401, "bad_signature"},
		{"old signature", func(w *world) lambda.APIGatewayV2HTTPRequest {
			return with(w.events("t1", good), "webhook-timestamp", "1795175000")
		}, 401, "bad_signature"},
		{"unknown team", func(w *world) lambda.APIGatewayV2HTTPRequest { return w.events("t1", body("nobody", sent("e1"))) }, 401, "bad_signature"},
		{"no such token", func(*world) lambda.APIGatewayV2HTTPRequest { return call("POST", "/v1/hooks/ashby/x", nil, merge) }, 401, "bad_signature"},
		{"a hook without its signature", func(w *world) lambda.APIGatewayV2HTTPRequest {
			in := w.ashby("t1", 1, merge)
			in.Headers = nil
			return in
		}, 401, "bad_signature"},
		{"a revoked hook", func(w *world) lambda.APIGatewayV2HTTPRequest { return w.ashby("t-out", 1, merge) }, 401, "bad_signature"},
		{"a token of the other hook", func(w *world) lambda.APIGatewayV2HTTPRequest {
			return call("POST", "/v1/hooks/sourcewhale/"+w.ring.HookToken("t1", webhook.AshbyHook, 1), nil, []byte(`{}`))
		}, 401, "bad_signature"},
		{"a hook that is no JSON", func(w *world) lambda.APIGatewayV2HTTPRequest { return w.ashby("t1", 1, []byte("x")) }, 400, "malformed_json"},
		{"a hook of nobody", func(w *world) lambda.APIGatewayV2HTTPRequest {
			return w.sourcewhale("t1", []byte(`{"type":"candidateCreated"}`))
		}, 422, "bad_hook"},
		{"a huge hook", func(w *world) lambda.APIGatewayV2HTTPRequest { return w.sourcewhale("t1", huge) }, 413, "body_too_large"},
		{"another path", func(*world) lambda.APIGatewayV2HTTPRequest { return call("POST", "/v1/event", nil, good) }, 404, "no_such_path"},
		{"no token", func(*world) lambda.APIGatewayV2HTTPRequest { return call("POST", "/v1/hooks/ashby/", nil, merge) }, 404, "no_such_path"},
		{"another method", func(*world) lambda.APIGatewayV2HTTPRequest { return call("GET", "/v1/events", nil, nil) }, 405, "method_not_allowed"},
	} {
		w := newWorld(t)
		out := w.answer(t, c.in(w))
		p := decode[problem.Document](t, out.Body)
		if out.StatusCode != c.status || p.Status != c.status || p.Code != c.code || p.RequestID != "req-1" {
			t.Errorf("%s: %d %s", c.name, out.StatusCode, out.Body)
		}
		if out.Headers["content-type"] != problem.ContentType || out.Headers["cache-control"] != "no-store" {
			t.Errorf("%s: %v", c.name, out.Headers)
		}
		if w.count(t) != 0 {
			t.Errorf("%s: something was queued", c.name)
		}
		if (c.status == 422) != (len(p.Errors) > 0) {
			t.Errorf("%s: errors %v", c.name, p.Errors)
		}
	}
}

func TestAWrongSignatureIsAllThatIsToldWhateverElseIsWrong(t *testing.T) {
	for _, b := range [][]byte{
		body("t1"), []byte(`{"team":"t1"}`), body("t1", strings.Repeat("1,", 100)+"1"), []byte(`{"team":"t1","events":{},"x":1}`),
		[]byte(`{"team":"t 1","events":[1]}`), []byte(`{"team":"t1","team":"t1","events":[1]}`), body("t1", `{}`),
	} {
		w := newWorld(t)
		unsigned, foreign := call("POST", "/v1/events", nil, b), w.events("t2", b)
		for name, in := range map[string]lambda.APIGatewayV2HTTPRequest{"unsigned": unsigned, "another team's": foreign} {
			out := w.answer(t, in)
			if p := decode[problem.Document](t, out.Body); out.StatusCode != http.StatusUnauthorized || p.Code != "bad_signature" || len(p.Errors) > 0 {
				t.Errorf("%s, %.40s: %d %s", name, b, out.StatusCode, out.Body)
			}
		}
	}
}

func TestOurOwnFaultsAre5xxOnEveryRoute(t *testing.T) {
	for name, c := range map[string]struct {
		spoil  func(*world)
		status int
	}{
		"the secret cannot be read": {func(w *world) { w.vault.err = unavailable() }, 503},
		"the queue refuses":         {func(w *world) { w.shelf.err = unavailable() }, 503},
		"our bug":                   {func(w *world) { w.shelf.bomb = "k4n4ry" }, 500},
	} {
		w := newWorld(t)
		c.spoil(w)
		for _, in := range []lambda.APIGatewayV2HTTPRequest{
			w.events("t1", body("t1", sent("e1"))),
			w.sourcewhale("t1", []byte(`{"type":"candidateCreated","id":"p1"}`)),
			w.ashby("t1", 1, []byte(`{"action":"candidateDelete","data":{"candidate":{"id":"c1"}}}`)),
		} {
			out := w.answer(t, in)
			if out.StatusCode != c.status || (c.status == 503) != (out.Headers["retry-after"] != "") {
				t.Errorf("%s: %s: %d %s %v", name, in.RawPath, out.StatusCode, out.Body, out.Headers)
			}
			if strings.Contains(out.Body+w.log.String(), "k4n4ry") {
				t.Errorf("%s: what was panicked with leaked", name)
			}
			if !strings.Contains(w.log.String(), `"level":"ERROR"`) {
				t.Errorf("%s: not logged as an error: %s", name, w.log.String())
			}
		}
	}
}

func TestHooksAre202AndOnTheQueue(t *testing.T) {
	w := newWorld(t)
	for _, in := range []lambda.APIGatewayV2HTTPRequest{
		w.sourcewhale("t1", []byte(`{"type":"candidateUpdated","id":"p1","stage":"Replied","extra":{"a":[1]}}`)),
		w.ashby("t1", 1, []byte(`{"webhookActionId":"a1","action":"candidateDelete","data":{"candidate":{"id":"c1"}}}`)),
		w.ashby("t-out", 2, []byte(`{"webhookActionId":"a2","action":"candidateMerge","data":{"deletedCandidate":{"id":"c1"},"mergedCandidate":{"id":"c2"}}}`)),
	} {
		if out := w.answer(t, in); out.StatusCode != http.StatusAccepted || out.Body != `{"accepted":true}` {
			t.Errorf("%s: %d %s", in.RawPath, out.StatusCode, out.Body)
		}
	}
	got := w.parcels(t)
	got.Hooks[0].BodyHash = ""
	want := contract.Parcel{
		Hooks: []event.Hook{{
			Kind: event.CandidateUpdated, Team: "t1", PersonID: "p1", Stage: event.Replied, StageRaw: "Replied", OccurredAt: now,
			AcceptedAt: now, Trace: "req-1", Snapshot: got.Hooks[0].Snapshot,
		}},
		Candidates: []event.CandidateHook{
			{Team: "t1", ActionID: "a1", Action: event.CandidateDelete, Deleted: "c1", AcceptedAt: now, Trace: "req-1"},
			{Team: "t-out", ActionID: "a2", Action: event.CandidateMerge, Deleted: "c1", Survivor: "c2", AcceptedAt: now, Trace: "req-1"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestHooksThatConcernNobodyAreAcknowledgedAndToldOf(t *testing.T) {
	for _, c := range []struct{ line, action string }{
		{`"action":"ping"`, "ping"}, {`"action":"candidateHire"`, "candidateHire"}, {`"action":"jane@example.com"`, "jane@example.com"},
	} {
		w := newWorld(t)
		out := w.answer(t, w.ashby("t1", 1, []byte(`{"action":"`+c.action+`","data":{}}`)))
		if out.StatusCode != http.StatusAccepted || out.Body != `{"accepted":false}` || w.count(t) != 0 {
			t.Errorf("%s: %d %s", c.action, out.StatusCode, out.Body)
		}
		if told := strings.Contains(w.log.String(), c.line); told == strings.Contains(c.action, "@") {
			t.Errorf("%s: %s", c.action, w.log.String())
		}
	}
	w := newWorld(t)
	if out := w.answer(t, w.sourcewhale("t1", []byte(`{"type":"candidateMerged","id":"p"}`))); out.StatusCode != http.StatusAccepted || w.count(t) != 0 {
		t.Errorf("%d %s", out.StatusCode, out.Body)
	}
}

func TestAnswersCarrySecurityHeaders(t *testing.T) {
	w := newWorld(t)
	out := w.answer(t, w.events("t1", body("t1", sent("e1"))))
	for name, want := range map[string]string{
		"x-request-id": "req-1", "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
		"content-security-policy": "default-src 'none'; frame-ancestors 'none'", "strict-transport-security": "max-age=63072000; includeSubDomains",
	} {
		if out.Headers[name] != want {
			t.Errorf("%s: %q", name, out.Headers[name])
		}
	}
}
