package wire_test

import (
	"context"
	"crypto/rand"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/deployment"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
)

// connect gives the account that the environment leads to. Without it there is
// nothing to test against.
func connect(t *testing.T) deployment.Account {
	t.Helper()
	a, err := deployment.Connect(os.Getenv)
	if err == nil {
		return a
	}
	if os.Getenv("WIRE") == "required" {
		t.Fatalf("%v: run make test", err)
	}
	t.Skipf("%v: run make test", err)
	return a
}

// made makes what the template declares and takes it away again in the end.
func made(t *testing.T, a deployment.Account, template *deployment.Template) {
	t.Helper()
	if err := a.Make(t.Context(), template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Remove(context.WithoutCancel(t.Context()), template); err != nil {
			t.Log(err)
		}
	})
}

// empty reports whether a queue holds nothing, not even what somebody has in hand.
func (s *service) empty(id string) bool {
	s.Helper()
	held, err := s.Account.Attributes(s.Context(), s.Ref(id))
	if err != nil {
		s.Fatal(err)
	}
	for _, where := range []string{"", "NotVisible", "Delayed"} {
		if held["ApproximateNumberOfMessages"+where] != "0" {
			return false
		}
	}
	return true
}

// take takes what can be received from a queue off it.
func (s *service) take(id string) []string {
	s.Helper()
	q, bodies := sqs.New(s.Account.Queues, s.Ref(id)), []string{}
	for {
		received, err := q.Receive(s.Context(), 10, 0, time.Minute)
		if err != nil {
			s.Fatal(err)
		}
		if len(received) == 0 {
			return bodies
		}
		for _, d := range received {
			bodies = append(bodies, d.Body)
			if err := q.Delete(s.Context(), d.Receipt); err != nil {
				s.Fatal(err)
			}
		}
	}
}

// stage is a name that no other run has, within what the template allows.
func stage() string { return "w" + strings.ToLower(rand.Text()[:10]) }
