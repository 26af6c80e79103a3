package timeline

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// AddDue puts entries on a team's due list. Touch the team first.
func (s *Store) AddDue(ctx context.Context, team string, work []delivery.Work) error {
	items := make([]table.Item, len(work))
	for i, w := range work {
		items[i] = s.dueItem(team, w)
	}
	if err := s.t.BatchPut(ctx, items); err != nil {
		return fmt.Errorf("add due work: %w", err)
	}
	return nil
}

// Due lists a class's entries that are due by then, the longest due first, at
// most `most`.
func (s *Store) Due(ctx context.Context, team string, class delivery.Class, by time.Time, most int) ([]delivery.Work, error) {
	from, to := dueRange(class, by)
	var work []delivery.Work
	for shard := range int(shardsOf(class)) {
		page, err := s.t.Query(ctx, table.Range{Partition: duePartition(team, shard), From: from, To: to, Limit: most})
		if err != nil {
			return nil, fmt.Errorf("list due work: %w", err)
		}
		for _, row := range page.Items {
			w, err := parseDue(row.Sort)
			if err != nil {
				return nil, err
			}
			w.Row = delivery.Revision(row.Token)
			work = append(work, w)
		}
	}
	slices.SortFunc(work, func(a, b delivery.Work) int { return a.Due.Compare(b.Due) })
	return work[:min(most, len(work))], nil
}

// AnyDue reports whether anything of the team is due by then, in any class.
func (s *Store) AnyDue(ctx context.Context, team string, by time.Time) (bool, error) {
	return s.anyDueOf(ctx, team, by, delivery.Live, delivery.Bulk, delivery.Mirror, delivery.Probe, delivery.Chore)
}

// Backlog counts a class's entries that are due by then, up to most; more says that
// there are more than that.
func (s *Store) Backlog(ctx context.Context, team string, class delivery.Class, by time.Time, most int) (n int, more bool, err error) {
	from, to := dueRange(class, by)
	for shard := range int(shardsOf(class)) {
		if n == most {
			left, _, err := s.t.Count(ctx, table.Range{Partition: duePartition(team, shard), From: from, To: to}, 1)
			if err != nil || left > 0 {
				return n, left > 0, err
			}
			continue
		}
		counted, more, err := s.t.Count(ctx, table.Range{Partition: duePartition(team, shard), From: from, To: to}, most-n)
		if err != nil {
			return 0, false, fmt.Errorf("count the backlog: %w", err)
		}
		if n += counted; more {
			return n, true, nil
		}
	}
	return n, false, nil
}

// LiveDue reports whether live work of the team is due by then.
func (s *Store) LiveDue(ctx context.Context, team string, by time.Time) (bool, error) {
	return s.anyDueOf(ctx, team, by, delivery.Live)
}

func (s *Store) anyDueOf(ctx context.Context, team string, by time.Time, classes ...delivery.Class) (bool, error) {
	for shard := range dueShards {
		due, err := s.anyDue(ctx, team, shard, by, classes)
		if err != nil {
			return false, fmt.Errorf("look for due work: %w", err)
		}
		if due {
			return true, nil
		}
	}
	return false, nil
}

func (s *Store) anyDue(ctx context.Context, team string, shard int, by time.Time, classes []delivery.Class) (bool, error) {
	partition := duePartition(team, shard)
	n, _, err := s.t.Count(ctx, table.Range{Partition: partition}, 1)
	if err != nil || n == 0 {
		return false, err
	}
	for _, class := range classes {
		if shard >= int(shardsOf(class)) {
			continue
		}
		from, to := dueRange(class, by)
		n, _, err := s.t.Count(ctx, table.Range{Partition: partition, From: from, To: to}, 1)
		if err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}

// Idle reports whether the team's due list is wholly empty, of what is due
// later too.
func (s *Store) Idle(ctx context.Context, team string) (bool, error) {
	for shard := range dueShards {
		n, _, err := s.t.Count(ctx, table.Range{Partition: duePartition(team, shard)}, 1)
		if err != nil {
			return false, fmt.Errorf("look for work: %w", err)
		}
		if n > 0 {
			return false, nil
		}
	}
	return true, nil
}

// DropDue takes an entry off the due list that is good no more. It is gone
// already, or another stands in its place than was read: no error.
func (s *Store) DropDue(ctx context.Context, team string, w delivery.Work) error {
	drop := table.Write{Item: table.Item{Key: dueKey(team, w)}, Delete: true}
	if w.Row != "" {
		drop.If = table.IfToken(string(w.Row))
	}
	err := s.t.Write(ctx, drop)
	if _, refused := table.AsRefused(err); err != nil && !refused {
		return fmt.Errorf("drop due work: %w", err)
	}
	return nil
}

func (s *Store) dueItem(team string, w delivery.Work) table.Item {
	return table.Item{Key: dueKey(team, w), Doc: []byte("{}"), Token: s.token()}
}

// dueRange bounds the entries of a class that are due by then, that moment
// included.
func dueRange(class delivery.Class, by time.Time) (from, to string) {
	head := string(class) + "#"
	return head, head + delivery.Sortable(by.Add(time.Nanosecond))
}
