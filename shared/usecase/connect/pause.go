package connect

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Pause keeps all work of a team where it is until somebody resumes. It is one
// state of the connection: nothing is written to the events. To pause again changes
// nothing. Errors: Conflict "not_connected", "stale".
func (c *Connector) Pause(ctx context.Context, team, user string) (Report, error) {
	return c.turn(ctx, team, func(conn *connection.Connection) bool {
		if !conn.PausedAt.IsZero() {
			return false
		}
		conn.PausedAt, conn.PausedBy = c.Now().UTC(), user
		return true
	})
}

// Resume lets the work go on, in order. Where there is no pause nothing changes.
// Errors: Conflict "not_connected", "stale".
func (c *Connector) Resume(ctx context.Context, team string) (Report, error) {
	return c.turn(ctx, team, func(conn *connection.Connection) bool {
		if conn.PausedAt.IsZero() {
			return false
		}
		conn.PausedAt, conn.PausedBy = time.Time{}, ""
		return true
	})
}

// turn changes a connection that has a key, if change wants to, and rings where
// work may go then. Another writer in between is made room for: what is turned here
// does not depend on what others write.
func (c *Connector) turn(ctx context.Context, team string, change func(*connection.Connection) bool) (Report, error) {
	var err error
	for range checkTries {
		conn, readErr := c.Store.Connection(ctx, team)
		if readErr != nil {
			return Report{}, readErr
		}
		if conn.Fingerprint == "" {
			return Report{}, fault.New(fault.Conflict, "not_connected", "there is no key in use; activate one first")
		}
		if !change(&conn) {
			return c.Get(ctx, team)
		}
		if conn, err = c.Store.SaveConnection(ctx, conn.Settled()); err == nil {
			if conn.Active() {
				c.ring(ctx, team)
			}
			return c.Get(ctx, team)
		}
		if !fault.Is(err, fault.Conflict) {
			break
		}
	}
	return Report{}, err
}
