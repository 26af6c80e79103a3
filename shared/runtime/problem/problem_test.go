package problem_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
	"github.com/sourcewhale/ashby-sync/shared/runtime/problem"
	"github.com/sourcewhale/ashby-sync/shared/runtime/trace"
)

func TestEachKindHasItsStatus(t *testing.T) {
	want := map[fault.Kind]int{
		fault.Internal: 500, fault.Invalid: 400, fault.Unauthenticated: 401, fault.Forbidden: 403, fault.NotFound: 404,
		fault.Conflict: 409, fault.TooLarge: 413, fault.Throttled: 429, fault.Unavailable: 503, fault.Ambiguous: 504,
		fault.KeyRefused: 422, fault.PermissionMissing: 422, fault.Rejected: 422,
	}
	for kind := fault.Internal; kind <= fault.Rejected; kind++ {
		if got := problem.Status(fault.New(kind, "c", "m")); got != want[kind] {
			t.Errorf("%v = %d, want %d", kind, got, want[kind])
		}
	}
	if got := problem.Status(errors.New("who knows")); got != 500 {
		t.Errorf("an unclassified error = %d", got)
	}
	if got := problem.Status(fault.New(fault.Invalid, "c", "m").With(fault.Detail{Path: "a"})); got != 422 {
		t.Errorf("invalid with places = %d", got)
	}
}

func TestADocumentTellsAllMistakesAndNoCause(t *testing.T) {
	r := httptest.NewRequestWithContext(trace.With(t.Context(), "req-9"), http.MethodPost, "/", nil)
	w := httptest.NewRecorder()
	problem.Write(w, r, fault.New(fault.Invalid, "bad_events", "no event was accepted").
		With(fault.Detail{Path: "events[0].id", Code: "required", Message: "an id is required"},
			fault.Detail{Path: "events[1].type", Code: "unknown"}).
		Because(errors.New("hunter2")))
	if strings.Contains(w.Body.String(), "hunter2") {
		t.Error("the cause leaked")
	}
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type %q", got)
	}
	var got problem.Document
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := problem.Document{
		Type: "about:blank", Title: "Unprocessable Entity", Status: 422, Detail: "no event was accepted",
		Code: "bad_events", RequestID: "req-9",
		Errors: []problem.Entry{
			{Path: "events[0].id", Code: "required", Message: "an id is required"},
			{Path: "events[1].type", Code: "unknown"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || w.Code != 422 {
		t.Errorf("status %d\n%s", w.Code, diff)
	}
}

func TestWaitingIsToldInWholeSecondsWhereItHelps(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{fault.New(fault.Throttled, "c", "").After(1200 * time.Millisecond), "2"},
		{fault.New(fault.Unavailable, "c", ""), "5"},
		{fault.New(fault.Conflict, "c", "").After(time.Minute), ""},
		{errors.New("x"), ""},
	} {
		w := httptest.NewRecorder()
		problem.Write(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), c.err)
		if got := w.Header().Get("Retry-After"); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}

func TestTheRoutersOwnRefusalsAreProblems(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/events", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })
	h := problem.Routes(mux)
	for _, c := range []struct {
		method, path, code, allow string
		status                    int
	}{
		{"POST", "/v1/events", "", "", 202},
		{"GET", "/v1/events", `"code":"method_not_allowed"`, "POST", 405},
		{"POST", "/v1/other", `"code":"no_such_path"`, "", 404},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), c.method, c.path, nil))
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.code) || w.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: %d %q %s", c.method, c.path, w.Code, w.Header().Get("Allow"), w.Body.String())
		}
		if c.code != "" && w.Header().Get("Content-Type") != problem.ContentType {
			t.Errorf("%s %s: content type %q", c.method, c.path, w.Header().Get("Content-Type"))
		}
	}
}

func TestAPanicIsAnInternalProblemAndItsValueStaysInside(t *testing.T) {
	for _, p := range []any{"hunter2", errors.New("hunter2"), struct{ S string }{"hunter2"}, nil} {
		var out bytes.Buffer
		h := problem.Guard(logging.New(&out, ""), http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			if p == nil {
				var word any = "word"
				_ = word.(int)
			}
			panic(p)
		}))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
		if w.Code != 500 || !strings.Contains(w.Body.String(), `"code":"internal"`) {
			t.Errorf("%T: %d %s", p, w.Code, w.Body.String())
		}
		if !strings.Contains(out.String(), "problem_test.go") {
			t.Errorf("%T: the place is not in the log: %s", p, out.String())
		}
		if strings.Contains(out.String()+w.Body.String(), "hunter2") {
			t.Errorf("%T: the value leaked", p)
		}
		if p == nil && !strings.Contains(out.String(), "interface conversion") {
			t.Errorf("the runtime's own words are missing: %s", out.String())
		}
	}
}
