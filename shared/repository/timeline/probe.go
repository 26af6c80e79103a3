package timeline

import (
	"context"
	"fmt"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// NextProbe says when the team's key is to be looked at; ok is false when nobody
// is to.
func (s *Store) NextProbe(ctx context.Context, team string) (due time.Time, ok bool, err error) {
	probes, err := s.probes(ctx, team)
	if err != nil || len(probes) == 0 {
		return time.Time{}, false, err
	}
	return probes[0].Due, true, nil
}

// PutProbe makes that the time of the next look; a zero time ends the looking. The
// new entry comes before the old one goes.
func (s *Store) PutProbe(ctx context.Context, team string, due time.Time) error {
	old, err := s.probes(ctx, team)
	if err != nil {
		return err
	}
	next := delivery.ProbeAt(due)
	if !due.IsZero() {
		if err := s.Touch(ctx, team); err != nil {
			return err
		}
		if err := s.AddDue(ctx, team, []delivery.Work{next}); err != nil {
			return err
		}
	}
	for _, w := range old {
		if dueKey(team, w) == dueKey(team, next) {
			continue
		}
		if err := s.DropDue(ctx, team, w); err != nil {
			return err
		}
	}
	return nil
}

// probes lists the entries, the first due first; there is one as a rule.
func (s *Store) probes(ctx context.Context, team string) ([]delivery.Work, error) {
	from, to := table.Prefix(string(delivery.Probe) + "#")
	rows, err := s.all(ctx, table.Range{Partition: dueKey(team, delivery.ProbeAt(time.Time{})).Partition, From: from, To: to})
	if err != nil {
		return nil, fmt.Errorf("read the probe: %w", err)
	}
	var out []delivery.Work
	for _, row := range rows {
		w, err := parseDue(row.Sort)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

// ChoreDue reports whether work of the team is due by then that does not need an
// active connection.
func (s *Store) ChoreDue(ctx context.Context, team string, by time.Time) (bool, error) {
	return s.anyDueOf(ctx, team, by, delivery.Probe, delivery.Chore)
}
