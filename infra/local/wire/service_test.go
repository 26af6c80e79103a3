package wire_test

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/deployment/deploytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

const team = "acme"

// service is the template, deployed, as one team sees it.
type service struct {
	*testing.T
	*deploytest.Deployed

	seeded ashbytest.Seeded
	secret webhook.Key     // of the team
	linked map[string]bool // candidates seen to be somebody's
}

// deploy brings the template up beside a simulated Ashby. Messages do not flow
// before flow.
func deploy(t *testing.T, c deploytest.Config) *service {
	t.Helper()
	if c.Logs == nil {
		c.Logs = t.Output()
	}
	s := &service{T: t, Deployed: deploytest.Up(t, c), linked: map[string]bool{}}
	var err error
	if s.seeded, err = s.Ashby.Seed(0); err != nil {
		t.Fatal(err)
	}
	ring, err := s.Account.Keyring(t.Context(), s.Template)
	if err != nil {
		t.Fatal(err)
	}
	s.secret = ring.TeamSecret(team, ring.Live(team)[0])
	return s
}

// flow moves messages from functions' queues to them until the test ends.
func (s *service) flow(functions ...string) { s.Flow(s.T, functions...) }

// empty reports whether a queue holds nothing, not even what somebody has in hand.
func (s *service) empty(queue string) bool { return s.Empty(s.T, queue) }

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

// sweep is the schedule's tick.
func (s *service) sweep() {
	s.Helper()
	if err := s.Sweep(s.Context()); err != nil {
		s.Fatal(err)
	}
}
