package jwt_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	jwtlib "github.com/golang-jwt/jwt/v5"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// long is a token that outlives the tests' clock.
func long(t *testing.T, key *rsa.PrivateKey, kid string) string {
	t.Helper()
	return sign(t, jwtlib.SigningMethodRS256, key, map[string]any{"kid": kid}, good(map[string]any{"exp": noon.Add(48 * time.Hour).Unix()}))
}

func TestKeysAreFetchedOnceAndAgainAfterAnHour(t *testing.T) {
	p := newProvider(t)
	v, c := newVerifier(t, p.URL)
	token := long(t, ours, "k1")
	for range 5 {
		if _, err := v.Verify(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	if n := p.asked.Load(); n != 1 {
		t.Errorf("fetched %d times", n)
	}
	c.advance(time.Hour)
	_, err := v.Verify(t.Context(), token)
	if n := p.asked.Load(); err != nil || n != 2 {
		t.Errorf("after an hour: fetched %d times, %v", n, err)
	}
}

func TestANewKeyIsFoundByRotation(t *testing.T) {
	p := newProvider(t)
	v, c := newVerifier(t, p.URL)
	if _, err := v.Verify(t.Context(), long(t, ours, "k1")); err != nil {
		t.Fatal(err)
	}
	p.publishes(map[string]*rsa.PrivateKey{"k2": rotation})
	c.advance(time.Minute)
	if _, err := v.Verify(t.Context(), long(t, rotation, "k2")); err != nil {
		t.Errorf("the new key: %v", err)
	}
	if _, err := v.Verify(t.Context(), long(t, ours, "k1")); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("the withdrawn key: %v", err)
	}
}

func TestUnknownKeysDoNotMakeTheIssuerSuffer(t *testing.T) {
	p := newProvider(t)
	v, c := newVerifier(t, p.URL)
	for i := range 60 {
		if _, err := v.Verify(t.Context(), long(t, theirs, strings.Repeat("x", i+1))); !fault.Is(err, fault.Unauthenticated) {
			t.Fatal(err)
		}
		c.advance(time.Second)
	}
	if n := p.asked.Load(); n > 5 {
		t.Errorf("a minute of unknown keys fetched %d times", n)
	}
}

func TestOldKeysServeWhileTheIssuerIsAway(t *testing.T) {
	p := newProvider(t)
	v, c := newVerifier(t, p.URL)
	token := long(t, ours, "k1")
	if _, err := v.Verify(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	for name, answer := range map[string]func(http.ResponseWriter){
		"502":       func(w http.ResponseWriter) { w.WriteHeader(http.StatusBadGateway) },
		"redirect":  func(w http.ResponseWriter) { w.Header().Set("Location", "/"); w.WriteHeader(http.StatusFound) },
		"HTML":      func(w http.ResponseWriter) { _, _ = io.WriteString(w, "<html>") },
		"no keys":   func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"keys":[]}`) },
		"an object": func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{}`) },
		"huge": func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, jwks(map[string]*rsa.PrivateKey{"k2": rotation})+strings.Repeat(" ", 1<<20))
		},
		"cut": func(w http.ResponseWriter) { w.Header().Set("Content-Length", "1000"); _, _ = io.WriteString(w, "{") },
	} {
		t.Run(name, func(t *testing.T) {
			p.answers(answer)
			c.advance(2 * time.Hour)
			before := p.asked.Load()
			if _, err := v.Verify(t.Context(), token); err != nil || p.asked.Load() != before+1 {
				t.Errorf("fetches %d, %v", p.asked.Load()-before, err)
			}
		})
	}
}

func TestWithoutAnyKeysNobodyIsCalledWrong(t *testing.T) {
	p := newProvider(t)
	p.fails()
	v, c := newVerifier(t, p.URL)
	token := long(t, ours, "k1")
	for range 3 { // within a second one fetch is enough
		if _, err := v.Verify(t.Context(), token); !fault.Is(err, fault.Unavailable) {
			t.Errorf("got %v", err)
		}
	}
	if n := p.asked.Load(); n != 1 {
		t.Errorf("fetched %d times", n)
	}
	p.publishes(map[string]*rsa.PrivateKey{"k1": ours})
	c.advance(time.Second)
	if _, err := v.Verify(t.Context(), token); err != nil {
		t.Errorf("once the issuer is back: %v", err)
	}
}

func TestACallerWhoGoesAwayDoesNotSpoilTheFetch(t *testing.T) {
	v, _ := newVerifier(t, newProvider(t).URL)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := v.Verify(gone, long(t, ours, "k1")); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestWeakKeysAreNotTrusted(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	p := newProvider(t)
	p.publishes(map[string]*rsa.PrivateKey{"k1": ours, "weak": weak})
	v, _ := newVerifier(t, p.URL)
	if _, err := v.Verify(t.Context(), long(t, weak, "weak")); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("got %v", err)
	}
}
