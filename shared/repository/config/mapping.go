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
	m, _, err := s.mapping(ctx, team)
	return m, err
}

func (s *Store) mapping(ctx context.Context, team string) (mapping.Mapping, string, error) {
	m, token, err := read[mapping.Mapping](ctx, s.table, mappingKey(team))
	if token == "" {
		m = mapping.Default()
	}
	return m, token, err
}

// SaveMapping stores a mapping over the version it bears, and the same as a
// revision. It gives it with the new version and the time. Where it protects other
// fields than the team's settings say, these are saved with it.
func (s *Store) SaveMapping(ctx context.Context, team string, m mapping.Mapping) (mapping.Mapping, error) {
	for try := 1; ; try++ {
		next, writes, err := s.mappingWrites(ctx, team, m)
		if err != nil {
			return mapping.Mapping{}, err
		}
		err = table.Transact(ctx, s.table, writes)
		if _, refused := table.AsRefused(err); !refused || try == besideTries {
			return next, staleIfRefused(err)
		}
	}
}

// mappingWrites makes the writes of a mapping: where it stands, its revision, and
// those of the settings beside it.
func (s *Store) mappingWrites(ctx context.Context, team string, m mapping.Mapping) (mapping.Mapping, []table.Write, error) {
	stored, token, err := s.mapping(ctx, team)
	if err != nil {
		return mapping.Mapping{}, nil, err
	}
	if stored.Version != m.Version {
		return mapping.Mapping{}, nil, stale()
	}
	beside, err := s.protectedWrites(ctx, team, m)
	if err != nil {
		return mapping.Mapping{}, nil, err
	}
	m.At = stored.At
	m, writes, err := s.putMapping(team, m, token)
	return m, append(writes, beside...), err
}

// putMapping makes the writes of a mapping whose time is that of the one before.
func (s *Store) putMapping(team string, m mapping.Mapping, token string) (mapping.Mapping, []table.Write, error) {
	m.Version++
	m.At = after(s.now().UTC(), m.At)
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
