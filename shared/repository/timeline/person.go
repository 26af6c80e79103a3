package timeline

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// recent is how many of a person's latest events are looked at together. Of those
// before them only what is open, or may be (past.go).
const recent = 200

// Subject reads a person with the revision; nobody known is a person with
// nothing but ids and the zero revision.
func (s *Store) Subject(ctx context.Context, team, id string) (delivery.Subject, error) {
	p, revision, err := s.getPerson(ctx, team, id)
	if err != nil {
		return delivery.Subject{}, fmt.Errorf("read the person: %w", err)
	}
	return delivery.Subject{Person: p, Revision: revision}, nil
}

// Person reads a person; ok is false when nothing is known of them.
func (s *Store) Person(ctx context.Context, team, id string) (person.Person, bool, error) {
	subject, err := s.Subject(ctx, team, id)
	if err != nil || subject.Revision == "" {
		return person.Person{}, false, err
	}
	return subject.Person, true, nil
}

// Known reports whether anything was recorded of a person. Before their first event
// was looked at there is no row of them yet.
func (s *Store) Known(ctx context.Context, team, id string) (bool, error) {
	n, _, err := s.t.Count(ctx, table.Range{Partition: personPartition(team, id), From: rowSort}, 1)
	if err != nil {
		return false, fmt.Errorf("read the person: %w", err)
	}
	return n > 0, nil
}

// All reads a person and the records of all of their events, in the person's order.
func (s *Store) All(ctx context.Context, team, id string) (delivery.Subject, []delivery.Stored, error) {
	return s.load(ctx, team, id, eventsOf)
}

// Load reads a person and the records of their latest events, of those before them
// of which something is open, and of the events named besides, in the person's order.
// What is named and not yet on the timeline, because who recorded it died before, it
// puts there: whoever looks at the person next must find it, for an unknown step of it
// holds back all others.
func (s *Store) Load(ctx context.Context, team, id string, besides []string) (delivery.Subject, []delivery.Stored, error) {
	var listed []entry
	subject, records, err := s.load(ctx, team, id, func(entries []entry) []string {
		listed = entries
		return slices.Concat(eventsOf(inSight(entries)), besides)
	})
	if err != nil {
		return delivery.Subject{}, nil, err
	}
	onIt := make(map[string]bool, len(listed))
	for _, e := range listed {
		onIt[e.event] = true
	}
	for _, r := range records {
		if r.Person == id && !onIt[r.Event] {
			if err := s.enter(ctx, team, r); err != nil {
				return delivery.Subject{}, nil, err
			}
		}
	}
	s.putBehind(ctx, team, listed, records)
	return subject, records, nil
}

func (s *Store) load(
	ctx context.Context, team, id string, choose func(entries []entry) []string,
) (delivery.Subject, []delivery.Stored, error) {
	rows, err := s.all(ctx, table.Range{Partition: personPartition(team, id), From: rowSort})
	if err != nil {
		return delivery.Subject{}, nil, fmt.Errorf("read the person: %w", err)
	}
	subject := delivery.Subject{Person: person.Person{Team: team, ID: id}}
	var entries []entry
	for _, row := range rows {
		if row.Sort == rowSort {
			subject.Revision = delivery.Revision(row.Token)
			if subject.Person, err = readPerson(row); err != nil {
				return delivery.Subject{}, nil, err
			}
		} else if e, ok := eventOf(row.Sort); ok {
			entries = append(entries, entry{e, row})
		}
	}
	records, err := s.records(ctx, team, choose(entries))
	return subject, records, err
}

// records reads the records that exist, each once, in the order of their events.
func (s *Store) records(ctx context.Context, team string, events []string) ([]delivery.Stored, error) {
	keys := make([]table.Key, len(events))
	for i, e := range events {
		keys[i] = ledgerKey(team, e)
	}
	rows, err := s.t.BatchGet(ctx, table.Distinct(keys))
	if err != nil {
		return nil, fmt.Errorf("read the records: %w", err)
	}
	records := make([]delivery.Stored, 0, len(rows))
	for _, row := range rows {
		stored, err := s.recordOf(row)
		if err != nil {
			return nil, err
		}
		records = append(records, stored)
	}
	slices.SortFunc(records, func(a, b delivery.Stored) int { return strings.Compare(a.Order, b.Order) })
	return records, nil
}

// personWrites are those of a person's row and of the lists of the candidates
// that the person comes to or leaves.
func personWrites(team string, c delivery.PersonChange, token string) ([]table.Write, error) {
	row, err := item(personKey(team, c.To.ID), personDocOf(c.To), token, time.Time{})
	if err != nil {
		return nil, err
	}
	writes := []table.Write{{Item: row, If: over(c.From.Revision)}}
	from, to := c.From.Person.Link.Candidate, c.To.Link.Candidate
	if from == to {
		return writes, nil
	}
	if to != "" {
		writes = append(writes, table.Write{Item: table.Item{
			Key: linkedKey(team, to, c.To.ID), Doc: []byte("{}"), Token: token,
		}})
		writes = append(writes, lastLinkedWrite(team, to, c.To.ID, token))
	}
	if from != "" {
		writes = append(writes, table.Write{Item: table.Item{Key: linkedKey(team, from, c.To.ID)}, Delete: true},
			lastLinkedWrite(team, from, "", token))
	}
	return writes, nil
}

// People reads people by id; those of whom nothing is kept are left out.
func (s *Store) People(ctx context.Context, team string, ids []string) (map[string]person.Person, error) {
	keys := make([]table.Key, len(ids))
	for i, id := range ids {
		keys[i] = personKey(team, id)
	}
	people := make(map[string]person.Person, len(ids))
	if len(ids) == 0 {
		return people, nil
	}
	rows, err := s.t.BatchGet(ctx, table.Distinct(keys))
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	for _, row := range rows {
		p, err := readPerson(row)
		if err != nil {
			return nil, err
		}
		people[p.ID] = p
	}
	return people, nil
}
