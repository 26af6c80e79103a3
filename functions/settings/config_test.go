package main

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
)

func environment(url string) map[string]string {
	return map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "AKIDSAMPLE", "AWS_SECRET_ACCESS_KEY": "hunter2",
		"CONFIG_TABLE": "config", "TIMELINE_TABLE": "timeline", "CANDIDATES_TABLE": "candidates", "WORK_QUEUE_URL": url + "/123456789012/work.fifo",
		"TEAM_SECRET_PREFIX": "dev/ashby-sync/team/", "INTAKE_SECRET": "dev/ashby-sync/intake", "ASHBY_BASE_URL": url,
		"JWT_ISSUER": "https://login.example", "JWT_AUDIENCE": "ashby-sync", "JWKS_URL": url + "/jwks",
	}
}

func from(m map[string]string) func(string) string { return func(k string) string { return m[k] } }

// aws is an empty DynamoDB and an issuer's keys, over HTTP.
func stand(t *testing.T, key *rsa.PrivateKey) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/jwks":
			_, _ = fmt.Fprintf(w, `{"keys":[{"kty":"RSA","kid":"k1","n":%q,"e":%q}]}`,
				base64.RawURLEncoding.EncodeToString(key.N.Bytes()), base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()))
		case r.Header.Get("X-Amz-Target") == "DynamoDB_20120810.GetItem" && strings.Contains(r.Header.Get("Authorization"), "Credential=AKIDSAMPLE/"):
			w.Header().Set("Content-Type", "application/x-amz-json-1.0")
			_, _ = w.Write([]byte("{}"))
		default:
			w.WriteHeader(http.StatusNotImplemented)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func get(path, token string) events.APIGatewayV2HTTPRequest {
	var in events.APIGatewayV2HTTPRequest
	in.RawPath, in.Headers = path, map[string]string{"authorization": "Bearer " + token}
	in.RequestContext.HTTP.Method, in.RequestContext.RequestID, in.RequestContext.Stage = http.MethodGet, "request-1", "$default"
	return in
}

func sign(t *testing.T, key *rsa.PrivateKey, claims string) string {
	t.Helper()
	enc := base64.RawURLEncoding
	text := enc.EncodeToString([]byte(`{"alg":"RS256","typ":"JWT","kid":"k1"}`)) + "." + enc.EncodeToString([]byte(claims))
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + enc.EncodeToString(signature)
}

func TestTheWiredFunctionAnswersItsTeam(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	handle, err := wire(t.Context(), from(environment(stand(t, key).URL)), logging.New(&log, ""))
	if err != nil {
		t.Fatal(err)
	}
	signed := sign(t, key, fmt.Sprintf(`{"iss":"https://login.example","aud":"ashby-sync","sub":"u1","team":"acme","role":"viewer","exp":%d}`,
		time.Now().Add(time.Hour).Unix()))
	for path, c := range map[string]struct {
		token  string
		status int
		said   string
	}{
		"/v1/health":        {"", 200, `"ok"`},
		"/v1/connection":    {signed, 200, `"not_connected"`},
		"/v1/events/e1":     {signed, 404, `"no_such_event"`},
		"/v1/settings/team": {signed[:len(signed)-9] + "AAAAAAAAA", 401, `"token_invalid"`},
	} {
		out, err := handle(t.Context(), get(path, c.token))
		if err != nil || out.StatusCode != c.status || !strings.Contains(out.Body, c.said) {
			t.Errorf("%s: %d %s, %v", path, out.StatusCode, out.Body, err)
		}
		if c.status >= 400 && !strings.Contains(out.Body, `"request_id":"request-1"`) {
			t.Errorf("%s: without the request's id: %s", path, out.Body)
		}
	}
	if strings.Contains(log.String(), signed) {
		t.Error("a token is in the log")
	}
	for line := range strings.Lines(log.String()) {
		if !json.Valid([]byte(line)) || !strings.Contains(line, `"trace":"request-1"`) {
			t.Errorf("line %s", line)
		}
	}
}

func TestEveryMistakeOfTheEnvironmentIsToldAtOnce(t *testing.T) {
	_, err := wire(t.Context(), from(map[string]string{"WORK_QUEUE_URL": "not a url with hunter2", "JWKS_URL": "ftp://x"}), logging.New(&bytes.Buffer{}, ""))
	if err == nil {
		t.Fatal("it starts")
	}
	for _, name := range []string{
		"AWS_REGION", "CONFIG_TABLE", "TIMELINE_TABLE", "CANDIDATES_TABLE", "WORK_QUEUE_URL", "TEAM_SECRET_PREFIX", "INTAKE_SECRET", "ASHBY_BASE_URL",
		"JWT_ISSUER", "JWT_AUDIENCE", "JWKS_URL must be an absolute", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
	} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not complained of", name)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a value is repeated: %v", err)
	}
}

func TestWithoutAnIssuerNobodyIsBelievedAndTheAnswerSaysWhatToSet(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	given := environment(stand(t, key).URL)
	for _, name := range []string{"JWT_ISSUER", "JWT_AUDIENCE", "JWKS_URL"} {
		given[name] = "" // as the template's defaults are
	}
	var log bytes.Buffer
	handle, err := wire(t.Context(), from(given), logging.New(&log, ""))
	if err != nil {
		t.Fatal(err)
	}
	unsigned := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + ".e30."
	signed := sign(t, key, fmt.Sprintf(`{"iss":"","aud":"","sub":"u1","team":"acme","role":"super","admin":true,"exp":%d}`, time.Now().Add(time.Hour).Unix()))
	for name, token := range map[string]string{"no token": "", "an unsigned one": unsigned, "a signed one": signed} {
		out, err := handle(t.Context(), get("/v1/settings/team", token))
		if err != nil || out.StatusCode != http.StatusUnauthorized || !strings.Contains(out.Body, `"no_issuer"`) {
			t.Errorf("%s: %d %s, %v", name, out.StatusCode, out.Body, err)
		}
		for _, parameter := range []string{"JwtIssuer", "JwtAudience", "JwksUrl"} {
			if !strings.Contains(out.Body, parameter) || !strings.Contains(log.String(), parameter) {
				t.Errorf("%s: neither answer nor log names %s: %s %s", name, parameter, out.Body, log.String())
			}
		}
	}
	if out, err := handle(t.Context(), get("/v1/health", "")); err != nil || out.StatusCode != http.StatusOK {
		t.Errorf("health: %d %s, %v", out.StatusCode, out.Body, err)
	}
}

func TestHalfAnIssuerDoesNotStart(t *testing.T) {
	for _, missing := range []string{"JWT_ISSUER", "JWT_AUDIENCE", "JWKS_URL"} {
		given := environment("http://127.0.0.1:1")
		delete(given, missing)
		if _, err := wire(t.Context(), from(given), logging.New(&bytes.Buffer{}, "")); err == nil || !strings.Contains(err.Error(), missing+" is required") {
			t.Errorf("without %s: %v", missing, err)
		}
	}
}

func TestInAWSAshbyAndTheIssuerMustBeHTTPS(t *testing.T) {
	env := environment("http://10.0.0.1")
	delete(env, "AWS_ENDPOINT_URL")
	if _, err := wire(t.Context(), from(env), logging.New(&bytes.Buffer{}, "")); err == nil ||
		!strings.Contains(err.Error(), "ashby base URL must be https") || !strings.Contains(err.Error(), "JWKS_URL must be https") {
		t.Errorf("got %v", err)
	}
}
