package timeline

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// purgeRounds bounds how often a row is looked at again because another writer
// came between.
const purgeRounds = 10

// Forget takes away all that the table holds of a person's events accepted until
// then, and of the person: MarkGone first. What others are just writing they find
// gone, for every change of an event rests on its record. Events go first, each
// with its rows in one transaction, and what is due of it after that: so whatever
// fails, the person's rows still say which are left. Again it does no harm.
func (s *Store) Forget(ctx context.Context, team, id string, until time.Time) (delivery.Removed, error) {
	var removed delivery.Removed
	events, err := s.eventsOf(ctx, team, id)
	if err != nil {
		return removed, err
	}
	ids := make([]string, 0, len(events))
	for _, e := range slices.Sorted(maps.Keys(events)) {
		left := events[e]
		ids = append(ids, e)
		was, err := s.purge(ctx, team, id, e, left.order, until)
		if err != nil {
			return removed, err
		}
		removed.Events += was.found
		removed.InFlight += was.flying
		if was.later {
			continue
		}
		for _, w := range left.due {
			if err := s.DropDue(ctx, team, w); err != nil {
				return removed, err
			}
		}
	}
	if removed.Activity, err = s.scrubActivity(ctx, team, id, ids); err != nil {
		return removed, err
	}
	if err := s.scrubJobs(ctx, team, append(ids, id)); err != nil {
		return removed, err
	}
	removed.Person, removed.Linked, err = s.purgePerson(ctx, team, id)
	return removed, err
}

// leftover is by what an event of a person is found.
type leftover struct {
	order string // its place on the timeline; empty: it has none
	due   []delivery.Work
}

