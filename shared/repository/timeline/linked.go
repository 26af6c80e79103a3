package timeline

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// A team's links are spread over one partition for each candidate, so a few of the
// candidates are kept where they are found by one read: one in each slot, the
// latest that was put there. A new key is tried out on them.
const (
	linkedSlots = 8
	linkedHead  = "linked#"
	linkedFresh = 6 * time.Hour // so long this process takes a slot that it filled for filled
)

type linkedDoc struct{ Candidate string }

// noteLinked remembers a candidate that somebody is about to be linked to. It
// comes before the link, so that there is no link without one to be found by.
func (s *Store) noteLinked(ctx context.Context, team string, from, to person.Link) error {
	if to.Candidate == "" || to.Candidate == from.Candidate {
		return nil
	}
	slot := linkedHead + strconv.Itoa(shardOf(to.Candidate, linkedSlots))
	key := table.Key{Partition: team, Sort: slot}
	now := s.now()
	s.mu.Lock()
	filled, ok := s.filled[key]
	s.mu.Unlock()
	if ok && now.Sub(filled) < linkedFresh && !now.Before(filled) {
		return nil
	}
	row, err := item(key, linkedDoc{to.Candidate}, s.token(), time.Time{})
	if err != nil {
		return err
	}
	if err := table.Put(ctx, s.t, table.Write{Item: row}); err != nil {
		return fmt.Errorf("note the link: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.filled[key] = now
	return nil
}

// Linked gives a few candidates to which people are linked now, in this generation
// of links and as far as anybody knows still there; none when there is no link.
func (s *Store) Linked(ctx context.Context, team string, generation, most int) ([]string, error) {
	from, to := table.Prefix(linkedHead)
	rows, err := s.all(ctx, table.Range{Partition: team, From: from, To: to})
	if err != nil {
		return nil, fmt.Errorf("list linked candidates: %w", err)
	}
	var out []string
	for _, row := range rows {
		var doc linkedDoc
		if err := json.Unmarshal(row.Doc, &doc); err != nil {
			return nil, fmt.Errorf("read a linked candidate: %w", err)
		}
		good, err := s.linkStands(ctx, team, doc.Candidate, generation)
		if err != nil {
			return nil, err
		}
		if good && !slices.Contains(out, doc.Candidate) {
			out = append(out, doc.Candidate)
		}
		if len(out) == most {
			break
		}
	}
	return out, nil
}

func (s *Store) linkStands(ctx context.Context, team, candidate string, generation int) (bool, error) {
	from, to := table.Prefix(personHead)
	page, err := s.t.Query(ctx, table.Range{Partition: candidatePartition(team, candidate), From: from, To: to, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return false, err
	}
	p, ok, err := s.Person(ctx, team, page.Items[0].Sort[len(personHead):])
	l := p.Of(generation).Link
	return ok && l.Candidate == candidate && !l.Gone, err
}
