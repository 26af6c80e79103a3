package intakehttp_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	lambda "github.com/aws/aws-lambda-go/events"
)

func TestOneLinePerRequestTellsWhatCameOfIt(t *testing.T) {
	w := newWorld(t)
	w.answer(t, w.events("t1", body("t1", sent("e1"), `{"id":"e2"}`)))
	line := w.log.Bytes()
	if n := bytes.Count(line, []byte("\n")); n != 1 || len(line) > 600 {
		t.Fatalf("%d lines, %d bytes: %s", n, len(line), line)
	}
	got := decode[map[string]any](t, string(line))
	for key, want := range map[string]any{
		"msg": "webhook", "route": "POST /v1/events", "status": 202.0, "team": "t1", "accepted": 1.0, "refused": 1.0,
		"trace": "req-1", "level": "INFO",
	} {
		if got[key] != want {
			t.Errorf("%s = %v, want %v", key, got[key], want)
		}
	}
	if got["codes"] == nil || got["bytes"] == nil || got["duration_ms"] == nil {
		t.Errorf("%s", line)
	}
}

func TestEveryRoutesLineAndAnswerBearTheTrace(t *testing.T) {
	w := newWorld(t)
	for _, in := range []lambda.APIGatewayV2HTTPRequest{
		w.events("t1", body("t1", sent("e1"))), w.events("t1", []byte("{")), call("POST", "/v1/events", nil, body("t1")),
		w.sourcewhale("t1", []byte(`{"type":"candidateCreated","id":"p1"}`)), w.ashby("t1", 1, []byte(`{"action":"ping"}`)),
	} {
		w.log.Reset()
		out := w.answer(t, in)
		if line := decode[map[string]any](t, w.log.String()); line["msg"] != "webhook" || line["trace"] != "req-1" {
			t.Errorf("%s: %s", in.RawPath, w.log.String())
		}
		if out.Headers["x-request-id"] != "req-1" {
			t.Errorf("%s: %d, headers %v", in.RawPath, out.StatusCode, out.Headers)
		}
	}
	if out := w.answer(t, call("GET", "/nowhere", nil, nil)); out.StatusCode != http.StatusNotFound || out.Headers["x-request-id"] != "req-1" {
		t.Errorf("no route: %d, headers %v", out.StatusCode, out.Headers)
	}
}

func TestATeamThatIsNotProvenIsNotTold(t *testing.T) {
	w := newWorld(t)
	w.answer(t, w.events("t1", body("jane@example.com", sent("e1"))))
	if strings.Contains(w.log.String(), "jane") || !strings.Contains(w.log.String(), `"status":401`) {
		t.Error(w.log.String())
	}
}

// canaries are planted wherever a request can hold something; none may reach a
// log line, whatever becomes of the request.
var canaries = []string{"k4n4ry", "jane.canary@example.com", "MDEyMzQ1"}

func FuzzNoLogLineHoldsWhatWasSent(f *testing.F) {
	f.Add(uint8(0), "email_sent", "Replied", "id")
	f.Add(uint8(1), "k4n4ry", "k4n4ry", "k4n4ry")
	f.Add(uint8(2), "contact_edited", "x", "gender")
	f.Add(uint8(3), "candidateUpdated", "sent", "#")
	f.Add(uint8(4), "candidateMerge", "", "data")
	f.Fuzz(func(t *testing.T, how uint8, kind, stage, key string) {
		w := newWorld(t)
		switch {
		case how&32 != 0:
			w.vault.err = unavailable()
		case how&64 != 0:
			w.shelf.err = unavailable()
		case how&128 != 0:
			w.shelf.bomb = "k4n4ry jane.canary@example.com"
		}
		planted := strings.NewReplacer("KIND", quoted(kind), "STAGE", quoted(stage), "KEY", quoted(key+"k4n4ry")).Replace(
			`{"id":"e1","type":KIND,"occurred_at":"2026-11-20T11:00:00Z","origin":"k4n4ry","actor":{"id":"u","email":"jane.canary@example.com"},` +
				`"person":{"id":"jane.canary@example.com","stage":STAGE,"snapshot":{"name":"k4n4ry","emails":["jane.canary@example.com"],"gender":"k4n4ry"}},` +
				`"message":{"body":"k4n4ry"},"candidate":{"id":"k4n4ry"},"action":KIND,"webhookActionId":"k4n4ry",KEY:1}`)
		clean := strings.NewReplacer(`"origin":"k4n4ry",`, `"origin":"manual",`, quoted(key+"k4n4ry")+":1", `"values":[]`,
			`"candidate":{"id":"k4n4ry"},`, ``, `"action":`+quoted(kind)+`,`, ``, `"webhookActionId":"k4n4ry",`, ``).Replace(planted)
		var in lambda.APIGatewayV2HTTPRequest
		switch how % 5 {
		case 0:
			in = w.events("t1", body("t1", clean))
		case 1:
			in = w.events("t1", body("t1", planted, clean))
		case 2:
			in = call("POST", "/v1/hooks/ashby/k4n4ry", map[string]string{"authorization": "k4n4ry"}, []byte(planted))
		case 3:
			in = w.sourcewhale("t1", []byte(planted))
		default:
			in = w.ashby("t1", 1, []byte(planted))
		}
		in.RawQueryString = "k4n4ry=jane.canary@example.com"
		out := w.answer(t, in)
		if out.StatusCode < 200 || out.StatusCode > 599 || w.log.Len() == 0 {
			t.Errorf("%d, %d bytes of log", out.StatusCode, w.log.Len())
		}
		for _, c := range canaries {
			if strings.Contains(w.log.String(), c) {
				t.Errorf("%s is in the log: %s", c, w.log.String())
			}
		}
	})
}

// quoted is a JSON string of whatever the fuzzer chose.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		if r >= ' ' && r < 0x7f && r != '"' && r != '\\' {
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}
