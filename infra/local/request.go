package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// client speaks to the running service as one of its users, and prints what it
// sends.
type client struct {
	runFile
	user string // admin, member or viewer
	out  io.Writer
	http *http.Client
}

func connect(getenv func(string) string, user string, out io.Writer) (*client, error) {
	f, err := readRun(getenv)
	if err != nil {
		return nil, err
	}
	return &client{runFile: f, user: user, out: out, http: &http.Client{Timeout: 30 * time.Second}}, nil
}

// call makes a request and decodes the answer; an answer that is a problem
// document is an error with its text.
func (c *client) call(ctx context.Context, method, path string, header http.Header, body, into any) (http.Header, error) {
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, c.API+path, bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	for name := range header {
		r.Header.Set(name, header.Get(name))
	}
	r.Header.Set("Authorization", "Bearer "+c.Tokens[c.user])
	if raw != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("the service does not answer (is `make run` still running?): %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 4<<20))
	if err != nil {
		return nil, err
	}
	if answer.StatusCode >= http.StatusBadRequest {
		return answer.Header, &problem{answer.StatusCode, fmt.Sprintf("%s %s: %s\n%s", method, path, answer.Status, indented(text))}
	}
	if into == nil || len(text) == 0 {
		return answer.Header, nil
	}
	return answer.Header, json.Unmarshal(text, into)
}

// problem is an answer that says no.
type problem struct {
	status int
	text   string
}

// Error is the answer as it came.
func (p *problem) Error() string { return p.text }

func isNotFound(err error) bool {
	p, ok := errors.AsType[*problem](err)
	return ok && p.status == http.StatusNotFound
}

// show prints a request so that it can be made by hand.
func (c *client) show(method, path, more string) {
	_, _ = fmt.Fprintf(c.out, "> %s %s%s   (as %s)%s\n", method, c.API, path, c.user, more)
}

func indented(raw []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, raw, "", "  ") != nil {
		return string(raw)
	}
	return b.String()
}
