package dev_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/campaign"
	"github.com/sourcewhale/ashby-sync/infra/local/dev"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

// world is the handler with a service and a simulator behind it that note what reaches them.
type world struct {
	*testing.T
	handler  http.Handler
	received []string
	status   int
}

func start(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, status: http.StatusAccepted}
	service := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.received = append(w.received, fmt.Sprintf("%s %s %s", r.Method, r.URL.Path, body))
		if r.Header.Get("Webhook-Signature") == "" && r.URL.Path == "/v1/events" {
			t.Error("an event came unsigned")
		}
		out.WriteHeader(w.status)
		_, _ = io.WriteString(out, `{"code":"whatever"}`)
	}))
	t.Cleanup(service.Close)
	key, err := webhook.ParseKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	w.handler = dev.New(dev.Config{
		Session: dev.Session{Tokens: map[string]string{"admin": "token-of-the-admin"}, AshbyKey: "sim_key"}, Ashby: service.URL,
		Player: dev.Player{Token: func() string { return "one" }, Sender: campaign.Sender{
			API: service.URL, Team: "team-demo", Secret: key, HTTP: service.Client(),
			Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
		}},
	})
	return w
}

func (w *world) do(method, path, body string, change func(*http.Request)) *httptest.ResponseRecorder {
	w.Helper()
	r := httptest.NewRequestWithContext(w.Context(), method, "http://127.0.0.1:3000"+path, strings.NewReader(body))
	if change != nil {
		change(r)
	}
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	return answer
}

func TestTheSessionGivesTheLocalTokens(t *testing.T) {
	w := start(t)
	answer := w.do(http.MethodGet, "/dev/session", "", nil)
	var got dev.Session
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil || got.Tokens["admin"] != "token-of-the-admin" || got.AshbyKey != "sim_key" {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
}

func TestANameThatOnlyLeadsHereIsRefused(t *testing.T) {
	w := start(t)
	for host, want := range map[string]int{
		"127.0.0.1:3000": 200, "localhost:3000": 200, "[::1]:3000": 200, "rebound.example.com": 403, "rebound.example.com:3000": 403, "10.0.0.1": 403,
	} {
		answer := w.do(http.MethodGet, "/dev/session", "", func(r *http.Request) { r.Host = host })
		if answer.Code != want || want == 403 && strings.Contains(answer.Body.String(), "token-of") {
			t.Errorf("%s: %d %s", host, answer.Code, answer.Body)
		}
	}
}

func TestAnotherSitesPageCannotPlay(t *testing.T) {
	w := start(t)
	for _, path := range []string{"/dev/play", "/dev/events", "/dev/ashby/reset"} {
		answer := w.do(http.MethodPost, path, `{"campaign":"spring","people":1}`, func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			r.Header.Set("Origin", "https://elsewhere.example.com")
		})
		if answer.Code != http.StatusForbidden {
			t.Errorf("%s: %d", path, answer.Code)
		}
	}
	if len(w.received) > 0 {
		t.Errorf("it reached %v", w.received)
	}
}

func TestPlayingSendsEveryEventOfTheCampaign(t *testing.T) {
	w := start(t)
	answer := w.do(http.MethodPost, "/dev/play", `{"campaign":"spring","people":2}`, nil)
	var got struct {
		Events int
		People []string
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil || answer.Code != http.StatusAccepted || got.Events < 2*campaign.PerPerson || len(got.People) != 2 {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	if !strings.Contains(w.received[0], got.People[0]) {
		t.Errorf("the service got %s", w.received[0])
	}
	for _, bad := range []string{`{}`, `{"campaign":"x","people":0}`, `{"campaign":"x","people":5000}`, `nonsense`} {
		if answer := w.do(http.MethodPost, "/dev/play", bad, nil); answer.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, answer.Code)
		}
	}
}

func TestASingleEventGoesOnAsItIs(t *testing.T) {
	w := start(t)
	answer := w.do(http.MethodPost, "/dev/events", `{"events":[{"id":"evt-1","odd":true}]}`, nil)
	if answer.Code != http.StatusAccepted || len(w.received) != 1 || !strings.Contains(w.received[0], `{"id":"evt-1","odd":true}`) {
		t.Errorf("%d %v", answer.Code, w.received)
	}
	w.status = http.StatusUnprocessableEntity
	if answer := w.do(http.MethodPost, "/dev/events", `{"events":[{}]}`, nil); answer.Code != w.status || !strings.Contains(answer.Body.String(), "whatever") {
		t.Errorf("the service's own answer got lost: %d %s", answer.Code, answer.Body)
	}
}

func TestTheSimulatorsControlIsReachedAndNothingElseOfIt(t *testing.T) {
	w := start(t)
	w.do(http.MethodGet, "/dev/ashby/state", "", nil)
	w.do(http.MethodPost, "/dev/ashby/faults", `{"kind":"slow"}`, nil)
	want := []string{"GET /_sim/state ", `POST /_sim/faults {"kind":"slow"}`}
	if len(w.received) != 2 || w.received[0] != want[0] || w.received[1] != want[1] {
		t.Errorf("it got %q", w.received)
	}
	for _, path := range []string{"/dev/ashby/../candidate.list", "/dev/ashby/..%2fcandidate.list"} {
		w.do(http.MethodGet, path, "", nil)
	}
	for _, got := range w.received {
		if !strings.Contains(got, "/_sim/") {
			t.Errorf("%s got through", got)
		}
	}
}
