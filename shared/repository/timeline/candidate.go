package timeline

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// candidateDoc is the end of a candidate, as far as we were told.
type candidateDoc struct {
	Gone bool
	Into string // of a merge: the candidate that stays
	At   time.Time
}

// EndCandidate remembers that a candidate is no more; into names the survivor of
// a merge and is empty for a deletion.
func (s *Store) EndCandidate(ctx context.Context, team, candidate, into string, at time.Time) error {
	key := table.Key{Partition: candidatePartition(team, candidate), Sort: rowSort}
	row, err := item(key, candidateDoc{true, into, at}, s.token(), time.Time{})
	if err != nil {
		return err
	}
	if err := table.Put(ctx, s.t, table.Write{Item: row}); err != nil {
		return fmt.Errorf("end the candidate: %w", err)
	}
	return nil
}

// PeopleOf lists the people that are linked to a candidate.
func (s *Store) PeopleOf(ctx context.Context, team, candidate string) ([]string, error) {
	from, to := table.Prefix(personHead)
	rows, err := s.all(ctx, table.Range{Partition: candidatePartition(team, candidate), From: from, To: to})
	if err != nil {
		return nil, fmt.Errorf("list the candidate's people: %w", err)
	}
	people := make([]string, len(rows))
	for i, row := range rows {
		people[i] = strings.TrimPrefix(row.Sort, personHead)
	}
	return people, nil
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
