package connect

import (
	"context"
	"log/slog"
	"maps"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// hookPatience is what registering or removing webhooks may take in all.
const hookPatience = 5 * time.Second

// webhookTypes are the changes that Ashby tells at once.
func webhookTypes() []string { return []string{"candidateDelete", "candidateMerge"} }

// register asks Ashby to send a team's webhooks to us and keeps their ids,
// because Ashby cannot list them. It is no part of turning the connection on: a
// failure becomes a remark, and merges and deletions are then noticed later.
func (c *Connector) register(ctx context.Context, ashby Ashby, conn connection.Connection) (connection.Connection, []Note) {
	registered, err := c.registerAll(ctx, ashby, conn)
	if err == nil && !maps.Equal(registered, conn.Webhooks) {
		next := conn
		next.Webhooks = registered
		if saved, saveErr := c.Store.SaveConnection(ctx, next); saveErr == nil {
			conn = saved
		} else {
			err = saveErr
		}
	}
	if err == nil {
		return conn, nil
	}
	c.Log.WarnContext(ctx, "webhooks not registered", slog.String("team", conn.Team), slog.String("error_code", fault.Of(err).Code()))
	return conn, []Note{{
		"webhooks_not_registered",
		"Ashby could not be asked to tell of merged and deleted candidates at once; they are noticed when one is used",
	}}
}

func (c *Connector) registerAll(ctx context.Context, ashby Ashby, conn connection.Connection) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, hookPatience)
	defer cancel()
	url, signing, err := c.Hooks.AshbyHook(ctx, conn.Team)
	if err != nil {
		return nil, err
	}
	ids := maps.Clone(conn.Webhooks)
	if ids == nil {
		ids = map[string]string{}
	}
	for _, kind := range webhookTypes() {
		id, err := ashby.RegisterWebhook(ctx, kind, url, signing)
		if err != nil {
			return nil, err
		}
		if id != "" {
			ids[kind] = id
		}
	}
	return ids, nil
}

// unregister removes a team's webhooks with the last use of its key. One that
// cannot be removed is a nuisance, not a danger: it says what has happened to
// candidates, and nothing is written for a team that is off.
func (c *Connector) unregister(ctx context.Context, ashby Ashby, conn connection.Connection) {
	ctx, cancel := context.WithTimeout(ctx, hookPatience)
	defer cancel()
	for _, kind := range webhookTypes() {
		id, ok := conn.Webhooks[kind]
		if !ok {
			continue
		}
		if err := ashby.DeleteWebhook(ctx, id); err != nil && !fault.Is(err, fault.Rejected) {
			c.Log.WarnContext(ctx, "webhook not removed", slog.String("team", conn.Team), slog.String("error_code", fault.Of(err).Code()))
			return
		}
	}
}

// Reregister has Ashby send a team's webhooks to its present address, and no more
// to the one before. registered is false where the key may not do that or Ashby did
// not; the address before is good still. Without a key there is nothing to do.
func (c *Connector) Reregister(ctx context.Context, team string) (registered bool, err error) {
	conn, err := c.Store.Connection(ctx, team)
	if err != nil || conn.Fingerprint == "" || c.Hooks == nil {
		return err == nil && conn.Fingerprint == "", err
	}
	key, err := c.key(ctx, conn)
	if err != nil {
		return false, err
	}
	ashby, old := c.Dial(key), maps.Clone(conn.Webhooks)
	conn.Webhooks = nil
	if conn, notes := c.register(ctx, ashby, conn); len(notes) > 0 || len(conn.Webhooks) == 0 {
		return false, nil
	}
	conn.Webhooks = old
	c.unregister(ctx, ashby, conn)
	return true, nil
}
