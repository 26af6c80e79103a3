package jwt_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	jwtlib "github.com/golang-jwt/jwt/v5"

	"github.com/sourcewhale/ashby-sync/shared/adapter/jwt"
	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

const (
	issuer   = "https://login.example"
	audience = "ashby-sync"
)

var (
	noon     = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	ours     = newKey()
	theirs   = newKey()
	rotation = newKey()
)

func newKey() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
}

// provider is an issuer's key endpoint.
type provider struct {
	*httptest.Server
	asked  atomic.Int32
	answer atomic.Value // func(http.ResponseWriter)
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{}
	p.publishes(map[string]*rsa.PrivateKey{"k1": ours})
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		p.asked.Add(1)
		p.answer.Load().(func(http.ResponseWriter))(w)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) answers(f func(http.ResponseWriter)) { p.answer.Store(f) }

func (p *provider) publishes(keys map[string]*rsa.PrivateKey) {
	body := jwks(keys)
	p.answers(func(w http.ResponseWriter) { _, _ = io.WriteString(w, body) })
}

func (p *provider) fails() {
	p.answers(func(w http.ResponseWriter) { w.WriteHeader(http.StatusBadGateway) })
}

func jwks(keys map[string]*rsa.PrivateKey) string {
	list := []map[string]string{{"kty": "EC", "kid": "ec", "crv": "P-256", "x": "AA", "y": "AA"}}
	for kid, k := range keys {
		list = append(list, map[string]string{
			"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256",
			"n": base64.RawURLEncoding.EncodeToString(k.N.Bytes()),
			"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(k.E)).Bytes()),
		})
	}
	body, _ := json.Marshal(map[string]any{"keys": list})
	return string(body)
}

type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time          { return noon.Add(time.Duration(c.at.Load())) }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d)) }

