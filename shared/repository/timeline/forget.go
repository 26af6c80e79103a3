package timeline

import (
	"context"
	"fmt"
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
// with its rows in one transaction; after a crash the person's rows still say
// which are left. Again it does no harm.
func (s *Store) Forget(ctx context.Context, team, id string, until time.Time) (delivery.Removed, error) {
	var removed delivery.Removed
	events, err := s.eventsOf(ctx, team, id)
	if err != nil {
		return removed, err
	}
	ids := make([]string, 0, len(events))
	for e, order := range events {
		ids = append(ids, e)
		found, flying, err := s.purge(ctx, team, id, e, order, until)
		if err != nil {
			return removed, err
		}
		if found {
			removed.Events++
		}
		if flying {
			removed.InFlight++
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

// eventsOf gives the events of a person, by their timeline and by what is due, with
// their places on the timeline where they have one. What is due is dropped.
func (s *Store) eventsOf(ctx context.Context, team, id string) (orders map[string]string, err error) {
	from, to := table.Prefix(entryHead)
	rows, err := s.all(ctx, table.Range{Partition: personPartition(team, id), From: from, To: to})
	if err != nil {
		return nil, fmt.Errorf("list the person's events: %w", err)
	}
	orders = map[string]string{}
	for _, row := range rows {
		if e, ok := eventOf(row.Sort); ok {
			orders[e] = strings.TrimPrefix(row.Sort, entryHead)
		}
	}
	for _, class := range []delivery.Class{delivery.Live, delivery.Bulk} {
		if err := s.dropDueOf(ctx, team, id, class, orders); err != nil {
			return nil, err
		}
	}
	return orders, nil
}

// dropDueOf drops what is due of a person, and adds its events.
func (s *Store) dropDueOf(ctx context.Context, team, id string, class delivery.Class, orders map[string]string) error {
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
		if err := s.DropDue(ctx, team, w); err != nil {
			return err
		}
		if _, ok := orders[w.Event]; !ok && w.Event != "" {
			orders[w.Event] = ""
		}
	}
	return nil
}

// purge takes away all rows of an event of the person that was accepted until then,
// and leaves the hash that says that it was forgotten. found says that there was a
// record; flying that a write of it may have been under way.
func (s *Store) purge(ctx context.Context, team, person, event, order string, until time.Time) (found, flying bool, err error) {
	key, err := s.makeGoneKey(ctx, team)
	if err != nil {
		return false, false, err
	}
	for range purgeRounds {
		found, flying, err = s.purgeOnce(ctx, team, person, event, order, hashed(key, eventHead, event), until)
		if _, refused := table.AsRefused(err); !refused {
			break
		}
	}
	if err != nil {
		return false, false, fmt.Errorf("forget the event: %w", err)
	}
	return found, flying, nil
}

func (s *Store) purgeOnce(
	ctx context.Context, team, person, event, order, hash string, until time.Time,
) (found, flying bool, err error) {
	from, ok, err := s.Stored(ctx, team, event)
	if err != nil || ok && (from.AcceptedAt.After(until) || from.Person != person) {
		return false, false, err
	}
	if err := s.Unclaim(ctx, team, person, from.Claims); err != nil {
		return false, false, err
	}
	unknown, flying := from.Unknown()
	for _, step := range from.Steps {
		var until time.Time
		if flying && step.ID == unknown.ID {
			until = step.CallBy.Add(delivery.LongestFlight)
		}
		if err := s.unname(ctx, team, step.Target, person, until); err != nil {
			return false, false, err
		}
	}
	gone, err := s.goneItem(team, hash, s.now())
	if err != nil {
		return false, false, err
	}
	drop := func(k table.Key) table.Write { return table.Write{Item: table.Item{Key: k}, Delete: true} }
	writes := []table.Write{{Item: gone}, drop(bodyKey(team, event))}
	plans, err := s.plansOf(ctx, team, event)
	if err != nil {
		return false, false, err
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
		return false, false, table.Transact(ctx, s.t, writes)
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
	return true, flying, table.Transact(ctx, s.t, writes)
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
