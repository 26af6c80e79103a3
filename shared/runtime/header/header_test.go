package header_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/runtime/header"
	"github.com/sourcewhale/ashby-sync/shared/runtime/trace"
)

func answer(t *testing.T, handler http.Handler) map[string]string {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	got := map[string]string{}
	for name := range w.Header() {
		got[name] = w.Header().Get(name)
	}
	return got
}

func refuse(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }

func TestAnAPIsRefusalIsKeptShownAndFramedByNobody(t *testing.T) {
	want := map[string]string{
		"Cache-Control":             "no-store",
		"Content-Security-Policy":   "default-src 'none'; frame-ancestors 'none'",
		"Referrer-Policy":           "no-referrer",
		"Strict-Transport-Security": "max-age=63072000; includeSubDomains",
		"X-Content-Type-Options":    "nosniff",
	}
	if diff := cmp.Diff(want, answer(t, header.API(http.HandlerFunc(refuse)))); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestAnAPIsAnswerNamesTheRequestAsTheLogDoes(t *testing.T) {
	for id, want := range map[string][]string{"req-1": {"req-1"}, "": nil} {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(trace.With(t.Context(), id), http.MethodGet, "/", nil)
		header.API(http.HandlerFunc(refuse)).ServeHTTP(w, r)
		if diff := cmp.Diff(want, w.Header()["X-Request-Id"]); diff != "" {
			t.Errorf("trace %q (-want +got):\n%s", id, diff)
		}
	}
}

func TestOwnHeadersComeBesideThoseOfEveryAnswerAndTheHandlerHasTheLastWord(t *testing.T) {
	h := header.With(map[string]string{"X-Frame-Options": "DENY", "Cache-Control": "no-store"},
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Cache-Control", "no-cache") }))
	want := map[string]string{
		"Cache-Control":             "no-cache",
		"Referrer-Policy":           "no-referrer",
		"Strict-Transport-Security": "max-age=63072000; includeSubDomains",
		"X-Content-Type-Options":    "nosniff",
		"X-Frame-Options":           "DENY",
	}
	if diff := cmp.Diff(want, answer(t, h)); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if _, ok := answer(t, header.API(http.HandlerFunc(refuse)))["X-Frame-Options"]; ok {
		t.Error("one handler's own headers went with another's answers")
	}
}
