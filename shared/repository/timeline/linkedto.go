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
// one who was linked last; candidates without one are left out. ended are those of
// which a hook told that they are no more. Two reads, and one more for each
// candidate that somebody has left.
func (s *Store) LinkedTo(ctx context.Context, team string, candidates []string) (people map[string]string, ended map[string]bool, err error) {
	if len(candidates) == 0 {
		return nil, nil, nil
	}
	hints, ended, err := s.lastLinked(ctx, team, candidates)
	if err != nil {
		return nil, nil, err
	}
	people, err = s.follow(ctx, team, hints)
	return people, ended, err
}

// follow looks at the people that hints name.
func (s *Store) follow(ctx context.Context, team string, hints map[string]string) (map[string]string, error) {
	found := map[string]string{}
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

func (s *Store) lastLinked(ctx context.Context, team string, candidates []string) (hints map[string]string, ended map[string]bool, err error) {
	var keys []table.Key
	for _, c := range candidates {
		keys = append(keys, lastLinkedKey(team, c), table.Key{Partition: candidatePartition(team, c), Sort: rowSort})
	}
	rows, err := s.t.BatchGet(ctx, table.Distinct(keys))
	if err != nil {
		return nil, nil, fmt.Errorf("read who is linked: %w", err)
	}
	hints, ended = map[string]string{}, map[string]bool{}
	for _, row := range rows {
		id := strings.TrimPrefix(row.Partition, candidatePartition(team, ""))
		if row.Sort == rowSort {
			var doc candidateDoc
			if err := read(row, &doc); err != nil {
				return nil, nil, err
			}
			ended[id] = doc.Gone
			continue
		}
		var doc lastLinkedDoc
		if err := read(row, &doc); err != nil {
			return nil, nil, err
		}
		hints[id] = doc.Person
	}
	return hints, ended, nil
}
