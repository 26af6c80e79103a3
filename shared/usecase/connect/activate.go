package connect

import (
	"context"
	"log/slog"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// Activate checks a key, keeps it, and turns the team's connection on, or changes
// nothing. Over an active key it rotates, and links stay: unless the new key sees
// none of a few candidates that people are linked to. Then the key is kept, but
// nothing goes on before an admin answers (Answer).
//
// The key is stored first, under a version of its own, and then one write makes
// the connection point to it: a crash between them leaves a version nobody uses.
//
// Errors: Invalid (not a key), KeyRefused "key_refused", Unavailable
// "ashby_unreachable", Throttled "rate_limited", Conflict "key_in_use" (another
// team's) and "stale" (somebody of the team was faster).
func (c *Connector) Activate(ctx context.Context, team, user string, pasted secret.Value) (Report, error) {
	key, err := parseKey(pasted)
	if err != nil {
		return Report{}, err
	}
	before, err := c.Store.Connection(ctx, team)
	if err != nil {
		return Report{}, err
	}
	ashby := c.Dial(key)
	found, err := examine(ctx, ashby)
	if err != nil {
		return Report{}, err
	}
	next := c.turnedOn(before, key, found, user)
	if next.Foreign, err = c.foreign(ctx, ashby, before, next); err != nil {
		return Report{}, err
	}
	next = next.Settled()
	m, added, err := c.mapped(ctx, next, found)
	if err != nil {
		return Report{}, err
	}
	kept, err := c.keep(ctx, next, key, m)
	if fault.Is(err, fault.Conflict) && fault.Of(err).Code() == "stale" {
		return c.alreadyOn(ctx, next, err)
	}
	if err != nil {
		return Report{}, err
	}
	next = kept
	var notes []Note
	if c.Hooks != nil && !found.lacks(connection.APIKeysWrite) {
		next, notes = c.register(ctx, ashby, next)
	}
	c.ring(ctx, team)
	now, err := c.Store.Mapping(ctx, team)
	if err != nil {
		return Report{}, err
	}
	out := report(next, now)
	out.Mapped, out.Notes = added, notes
	return out, nil
}

func (c *Connector) turnedOn(before connection.Connection, key secret.Value, found findings, user string) connection.Connection {
	now, fingerprint := c.Now().UTC(), connection.Fingerprint(key.Reveal())
	next := connection.Connection{
		Team: before.Team, Version: before.Version,
		LastFour: connection.LastFour(key.Reveal()), Fingerprint: fingerprint, SecretVersion: c.Version(),
		KeyTitle: found.info.Title, Scopes: found.info.Scopes, Missing: found.missing,
		ActivatedAt: now, ActivatedBy: user, CheckedAt: now, Webhooks: before.Webhooks,
		PausedAt: before.PausedAt, PausedBy: before.PausedBy, Generation: before.Generation, KeySince: now, Answered: before.Answered,
	}
	next.Private, next.Confidential, next.SeesPrivate = found.private, found.confidential, found.private == connection.Granted
	if before.Fingerprint == next.Fingerprint && sameMissing(before.Missing, next.Missing) && before.Confidential == next.Confidential {
		next.KeySince = before.KeySince
	}
	return next
}

// mapped gives the team's mapping with what this activation adds; nil when that
// is nothing. Fields of what may be a stranger's Ashby are left alone.
func (c *Connector) mapped(ctx context.Context, next connection.Connection, found findings) (*mapping.Mapping, []Mapped, error) {
	if next.Foreign {
		return nil, nil, nil
	}
	m, err := c.Store.Mapping(ctx, next.Team)
	if err != nil {
		return nil, nil, err
	}
	m, added := mapWanted(m, found.fields)
	if len(added) == 0 {
		return nil, nil, nil
	}
	return &m, added, nil
}

// keep stores the key and turns the connection on. Whose the key is, is asked
// before too: a key that another team has shall not become a version of this
// team's secret.
func (c *Connector) keep(ctx context.Context, next connection.Connection, key secret.Value, m *mapping.Mapping) (connection.Connection, error) {
	owner, err := c.Store.KeyOwner(ctx, next.Fingerprint)
	if err != nil {
		return connection.Connection{}, err
	}
	if owner != "" && owner != next.Team {
		return connection.Connection{}, fault.New(fault.Conflict, "key_in_use", "this key is already in use")
	}
	if err := c.Secrets.Put(ctx, c.Secret(next.Team), next.SecretVersion, key); err != nil {
		return connection.Connection{}, err
	}
	// From now on somebody looks whether the key is still accepted. An entry for a
	// key that does not come to be in use goes by itself.
	if err := c.Probes.PutProbe(ctx, next.Team, next.ActivatedAt.Add(firstProbe)); err != nil {
		return connection.Connection{}, err
	}
	return c.Store.Activate(ctx, next, m)
}

// firstProbe is how long after an activation the key is first looked at again.
const firstProbe = 4 * time.Minute

// alreadyOn answers who was too late: well, if the very same key is in use by now,
// for that was a second click.
func (c *Connector) alreadyOn(ctx context.Context, wanted connection.Connection, stale error) (Report, error) {
	out, err := c.Get(ctx, wanted.Team)
	if err == nil && (out.Connection.Fingerprint != wanted.Fingerprint || out.Connection.Refusal != "") {
		err = stale
	}
	if err != nil {
		return Report{}, err
	}
	return out, nil
}

// ring is a hint: without it the sweep finds the work a little later.
func (c *Connector) ring(ctx context.Context, team string) {
	if err := c.Bell.Ring(ctx, team); err != nil {
		c.Log.WarnContext(ctx, "team not rung", slog.String("team", team), slog.String("error_code", fault.Of(err).Code()))
	}
}
