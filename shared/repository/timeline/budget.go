package timeline

import (
	"context"
	"fmt"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/budget"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

const (
	budgetSort  = "bud"
	reserveSort = "int"
	// everybody is no team: "#" is in no id.
	everybody = "#all"
)

// Budget reads what was learnt and spent of a team's key; the zero state when
// nothing was.
func (s *Store) Budget(ctx context.Context, team string) (budget.State, delivery.Revision, error) {
	var state budget.State
	revision, _, err := s.get(ctx, table.Key{Partition: team, Sort: budgetSort}, &state)
	if err != nil {
		return budget.State{}, "", fmt.Errorf("read the budget: %w", err)
	}
	return state, revision, nil
}

// SaveBudget writes it over the revision that was read. Conflict: another drain
// spends by now.
func (s *Store) SaveBudget(ctx context.Context, team string, state budget.State, read delivery.Revision) (delivery.Revision, error) {
	return s.saveOver(ctx, table.Key{Partition: team, Sort: budgetSort}, state, read)
}

// Reserve reads what people in the settings spend of a team's key.
func (s *Store) Reserve(ctx context.Context, team string) (budget.Reserve, delivery.Revision, error) {
	var r budget.Reserve
	revision, _, err := s.get(ctx, table.Key{Partition: team, Sort: reserveSort}, &r)
	if err != nil {
		return budget.Reserve{}, "", fmt.Errorf("read the reserve: %w", err)
	}
	return r, revision, nil
}

// SaveReserve writes it over the revision that was read. Conflict: another call
// came between.
func (s *Store) SaveReserve(ctx context.Context, team string, r budget.Reserve, read delivery.Revision) error {
	_, err := s.saveOver(ctx, table.Key{Partition: team, Sort: reserveSort}, r, read)
	return err
}

func (s *Store) saveOver(ctx context.Context, key table.Key, doc any, read delivery.Revision) (delivery.Revision, error) {
	row, err := item(key, doc, s.token(), time.Time{})
	if err != nil {
		return "", err
	}
	err = table.Put(ctx, s.t, table.Write{Item: row, If: over(read)})
	if _, refused := table.AsRefused(err); refused {
		return "", fault.New(fault.Conflict, "spent_meanwhile", "another one writes what is spent of the key").Because(err)
	}
	if err != nil {
		return "", fmt.Errorf("write what is spent: %w", err)
	}
	return delivery.Revision(row.Token), nil
}

type pauseDoc struct{ Until time.Time }

// EverybodyPaused says until when no team may call Ashby; zero for no pause.
func (s *Store) EverybodyPaused(ctx context.Context) (time.Time, error) {
	var doc pauseDoc
	if _, _, err := s.get(ctx, table.Key{Partition: everybody, Sort: budgetSort}, &doc); err != nil {
		return time.Time{}, fmt.Errorf("read everybody's pause: %w", err)
	}
	return doc.Until, nil
}

// PauseEverybody lets no team call Ashby until then, unless the pause is longer
// already.
func (s *Store) PauseEverybody(ctx context.Context, until time.Time) error {
	key := table.Key{Partition: everybody, Sort: budgetSort}
	var err error
	for range 3 {
		var doc pauseDoc
		revision, _, readErr := s.get(ctx, key, &doc)
		if readErr != nil {
			return fmt.Errorf("read everybody's pause: %w", readErr)
		}
		if !until.After(doc.Until) {
			return nil
		}
		if _, err = s.saveOver(ctx, key, pauseDoc{until.UTC()}, revision); !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return err
}
