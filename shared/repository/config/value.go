package config

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Values gives the values that were given for a campaign or a person, by field;
// blank ones, by which a value was taken back, are among them.
func (s *Store) Values(ctx context.Context, team string, scope given.Scope, id string) ([]given.Value, error) {
	from, to := table.Prefix(valuePrefix(scope, id))
	r := table.Range{Partition: settingsPartition(team), From: from, To: to}
	var values []given.Value
	for {
		page, err := s.table.Query(ctx, r)
		if err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			v, err := decode[given.Value](item)
			if err != nil {
				return nil, err
			}
			values = append(values, v)
		}
		if r.After = page.Next; r.After == "" {
			return values, nil
		}
	}
}

// SaveValues keeps values that were given for a campaign or a person, each in the
// place of the one of its field. Of two at once the later stands.
func (s *Store) SaveValues(ctx context.Context, team string, scope given.Scope, id string, values []given.Value) error {
	items := make([]table.Item, 0, len(values))
	for _, v := range values {
		v.At = v.At.UTC()
		write, err := s.put(valueKey(team, scope, id, v.Field), v, "")
		if err != nil {
			return err
		}
		items = append(items, write.Item)
	}
	return s.table.BatchPut(ctx, items)
}

func valuePrefix(scope given.Scope, id string) string {
	return "value#" + string(scope) + "#" + id + "#"
}

func valueKey(team string, scope given.Scope, id, field string) table.Key {
	return table.Key{Partition: settingsPartition(team), Sort: valuePrefix(scope, id) + field}
}
