package candidates

import (
	"context"
	"fmt"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

const (
	stateSort     = "state"
	catalogueSort = "catalogue"
)

func mirrorPartition(team string) string { return team + "#mirror" }

// Begin reads the state and the catalogue, in one read; both are zero when there is
// no copy.
func (s *Store) Begin(ctx context.Context, team string) (state index.State, c index.Catalogue, err error) {
	page, err := s.t.Query(ctx, table.Range{Partition: mirrorPartition(team)})
	if err != nil {
		return state, c, fmt.Errorf("read the state of the mirror: %w", err)
	}
	for _, row := range page.Items {
		switch row.Sort {
		case stateSort:
			err = decode(row, &state)
		case catalogueSort:
			err = unpack(row, &c)
		}
		if err != nil {
			return state, c, err
		}
	}
	return state, c, nil
}

// State reads how far a team's copy is; the zero state when there is none.
func (s *Store) State(ctx context.Context, team string) (index.State, delivery.Revision, error) {
	var state index.State
	row, ok, err := s.t.Get(ctx, table.Key{Partition: mirrorPartition(team), Sort: stateSort})
	if err != nil || !ok {
		return state, "", err
	}
	return state, delivery.Revision(row.Token), decode(row, &state)
}

// SaveState writes the state over the revision that was read. Conflict: another
// came between.
func (s *Store) SaveState(ctx context.Context, team string, state index.State, over delivery.Revision) (delivery.Revision, error) {
	row, err := s.item(table.Key{Partition: mirrorPartition(team), Sort: stateSort}, state, time.Time{})
	if err != nil {
		return "", err
	}
	condition := table.IfAbsent()
	if over != "" {
		condition = table.IfToken(string(over))
	}
	if err := table.Put(ctx, s.t, table.Write{Item: row, If: condition}); err != nil {
		return "", fmt.Errorf("write the state of the mirror: %w", err)
	}
	return delivery.Revision(row.Token), nil
}

// Catalogue reads what is known of the fields.
func (s *Store) Catalogue(ctx context.Context, team string) (c index.Catalogue, err error) {
	row, ok, err := s.t.Get(ctx, table.Key{Partition: mirrorPartition(team), Sort: catalogueSort})
	if err != nil || !ok {
		return c, err
	}
	return c, unpack(row, &c)
}

// SaveCatalogue keeps what is known of the fields.
func (s *Store) SaveCatalogue(ctx context.Context, team string, c index.Catalogue) error {
	row, err := s.packed(table.Key{Partition: mirrorPartition(team), Sort: catalogueSort}, c, time.Time{})
	if err != nil {
		return err
	}
	if err := table.Put(ctx, s.t, table.Write{Item: row}); err != nil {
		return fmt.Errorf("write the fields of the mirror: %w", err)
	}
	return nil
}
