package ashby

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

func TestTheBaseURLIsValidated(t *testing.T) {
	for raw, ok := range map[string]bool{
		"https://api.ashbyhq.com":                   true,
		"https://api.ashbyhq.com/":                  true,
		"http://127.0.0.1:4100":                     true,
		"http://localhost:4100/sim":                 true,
		"http://[::1]:4100":                         true,
		"":                                          false,
		"api.ashbyhq.com":                           false,
		"ftp://api.ashbyhq.com":                     false,
		"http://api.ashbyhq.com":                    false,
		"http://127.0.0.1.example.com":              false,
		"http://10.0.0.1:4100":                      false,
		"https://user:hunter2@api.ashbyhq.com":      false,
		"https://api.ashbyhq.com?key=hunter2":       false,
		"https://api.ashbyhq.com#hunter2":           false,
		"https://":                                  false,
		"https://:443":                              false,
		"https://api.ashbyhq.com:hunter2/\x7f/path": false,
	} {
		_, err := New(Config{BaseURL: raw})
		if (err == nil) != ok {
			t.Errorf("%q: %v", raw, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error repeats what was pasted: %v", err)
		}
	}
	if _, err := New(Config{BaseURL: "http://simulator:4100", AllowHTTP: true}); err != nil {
		t.Errorf("explicitly allowed: %v", err)
	}
	if _, err := New(Config{BaseURL: "x", Timeout: -1, MaxBody: -1}); err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("not every mistake is listed: %v", err)
	}
}

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answering(status int, body string, header http.Header) roundTrip {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: status, Header: header, ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
		}, nil
	}
}

func TestARequestIsWhatAshbyAsksForAndNoMore(t *testing.T) {
	var got *http.Request
	var sent []byte
	a := account(t, Config{BaseURL: "https://ashby.invalid/v/", HTTP: roundTrip(func(r *http.Request) (*http.Response, error) {
		got = r
		sent, _ = io.ReadAll(r.Body)
		return answering(200, yes, nil)(r)
	})})
	body := []byte(`{"candidateId":"c1", "note":"<b>hi</b>"}`)
	answer, err := a.Do(t.Context(), aWrite, body)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(sent, body) {
		t.Errorf("sent %s", sent)
	}
	if string(answer.Result) != `{"id":"n1"}` || answer.RecordID != "n1" {
		t.Errorf("results %s", answer.Result)
	}
	if got.Method != http.MethodPost || got.URL.String() != "https://ashby.invalid/v/candidate.createNote" {
		t.Errorf("%s %s", got.Method, got.URL)
	}
	user, password, ok := got.BasicAuth()
	if !ok || user != "a-key" || password != "" {
		t.Error("the key is the user of basic authentication, without a password")
	}
	if got.Header.Get("Content-Type") != "application/json" || got.Header.Get("Ashby-Version") != "2026-01-01" {
		t.Errorf("headers %v", got.Header)
	}
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key", "Cookie", "Referer"} {
		if _, there := got.Header[name]; there {
			t.Errorf("%s is set; net/http repeats a POST that bears an idempotency key", name)
		}
	}
}

