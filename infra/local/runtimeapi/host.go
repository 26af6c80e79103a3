// Package runtimeapi runs bootstrap files on a laptop as Lambda runs them: behind
// the Runtime API, with the environment that they are given and no other, one
// invocation at a time each.
//
// A custom runtime asks http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/… for
// its next event. The variable may hold a path, so one listener serves every
// function. What Lambda documents of that API is here, but for payload streams and
// X-Ray: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
package runtimeapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Host serves the Runtime API on loopback and owns the processes that ask it.
type Host struct {
	address string
	server  *http.Server
	served  chan error
	logs    *sharedWriter

	mu           sync.Mutex
	environments map[string]*environment
	started      int
	closed       bool
}

// Start listens on a free port of loopback. What functions print goes to logs, a
// line at a time, after the function's name. The context bounds the start only.
func Start(ctx context.Context, logs io.Writer) (*Host, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("serve the runtime api: %w", err)
	}
	h := &Host{
		address: listener.Addr().String(), served: make(chan error, 1),
		logs: &sharedWriter{out: logs}, environments: map[string]*environment{},
	}
	h.server = &http.Server{Handler: h.routes(), ReadHeaderTimeout: 10 * time.Second}
	go func() { h.served <- h.server.Serve(listener) }()
	return h, nil
}

// Close ends every process and the listener, and waits for them. What runs is not
// waited for.
func (h *Host) Close() error {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	var stopping sync.WaitGroup
	for _, e := range h.running() {
		stopping.Go(e.stop)
	}
	stopping.Wait()
	err := h.server.Close()
	if ended := <-h.served; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}

func (h *Host) running() []*environment {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Collect(maps.Values(h.environments))
}

func (h *Host) dismiss(e *environment) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.environments, e.id)
}

func (h *Host) find(id string) *environment {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.environments[id]
}
