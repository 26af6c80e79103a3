package timeline

import (
	"context"
	"fmt"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Lacking gives a page of the events that wait for a mandatory field, whichever it
// is, at most limit of them. The cursor is empty for the first page; next is empty
// after the last.
func (s *Store) Lacking(ctx context.Context, team, cursor string, limit int) (page []delivery.Listed, next string, err error) {
	from, to := table.Prefix(string(delivery.MandatoryCause("")))
	rows, err := s.t.Query(ctx, table.Range{Partition: inboxPartition(team), From: from, To: to, After: cursor, Limit: limit})
	if err != nil {
		return nil, "", fmt.Errorf("list what waits for mandatory fields: %w", err)
	}
	for _, row := range rows.Items {
		l, err := parseInbox(row.Sort)
		if err != nil {
			return nil, "", err
		}
		page = append(page, l)
	}
	return page, rows.Next, nil
}
