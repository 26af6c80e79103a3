package config

import (
	"context"
	"fmt"

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

// SaveMapping stores a mapping over the version it bears, and the same as a
// revision. It gives it with the new version and the time.
func (s *Store) SaveMapping(ctx context.Context, team string, m mapping.Mapping) (mapping.Mapping, error) {
	next, writes, err := s.mappingWrites(ctx, team, m)
	if err != nil {
		return mapping.Mapping{}, err
	}
	return next, staleIfRefused(table.Transact(ctx, s.table, writes))
}

// mappingWrites makes the writes of a mapping: where it stands, and its revision.
func (s *Store) mappingWrites(ctx context.Context, team string, m mapping.Mapping) (mapping.Mapping, []table.Write, error) {
	stored, token, err := read[mapping.Mapping](ctx, s.table, mappingKey(team))
	if err != nil {
		return mapping.Mapping{}, nil, err
	}
	if stored.Version != m.Version {
		return mapping.Mapping{}, nil, stale()
	}
	m.Version++
	m.At = after(s.now().UTC(), stored.At)
	head, err := s.put(mappingKey(team), m, token)
	if err != nil {
		return mapping.Mapping{}, nil, err
	}
	revision, err := s.put(mappingRevisionKey(team, m), m, "")
	return m, []table.Write{head, revision}, err
}

// MappingHistory gives a team's saved mappings, newest first, at most limit of
// them. Mappings that were saved before revisions were kept are not among them.
func (s *Store) MappingHistory(ctx context.Context, team string, limit int) ([]mapping.Mapping, error) {
	page, err := s.table.Query(ctx, table.Range{
		Partition: mappingKey(team).Partition, From: mappingRevisionPrefix, To: mappingRevisionPrefix + "~",
		Limit: limit, Descending: true,
	})
	if err != nil {
		return nil, err
	}
	out := make([]mapping.Mapping, 0, len(page.Items))
	for _, item := range page.Items {
		m, err := decode[mapping.Mapping](item)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

const mappingRevisionPrefix = "h#map#"

func mappingRevisionKey(team string, m mapping.Mapping) table.Key {
	return table.Key{
		Partition: mappingKey(team).Partition,
		Sort:      fmt.Sprintf("%s%s#%09d", mappingRevisionPrefix, sortable(m.At), m.Version),
	}
}
