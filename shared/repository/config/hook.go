package config

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

func rotationsKey(team string) table.Key { return table.Key{Partition: team, Sort: "hooks"} }

// Rotations gives which generations of its secrets and tokens a team uses; the zero
// value when it never rotated any.
func (s *Store) Rotations(ctx context.Context, team string) (webhook.Rotations, error) {
	r, _, err := read[webhook.Rotations](ctx, s.table, rotationsKey(team))
	return r, err
}

// SaveRotations stores them over the version that they bear, and gives them with
// the new one.
func (s *Store) SaveRotations(ctx context.Context, team string, r webhook.Rotations) (webhook.Rotations, error) {
	stored, token, err := read[webhook.Rotations](ctx, s.table, rotationsKey(team))
	if err != nil {
		return webhook.Rotations{}, err
	}
	if stored.Version != r.Version {
		return webhook.Rotations{}, stale()
	}
	r.Version++
	write, err := s.put(rotationsKey(team), r, token)
	if err != nil {
		return webhook.Rotations{}, err
	}
	return r, staleIfRefused(table.Put(ctx, s.table, write))
}
