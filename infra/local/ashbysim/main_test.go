package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// logbook is a log that can be read while it is written.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// start runs the command and returns its address, its log and a way to end it.
func start(t *testing.T, state string) (addr string, log *logbook, end func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	log = &logbook{}
	ended := make(chan error, 1)
	getenv := func(name string) string {
		return map[string]string{"ASHBY_ADDR": "127.0.0.1:0", "ASHBY_STATE": state}[name]
	}
	go func() { ended <- run(ctx, nil, getenv, slog.New(slog.NewJSONHandler(log, nil))) }()
	return listening(t, log), log, func() error { cancel(); return <-ended }
}

// listening waits for the line that says where.
func listening(t *testing.T, log *logbook) (addr string) {
	t.Helper()
	found := regexp.MustCompile(`"url":"http://([^"]+)"`)
	for deadline := time.Now().Add(10 * time.Second); ; {
		if m := found.FindStringSubmatch(log.String()); m != nil {
			return m[1]
		}
		if time.Now().After(deadline) {
			t.Fatalf("it does not listen: %s", log)
		}
		<-time.After(time.Millisecond)
	}
}

func post(t *testing.T, addr, method, body string) int {
	t.Helper()
	status, err := send(t, addr, method, body)
	if err != nil {
		t.Fatal(err)
	}
	return status
}

func send(t *testing.T, addr, method, body string) (int, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+addr+"/"+method, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(ashbytest.LocalKey+":")))
	answer, err := (&http.Client{Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}

func get(t *testing.T, addr, path string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+"/"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := (&http.Client{Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return string(body)
}

func TestItServesASeededAshbyAndGoesOnFromItsFile(t *testing.T) {
	state := filepath.Join(t.TempDir(), "ashby.jsonl")
	for range 2 {
		addr, log, end := start(t, state)
		if status := post(t, addr, "candidate.list", `{}`); status != http.StatusOK {
			t.Errorf("status %d", status)
		}
		if err := end(); err != nil {
			t.Errorf("it ended with %v", err)
		}
		if strings.Contains(log.String(), ashbytest.LocalKey) {
			t.Error("a key is in the log")
		}
	}
	ashby, err := ashbytest.Open(ashbytest.Config{}, state)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ashby.Close() }()
	if n := len(ashby.Calls(ashbytest.CallFilter{})); n != 2 {
		t.Errorf("%d calls in the file, want 2", n)
	}
}

func TestItEndsThoughCallsAreHeld(t *testing.T) {
	addr, _, end := start(t, "")
	post(t, addr, "_sim/faults", `{"kind":"lost-before"}`)
	held := make(chan struct{})
	go func() {
		defer close(held)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+addr+"/apiKey.info", strings.NewReader(`{}`))
		if err != nil {
			t.Error(err)
			return
		}
		if answer, err := (&http.Client{Timeout: time.Minute}).Do(req); err == nil {
			_ = answer.Body.Close()
			t.Error("the call was answered")
		}
	}()
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(get(t, addr, "_sim/stats"), `"calls":1`); {
		if time.Now().After(deadline) {
			t.Fatal("the call never came")
		}
	}
	if err := end(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	<-held
}

func TestWrongSettingsAreRefused(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	for name, c := range map[string]struct {
		args []string
		env  map[string]string
	}{
		"an unknown flag":             {args: []string{"-nonsense"}},
		"a scale of no number":        {env: map[string]string{"ASHBY_WEBHOOK_SCALE": "fast"}},
		"an address of nothing":       {args: []string{"-addr", "nowhere:-1"}},
		"a state that is a directory": {args: []string{"-addr", "127.0.0.1:0", "-state", t.TempDir()}},
	} {
		if err := run(t.Context(), c.args, func(name string) string { return c.env[name] }, log); err == nil {
			t.Errorf("%s: it ran", name)
		}
	}
}
