package config

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// ForgetPerson deletes every value that was given for a person, and gives their
// number.
func (s *Store) ForgetPerson(ctx context.Context, team, person string) (values int, err error) {
	from, to := table.Prefix(valuePrefix(given.ForPerson, person))
	r := table.Range{Partition: settingsPartition(team), From: from, To: to}
	for {
		page, err := s.table.Query(ctx, r)
		if err != nil {
			return values, err
		}
		for _, item := range page.Items {
			if err := s.table.Write(ctx, table.Write{Item: table.Item{Key: item.Key}, Delete: true}); err != nil {
				return values, err
			}
			values++
		}
		if r.After = page.Next; r.After == "" {
			return values, nil
		}
	}
}
