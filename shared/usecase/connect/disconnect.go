package connect

import (
	"context"
	"log/slog"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// Disconnect turns a team's connection off and deletes its key at once; links
// and history stay. It may be repeated: what an interrupted one left of the key is
// deleted then. For a team without a connection nothing happens.
//
// The connection lets go of the key first: a drain that reads it afterwards
// stops, and one that cannot read the key any more finds nothing worse.
func (c *Connector) Disconnect(ctx context.Context, team string) (Report, error) {
	conn, err := c.Store.Connection(ctx, team)
	if err != nil {
		return Report{}, err
	}
	if conn.Status == connection.NotConnected {
		return c.Get(ctx, team)
	}
	var key secret.Value // for one last call, when Ashby has webhooks of ours
	if len(conn.Webhooks) > 0 {
		if key, err = c.key(ctx, conn); err != nil && !fault.Is(err, fault.NotFound) {
			return Report{}, err
		}
	}
	if conn.Status != connection.Disconnected {
		if _, err = c.Store.Disconnect(ctx, conn); err != nil {
			return Report{}, err
		}
	}
	if err := c.Secrets.Delete(ctx, c.Secret(team)); err != nil {
		c.Log.ErrorContext(ctx, "key not deleted", slog.String("team", team), slog.String("error_code", fault.Of(err).Code()))
		return Report{}, err
	}
	if !key.Empty() {
		c.unregister(ctx, c.Dial(key), conn)
	}
	return c.Get(ctx, team)
}