func TestWhatMustNeverBeSentIsNotSent(t *testing.T) {
	var calls atomic.Int32
	a := account(t, Config{BaseURL: "https://ashby.invalid", HTTP: roundTrip(func(r *http.Request) (*http.Response, error) {
		calls.Add(1)
		return answering(200, yes, nil)(r)
	})})
	for _, c := range []struct{ method, body, code string }{
		{"candidate.anonymize", `{"candidateId":"c1"}`, CodeUnknownMethod},
		{"", `{}`, CodeUnknownMethod},
		{"../admin", `{}`, CodeUnknownMethod},
		{"candidate.create", `{"name":"A","createdAt":"2026-01-01T00:00:00Z"}`, CodeUnlawfulBody},
		{"candidate.update", `{"candidateId":"c1","name":"A"}`, CodeUnlawfulBody},
		{"candidate.update", `{"candidateId":"c1","sendNotifications":true}`, CodeUnlawfulBody},
		{"candidate.update", `{"candidateId":"c1","sendNotifications":false,"sendNotifications":true}`, CodeUnlawfulBody},
		{"candidate.update", `{"candidateId":"c1","sendNotifications":false,"name":null}`, CodeUnlawfulBody},
		{"candidate.search", `{}`, CodeUnlawfulBody},
		{"candidate.search", `{"email":"","name":""}`, CodeUnlawfulBody},
		{"candidate.list", `{"cursor":null}`, CodeUnlawfulBody},
		{"candidate.list", `[]`, CodeUnlawfulBody},
		{"candidate.list", ``, CodeUnlawfulBody},
		{"candidate.list", `{} {}`, CodeUnlawfulBody},
		{"candidate.list", `{"a":`, CodeUnlawfulBody},
	} {
		_, err := a.Do(t.Context(), c.method, []byte(c.body))
		if !fault.Is(err, fault.Internal) || fault.Of(err).Code() != c.code || !OurBug(err) {
			t.Errorf("%s %s: %v, want %s", c.method, c.body, err, c.code)
		}
	}
	if _, err := a.client.With(secret.Value{}).Do(t.Context(), aRead, []byte(`{}`)); !fault.Is(err, fault.KeyRefused) {
		t.Errorf("without a key: %v", err)
	}
	if calls.Load() != 0 {
		t.Errorf("%d requests were sent", calls.Load())
	}
	if _, err := a.Do(t.Context(), "customField.setValue", []byte(`{"fieldValue":null}`)); err != nil {
		t.Errorf("a field cannot be cleared: %v", err)
	}
}

func TestAnAnswerTellsAllThereIsToKnow(t *testing.T) {
	body := `{"success":true,"results":[],"warnings":["unable_to_add_application_metadata","key a-key is old"],
		"moreDataAvailable":true,"nextCursor":"G8","syncToken":"S1"}`
	header := http.Header{"Ashby-Version": {"2026-01-01"}, "Ashby-Version-Status": {"deprecated"}, "X-Request-Id": {"R1"}}
	a := account(t, Config{BaseURL: "https://ashby.invalid", HTTP: answering(200, body, header)})
	answer, err := a.Do(t.Context(), "candidate.list", []byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	want := Meta{
		Status: 200, RequestID: "R1", Version: "2026-01-01", VersionStatus: "deprecated",
		Warnings:   []string{"unable_to_add_application_metadata", "key [secret] is old"},
		NextCursor: "G8", SyncToken: "S1", More: true,
	}
	if fmt.Sprintf("%+v", answer.Meta) != fmt.Sprintf("%+v", want) {
		t.Errorf("%+v\nwant %+v", answer.Meta, want)
	}
	a = account(t, Config{BaseURL: "https://ashby.invalid", HTTP: answering(200, no("candidate_not_found"), nil)})
	answer, err = a.Do(t.Context(), aRead, []byte(`{"id":"c1"}`))
	if err == nil || answer.RequestID != "01R" || answer.Result != nil {
		t.Errorf("beside an error: %+v, %v", answer, err)
	}
	// A 503 may still say which request it was.
	a = account(t, Config{BaseURL: "https://ashby.invalid", HTTP: answering(503, no("server_error"), nil)})
	if answer, err := a.Do(t.Context(), aWrite, []byte(`{}`)); err == nil || answer.RequestID != "01R" {
		t.Errorf("beside a 503: %+v, %v", answer, err)
	}
}

func TestAPromiseThatTheTypedResultBreaksIsNoSuccess(t *testing.T) {
	odd := `{"success":true,"results":{"id":"c1","name":{"secret-name":1}}}`
	a := account(t, Config{BaseURL: "https://ashby.invalid", HTTP: answering(200, odd, nil)})
	if _, err := a.Candidate(t.Context(), "c1"); !fault.Is(err, fault.Unavailable) || fault.Of(err).Code() != CodeAnswerUnread {
		t.Errorf("read: %v", err)
	}
	answer, err := a.CreateCandidate(t.Context(), CreateCandidate{Name: "A"})
	if !fault.Is(err, fault.Ambiguous) || answer.Result.ID != "" {
		t.Errorf("write: %v, %+v", err, answer.Result)
	}
	if strings.Contains(err.Error(), "secret-name") {
		t.Errorf("the error quotes the answer: %v", err)
	}
}

// The key goes into one header and nowhere else, whatever goes wrong.
func TestTheKeyIsNeverShown(t *testing.T) {
	const canary = "canary-7f3e91"
	key := secret.NewValue(canary)
	for name, transport := range map[string]http.RoundTripper{
		"success":    answering(200, yes, nil),
		"echo":       answering(200, `{"success":false,"errors":["bad key `+canary+`"],"errorInfo":{"code":"`+canary+`","requestId":"`+canary+`"}}`, http.Header{"X-Request-Id": {canary}}),
		"echo 403":   answering(403, canary, http.Header{"Ashby-Version": {canary}}),
		"echo 400":   answering(400, `{"success":false,"errors":[{"message":"`+canary+`","parameter":"`+canary+`"}]}`, nil),
		"echo 502":   answering(502, canary, nil),
		"in error":   failing{fmt.Errorf("proxy said %q to %s", canary, encoded(key))},
		"own errors": nil,
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			var calls []Call
			client, err := New(Config{
				BaseURL: "http://127.0.0.1:1", HTTP: transport, Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
				Observe: func(c Call) { calls = append(calls, c) },
			})
			if err != nil {
				t.Fatal(err)
			}
			a := client.With(key)
			_, err = a.Do(t.Context(), aWrite, []byte(`{"note":"`+"private words"+`"}`))
			_, perr := a.Candidate(t.Context(), "c1")
			shown := fmt.Sprintf("%v %+v %#v %s %v %+v %#v %+v %+v", err, err, err, perr, a, a, a, client, calls)
			if err != nil {
				shown += fmt.Sprint(fault.Of(err).Details(), fault.Of(err).Message())
			}
			shown += log.String()
			for _, hidden := range []string{canary, encoded(key), "private words"} {
				if strings.Contains(shown, hidden) {
					t.Errorf("%q is shown in %s", hidden, shown)
				}
			}
			if len(calls) != 2 || strings.Count(log.String(), "\n") != 2 {
				t.Errorf("%d observations and log %s, want one each for two calls", len(calls), log.String())
			}
		})
	}
}

