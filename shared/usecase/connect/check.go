package connect

import (
	"context"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// checkTries bounds the race of a check with other writers of the connection.
const checkTries = 3

// Check asks Ashby about the key that is in use and records what it says: a
// refusal turns the connection to "attention needed", a recovery turns it on
// again. With a key that works the team is rung, because events that wait for a
// permission go on at once after a check. No answer changes nothing.
//
// Errors: Conflict "not_connected", Unavailable "ashby_unreachable", Throttled
// "rate_limited".
func (c *Connector) Check(ctx context.Context, team string) (Report, error) {
	var err error
	for range checkTries {
		var out Report
		if out, err = c.check(ctx, team); !fault.Is(err, fault.Conflict) || fault.Of(err).Code() != "stale" {
			return out, err
		}
	}
	return Report{}, err
}

func (c *Connector) check(ctx context.Context, team string) (Report, error) {
	conn, err := c.Store.Connection(ctx, team)
	if err != nil {
		return Report{}, err
	}
	if conn.Fingerprint == "" {
		return Report{}, fault.New(fault.Conflict, "not_connected", "there is no key to check; activate one first")
	}
	found, err := c.examineStored(ctx, conn)
	if err != nil && !fault.Is(err, fault.KeyRefused) {
		return Report{}, err
	}
	next := checked(conn, found, err, c.Now().UTC())
	if next, err = c.Store.SaveConnection(ctx, next); err != nil {
		return Report{}, err
	}
	if next.Active() {
		c.ring(ctx, team)
	}
	m, err := c.Store.Mapping(ctx, team)
	if err != nil {
		return Report{}, err
	}
	return report(next, m), nil
}

// examineStored examines the key that is stored. A key that is gone is one that
// Ashby cannot accept.
func (c *Connector) examineStored(ctx context.Context, conn connection.Connection) (findings, error) {
	key, err := c.key(ctx, conn)
	if fault.Is(err, fault.NotFound) {
		return findings{}, fault.New(fault.KeyRefused, "key_missing", "the key is gone; activate one again").Because(err)
	}
	if err != nil {
		return findings{}, err
	}
	return examine(ctx, c.Dial(key))
}

func (c *Connector) key(ctx context.Context, conn connection.Connection) (secret.Value, error) {
	key, _, err := c.Secrets.Get(ctx, c.Secret(conn.Team), conn.SecretVersion)
	return key, err
}

// checked gives the connection as the findings leave it. A pause stays, and so
// does a question that only an admin can answer.
func checked(conn connection.Connection, found findings, refusal error, now time.Time) connection.Connection {
	conn.CheckedAt = now
	if refusal != nil {
		if conn.Refusal == "" {
			conn.RefusedAt = now
		}
		conn.Refusal = fault.Of(refusal).Code()
		return conn.Settled()
	}
	if !sameMissing(conn.Missing, found.missing) || conn.Private != found.private || conn.Confidential != found.confidential {
		conn.KeySince = now
	}
	conn.Private, conn.Confidential, conn.SeesPrivate = found.private, found.confidential, found.private == connection.Granted
	conn.KeyTitle, conn.Scopes, conn.Missing = found.info.Title, found.info.Scopes, found.missing
	conn.Refusal, conn.RefusedAt = "", time.Time{}
	return conn.Settled()
}

func sameMissing(a, b []connection.Permission) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
