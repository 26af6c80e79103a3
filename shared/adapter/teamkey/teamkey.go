// Package teamkey finds teams' Ashby keys in the secret store, one secret a team.
package teamkey

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// Keys are the secrets that hold teams' keys.
type Keys struct {
	secrets secret.Store
	prefix  string
}

// New finds keys under names that begin with the prefix.
func New(secrets secret.Store, prefix string) Keys { return Keys{secrets, prefix} }

// Name is the name of the team's secret: prefix, team, "/ashby-key".
func (k Keys) Name(team string) string { return k.prefix + team + "/ashby-key" }

// Key reads a version of a team's key. Errors are the store's.
func (k Keys) Key(ctx context.Context, team, version string) (secret.Value, error) {
	value, _, err := k.secrets.Get(ctx, k.Name(team), version)
	return value, err
}