func TestAPanicOfTheTransportDoesNotShowTheKey(t *testing.T) {
	const canary = "canary-7f3e91"
	client, err := New(Config{BaseURL: "https://ashby.invalid", HTTP: roundTrip(func(*http.Request) (*http.Response, error) {
		panic("transport broke")
	})})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if said := fmt.Sprintf("%+v", recover()); !strings.Contains(said, "transport broke") || strings.Contains(said, canary) {
			t.Errorf("panic said %s", said)
		}
	}()
	_, _ = client.With(secret.NewValue(canary)).Do(t.Context(), aRead, []byte(`{}`))
}

func TestOneWideLineTellsOfACall(t *testing.T) {
	var log bytes.Buffer
	var seen Call
	a := account(t, Config{
		BaseURL: "https://ashby.invalid", Log: slog.New(slog.NewJSONHandler(&log, nil)), Observe: func(c Call) { seen = c },
		HTTP: answering(429, no("rate_limit_exceeded"), http.Header{"Retry-After": {"3"}}),
	})
	_, _ = a.Do(t.Context(), aWrite, []byte(`{}`))
	var line map[string]any
	if err := json.Unmarshal(log.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"msg": "ashby call", "level": "WARN", "method": aWrite, "write": true, "row": 3.0, "status": 429.0,
		"kind": "throttled", "code": CodeRateLimited, "request_id": "01R", "retry_after_s": 3.0, "bytes_sent": 2.0,
	} {
		if line[name] != want {
			t.Errorf("%s is %v, want %v", name, line[name], want)
		}
	}
	if _, there := line["duration_ms"]; !there {
		t.Error("no duration")
	}
	if seen.Method != aWrite || seen.RetryAfter != 3*time.Second || seen.Kind != "throttled" {
		t.Errorf("observed %+v", seen)
	}
}

