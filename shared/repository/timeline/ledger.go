package timeline

import (
	"context"
	"fmt"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Create makes an event's record, once. The first to come wins: what is stored
// is returned, and whether this call made it.
func (s *Store) Create(ctx context.Context, team string, r delivery.Record) (stored delivery.Stored, created bool, err error) {
	row, err := item(ledgerKey(team, r.Event), r, s.token(), s.ledgerExpiry(r))
	if err != nil {
		return delivery.Stored{}, false, err
	}
	err = table.Put(ctx, s.t, table.Write{Item: row, If: table.IfAbsent()})
	if refused, ok := table.AsRefused(err); ok {
		stored, err := s.recordOf(refused.Refusals[0].Old)
		return stored, false, err
	}
	if err != nil {
		return delivery.Stored{}, false, fmt.Errorf("create the record: %w", err)
	}
	return delivery.Stored{Record: r, Revision: delivery.Revision(row.Token)}, true, nil
}

// Stored reads an event's record with its revision.
func (s *Store) Stored(ctx context.Context, team, event string) (delivery.Stored, bool, error) {
	row, ok, err := s.t.Get(ctx, ledgerKey(team, event))
	if err != nil {
		return delivery.Stored{}, false, fmt.Errorf("read the record: %w", err)
	}
	if !ok {
		return delivery.Stored{}, false, nil
	}
	stored, err := s.recordOf(row)
	return stored, err == nil, err
}

// Record reads an event's record; ok is false when there is none. Of one that was
// forgotten there is no more than that.
func (s *Store) Record(ctx context.Context, team, event string) (delivery.Record, bool, error) {
	stored, ok, err := s.Stored(ctx, team, event)
	if err != nil || ok {
		return stored.Record, ok, err
	}
	gone, err := s.Gone(ctx, team, nil, []string{event})
	at, ok := gone.Events[event]
	if err != nil || !ok {
		return delivery.Record{}, false, err
	}
	return delivery.Record{Event: event, State: delivery.Final, Code: delivery.Forgotten, Changed: at}, true, nil
}

// Apply writes a change, all of it or nothing, and gives record and person as
// they are stored then; the other records that end with it have the same revision.
// Conflict: another came between, and nothing is written. The record's place in
// the inbox moves with it. An entry of the due list that is good no more is taken
// away afterwards.
func (s *Store) Apply(ctx context.Context, c delivery.Change) (delivery.Stored, delivery.Subject, error) {
	c = c.Placed(s.now())
	before, hadWork := c.From.Work()
	after, hasWork := c.To.Work()
	moved := hasWork && (!hadWork || before != after)
	if moved {
		if err := s.Touch(ctx, c.Team); err != nil {
			return delivery.Stored{}, delivery.Subject{}, err
		}
	}
	if c.Person != nil {
		if err := s.noteLinked(ctx, c.Team, c.Person.From.Person.Link, c.Person.To.Link); err != nil {
			return delivery.Stored{}, delivery.Subject{}, err
		}
	}
	token := s.token()
	writes, err := s.writes(c, token)
	if err != nil {
		return delivery.Stored{}, delivery.Subject{}, err
	}
	if moved {
		writes = append(writes, table.Write{Item: s.dueItem(c.Team, after)})
		if hadWork {
			writes = append(writes, table.Write{Item: table.Item{Key: dueKey(c.Team, before)}, Delete: true})
		}
	}
	listing, err := s.listings(ctx, c, token)
	if err != nil {
		return delivery.Stored{}, delivery.Subject{}, err
	}
	if err := s.write(ctx, append(writes, listing...)); err != nil {
		return delivery.Stored{}, delivery.Subject{}, fmt.Errorf("write the record: %w", err)
	}
	if hadWork && !hasWork {
		_ = s.DropDue(ctx, c.Team, before) // left over, it is dropped by the next who looks
	}
	for _, ended := range c.Also {
		if work, ok := ended.From.Work(); ok {
			_ = s.DropDue(ctx, c.Team, work)
		}
	}
	return applied(c, delivery.Revision(token))
}

func applied(c delivery.Change, r delivery.Revision) (delivery.Stored, delivery.Subject, error) {
	stored := delivery.Stored{Record: c.To, Revision: r}
	if c.Person == nil {
		return stored, delivery.Subject{}, nil
	}
	return stored, delivery.Subject{Person: c.Person.To, Revision: r}, nil
}

// writes are those of the records and of the person, under one token.
func (s *Store) writes(c delivery.Change, token string) ([]table.Write, error) {
	row, err := item(ledgerKey(c.Team, c.To.Event), c.To, token, s.ledgerExpiry(c.To))
	if err != nil {
		return nil, err
	}
	writes := []table.Write{{Item: row, If: over(c.From.Revision)}}
	if before := c.From.Plan; before != "" && before != c.To.Plan {
		writes = append(writes, table.Write{Item: table.Item{Key: planKey(c.Team, c.To.Event, before)}, Delete: true})
	}
	for _, ended := range c.Also {
		row, err := item(ledgerKey(c.Team, ended.To.Event), ended.To, token, s.ledgerExpiry(ended.To))
		if err != nil {
			return nil, err
		}
		writes = append(writes, table.Write{Item: row, If: over(ended.From.Revision)})
	}
	claims, err := s.claimWrites(c.Team, c.Claims, token)
	if err != nil {
		return nil, err
	}
	writes = append(writes, claims...)
	if c.Person == nil {
		return writes, nil
	}
	more, err := personWrites(c.Team, *c.Person, token)
	return append(writes, more...), err
}

func (s *Store) write(ctx context.Context, writes []table.Write) error {
	if len(writes) == 1 {
		return table.Put(ctx, s.t, writes[0])
	}
	return table.Transact(ctx, s.t, writes)
}

// ledgerExpiry counts from when the event was accepted, however often its record
// is written. What waits for a person, or is kept past its time, does not expire; once
// it is done with, it can be looked up for as long as its payload.
func (s *Store) ledgerExpiry(r delivery.Record) time.Time {
	if stays(r) {
		return time.Time{}
	}
	if r.AcceptedAt.IsZero() {
		return s.expiry(ledgerLife)
	}
	end, least := r.AcceptedAt.Add(ledgerLife), s.expiry(payloadLife)
	if end.Before(least) {
		return least
	}
	return end
}

// recordOf reads a record as it stands now.
func (s *Store) recordOf(row table.Item) (delivery.Stored, error) {
	stored := delivery.Stored{Revision: delivery.Revision(row.Token)}
	err := read(row, &stored.Record)
	stored.Record = stored.AsOf(s.now())
	return stored, err
}