// eventsOf gives the events of a person, by their timeline and by what is due.
func (s *Store) eventsOf(ctx context.Context, team, id string) (map[string]leftover, error) {
	from, to := table.Prefix(entryHead)
	rows, err := s.all(ctx, table.Range{Partition: personPartition(team, id), From: from, To: to})
	if err != nil {
		return nil, fmt.Errorf("list the person's events: %w", err)
	}
	events := map[string]leftover{}
	for _, row := range rows {
		if e, ok := eventOf(row.Sort); ok {
			events[e] = leftover{order: strings.TrimPrefix(row.Sort, entryHead)}
		}
	}
	for _, class := range []delivery.Class{delivery.Live, delivery.Bulk} {
		if err := s.addDueOf(ctx, team, id, class, events); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// addDueOf adds what is due of a person. An entry that only asks to look at them
// again is dropped.
func (s *Store) addDueOf(ctx context.Context, team, id string, class delivery.Class, events map[string]leftover) error {
	from, to := table.Prefix(string(class) + "#")
	shard := shardOf(id, shardsOf(class))
	rows, err := s.all(ctx, table.Range{Partition: duePartition(team, shard), From: from, To: to})
	if err != nil {
		return fmt.Errorf("list the person's due work: %w", err)
	}
	for _, row := range rows {
		w, err := parseDue(row.Sort)
		if err != nil {
			return err
		}
		if w.Person != id {
			continue
		}
		if w.Event == "" {
			if err := s.DropDue(ctx, team, w); err != nil {
				return err
			}
			continue
		}
		left := events[w.Event]
		left.due = append(left.due, w)
		events[w.Event] = left
	}
	return nil
}

// purged says what an event was that is forgotten.
type purged struct {
	found, flying int  // 1: there was a record; a write of it may have been under way
	later         bool // it was accepted later, or is not the person's: all of it stays
}

// purge takes away all rows of an event of the person that was accepted until then,
// and leaves the hash that says that it was forgotten.
func (s *Store) purge(ctx context.Context, team, person, event, order string, until time.Time) (was purged, err error) {
	key, err := s.makeGoneKey(ctx, team)
	if err != nil {
		return purged{}, err
	}
	for range purgeRounds {
		was, err = s.purgeOnce(ctx, team, person, event, order, hashed(key, eventHead, event), until)
		if _, refused := table.AsRefused(err); !refused {
			break
		}
	}
	if err != nil {
		return purged{}, fmt.Errorf("forget the event: %w", err)
	}
	return was, nil
}

func (s *Store) purgeOnce(ctx context.Context, team, person, event, order, hash string, until time.Time) (purged, error) {
	from, ok, err := s.Stored(ctx, team, event)
	if err != nil || ok && (from.AcceptedAt.After(until) || from.Person != person) {
		return purged{later: true}, err
	}
	if !ok && order == "" {
		// It is being recorded, or was half: only its content says since when.
		if e, kept, err := s.Event(ctx, team, event); err != nil || !kept || e.AcceptedAt.After(until) {
			return purged{later: kept}, err
		}
	}
	if err := s.Unclaim(ctx, team, person, from.Claims); err != nil {
		return purged{}, err
	}
	flying, err := s.release(ctx, team, person, from.Record)
	if err != nil {
		return purged{}, err
	}
	gone, err := s.goneItem(team, hash, s.now())
	if err != nil {
		return purged{}, err
	}
	drop := func(k table.Key) table.Write { return table.Write{Item: table.Item{Key: k}, Delete: true} }
	writes := []table.Write{{Item: gone}, drop(bodyKey(team, event))}
	plans, err := s.plansOf(ctx, team, event)
	if err != nil {
		return purged{}, err
	}
	for _, key := range plans {
		writes = append(writes, drop(key))
	}
	if ok {
		order = from.Order
	}
	if order != "" {
		writes = append(writes, drop(table.Key{Partition: personPartition(team, person), Sort: entryHead + order}))
	}
	if !ok {
		return purged{}, table.Transact(ctx, s.t, writes)
	}
	ledger := drop(ledgerKey(team, event))
	ledger.If = over(from.Revision)
	writes = append(writes, ledger)
	if from.Listed != nil {
		writes = append(writes, drop(inboxKey(team, from.Record)))
	}
	if work, open := from.Work(); open {
		writes = append(writes, drop(dueKey(team, work)))
	}
	return purged{found: 1, flying: flying}, table.Transact(ctx, s.t, writes)
}

// release takes the person's name off the candidates that their event wrote to. One
// with a write of which nobody knows stays closed: flying is 1 then.
func (s *Store) release(ctx context.Context, team, person string, r delivery.Record) (flying int, err error) {
	unknown, ok := r.Unknown()
	if ok {
		flying = 1
	}
	for _, step := range r.Steps {
		var until time.Time
		if ok && step.ID == unknown.ID {
			until = step.CallBy.Add(delivery.LongestFlight)
		}
		if err := s.unname(ctx, team, step.Target, person, until); err != nil {
			return 0, err
		}
	}
	return flying, nil
}

// plansOf gives all plans that are kept of an event, also those that came too late.
func (s *Store) plansOf(ctx context.Context, team, event string) ([]table.Key, error) {
	from, to := table.Prefix(planHead)
	rows, err := s.all(ctx, table.Range{Partition: eventPartition(team, event), From: from, To: to})
	if err != nil {
		return nil, fmt.Errorf("list the event's plans: %w", err)
	}
	keys := make([]table.Key, 0, len(rows))
	for _, row := range rows {
		keys = append(keys, row.Key)
	}
	return keys, nil
}

// purgePerson takes away the person's own rows, and their place among the people
// of a candidate.
func (s *Store) purgePerson(ctx context.Context, team, id string) (found, linked bool, err error) {
	for range purgeRounds {
		found, linked, err = s.purgePersonOnce(ctx, team, id)
		if _, refused := table.AsRefused(err); !refused {
			break
		}
	}
	if err != nil {
		return false, false, fmt.Errorf("forget the person: %w", err)
	}
	return found, linked, nil
}

func (s *Store) purgePersonOnce(ctx context.Context, team, id string) (found, linked bool, err error) {
	p, revision, err := s.getPerson(ctx, team, id)
	if err != nil {
		return false, false, err
	}
	found = revision != ""
	writes := []table.Write{{Item: table.Item{Key: hookKey(team, id)}, Delete: true}}
	if found {
		writes = append(writes, table.Write{Item: table.Item{Key: personKey(team, id)}, Delete: true, If: over(revision)})
	}
	if linked = p.Link.Candidate != ""; linked {
		writes = append(writes, table.Write{Item: table.Item{Key: linkedKey(team, p.Link.Candidate, id)}, Delete: true},
			lastLinkedWrite(team, p.Link.Candidate, "", s.token()))
	}
	return found, linked, table.Transact(ctx, s.t, writes)
}

// unname leaves of a candidate that is closed for a write of the person no more than
// until when: nothing may be written before that, whoever it was for. A write of
// which nobody knows closes it until then, also where the person was alone there and
// it was not: with them goes what others would see it by.
func (s *Store) unname(ctx context.Context, team, candidate, person string, until time.Time) error {
	if candidate == "" {
		return nil
	}
	for range purgeRounds {
		var doc candidateDoc
		revision, _, err := s.get(ctx, candidateKey(team, candidate), &doc)
		if err != nil {
			return err
		}
		theirs := doc.Closed != nil && doc.Closed.Person == person
		if !theirs && !until.After(s.now()) {
			return nil
		}
		if doc.Closed != nil && doc.Closed.Until.After(until) {
			until = doc.Closed.Until
		}
		doc.Closed = &delivery.Closing{Until: until}
		row, err := item(candidateKey(team, candidate), doc, s.token(), time.Time{})
		if err != nil {
			return err
		}
		err = table.Put(ctx, s.t, table.Write{Item: row, If: over(revision)})
		if _, refused := table.AsRefused(err); !refused {
			return err
		}
	}
	return nil
}

// unnameIfGone is for who closes a candidate while the event is being forgotten: the
// look comes after the write, so that either this or the forgetting sees the other.
func (s *Store) unnameIfGone(ctx context.Context, team, candidate string, c delivery.Closing) error {
	gone, err := s.Gone(ctx, team, nil, []string{c.Event})
	if _, forgotten := gone.Events[c.Event]; err != nil || !forgotten {
		return err
	}
	return s.unname(ctx, team, candidate, c.Person, time.Time{})
}
