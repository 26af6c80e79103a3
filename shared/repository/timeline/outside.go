package timeline

import (
	"context"
	"fmt"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// farthest is later than anything is due.
const farthest = 10 * 365 * day

// Outside counts the people of a team who have work on the way and no synced
// candidate; more says that not all the work was looked at, but only `most` of it.
func (s *Store) Outside(ctx context.Context, team string, most int) (count int, more bool, err error) {
	keys := map[string]table.Key{}
	for _, class := range []delivery.Class{delivery.Live, delivery.Bulk} {
		work, err := s.Due(ctx, team, class, s.now().Add(farthest), most+1)
		if err != nil {
			return 0, false, err
		}
		more = more || len(work) > most
		for _, w := range work[:min(most, len(work))] {
			if w.Person != "" && w.Event != "" {
				keys[w.Person] = personKey(team, w.Person)
			}
		}
	}
	all := make([]table.Key, 0, len(keys))
	for _, k := range keys {
		all = append(all, k)
	}
	rows, err := s.t.BatchGet(ctx, all)
	if err != nil {
		return 0, false, fmt.Errorf("read the people with work: %w", err)
	}
	count = len(all)
	for _, row := range rows {
		p, err := readPerson(row)
		if err != nil {
			return 0, false, err
		}
		if p.Link.Kind == person.Synced && !p.Link.Gone {
			count--
		}
	}
	return count, more, nil
}
