package timeline

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// lastLinkedDoc names the person who was linked to a candidate last, where it is
// found for many candidates by one read. It is a hint, and whoever follows it looks
// at the person. When somebody leaves it names nobody, for others may be there.
type lastLinkedDoc struct {
	Person string `json:",omitempty"`
}

const lastSort = "last"

func lastLinkedKey(team, candidate string) table.Key {
	return table.Key{Partition: candidatePartition(team, candidate), Sort: lastSort}
}

func lastLinkedWrite(team, candidate, person, token string) table.Write {
	doc, _ := json.Marshal(lastLinkedDoc{person}) // a string always encodes
	return table.Write{Item: table.Item{Key: lastLinkedKey(team, candidate), Doc: doc, Token: token}}
}

// LinkedTo gives for candidates the person who is linked to each, of several the
// one who was linked last; candidates without one are left out. Two reads, and one
// more for each candidate that somebody has left.
func (s *Store) LinkedTo(ctx context.Context, team string, candidates []string) (map[string]string, error) {
	found := map[string]string{}
	if len(candidates) == 0 {
		return found, nil
	}
	hints, err := s.lastLinked(ctx, team, candidates)
	if err != nil {
		return nil, err
	}
	people := make([]string, 0, len(hints))
	for _, id := range hints {
		if id != "" {
			people = append(people, id)
		}
	}
	known, err := s.People(ctx, team, people)
	if err != nil {
		return nil, err
	}
	for candidate, id := range hints {
		if linkedNow(known[id], candidate) {
			found[candidate] = id
			continue
		}
		others, err := s.PeopleOf(ctx, team, candidate)
		if err != nil {
			return nil, err
		}
		if len(others) > 0 {
			found[candidate] = others[0]
		}
	}
	return found, nil
}

func linkedNow(p person.Person, candidate string) bool {
	return p.Link.Kind != person.NotLinked && p.Link.Candidate == candidate
}

func (s *Store) lastLinked(ctx context.Context, team string, candidates []string) (map[string]string, error) {
	keys := make([]table.Key, len(candidates))
	for i, c := range candidates {
		keys[i] = lastLinkedKey(team, c)
	}
	rows, err := s.t.BatchGet(ctx, table.Distinct(keys))
	if err != nil {
		return nil, fmt.Errorf("read who is linked: %w", err)
	}
	hints := make(map[string]string, len(rows))
	for _, row := range rows {
		var doc lastLinkedDoc
		if err := read(row, &doc); err != nil {
			return nil, err
		}
		hints[strings.TrimPrefix(row.Partition, candidatePartition(team, ""))] = doc.Person
	}
	return hints, nil
}
