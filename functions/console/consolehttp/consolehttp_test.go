package consolehttp_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"html"
	"io"
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
	return getOf(t, consolehttp.Config{}, method, path, header)
}

func getOf(t *testing.T, c consolehttp.Config, method, path string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	handler, err := consolehttp.New(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	request.Header = header
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer
}

func TestThePageIsAtTheRootAndAtTheAddressOfEveryScreen(t *testing.T) {
	for _, path := range []string{"/", "/integrations/ashby", "/integrations/ashby/sync", "/integrations/ashby/people/person-301"} {
		answer := get(t, http.MethodGet, path, nil)
		if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %d %s", path, answer.Code, answer.Header().Get("Content-Type"))
		}
		if !strings.HasPrefix(answer.Body.String(), "<!doctype html>") {
			t.Errorf("%s: no page: %.40q", path, answer.Body)
		}
	}
}

func TestEveryFileThatThePageAsksForIsThere(t *testing.T) {
	page := get(t, http.MethodGet, "/", nil).Body.String()
	links := regexp.MustCompile(`(?:href|src)="([^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(links) < 3 {
		t.Fatalf("only %d links found", len(links))
	}
	for _, link := range links {
		if answer := get(t, http.MethodGet, link[1], nil); answer.Code != http.StatusOK || answer.Body.Len() == 0 {
			t.Errorf("%s: %d with %d bytes", link[1], answer.Code, answer.Body.Len())
		}
	}
}

func TestThePageNeedsNothingThatItsPolicyForbids(t *testing.T) {
	answer := get(t, http.MethodGet, "/", nil)
	policy := answer.Header().Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'none'", "script-src 'self';", "connect-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'",
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s", want)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		t.Errorf("the policy allows too much: %s", policy)
	}
	page := answer.Body.String()
	for _, forbidden := range []string{"<script>", "<style", " style=", "<iframe", "javascript:", "http://", "https://", " onclick"} {
		if strings.Contains(page, forbidden) {
			t.Errorf("the page has %s", forbidden)
		}
	}
	sheet := get(t, http.MethodGet, "/page.css", nil).Body.String()
	if strings.Contains(sheet, "url(") || strings.Contains(sheet, "@import") {
		t.Error("the style sheet loads something")
	}
	if !strings.Contains(sheet, "prefers-color-scheme:dark") {
		t.Error("the style sheet has no dark half")
	}
	script := get(t, http.MethodGet, "/app.js", nil).Body.String()
	for _, forbidden := range []string{"localStorage", "sessionStorage", "document.cookie", "eval(", "new Function", "unpkg", "cdn"} {
		if strings.Contains(script, forbidden) {
			t.Errorf("the script has %s", forbidden)
		}
	}
}

func TestOnlyTheFrontendOfSourceWhaleMayFrameThePage(t *testing.T) {
	c := consolehttp.Config{Origins: []string{"https://app.example.com", "https://eu.example.com"}}
	header := getOf(t, c, http.MethodGet, "/", nil).Header()
	if want := "frame-ancestors https://app.example.com https://eu.example.com;"; !strings.Contains(header.Get("Content-Security-Policy"), want) {
		t.Errorf("the policy lacks %s: %s", want, header.Get("Content-Security-Policy"))
	}
	if got := header.Get("X-Frame-Options"); got != "" {
		t.Errorf("X-Frame-Options %s would keep it out", got)
	}
}

func TestThePageIsToldItsConfigurationAndNothingBreaksOutOfIt(t *testing.T) {
	c := consolehttp.Config{Origins: []string{"https://app.example.com"}, Support: `https://help.example.com/?a="><script>`, Local: true}
	page := getOf(t, c, http.MethodGet, "/", nil).Body.String()
	_, rest, _ := strings.Cut(page, `<meta name="ashby-sync" content="`)
	told, _, _ := strings.Cut(rest, `"`)
	var got consolehttp.Config
	if err := json.Unmarshal([]byte(html.UnescapeString(told)), &got); err != nil || got.Support != c.Support || !got.Local || len(got.Origins) != 1 {
		t.Errorf("told %q: %+v (%v)", told, got, err)
	}
	if strings.Contains(page, "<script>") {
		t.Error("a setting became a script")
	}
}

func TestWhoCanUnpackIsSentLess(t *testing.T) {
	plain := get(t, http.MethodGet, "/app.js", nil)
	packed := get(t, http.MethodGet, "/app.js", http.Header{"Accept-Encoding": {"br, gzip"}})
	if packed.Header().Get("Content-Encoding") != "gzip" || packed.Body.Len()*2 > plain.Body.Len() {
		t.Fatalf("%d bytes as %q, of %d", packed.Body.Len(), packed.Header().Get("Content-Encoding"), plain.Body.Len())
	}
	reader, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(reader); err != nil || !bytes.Equal(got, plain.Body.Bytes()) {
		t.Errorf("another content comes out (%v)", err)
	}
	if plain.Header().Get("ETag") == packed.Header().Get("ETag") || plain.Header().Get("Vary") != "Accept-Encoding" {
		t.Error("the two encodings cannot be told apart")
	}
	again := get(t, http.MethodGet, "/app.js", http.Header{"Accept-Encoding": {"gzip"}, "If-None-Match": {packed.Header().Get("ETag")}})
	if again.Code != http.StatusNotModified {
		t.Errorf("who has it is sent it again: %d", again.Code)
	}
}

func TestEveryAnswerBearsTheGuardingHeaders(t *testing.T) {
	for _, path := range []string{"/", "/page.css", "/app.js", "/icon.svg", "/nothing/here"} {
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
