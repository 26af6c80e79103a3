package config

import (
	"context"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Connection gives a team's connection; NotConnected, version 0, when the team
// never had one.
func (s *Store) Connection(ctx context.Context, team string) (connection.Connection, error) {
	c, _, err := s.connection(ctx, team)
	return c, err
}

func (s *Store) connection(ctx context.Context, team string) (connection.Connection, string, error) {
	c, token, err := read[connection.Connection](ctx, s.table, connectionKey(team))
	if token == "" {
		c = connection.Connection{Team: team, Status: connection.NotConnected}
	}
	return c, token, err
}

// SaveConnection stores a connection over the version it bears, and gives it
// with the new version. The key stays the one it was: a change of fingerprint is
// a matter of Activate and Disconnect.
func (s *Store) SaveConnection(ctx context.Context, c connection.Connection) (connection.Connection, error) {
	stored, token, err := s.connection(ctx, c.Team)
	if err != nil {
		return connection.Connection{}, err
	}
	if stored.Version != c.Version || stored.Fingerprint != c.Fingerprint {
		return connection.Connection{}, stale()
	}
	c.Version++
	write, err := s.put(connectionKey(c.Team), c, token)
	if err != nil {
		return connection.Connection{}, err
	}
	return c, staleIfRefused(table.Put(ctx, s.table, write))
}

// markTries bounds the race of the drain's news with other writers.
const markTries = 5

// MarkRefused turns a connection to "attention needed" if it still uses the key of
// that fingerprint, and says whether this was what turned it; otherwise the news is
// old and nothing happens.
func (s *Store) MarkRefused(ctx context.Context, team, fingerprint, reason string, at time.Time) (turned bool, err error) {
	err = s.mark(ctx, team, fingerprint, func(c *connection.Connection) bool {
		turned = c.Refusal != reason
		if turned {
			c.Refusal, c.RefusedAt, c.CheckedAt = reason, at, at
		}
		return turned
	})
	return turned && err == nil, err
}

// MarkAccepted takes a refusal back if the connection still uses the key of that
// fingerprint.
func (s *Store) MarkAccepted(ctx context.Context, team, fingerprint string, at time.Time) error {
	return s.mark(ctx, team, fingerprint, func(c *connection.Connection) bool {
		if c.Refusal == "" {
			return false
		}
		c.Refusal, c.RefusedAt, c.CheckedAt = "", time.Time{}, at
		return true
	})
}

// MarkGranted takes note that the key of that fingerprint has a permission that it
// lacked. It counts as a check: what waited for the permission goes on.
func (s *Store) MarkGranted(ctx context.Context, team, fingerprint string, p connection.Permission, at time.Time) error {
	return s.mark(ctx, team, fingerprint, func(c *connection.Connection) bool {
		if !slices.Contains(c.Missing, p) {
			return false
		}
		c.Missing = slices.DeleteFunc(slices.Clone(c.Missing), func(m connection.Permission) bool { return m == p })
		c.KeySince, c.CheckedAt = at, at
		return true
	})
}

// MarkMissing notes a permission that the key of that fingerprint turned out to
// lack, and that the connection has limits; news of another key, of one that is
// refused, or from before the last check (at is when the call was refused) are old,
// and nothing happens. It is no check: CheckedAt stays.
func (s *Store) MarkMissing(ctx context.Context, team, fingerprint string, p connection.Permission, at time.Time) error {
	return s.mark(ctx, team, fingerprint, func(c *connection.Connection) bool {
		if c.Refusal != "" || slices.Contains(c.Missing, p) || at.Before(c.CheckedAt) {
			return false
		}
		c.Missing, c.KeySince = append(slices.Clone(c.Missing), p), at
		return true
	})
}

// mark changes a connection that uses the key of that fingerprint, if change
// wants to.
func (s *Store) mark(ctx context.Context, team, fingerprint string, change func(*connection.Connection) bool) error {
	var err error
	for range markTries {
		c, readErr := s.Connection(ctx, team)
		if readErr != nil {
			return readErr
		}
		if fingerprint == "" || c.Fingerprint != fingerprint || !change(&c) {
			return nil
		}
		if _, err = s.SaveConnection(ctx, c.Settled()); !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return err
}

// Activate stores, all or nothing: the connection over the version it bears, the
// claim of its key, the release of the key it had before, and the mapping when
// one is given (over the version that bears). Conflict has code "key_in_use"
// when another team uses the key, else "stale".
func (s *Store) Activate(ctx context.Context, c connection.Connection, m *mapping.Mapping) (connection.Connection, error) {
	stored, token, err := s.connection(ctx, c.Team)
	if err != nil {
		return connection.Connection{}, err
	}
	if stored.Version != c.Version {
		return connection.Connection{}, stale()
	}
	claim, err := s.claim(ctx, c.Team, c.Fingerprint)
	if err != nil {
		return connection.Connection{}, err
	}
	c.Version++
	turnOn, err := s.put(connectionKey(c.Team), c, token)
	if err != nil {
		return connection.Connection{}, err
	}
	writes := []table.Write{turnOn, claim}
	if old := stored.Fingerprint; old != "" && old != c.Fingerprint {
		writes = append(writes, table.Write{Item: table.Item{Key: claimKey(old)}, Delete: true})
	}
	if m != nil {
		_, mapped, err := s.mappingWrites(ctx, c.Team, *m)
		if err != nil {
			return connection.Connection{}, err
		}
		writes = append(writes, mapped...)
	}
	return c, claimRefused(c.Team, table.Transact(ctx, s.table, writes))
}

// claim makes the write that says whose key this is.
func (s *Store) claim(ctx context.Context, team, fingerprint string) (table.Write, error) {
	owner, token, err := read[claim](ctx, s.table, claimKey(fingerprint))
	if err != nil {
		return table.Write{}, err
	}
	if token != "" && owner.Team != team {
		return table.Write{}, keyInUse()
	}
	return s.put(claimKey(fingerprint), claim{Team: team}, token)
}

// claim is the document of a key's row.
type claim struct{ Team string }

// claimIndex is where Activate puts the claim among its writes.
const claimIndex = 1

// claimRefused tells a key that another team took meanwhile from a race within
// the team.
func claimRefused(team string, err error) error {
	refused, ok := table.AsRefused(err)
	if !ok {
		return err
	}
	for _, r := range refused.Refusals {
		if r.Index != claimIndex || !r.Found {
			continue
		}
		if owner, err := decode[claim](r.Old); err == nil && owner.Team != team {
			return keyInUse()
		}
	}
	return stale()
}

func keyInUse() error {
	return fault.New(fault.Conflict, "key_in_use", "this key is already in use")
}

func staleIfRefused(err error) error {
	if _, ok := table.AsRefused(err); ok {
		return stale()
	}
	return err
}

// KeyOwner says which team uses the key of that fingerprint; empty for none.
func (s *Store) KeyOwner(ctx context.Context, fingerprint string) (string, error) {
	owner, _, err := read[claim](ctx, s.table, claimKey(fingerprint))
	return owner.Team, err
}

// Disconnect stores the connection over the version it bears as disconnected,
// without a key, and frees the key for other teams. Links and history are
// elsewhere and stay.
func (s *Store) Disconnect(ctx context.Context, c connection.Connection) (connection.Connection, error) {
	stored, token, err := s.connection(ctx, c.Team)
	if err != nil {
		return connection.Connection{}, err
	}
	if stored.Version != c.Version {
		return connection.Connection{}, stale()
	}
	off := connection.Connection{
		Team: c.Team, Status: connection.Disconnected, Version: c.Version + 1,
		ActivatedAt: c.ActivatedAt, ActivatedBy: c.ActivatedBy, Generation: c.Generation,
	}
	write, err := s.put(connectionKey(c.Team), off, token)
	if err != nil {
		return connection.Connection{}, err
	}
	writes := []table.Write{write}
	if stored.Fingerprint != "" {
		writes = append(writes, table.Write{Item: table.Item{Key: claimKey(stored.Fingerprint)}, Delete: true})
	}
	return off, staleIfRefused(table.Transact(ctx, s.table, writes))
}
