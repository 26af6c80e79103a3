package main

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
)

const master = `{"masters":["MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="]}`

// aws is as much of AWS as intake uses: one secret and one queue, over HTTP.
type aws struct {
	mu     sync.Mutex
	calls  []string
	bodies []string
}

func (c *aws) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	call := r.Header.Get("X-Amz-Target")
	if call == "" {
		return // the greeting
	}
	c.calls = append(c.calls, call)
	if !strings.Contains(r.Header.Get("Authorization"), "Credential=AKIDSAMPLE/") || r.Header.Get("X-Amz-Security-Token") != "session" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	body, _ := io.ReadAll(r.Body)
	switch call {
	case "secretsmanager.GetSecretValue":
		reply(w, map[string]any{"Name": "intake", "VersionId": "v1", "SecretString": master})
	case "AmazonSQS.SendMessageBatch":
		var in struct {
			Entries []struct{ Id, MessageBody string }
		}
		if json.Unmarshal(body, &in) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		var taken []map[string]string
		for _, e := range in.Entries {
			c.bodies = append(c.bodies, e.MessageBody)
			sum := md5.Sum([]byte(e.MessageBody))
			taken = append(taken, map[string]string{"Id": e.Id, "MessageId": "m", "MD5OfMessageBody": hex.EncodeToString(sum[:])})
		}
		reply(w, map[string]any{"Successful": taken, "Failed": []any{}})
	default:
		w.WriteHeader(http.StatusNotImplemented)
	}
}

func reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	_ = json.NewEncoder(w).Encode(body)
}

func environment(url string) map[string]string {
	return map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": url, "EVENTS_QUEUE_URL": url + "/123456789012/events", "INTAKE_SECRET": "intake",
		"AWS_ACCESS_KEY_ID": "AKIDSAMPLE", "AWS_SECRET_ACCESS_KEY": "hunter2", "AWS_SESSION_TOKEN": "session",
	}
}

func from(m map[string]string) func(string) string { return func(k string) string { return m[k] } }

func TestTheWiredFunctionTakesInASignedEvent(t *testing.T) {
	aws := &aws{}
	server := httptest.NewServer(aws)
	defer server.Close()
	var log bytes.Buffer
	handle, err := wire(t.Context(), from(environment(server.URL)), logging.New(&log, ""))
	if err != nil {
		t.Fatal(err)
	}
	ring, err := webhook.ParseKeyring(master)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	body := fmt.Sprintf(`{"team":"t1","events":[{"id":"e1","type":"email_sent","occurred_at":%q,"person":{"id":"p1"}}]}`, now.Format(time.RFC3339))
	out, err := handle(t.Context(), events.APIGatewayV2HTTPRequest{
		RawPath: "/v1/events", Body: body, Headers: map[string]string{
			"webhook-id": "m1", "webhook-timestamp": fmt.Sprint(now.Unix()),
			"webhook-signature": webhook.Sign(ring.TeamSecret("t1", 1), "m1", now, []byte(body)),
		},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RequestID: "r1", HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: http.MethodPost},
		},
	})
	if err != nil || out.StatusCode != http.StatusAccepted {
		t.Fatalf("%v %d %s\n%s", err, out.StatusCode, out.Body, log.String())
	}
	aws.mu.Lock()
	defer aws.mu.Unlock()
	if len(aws.bodies) != 1 {
		t.Fatalf("%d messages; calls %v", len(aws.bodies), aws.calls)
	}
	p, err := contract.Unpack(aws.bodies[0])
	if err != nil || len(p.Events) != 1 || p.Events[0].ID != "e1" {
		t.Errorf("%v %+v", err, p)
	}
	for _, call := range aws.calls {
		if call != "secretsmanager.GetSecretValue" && call != "AmazonSQS.SendMessageBatch" {
			t.Errorf("intake called %s, which its role does not allow", call)
		}
	}
}

func TestEveryMistakeOfTheEnvironmentIsTold(t *testing.T) {
	_, err := wire(t.Context(), from(map[string]string{"AWS_ENDPOINT_URL_SQS": "nowhere"}), logging.New(io.Discard, ""))
	if err == nil {
		t.Fatal("wired from nothing")
	}
	for _, name := range []string{
		"AWS_REGION", "EVENTS_QUEUE_URL", "INTAKE_SECRET", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_SQS",
	} {
		if !strings.Contains(err.Error(), name+" ") {
			t.Errorf("%s is not told of in %q", name, err)
		}
	}
}
