package timeline

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// entryDoc points at an event; where the event stands is on its record alone, but
// that nothing of it is open may be said here too (past.go).
type entryDoc struct {
	Event      string
	Type       event.Type
	OccurredAt time.Time
	Past       bool
}

// AddEntries puts events on their people's timelines, as their stored records
// say. To put an entry again changes nothing, but that it is in sight again: the record
// may have been put back to work since it was read.
func (s *Store) AddEntries(ctx context.Context, team string, records []delivery.Record) error {
	items := make([]table.Item, 0, len(records))
	for _, r := range records {
		r.Past = false
		row, err := entryItem(team, r, s.token(), s.ledgerExpiry(r))
		if err != nil {
			return err
		}
		items = append(items, row)
	}
	if err := s.t.BatchPut(ctx, items); err != nil {
		return fmt.Errorf("add to timelines: %w", err)
	}
	return nil
}

// enter puts an event on its timeline while its record stands as it was read: of an
// event that is just being forgotten nothing comes back.
func (s *Store) enter(ctx context.Context, team string, r delivery.Stored) error {
	row, err := entryItem(team, r.Record, s.token(), s.ledgerExpiry(r.Record))
	if err != nil {
		return err
	}
	err = table.Transact(ctx, s.t, []table.Write{
		{Item: row},
		{Item: table.Item{Key: ledgerKey(team, r.Event)}, Check: true, If: over(r.Revision)},
	})
	if err != nil {
		return fmt.Errorf("add to the timeline: %w", err)
	}
	return nil
}

func entryItem(team string, r delivery.Record, token string, expires time.Time) (table.Item, error) {
	key := table.Key{Partition: personPartition(team, r.Person), Sort: entryHead + r.Order}
	return item(key, entryDoc{r.Event, r.Type, r.OccurredAt, r.Past}, token, expires)
}

// Timeline reads a page of a person's events, newest first: at most limit. The
// cursor is empty for the first page; next is empty after the last.
func (s *Store) Timeline(
	ctx context.Context, team, person, cursor string, limit int,
) (page []delivery.Record, next string, err error) {
	from, to := table.Prefix(entryHead)
	rows, err := s.t.Query(ctx, table.Range{
		Partition: personPartition(team, person), From: from, To: to,
		After: cursor, Limit: limit, Descending: true,
	})
	if err != nil {
		return nil, "", fmt.Errorf("read the timeline: %w", err)
	}
	var events []string
	for _, row := range rows.Items {
		if e, ok := eventOf(row.Sort); ok {
			events = append(events, e)
		}
	}
	records, err := s.records(ctx, team, events)
	if err != nil {
		return nil, "", err
	}
	slices.Reverse(records)
	for _, r := range records {
		page = append(page, r.Record)
	}
	return page, rows.Next, nil
}

// eventOf reads the event's id from an entry's sort key.
func eventOf(sort string) (string, bool) {
	rest, ok := strings.CutPrefix(sort, entryHead)
	if !ok {
		return "", false
	}
	return delivery.EventOf(rest)
}
