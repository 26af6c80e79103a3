package config

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Mapping gives a team's mapping; the default one, version 0, when it has none
// of its own.
func (s *Store) Mapping(ctx context.Context, team string) (mapping.Mapping, error) {
	m, token, err := read[mapping.Mapping](ctx, s.table, mappingKey(team))
	if token == "" {
		m = mapping.Default()
	}
	return m, err
}

// SaveMapping stores a mapping over the version it bears, and gives it with the
// new version.
func (s *Store) SaveMapping(ctx context.Context, team string, m mapping.Mapping) (mapping.Mapping, error) {
	write, err := s.mappingWrite(ctx, team, m)
	if err != nil {
		return mapping.Mapping{}, err
	}
	m.Version++
	return m, staleIfRefused(table.Put(ctx, s.table, write))
}

func (s *Store) mappingWrite(ctx context.Context, team string, m mapping.Mapping) (table.Write, error) {
	stored, token, err := read[mapping.Mapping](ctx, s.table, mappingKey(team))
	if err != nil {
		return table.Write{}, err
	}
	if stored.Version != m.Version {
		return table.Write{}, stale()
	}
	m.Version++
	return s.put(mappingKey(team), m, token)
}
