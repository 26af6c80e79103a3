package timeline

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// A team row is put again when this process put it longer ago than touchLife,
// and taken away only when it is older than markLife. The difference is longer
// than any function lives, so nobody can still be about to put a due entry on
// the strength of a row that is taken away.
const (
	touchLife = 5 * time.Minute
	markLife  = 15 * time.Minute
)

type teamDoc struct{ At time.Time }

// Touch says that the team has work, or is about to. It comes before every due
// entry that is put.
func (s *Store) Touch(ctx context.Context, team string) error {
	now := s.now()
	s.mu.Lock()
	at, ok := s.touched[team]
	s.mu.Unlock()
	if ok && now.Sub(at) < touchLife && !now.Before(at) {
		return nil
	}
	row, err := item(teamKey(team), teamDoc{now.UTC()}, s.token(), time.Time{})
	if err != nil {
		return err
	}
	if err := table.Put(ctx, s.t, table.Write{Item: row}); err != nil {
		return fmt.Errorf("mark the team: %w", err)
	}
	s.mu.Lock()
	s.touched[team] = now
	s.mu.Unlock()
	return nil
}

// Mark reads the team's row; ok is false when the team has no work.
func (s *Store) Mark(ctx context.Context, team string) (delivery.Mark, bool, error) {
	row, ok, err := s.t.Get(ctx, teamKey(team))
	if err != nil || !ok {
		return delivery.Mark{}, false, err
	}
	m, err := markOf(row)
	return m, err == nil, err
}

// Teams lists all teams that may have work.
func (s *Store) Teams(ctx context.Context) ([]delivery.Mark, error) {
	var marks []delivery.Mark
	for shard := range teamShards {
		rows, err := s.all(ctx, table.Range{Partition: teamPartition(shard)})
		if err != nil {
			return nil, fmt.Errorf("list the teams with work: %w", err)
		}
		for _, row := range rows {
			m, err := markOf(row)
			if err != nil {
				return nil, err
			}
			marks = append(marks, m)
		}
	}
	return marks, nil
}

// Retire takes the team off the list of teams with work: only when the row is
// the one that was read, is old enough, and no shard of the team held any entry
// after it was read. Otherwise it leaves the row and says so.
func (s *Store) Retire(ctx context.Context, m delivery.Mark) (bool, error) {
	if s.now().Sub(m.At) < markLife {
		return false, nil
	}
	idle, err := s.Idle(ctx, m.Team)
	if err != nil || !idle {
		return false, err
	}
	err = s.t.Write(ctx, table.Write{
		Item: table.Item{Key: teamKey(m.Team)}, Delete: true, If: table.IfToken(string(m.Revision)),
	})
	if _, refused := table.AsRefused(err); refused {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("retire the team: %w", err)
	}
	s.mu.Lock()
	delete(s.touched, m.Team)
	s.mu.Unlock()
	return true, nil
}

func markOf(row table.Item) (delivery.Mark, error) {
	var doc teamDoc
	if err := json.Unmarshal(row.Doc, &doc); err != nil {
		return delivery.Mark{}, fmt.Errorf("read a team's row: %w", err)
	}
	return delivery.Mark{Team: row.Sort, At: doc.At, Revision: delivery.Revision(row.Token)}, nil
}
