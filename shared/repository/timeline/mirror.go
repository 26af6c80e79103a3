package timeline

import (
	"context"
	"fmt"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// MirrorWork lists all that the due list holds for the team's copy of Ashby, due
// or not, the first due first: the next reading, and candidates to be looked at.
func (s *Store) MirrorWork(ctx context.Context, team string, most int) ([]delivery.Work, error) {
	from, to := table.Prefix(string(delivery.Mirror) + "#")
	shard := dueKey(team, delivery.Work{Class: delivery.Mirror, Person: delivery.MirrorPerson}).Partition
	page, err := s.t.Query(ctx, table.Range{Partition: shard, From: from, To: to, Limit: most})
	if err != nil {
		return nil, fmt.Errorf("list the mirror's work: %w", err)
	}
	var out []delivery.Work
	for _, row := range page.Items {
		w, err := parseDue(row.Sort)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

// PutMirrorRun makes that the time of the next reading. The new entry comes before
// the old ones go.
func (s *Store) PutMirrorRun(ctx context.Context, team string, due time.Time) error {
	old, err := s.MirrorWork(ctx, team, mirrorAtOnce)
	if err != nil {
		return err
	}
	next := delivery.Work{Class: delivery.Mirror, Due: due, Person: delivery.MirrorPerson, Event: delivery.MirrorRun}
	if err := s.Touch(ctx, team); err != nil {
		return err
	}
	if err := s.AddDue(ctx, team, []delivery.Work{next}); err != nil {
		return err
	}
	for _, w := range old {
		if w.Event != delivery.MirrorRun || dueKey(team, w) == dueKey(team, next) {
			continue
		}
		if err := s.DropDue(ctx, team, w); err != nil {
			return err
		}
	}
	return nil
}

const mirrorAtOnce = 100
