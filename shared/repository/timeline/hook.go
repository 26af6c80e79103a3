package timeline

import (
	"context"
	"fmt"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// hookDoc is what the newest thin hook said of a person.
type hookDoc struct {
	Stage    event.Stage
	Snapshot contact.Snapshot
	At       time.Time
}

func hookKey(team, person string) table.Key {
	return table.Key{Partition: personPartition(team, person), Sort: hookSort}
}

// HookState reads what was last known of a person, by hooks and by events.
func (s *Store) HookState(ctx context.Context, team, person string) (delivery.HookState, error) {
	var doc hookDoc
	revision, ok, err := s.get(ctx, hookKey(team, person), &doc)
	if err != nil {
		return delivery.HookState{}, fmt.Errorf("read the last hook: %w", err)
	}
	state := delivery.HookState{
		Last: event.LastKnown{Known: ok, Stage: doc.Stage, Snapshot: doc.Snapshot}, At: doc.At, Revision: revision,
	}
	subject, err := s.Subject(ctx, team, person)
	if err != nil {
		return delivery.HookState{}, err
	}
	return state.Beside(subject.Person), nil
}

// Derive writes what a hook comes to, all or nothing. Conflict: another hook
// came between. Events that are recorded already are given back as known; then
// too nothing is written, and the caller leaves them out. Touch the team and add
// the due entries first.
func (s *Store) Derive(ctx context.Context, d delivery.Derivation) (known []string, err error) {
	token := s.token()
	hook, err := item(hookKey(d.Team, d.Person), hookDoc{d.To.Last.Stage, d.To.Last.Snapshot, d.To.At}, token, time.Time{})
	if err != nil {
		return nil, err
	}
	writes := []table.Write{{Item: hook, If: over(d.From.Revision)}}
	for i, e := range d.Events {
		more, err := s.eventWrites(d.Team, e, d.Records[i], token)
		if err != nil {
			return nil, err
		}
		writes = append(writes, more...)
	}
	err = table.Transact(ctx, s.t, writes)
	refused, ok := table.AsRefused(err)
	if !ok {
		if err != nil {
			return nil, fmt.Errorf("store what a hook means: %w", err)
		}
		return nil, nil
	}
	for _, r := range refused.Refusals {
		if r.Index == 0 {
			return nil, fmt.Errorf("store what a hook means: %w", err)
		}
		known = append(known, d.Events[(r.Index-1)/writesPerEvent].ID)
	}
	return known, nil
}

// writesPerEvent is how many rows a derived event takes beside its due entry.
const writesPerEvent = 3

func (s *Store) eventWrites(team string, e event.Event, r delivery.Record, token string) ([]table.Write, error) {
	ledger, err := item(ledgerKey(team, e.ID), r, token, s.ledgerExpiry(r))
	if err != nil {
		return nil, err
	}
	body, err := item(bodyKey(team, e.ID), e, token, s.expiry(payloadLife))
	if err != nil {
		return nil, err
	}
	entry, err := entryItem(team, r, token, s.ledgerExpiry(r))
	return []table.Write{{Item: ledger, If: table.IfAbsent()}, {Item: body}, {Item: entry}}, err
}

// HookSeen reports whether one of Ashby's hooks was applied before.
func (s *Store) HookSeen(ctx context.Context, h event.CandidateHook) (bool, error) {
	_, ok, err := s.t.Get(ctx, seenKey(h))
	if err != nil {
		return false, fmt.Errorf("look for the hook: %w", err)
	}
	return ok, nil
}

// SeeHook remembers that one of Ashby's hooks was applied.
func (s *Store) SeeHook(ctx context.Context, h event.CandidateHook) error {
	err := table.Put(ctx, s.t, table.Write{Item: table.Item{
		Key: seenKey(h), Doc: []byte("{}"), Token: s.token(), Expires: s.expiry(hookLife),
	}})
	if err != nil {
		return fmt.Errorf("remember the hook: %w", err)
	}
	return nil
}

func seenKey(h event.CandidateHook) table.Key {
	return table.Key{Partition: h.Team + "#hook", Sort: h.ActionID + "#" + string(h.Action)}
}