func newVerifier(t *testing.T, url string) (*jwt.Verifier, *clock) {
	t.Helper()
	c := &clock{}
	v, err := jwt.New(jwt.Config{JWKS: url, Issuer: issuer, Audience: audience, Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	return v, c
}

// good are the claims of an admin; change alters them, nil removes.
func good(change map[string]any) jwtlib.MapClaims {
	c := jwtlib.MapClaims{
		"iss": issuer, "aud": audience, "sub": "u1", "team": "acme", "role": "member", "admin": true,
		"exp": noon.Add(time.Hour).Unix(), "nbf": noon.Add(-time.Hour).Unix(),
	}
	for k, v := range change {
		c[k] = v
		if v == nil {
			delete(c, k)
		}
	}
	return c
}

func sign(t *testing.T, method jwtlib.SigningMethod, key any, header map[string]any, claims jwtlib.MapClaims) string {
	t.Helper()
	token := jwtlib.NewWithClaims(method, claims)
	token.Header["kid"] = "k1"
	for k, v := range header {
		token.Header[k] = v
		if v == nil {
			delete(token.Header, k)
		}
	}
	signed, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func TestAGoodTokenSpeaksForItsUser(t *testing.T) {
	v, _ := newVerifier(t, newProvider(t).URL)
	got, err := v.Verify(t.Context(), sign(t, jwtlib.SigningMethodRS256, ours, nil, good(nil)))
	if want := (caller.Caller{Team: "acme", User: "u1", Role: caller.Member, Admin: true}); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	got, err = v.Verify(t.Context(), sign(t, jwtlib.SigningMethodRS256, ours, nil, good(map[string]any{"admin": nil})))
	if err != nil || got.Admin {
		t.Errorf("without the claim: %+v, %v", got, err)
	}
}

func TestTokensThatAreRefused(t *testing.T) {
	v, _ := newVerifier(t, newProvider(t).URL)
	public := pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&ours.PublicKey)})
	rs := jwtlib.SigningMethodRS256
	signed := sign(t, rs, ours, nil, good(nil))
	parts := strings.Split(signed, ".")
	swapped := strings.Split(sign(t, rs, ours, nil, good(map[string]any{"team": "globex"})), ".")
	with := func(k string, value any) string { return sign(t, rs, ours, nil, good(map[string]any{k: value})) }
	headed := func(k string, value any) string { return sign(t, rs, ours, map[string]any{k: value}, good(nil)) }

	for name, c := range map[string]struct{ token, code string }{
		"none":                             {"", "token_missing"},
		"no token at all":                  {"hello", "token_invalid"},
		"two parts":                        {parts[0] + "." + parts[1], "token_invalid"},
		"endless":                          {signed + strings.Repeat("A", 8<<10), "token_invalid"},
		"alg none":                         {sign(t, jwtlib.SigningMethodNone, jwtlib.UnsafeAllowNoneSignatureType, nil, good(nil)), "token_invalid"},
		"our public key as an HMAC secret": {sign(t, jwtlib.SigningMethodHS256, public, nil, good(nil)), "token_invalid"},
		"the modulus as an HMAC secret":    {sign(t, jwtlib.SigningMethodHS256, ours.N.Bytes(), nil, good(nil)), "token_invalid"},
		"another RSA algorithm":            {sign(t, jwtlib.SigningMethodRS512, ours, nil, good(nil)), "token_invalid"},
		"PSS":                              {sign(t, jwtlib.SigningMethodPS256, ours, nil, good(nil)), "token_invalid"},
		"another key's signature":          {sign(t, rs, theirs, nil, good(nil)), "token_invalid"},
		"claims swapped":                   {parts[0] + "." + swapped[1] + "." + parts[2], "token_invalid"},
		"no signature":                     {parts[0] + "." + parts[1] + ".", "token_invalid"},
		"no kid":                           {headed("kid", nil), "token_invalid"},
		"unknown kid":                      {headed("kid", "k9"), "token_invalid"},
		"kid of a key that is not RSA":     {headed("kid", "ec"), "token_invalid"},
		"kid that is no string":            {headed("kid", 1), "token_invalid"},
		"critical extension":               {headed("crit", []string{"exp"}), "token_invalid"},
		"brings its own key":               {sign(t, rs, theirs, map[string]any{"jwk": json.RawMessage(jwks(map[string]*rsa.PrivateKey{"k1": theirs}))}, good(nil)), "token_invalid"},
		"expired":                          {with("exp", noon.Add(-time.Minute).Unix()), "token_expired"},
		"never expires":                    {with("exp", nil), "token_invalid"},
		"not yet valid":                    {with("nbf", noon.Add(time.Minute).Unix()), "token_invalid"},
		"other issuer":                     {with("iss", "https://evil.example"), "token_invalid"},
		"no issuer":                        {with("iss", nil), "token_invalid"},
		"other audience":                   {with("aud", "another-service"), "token_invalid"},
		"no audience":                      {with("aud", nil), "token_invalid"},
		"no user":                          {with("sub", nil), "token_invalid"},
		"no team":                          {with("team", nil), "token_invalid"},
		"a team that reaches into others":  {with("team", "acme#p"), "token_invalid"},
		"no role":                          {with("role", nil), "token_invalid"},
		"a role that does not exist":       {with("role", "root"), "token_invalid"},
		"admin as text":                    {with("admin", "true"), "token_invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			who, err := v.Verify(t.Context(), c.token)
			if !fault.Is(err, fault.Unauthenticated) || fault.Of(err).Code() != c.code || who != (caller.Caller{}) {
				t.Errorf("got %+v, %v; want %s", who, err, c.code)
			}
		})
	}
}

func TestClocksMayDisagreeALittle(t *testing.T) {
	v, _ := newVerifier(t, newProvider(t).URL)
	for _, claim := range []map[string]any{
		{"exp": noon.Add(-20 * time.Second).Unix()},
		{"nbf": noon.Add(20 * time.Second).Unix()},
	} {
		if _, err := v.Verify(t.Context(), sign(t, jwtlib.SigningMethodRS256, ours, nil, good(claim))); err != nil {
			t.Errorf("%v: %v", claim, err)
		}
	}
}

func TestAVerifierNeedsToKnowWhomToTrust(t *testing.T) {
	if _, err := jwt.New(jwt.Config{}); err == nil || !strings.Contains(err.Error(), "issuer") || !strings.Contains(err.Error(), "audience") {
		t.Errorf("got %v", err)
	}
}
