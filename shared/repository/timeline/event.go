package timeline

import (
	"context"
	"fmt"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// PutEvent stores an event's payload once. The first to come wins: what is
// stored is returned, with the revision if this call stored it.
func (s *Store) PutEvent(ctx context.Context, e event.Event) (stored event.Event, ours delivery.Revision, err error) {
	row, err := item(bodyKey(e.Team, e.ID), e, s.token(), s.expiry(payloadLife))
	if err != nil {
		return event.Event{}, "", err
	}
	err = table.Put(ctx, s.t, table.Write{Item: row, If: table.IfAbsent()})
	if refused, ok := table.AsRefused(err); ok {
		err := read(refused.Refusals[0].Old, &stored)
		return stored, "", err
	}
	if err != nil {
		return event.Event{}, "", fmt.Errorf("store the payload: %w", err)
	}
	return e, delivery.Revision(row.Token), nil
}

// DropEvent takes away a payload that was stored by mistake.
func (s *Store) DropEvent(ctx context.Context, team, event string, r delivery.Revision) error {
	err := s.t.Write(ctx, table.Write{
		Item: table.Item{Key: bodyKey(team, event)}, Delete: true, If: table.IfToken(string(r)),
	})
	if _, refused := table.AsRefused(err); err == nil || refused {
		return nil
	}
	return fmt.Errorf("drop the payload: %w", err)
}

// Event reads an event's payload; ok is false when there is none, or none any
// more.
func (s *Store) Event(ctx context.Context, team, id string) (e event.Event, ok bool, err error) {
	_, ok, err = s.get(ctx, bodyKey(team, id), &e)
	if err != nil {
		return event.Event{}, false, fmt.Errorf("read the payload: %w", err)
	}
	return e, ok, nil
}

// Explanation is what is kept of an event's plan.
type Explanation = plan.Explanation

// PutExplanation stores a plan of an event under a name of its own, which it gives.
// It is the event's once the record bears the name: who planned at the same time,
// and comes too late, leaves the other's plan as it is. One whose event was
// forgotten meanwhile is taken away again: the look at the record comes after the
// write, so that either this or the forgetting sees the other.
func (s *Store) PutExplanation(ctx context.Context, team, event string, x Explanation) (name string, err error) {
	name = s.token()
	key := planKey(team, event, name)
	row, err := item(key, x, name, s.expiry(ledgerLife))
	if err != nil {
		return "", err
	}
	if err := table.Put(ctx, s.t, table.Write{Item: row}); err != nil {
		return "", fmt.Errorf("store the plan: %w", err)
	}
	_, ok, err := s.t.Get(ctx, ledgerKey(team, event))
	if err != nil || ok {
		return name, err
	}
	return name, s.DropExplanation(ctx, team, event, name)
}

// DropExplanation takes away a plan that no record names.
func (s *Store) DropExplanation(ctx context.Context, team, event, name string) error {
	err := s.t.Write(ctx, table.Write{Item: table.Item{Key: planKey(team, event, name)}, Delete: true})
	if err != nil {
		return fmt.Errorf("drop the plan: %w", err)
	}
	return nil
}

// Explanation reads the plan that a record names; ok is false when there is none:
// nothing is kept of a plan without fields that has a note at most, because the
// record says all of it.
func (s *Store) Explanation(ctx context.Context, team string, r delivery.Record) (x Explanation, ok bool, err error) {
	if r.Plan == "" {
		return Explanation{}, false, nil
	}
	_, ok, err = s.get(ctx, planKey(team, r.Event, r.Plan), &x)
	if err != nil {
		return Explanation{}, false, fmt.Errorf("read the plan: %w", err)
	}
	return x, ok, nil
}

func (s *Store) expiry(life time.Duration) time.Time { return s.now().Add(life) }
