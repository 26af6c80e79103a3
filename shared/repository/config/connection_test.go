package config_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// clock stands still until it is set.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func tokens() func() string {
	n := 0
	return func() string { n++; return fmt.Sprintf("token-%d", n) }
}

func newStore(t *testing.T) (*config.Store, *memory.Table, *clock) {
	t.Helper()
	c := &clock{noon}
	rows := memory.NewTable(c.now)
	return config.New(rows, c.now, tokens()), rows, c
}

func active(team, fingerprint string) connection.Connection {
	return connection.Connection{Team: team, Status: connection.Connected, Fingerprint: fingerprint, SecretVersion: "v-" + fingerprint}
}

func activate(t *testing.T, s *config.Store, c connection.Connection) connection.Connection {
	t.Helper()
	out, err := s.Activate(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func wantCode(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.Of(err).Code() != code {
		t.Fatalf("error %v, want %v %s", err, kind, code)
	}
}

func TestATeamThatNeverConnectedIsNotConnected(t *testing.T) {
	s, _, _ := newStore(t)
	got, err := s.Connection(t.Context(), "acme")
	if err != nil || got.Status != connection.NotConnected || got.Team != "acme" || got.Version != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAKeyBelongsToOneTeamUntilItIsFreed(t *testing.T) {
	s, _, _ := newStore(t)
	acme := activate(t, s, active("acme", "f1"))

	_, err := s.Activate(t.Context(), active("globex", "f1"), nil)
	wantCode(t, err, fault.Conflict, "key_in_use")
	if c, _ := s.Connection(t.Context(), "globex"); c.Status != connection.NotConnected {
		t.Errorf("the refused team is %s", c.Status)
	}

	rotated := active("acme", "f2")
	rotated.Version = acme.Version
	acme = activate(t, s, rotated)
	globex := activate(t, s, active("globex", "f1")) // freed by the rotation

	if _, err := s.Disconnect(t.Context(), acme); err != nil {
		t.Fatal(err)
	}
	again := active("globex", "f2") // freed by the disconnection
	again.Version = globex.Version
	activate(t, s, again)
	if owner, _ := s.KeyOwner(t.Context(), "f2"); owner != "globex" {
		t.Errorf("the key's owner is %q", owner)
	}
}

func TestActivatingTheSameKeyAgainKeepsItsClaim(t *testing.T) {
	s, _, _ := newStore(t)
	c := activate(t, s, active("acme", "f1"))
	activate(t, s, c)
	if owner, _ := s.KeyOwner(t.Context(), "f1"); owner != "acme" {
		t.Errorf("the key's owner is %q", owner)
	}
}

func TestAnActivationOverAnotherVersionChangesNothing(t *testing.T) {
	s, _, _ := newStore(t)
	activate(t, s, active("acme", "f1"))
	_, err := s.Activate(t.Context(), active("acme", "f2"), nil) // read before the first
	wantCode(t, err, fault.Conflict, "stale")
	if owner, _ := s.KeyOwner(t.Context(), "f2"); owner != "" {
		t.Errorf("a refused activation claimed the key for %q", owner)
	}
}

// raced lets another writer in just before the first transaction.
type raced struct {
	table.Table
	first func()
}

func (r *raced) Transact(ctx context.Context, writes []table.Write) error {
	if meanwhile := r.first; meanwhile != nil {
		r.first = nil
		meanwhile()
	}
	return r.Table.Transact(ctx, writes)
}

func TestOfTwoTeamsThatClaimAKeyAtOnceOneIsRefused(t *testing.T) {
	other, rows, c := newStore(t)
	race := &raced{Table: rows, first: func() { activate(t, other, active("globex", "f1")) }}
	fresh := 1000
	s := config.New(race, c.now, func() string { fresh++; return fmt.Sprint(fresh) })
	_, err := s.Activate(t.Context(), active("acme", "f1"), nil)
	wantCode(t, err, fault.Conflict, "key_in_use")
}

func TestOfTwoAdminsOfATeamThatActivateAtOnceOneIsStale(t *testing.T) {
	other, rows, c := newStore(t)
	race := &raced{Table: rows, first: func() { activate(t, other, active("acme", "f1")) }}
	fresh := 1000
	s := config.New(race, c.now, func() string { fresh++; return fmt.Sprint(fresh) })
	_, err := s.Activate(t.Context(), active("acme", "f1"), nil)
	wantCode(t, err, fault.Conflict, "stale")
}

func TestAnActivationStoresItsMappingWithIt(t *testing.T) {
	s, _, _ := newStore(t)
	m := mapping.Default().With(mapping.Entry{From: []contact.Variable{contact.Company}, To: "cf-1"})
	if _, err := s.Activate(t.Context(), active("acme", "f1"), &m); err != nil {
		t.Fatal(err)
	}
	got, err := s.Mapping(t.Context(), "acme")
	if err != nil || got.Version != 1 || len(got.Entries) != len(m.Entries) {
		t.Errorf("got %+v, %v", got, err)
	}
	c, _ := s.Connection(t.Context(), "acme")
	c.Fingerprint = "f2"
	_, err = s.Activate(t.Context(), c, &m) // the mapping of version 0 again
	wantCode(t, err, fault.Conflict, "stale")
}

func TestARefusalOfTheCurrentKeyTurnsTheConnection(t *testing.T) {
	s, _, _ := newStore(t)
	activate(t, s, active("acme", "f1"))
	if _, err := s.MarkRefused(t.Context(), "acme", "f1", "key_refused", noon); err != nil {
		t.Fatal(err)
	}
	c, _ := s.Connection(t.Context(), "acme")
	if c.Status != connection.Attention || c.Reason != "key_refused" || !c.CheckedAt.Equal(noon) {
		t.Errorf("got %+v", c)
	}
}

func TestARefusalIsTakenBackAndAPauseStays(t *testing.T) {
	s, _, _ := newStore(t)
	c := activate(t, s, active("acme", "f1"))
	c.PausedAt = noon
	if _, err := s.SaveConnection(t.Context(), c.Settled()); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		if turned, err := s.MarkRefused(t.Context(), "acme", "f1", "key_refused", noon); turned != want || err != nil {
			t.Errorf("time %d: turned %v, %v", i+1, turned, err)
		}
	}
	if c, _ := s.Connection(t.Context(), "acme"); c.Status != connection.Attention || !c.RefusedAt.Equal(noon) {
		t.Errorf("refused: %+v", c)
	}
	if err := s.MarkAccepted(t.Context(), "acme", "f1", noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if c, _ := s.Connection(t.Context(), "acme"); c.Status != connection.Paused || c.Refusal != "" || !c.CheckedAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("accepted: %+v", c)
	}
}

func TestARefusalOfAnOldKeyChangesNothing(t *testing.T) {
	s, _, _ := newStore(t)
	first := activate(t, s, active("acme", "f1"))
	rotated := active("acme", "f2")
	rotated.Version = first.Version
	activate(t, s, rotated)
	if _, err := s.MarkRefused(t.Context(), "acme", "f1", "key_refused", noon); err != nil {
		t.Fatal(err)
	}
	if c, _ := s.Connection(t.Context(), "acme"); c.Status != connection.Connected {
		t.Errorf("the connection is %s", c.Status)
	}
}

func TestAPermissionThatTurnsOutMissingLimitsTheConnection(t *testing.T) {
	s, _, _ := newStore(t)
	c := active("acme", "f1")
	c.CheckedAt = noon
	before := activate(t, s, c)
	missing := func(fingerprint string, p connection.Permission, at time.Time) connection.Connection {
		t.Helper()
		if err := s.MarkMissing(t.Context(), "acme", fingerprint, p, at); err != nil {
			t.Fatal(err)
		}
		c, _ := s.Connection(t.Context(), "acme")
		return c
	}
	for name, c := range map[string]connection.Connection{
		"another key":           missing("f2", connection.CandidatesWrite, noon.Add(time.Second)),
		"before the last check": missing("f1", connection.CandidatesWrite, noon.Add(-time.Second)),
	} {
		if c.Status != connection.Connected || c.Version != before.Version {
			t.Errorf("news of %s: %+v", name, c)
		}
	}
	first := missing("f1", connection.CandidatesWrite, noon.Add(time.Second))
	if first.Status != connection.Limited || !slices.Equal(first.Missing, []connection.Permission{connection.CandidatesWrite}) {
		t.Errorf("got %+v", first)
	}
	if !first.CheckedAt.Equal(noon) {
		t.Errorf("it counts as a check: %s", first.CheckedAt)
	}
	if again := missing("f1", connection.CandidatesWrite, noon.Add(time.Minute)); again.Version != first.Version {
		t.Errorf("said twice: %+v", again)
	}
}

func TestAPermissionThatIsRegainedLiftsTheLimit(t *testing.T) {
	s, _, _ := newStore(t)
	c := active("acme", "f1")
	c.Missing = []connection.Permission{connection.CandidatesWrite, connection.OrganizationRead}
	activate(t, s, c.Settled())
	for i, p := range c.Missing {
		at := noon.Add(time.Duration(i+1) * time.Minute)
		for _, fingerprint := range []string{"another", "f1"} {
			if err := s.MarkGranted(t.Context(), "acme", fingerprint, p, at); err != nil {
				t.Fatal(err)
			}
		}
		got, _ := s.Connection(t.Context(), "acme")
		if slices.Contains(got.Missing, p) || !got.CheckedAt.Equal(at) || (got.Status == connection.Connected) != (i == 1) {
			t.Errorf("after %s: %+v", p, got)
		}
	}
}

func TestASaveMayNotSwapTheKey(t *testing.T) {
	s, _, _ := newStore(t)
	c := activate(t, s, active("acme", "f1"))
	c.Fingerprint = "f2"
	_, err := s.SaveConnection(t.Context(), c)
	wantCode(t, err, fault.Conflict, "stale")
}

func TestADisconnectedTeamHasNoKey(t *testing.T) {
	s, _, _ := newStore(t)
	c := active("acme", "f1")
	c.LastFour, c.Scopes, c.ActivatedBy = "abcd", []string{"x"}, "u1"
	off, err := s.Disconnect(t.Context(), activate(t, s, c))
	if err != nil {
		t.Fatal(err)
	}
	stored, _ := s.Connection(t.Context(), "acme")
	if stored.Status != connection.Disconnected || stored.Fingerprint+stored.SecretVersion+stored.LastFour != "" ||
		stored.Version != off.Version || stored.ActivatedBy != "u1" {
		t.Errorf("got %+v", stored)
	}
}
