package consolehttp_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/functions/console/consolehttp"
)

func get(t *testing.T, method, path string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	handler, err := consolehttp.New(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	request.Header = header
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer
}

func TestThePageIsAtTheRootAndAtItsDeepLink(t *testing.T) {
	for _, path := range []string{"/", "/integrations/ashby"} {
		answer := get(t, http.MethodGet, path, nil)
		if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %d %s", path, answer.Code, answer.Header().Get("Content-Type"))
		}
		if !strings.HasPrefix(answer.Body.String(), "<!doctype html>") {
			t.Errorf("%s: no page: %.40q", path, answer.Body)
		}
	}
}

func TestEveryAddressOnThePageLeadsSomewhere(t *testing.T) {
	page := get(t, http.MethodGet, "/", nil).Body.String()
	links := regexp.MustCompile(`(?:href|src)="([^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(links) < 8 {
		t.Fatalf("only %d links found", len(links))
	}
	for _, link := range links {
		target := link[1]
		if anchor, here := strings.CutPrefix(target, "#"); here {
			if !strings.Contains(page, `id="`+anchor+`"`) {
				t.Errorf("nothing on the page is called %s", anchor)
			}
			continue
		}
		if target == "/v1/openapi.json" {
			continue // the API's own
		}
		if answer := get(t, http.MethodGet, target, nil); answer.Code != http.StatusOK {
			t.Errorf("%s: %d", target, answer.Code)
		}
	}
}

func TestThePageNeedsNothingThatItsPolicyForbids(t *testing.T) {
	answer := get(t, http.MethodGet, "/", nil)
	policy := answer.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s", want)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || strings.Contains(policy, "script-src") {
		t.Errorf("the policy allows too much: %s", policy)
	}
	page := answer.Body.String()
	for _, forbidden := range []string{"<script", "<style", " style=", "<iframe", "<form", "javascript:", "http://", "https://", " onclick"} {
		if strings.Contains(page, forbidden) {
			t.Errorf("the page has %s", forbidden)
		}
	}
	sheet := get(t, http.MethodGet, "/page.css", nil).Body.String()
	if strings.Contains(sheet, "url(") || strings.Contains(sheet, "@import") {
		t.Error("the style sheet loads something")
	}
	if !strings.Contains(sheet, "prefers-color-scheme: dark") {
		t.Error("the style sheet has no dark half")
	}
}

func TestEveryAnswerBearsTheGuardingHeaders(t *testing.T) {
	for _, path := range []string{"/", "/page.css", "/icon.svg", "/nothing/here"} {
		header := get(t, http.MethodGet, path, nil).Header()
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s: %s %q", path, name, got)
			}
		}
		if !strings.Contains(header.Get("Strict-Transport-Security"), "max-age=") || header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %v", path, header)
		}
	}
}

func TestWhoHasThePageAlreadyIsToldSo(t *testing.T) {
	first := get(t, http.MethodGet, "/", nil)
	etag := first.Header().Get("ETag")
	again := get(t, http.MethodGet, "/", http.Header{"If-None-Match": {etag}})
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 || first.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("etag %s: %d with %d bytes, %s", etag, again.Code, again.Body.Len(), first.Header().Get("Cache-Control"))
	}
	if other := get(t, http.MethodGet, "/page.css", nil).Header().Get("ETag"); other == etag {
		t.Error("two files share an ETag")
	}
}

func TestWhatIsNotThereIsAProblemDocument(t *testing.T) {
	for path, want := range map[string]int{"/v1x": 404, "/index.html": 404, "/page/index.html": 404, "/../main.go": 404} {
		answer := get(t, http.MethodGet, path, nil)
		var document struct{ Code string }
		if err := json.Unmarshal(answer.Body.Bytes(), &document); err != nil || answer.Code != want || document.Code != "no_such_path" {
			t.Errorf("%s: %d %s", path, answer.Code, answer.Body)
		}
	}
	if answer := get(t, http.MethodPost, "/", nil); answer.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", answer.Code)
	}
}
