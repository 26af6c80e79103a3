// Package acceptance_test goes through what the product promises, case by case, as its users do: through the HTTP API, signed events and hooks of a running service, with Ashby's own state as the judge.
package acceptance_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/issuer"
	"github.com/sourcewhale/ashby-sync/infra/local/stack"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
)

// atOnce is how many cases run side by side. Most of their time is spent waiting:
// for the ten seconds in which edits go together, for the settle time, for a sweep.
const atOnce = "48"

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// service is what the cases act on, wherever it runs.
type service struct {
	url   string
	ashby *ashbytest.Ashby
	http  *http.Client
	// sign signs a user of a team in.
	sign func(team, user, role string, admin bool) (string, error)
	// key is the issuer's, to sign what it would not; state is where everything that
	// the service stores can be read, and log what it says. Empty where it runs elsewhere.
	key   string
	state string
	log   *lines
}

// embedded runs the service in this process, as `make run` does, with times that a
// test can wait for.
func embedded(t *testing.T) *service {
	t.Helper()
	dir, log := t.TempDir(), &lines{}
	s := &service{ashby: ashbytest.New(ashbytest.Config{}), http: &http.Client{Timeout: 30 * time.Second}, key: filepath.Join(dir, "issuer.pem"), state: dir, log: log}
	t.Cleanup(func() { _ = s.ashby.Close() })
	server := httptest.NewServer(s.ashby)
	t.Cleanup(server.Close)
	running, err := stack.Start(t.Context(), stack.Config{
		Dir: dir, Listen: "127.0.0.1:0", Ashby: server.URL, Team: "nobody", Rate: 958,
		Sweep: 700 * time.Millisecond, Settle: time.Second, Drains: 40, Log: logging.New(log, "debug"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
		defer cancel()
		if err := running.Stop(end); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
	s.url, s.sign = running.URL, running.Token
	return s
}

// token signs somebody in whom the issuer would not: with a key of another, or long
// ago.
func (s *service) token(t *testing.T, key string, now func() time.Time, team string) string {
	t.Helper()
	i, err := issuer.Open(key, now)
	if err != nil {
		t.Fatal(err)
	}
	token, err := i.Token(team, "u-admin", "member", true, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// lines is a log that many write to.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
