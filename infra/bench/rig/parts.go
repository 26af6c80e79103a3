package rig

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// vault is a safe that always opens.
type vault struct {
	values map[string]secret.Value
	gets   atomic.Int64 // each is billed
}

// Get gives what is there; every secret has one version.
func (v *vault) Get(_ context.Context, name, _ string) (secret.Value, string, error) {
	v.gets.Add(1)
	value, ok := v.values[name]
	if !ok {
		return secret.Value{}, "", fault.New(fault.NotFound, "no_secret", "there is no such secret")
	}
	return value, "v1", nil
}

// Put is not used.
func (v *vault) Put(context.Context, string, string, secret.Value) error {
	return fault.New(fault.Internal, "not_here", "a bench stores no secrets")
}

// Delete is not used.
func (v *vault) Delete(context.Context, string) error {
	return fault.New(fault.Internal, "not_here", "a bench deletes no secrets")
}

// direct calls a handler without a socket, which simulated time could not wait for.
type direct struct{ to http.Handler }

// RoundTrip calls the handler.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.to.ServeHTTP(w, r)
	return w.Result(), nil
}

// fixed is the same bytes each time.
type fixed struct{}

// Read fills with what is no secret.
func (fixed) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i) ^ 0x5a
	}
	return len(p), nil
}

// Midnight is when measurements begin.
var Midnight = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
