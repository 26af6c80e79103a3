package accept_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/usecase/accept"
)

var (
	masterA = base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef"))
	masterB = base64.StdEncoding.EncodeToString([]byte("fedcba9876543210fedcba9876543210"))
	ringA   = `{"masters":["` + masterA + `"]}`
	ringBA  = `{"masters":["` + masterB + `","` + masterA + `"]}`
)

// vault is a secret store with one secret. It counts reads and can be down.
type vault struct {
	content string
	version int
	err     error
	reads   int
}

func (v *vault) Get(_ context.Context, name, _ string) (secret.Value, string, error) {
	v.reads++
	switch {
	case v.err != nil:
		return secret.Value{}, "", v.err
	case name != "intake":
		return secret.Value{}, "", fault.New(fault.NotFound, "secret_not_found", "")
	}
	return secret.NewValue(v.content), fmt.Sprintf("v%d", v.version), nil
}

func (*vault) Put(context.Context, string, string, secret.Value) error { return errors.ErrUnsupported }

func (*vault) Delete(context.Context, string) error { return errors.ErrUnsupported }

func (v *vault) rotate(content string) { v.content, v.version = content, v.version+1 }

func (v *vault) down() { v.err = fault.New(fault.Unavailable, "secret_unavailable", "") }

// shelf is a queue that keeps what it gets.
type shelf struct {
	events     []event.Event
	hooks      []event.Hook
	candidates []event.CandidateHook
	err        error
}

func (s *shelf) Events(_ context.Context, events []event.Event) error {
	if s.err == nil {
		s.events = append(s.events, events...)
	}
	return s.err
}

func (s *shelf) Hook(_ context.Context, h event.Hook) error {
	if s.err == nil {
		s.hooks = append(s.hooks, h)
	}
	return s.err
}

func (s *shelf) Candidate(_ context.Context, h event.CandidateHook) error {
	if s.err == nil {
		s.candidates = append(s.candidates, h)
	}
	return s.err
}

func (s *shelf) count() int { return len(s.events) + len(s.hooks) + len(s.candidates) }

// claim is a request whose events are "good" or anything else; with "wrong" among
// them the whole of it is wrong.
type claim struct {
	team   string
	events []string
}

func (c claim) Team() string { return c.team }

var errWrong = fault.New(fault.Invalid, "no_events", "")

func (c claim) Wrong() error {
	if slices.Contains(c.events, "wrong") {
		return errWrong
	}
	return nil
}

func (c claim) Events(at time.Time, trace string) []event.Verdict {
	var out []event.Verdict
	for i, e := range c.events {
		id := fmt.Sprint(i)
		if e == "good" {
			out = append(out, event.Verdict{ID: id, Event: event.Event{ID: id, Team: c.team, AcceptedAt: at, Trace: trace}})
		} else {
			out = append(out, event.Verdict{ID: id, Mistakes: []fault.Detail{{Path: "events[" + id + "]", Code: e}}})
		}
	}
	return out
}

// world is an intake with what surrounds it.
type world struct {
	*accept.Intake
	vault *vault
	shelf *shelf
	now   time.Time
}

func newWorld(content string) *world {
	w := &world{vault: &vault{content: content}, shelf: &shelf{}, now: time.Unix(1772445600, 0)}
	clock := func() time.Time { return w.now }
	w.Intake = accept.New(accept.NewKeys(w.vault, "intake", clock), w.shelf, clock)
	return w
}

func ring(t *testing.T, content string) webhook.Keyring {
	t.Helper()
	r, err := webhook.ParseKeyring(content)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// send signs a request by a keyring, as one team, and sends it.
func (w *world) send(t *testing.T, signer webhook.Keyring, signerTeam string, c claim) ([]event.Verdict, error) {
	t.Helper()
	body := []byte(fmt.Sprintf("%v", c))
	s := webhook.Signed{
		ID: "m1", Timestamp: fmt.Sprint(w.now.Unix()), Signature: webhook.Sign(signer.TeamSecret(signerTeam, 1), "m1", w.now, body),
	}
	return w.Events(t.Context(), c, s, body, "trace-1")
}
