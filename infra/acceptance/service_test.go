// Package acceptance_test goes through what the product promises, case by case, as its users do: through the HTTP API, signed events and hooks of a running service, with Ashby's own state as the judge.
package acceptance_test

import (
	"bytes"
	"flag"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/issuer"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
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
	// key is the file that the issuer signs with, to sign what it would not.
	key string
	// rows gives everything that the service stores but secrets, by table; what is or was
	// in queues is under inQueues.
	rows func(*testing.T) map[string][][]byte
	log  *lines // what it says
}

const inQueues = "queues"

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

// errors are the lines that tell of one.
func (l *lines) errors() string {
	var out strings.Builder
	for line := range strings.Lines(l.String()) {
		if strings.Contains(line, `"level":"ERROR"`) || strings.Contains(line, "level=ERROR") {
			out.WriteString(line)
		}
	}
	return out.String()
}
