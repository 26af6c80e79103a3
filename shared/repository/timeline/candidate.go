package timeline

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// candidateDoc is the end of a candidate, as far as we were told, and who writes to
// it or may have.
type candidateDoc struct {
	Gone   bool
	Into   string // of a merge: the candidate that stays
	At     time.Time
	Closed *delivery.Closing
}

// Candidate reads what is known of a candidate, with the people linked to it.
// Nothing known is the zero value with its id.
func (s *Store) Candidate(ctx context.Context, team, id string) (delivery.Candidate, error) {
	rows, err := s.all(ctx, table.Range{Partition: candidatePartition(team, id)})
	if err != nil {
		return delivery.Candidate{}, fmt.Errorf("read the candidate: %w", err)
	}
	out := delivery.Candidate{ID: id}
	for _, row := range rows {
		if person, ok := strings.CutPrefix(row.Sort, personHead); ok {
			out.People = append(out.People, person)
		} else if row.Sort == rowSort {
			var doc candidateDoc
			if err := read(row, &doc); err != nil {
				return delivery.Candidate{}, err
			}
			out.Gone, out.Into, out.Closed, out.Revision = doc.Gone, doc.Into, doc.Closed, delivery.Revision(row.Token)
		}
	}
	return out, nil
}

// CloseCandidate writes who writes to a candidate, or nobody, over what was read.
// Conflict: another came between.
func (s *Store) CloseCandidate(ctx context.Context, team string, from delivery.Candidate, c *delivery.Closing) (delivery.Candidate, error) {
	var doc candidateDoc
	key := candidateKey(team, from.ID)
	if _, _, err := s.get(ctx, key, &doc); err != nil {
		return delivery.Candidate{}, fmt.Errorf("read the candidate: %w", err)
	}
	doc.Closed = c
	row, err := item(key, doc, s.token(), time.Time{})
	if err != nil {
		return delivery.Candidate{}, err
	}
	if err := table.Put(ctx, s.t, table.Write{Item: row, If: over(from.Revision)}); err != nil {
		return delivery.Candidate{}, fmt.Errorf("close the candidate: %w", err)
	}
	if c != nil {
		if err := s.unnameIfGone(ctx, team, from.ID, *c); err != nil {
			return delivery.Candidate{}, err
		}
	}
	from.Closed, from.Revision = c, delivery.Revision(row.Token)
	return from, nil
}

// endings bounds how often the end of a candidate is written over a row that others
// change.
const endings = 5

// EndCandidate remembers that a candidate is no more; into names the survivor of
// a merge and is empty for a deletion. What is known of a merge stays known.
func (s *Store) EndCandidate(ctx context.Context, team, candidate, into string, at time.Time) error {
	key := candidateKey(team, candidate)
	var err error
	for range endings {
		var doc candidateDoc
		var stands delivery.Revision
		if stands, _, err = s.get(ctx, key, &doc); err != nil {
			break
		}
		doc.Gone, doc.At = true, at
		if into != "" {
			doc.Into = into
		}
		var row table.Item
		if row, err = item(key, doc, s.token(), time.Time{}); err != nil {
			return err
		}
		if err = table.Put(ctx, s.t, table.Write{Item: row, If: over(stands)}); err == nil {
			return nil
		}
		if !fault.Is(err, fault.Conflict) {
			break
		}
	}
	return fmt.Errorf("end the candidate: %w", err)
}

func candidateKey(team, id string) table.Key {
	return table.Key{Partition: candidatePartition(team, id), Sort: rowSort}
}

// PeopleOf lists the people that are linked to a candidate.
func (s *Store) PeopleOf(ctx context.Context, team, candidate string) ([]string, error) {
	c, err := s.Candidate(ctx, team, candidate)
	return c.People, err
}

// SavePerson writes a person alone, with the lists of the candidates that they
// come to or leave. Conflict: another came between.
func (s *Store) SavePerson(ctx context.Context, team string, c delivery.PersonChange) (delivery.Subject, error) {
	if err := s.noteLinked(ctx, team, c.From.Person.Link, c.To.Link); err != nil {
		return delivery.Subject{}, err
	}
	token := s.token()
	writes, err := personWrites(team, c, token)
	if err != nil {
		return delivery.Subject{}, err
	}
	if err := s.write(ctx, writes); err != nil {
		return delivery.Subject{}, fmt.Errorf("write the person: %w", err)
	}
	return delivery.Subject{Person: c.To, Revision: delivery.Revision(token)}, nil
}

// AppliedByOthers gives, of the people of a candidate but for one, the times of the
// values that they last wrote to it; who is linked elsewhere by now wrote nothing.
func (s *Store) AppliedByOthers(ctx context.Context, team, candidate, but string) (map[contact.Variable]time.Time, error) {
	c, err := s.Candidate(ctx, team, candidate)
	if err != nil {
		return nil, err
	}
	var keys []table.Key
	for _, id := range c.Others(but) {
		keys = append(keys, personKey(team, id))
	}
	if len(keys) == 0 {
		return nil, nil
	}
	rows, err := s.t.BatchGet(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("read the candidate's people: %w", err)
	}
	out := map[contact.Variable]time.Time{}
	for _, row := range rows {
		p, err := readPerson(row)
		if err != nil {
			return nil, err
		}
		if p.Link.Candidate != candidate || p.Link.Kind != person.Synced {
			continue
		}
		for v, at := range p.Applied {
			if at.After(out[v]) {
				out[v] = at
			}
		}
	}
	return out, nil
}
