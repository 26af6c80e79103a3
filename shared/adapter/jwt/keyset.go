package jwt

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

const (
	maxAge       = time.Hour        // after it the keys are fetched anew; stale ones beat none
	pause        = 15 * time.Second // between fetches, however many unknown keys are named
	emptyPause   = time.Second      // between fetches while there are no keys at all
	fetchTimeout = 3 * time.Second
	maxJWKS      = 64 << 10 // bytes
)

// keySet is the issuer's keys as last fetched.
type keySet struct {
	url  string
	http http.RoundTripper
	now  func() time.Time

	mu      sync.Mutex // held while fetching: one fetch serves all who wait
	keys    map[string]*rsa.PublicKey
	fetched time.Time // when keys came
	tried   time.Time // when they were last asked for
	failure error     // of the last try
}

func newKeySet(url string, transport http.RoundTripper, now func() time.Time) *keySet {
	if transport == nil {
		transport = &http.Transport{
			TLSHandshakeTimeout: fetchTimeout, MaxIdleConns: 2,
			IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: maxJWKS,
		}
	}
	return &keySet{url: url, http: transport, now: now}
}

// find gives the key of that id. Unavailable: there never were any keys.
func (s *keySet) find(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, known := s.keys[kid]
	if s.due(known) {
		s.refresh(ctx)
		key, known = s.keys[kid]
	}
	switch {
	case known:
		return key, nil
	case len(s.keys) == 0:
		return nil, fault.New(fault.Unavailable, "keys_unavailable", "tokens cannot be verified at the moment; try again").Because(s.failure)
	}
	return nil, errors.New("the token names a key that its issuer does not have")
}

// due reports whether the keys should be fetched: they are old, or lack the one
// that is wanted, and the last try is not too recent.
func (s *keySet) due(known bool) bool {
	now, wait := s.now(), pause
	if len(s.keys) == 0 {
		wait = emptyPause
	}
	if !s.tried.IsZero() && now.Sub(s.tried) < wait {
		return false
	}
	return !known || now.Sub(s.fetched) >= maxAge
}

// refresh replaces the keys, or keeps the old ones if that fails. A caller who
// goes away does not spoil it for the others.
func (s *keySet) refresh(ctx context.Context) {
	s.tried = s.now()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
	defer cancel()
	keys, err := s.fetch(ctx)
	if err != nil {
		s.failure = err
		return
	}
	s.keys, s.fetched, s.failure = keys, s.tried, nil
}

// fetch asks once, over the transport itself: redirects are not followed.
func (s *keySet) fetch(ctx context.Context) (map[string]*rsa.PublicKey, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, nil)
	if err != nil {
		return nil, fmt.Errorf("fetch the issuer's keys: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	res, err := s.http.RoundTrip(req)
	if err != nil {
		return nil, fmt.Errorf("fetch the issuer's keys: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch the issuer's keys: status %d", res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxJWKS+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("fetch the issuer's keys: %w", err)
	case len(body) > maxJWKS:
		return nil, errors.New("fetch the issuer's keys: the answer is too long")
	}
	return parseKeys(body)
}