func TestALineIsAsLoudAsItMatters(t *testing.T) {
	for status, want := range map[int]string{200: "INFO", 404: "ERROR", 503: "WARN", 401: "WARN"} {
		var log bytes.Buffer
		a := account(t, Config{BaseURL: "https://ashby.invalid", Log: slog.New(slog.NewJSONHandler(&log, nil)), HTTP: answering(status, no("invalid_input"), nil)})
		_, _ = a.Do(t.Context(), aRead, []byte(`{}`))
		if !strings.Contains(log.String(), `"level":"`+want+`"`) {
			t.Errorf("%d: %s", status, log.String())
		}
	}
}

func TestWarmingOpensTheConnectionThatTheFirstCallUses(t *testing.T) {
	var heads, posts atomic.Int32
	remotes := make(chan string, 2)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		remotes <- r.RemoteAddr
		if r.Method == http.MethodHead {
			heads.Add(1)
			if r.Header.Get("Authorization") != "" {
				t.Error("warming sends a key")
			}
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
			return
		}
		posts.Add(1)
		_, _ = io.WriteString(w, yes)
	}))
	defer s.Close()
	a := account(t, Config{BaseURL: s.URL})
	if err := a.client.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Do(t.Context(), aRead, []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	if one, two := <-remotes, <-remotes; one != two || heads.Load() != 1 || posts.Load() != 1 {
		t.Errorf("connections %s and %s, %d heads, %d posts", one, two, heads.Load(), posts.Load())
	}
	s.Close()
	a.client.Close()
	if err := a.client.Warm(t.Context()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("to nobody: %v", err)
	}
}

func TestAProbeSettlesWhatA403Means(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		alive  bool
		fails  fault.Kind // Internal: does not fail
	}{
		"answers":            {200, `{"success":true,"results":{"title":"k","scopes":["candidates:read"]}}`, true, 0},
		"lacks permission":   {403, no(CodePermission), true, 0},
		"401":                {401, "", false, 0},
		"another 403":        {403, "", false, 0},
		"throttled":          {429, "", false, fault.Throttled},
		"down":               {503, "", false, fault.Unavailable},
		"refused for a bug":  {404, "", false, fault.Rejected},
		"unreadable success": {200, errorPage, false, fault.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			var called []string
			a := account(t, Config{BaseURL: "https://ashby.invalid", HTTP: roundTrip(func(r *http.Request) (*http.Response, error) {
				called = append(called, r.URL.Path)
				return answering(c.status, c.body, nil)(r)
			})})
			alive, err := a.Probe(t.Context())
			if alive != c.alive || (err != nil) != (c.fails != fault.Internal) || err != nil && !fault.Is(err, c.fails) {
				t.Errorf("alive %v, %v", alive, err)
			}
			if !slices.Equal(called, []string{"/apiKey.info"}) {
				t.Errorf("called %v, want apiKey.info once", called)
			}
		})
	}
}

func TestEveryReadsAllPagesOrFails(t *testing.T) {
	pages := map[string]Answer[[]int]{
		"":  {Result: []int{1, 2}, Meta: Meta{More: true, NextCursor: "a"}},
		"a": {Result: []int{3}, Meta: Meta{More: true, NextCursor: "b"}},
		"b": {Result: []int{4}},
	}
	list := func(_ context.Context, p Page) (Answer[[]int], error) {
		a, ok := pages[p.Cursor]
		if !ok {
			return a, fault.New(fault.Unavailable, CodeTimeout, "slow")
		}
		return a, nil
	}
	got, err := Every(t.Context(), list)
	if err != nil || !slices.Equal(got, []int{1, 2, 3, 4}) {
		t.Fatalf("%v, %v", got, err)
	}
	for name, last := range map[string]Answer[[]int]{
		"more without a cursor": {Result: []int{4}, Meta: Meta{More: true}},
		"the same cursor again": {Result: []int{4}, Meta: Meta{More: true, NextCursor: "b"}},
		"a page that fails":     {Result: []int{4}, Meta: Meta{More: true, NextCursor: "c"}},
		"a circle":              {Result: []int{4}, Meta: Meta{More: true, NextCursor: "a"}},
	} {
		pages["b"] = last
		if got, err := Every(t.Context(), list); !fault.Is(err, fault.Unavailable) || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
