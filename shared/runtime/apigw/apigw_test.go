package apigw_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/sourcewhale/ashby-sync/shared/runtime/apigw"
	"github.com/sourcewhale/ashby-sync/shared/runtime/trace"
)

func event(method, path, body string) events.APIGatewayV2HTTPRequest {
	return events.APIGatewayV2HTTPRequest{
		Version: "2.0", RawPath: path, Body: body,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RequestID: "req-1", Stage: "$default", DomainName: "api.test",
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: method, SourceIP: "192.0.2.1"},
		},
	}
}

// seen runs one request through the adapter and gives the request the handler saw.
func seen(t *testing.T, in events.APIGatewayV2HTTPRequest) (*http.Request, string) {
	t.Helper()
	var got *http.Request
	var body []byte
	_, err := apigw.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
	}))(t.Context(), in)
	if err != nil || got == nil {
		t.Fatalf("not served: %v", err)
	}
	return got, string(body)
}

func TestTheHandlerSeesTheRequestWhole(t *testing.T) {
	in := event("POST", "/v1/people/a%2Fb", `{"a":1}`)
	in.RawQueryString = "stage=Replied&stage=Interested&q=a%20b"
	in.Headers = map[string]string{
		"webhook-signature": "v1,abc= v1,def=", "host": "api.example", "content-type": "application/json", "x-two": "a,b",
	}
	in.Cookies = []string{"a=1", "b=2; c"}
	r, body := seen(t, in)
	if r.Method != http.MethodPost || r.URL.Path != "/v1/people/a/b" || r.URL.EscapedPath() != "/v1/people/a%2Fb" || body != `{"a":1}` {
		t.Errorf("%s %s %q", r.Method, r.URL, body)
	}
	if got := r.URL.Query()["stage"]; len(got) != 2 || r.URL.Query().Get("q") != "a b" {
		t.Errorf("query %v", r.URL.Query())
	}
	for name, want := range map[string]string{
		"Webhook-Signature": "v1,abc= v1,def=", "X-Two": "a,b", "Content-Type": "application/json", "Cookie": "a=1; b=2; c",
	} {
		if got := r.Header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if r.Host != "api.example" || r.RemoteAddr != "192.0.2.1" || r.ContentLength != 7 || trace.ID(r.Context()) != "req-1" {
		t.Errorf("host %q remote %q length %d trace %q", r.Host, r.RemoteAddr, r.ContentLength, trace.ID(r.Context()))
	}
}

func TestTheStageIsNoPartOfThePath(t *testing.T) {
	for _, c := range []struct{ stage, raw, want string }{
		{"$default", "/v1/events", "/v1/events"},
		{"prod", "/prod/v1/events", "/v1/events"},
		{"prod", "/prod", "/"},
		{"prod", "/production/x", "/production/x"},
		{"v1", "/v1/v1/events", "/v1/events"},
		{"", "", "/"},
		{"$default", "/100%", "/100%"},
	} {
		in := event("GET", c.raw, "")
		in.RequestContext.Stage = c.stage
		if r, _ := seen(t, in); r.URL.Path != c.want {
			t.Errorf("stage %q path %q: %q, want %q", c.stage, c.raw, r.URL.Path, c.want)
		}
	}
}

func TestBase64BodiesAreDecodedAndBrokenOnesRefused(t *testing.T) {
	in := event("POST", "/", base64.StdEncoding.EncodeToString([]byte{0, 255, 'x'}))
	in.IsBase64Encoded = true
	if _, body := seen(t, in); body != "\x00\xffx" {
		t.Errorf("body %q", body)
	}
	in.Body = "%%%"
	out, err := apigw.Handler(http.NotFoundHandler())(t.Context(), in)
	if err != nil || out.StatusCode != http.StatusBadRequest || !strings.Contains(out.Body, `"code":"body_encoding"`) ||
		!strings.Contains(out.Body, `"request_id":"req-1"`) || out.Headers["x-request-id"] != "req-1" || out.Headers["cache-control"] != "no-store" {
		t.Errorf("%v %d %s", err, out.StatusCode, out.Body)
	}
}

func answer(t *testing.T, h http.HandlerFunc) events.APIGatewayV2HTTPResponse {
	t.Helper()
	out, err := apigw.Handler(h)(t.Context(), event("GET", "/", ""))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnswersTravelWithHeadersCookiesAndStatus(t *testing.T) {
	out := answer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Add("Vary", "Origin")
		w.Header().Add("Vary", "Accept")
		w.Header().Add("Set-Cookie", "a=1")
		w.Header().Add("Set-Cookie", "b=2")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusAccepted)
		w.WriteHeader(http.StatusTeapot)
		w.Header().Set("Late", "x")
		_, _ = io.WriteString(w, `{"ü":`)
		_, _ = io.WriteString(w, `1}`)
	})
	if out.StatusCode != http.StatusAccepted || out.Body != `{"ü":1}` || out.IsBase64Encoded {
		t.Errorf("%+v", out)
	}
	if out.Headers["vary"] != "Origin, Accept" || out.Headers["content-type"] != "application/json" || out.Headers["late"] != "" {
		t.Errorf("headers %v", out.Headers)
	}
	if len(out.Cookies) != 2 || out.Headers["set-cookie"] != "" {
		t.Errorf("cookies %v, headers %v", out.Cookies, out.Headers)
	}
}

func TestWhatIsNotTextTravelsAsBase64(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"binary": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte{0xff, 0xfe}) },
		"encoded": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte("abc"))
		},
	} {
		out := answer(t, h)
		raw, err := base64.StdEncoding.DecodeString(out.Body)
		if !out.IsBase64Encoded || err != nil || len(raw) == 0 {
			t.Errorf("%s: %+v", name, out)
		}
	}
}

func TestAnEmptyAnswerIs200AndPlainTextIsNamed(t *testing.T) {
	if out := answer(t, func(http.ResponseWriter, *http.Request) {}); out.StatusCode != http.StatusOK || out.Body != "" {
		t.Errorf("%+v", out)
	}
	out := answer(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })
	if out.Headers["content-type"] != "text/plain; charset=utf-8" {
		t.Errorf("%v", out.Headers)
	}
}
