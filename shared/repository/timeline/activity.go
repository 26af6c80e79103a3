package timeline

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// activityLife is how long the recent activity of a team is kept.
const activityLife = 30 * day

// activityRows bounds how many rows one page of the activity is looked for in.
const activityRows = 100

type activityDoc struct{ Happenings []delivery.Happening }

func activityPartition(team string) string { return team + "#act" }

// AddActivity keeps what has happened as one row: its writer gathers several. Who
// was forgotten meanwhile is taken out again: the look comes after the write, so
// that either this or the forgetting sees the other.
func (s *Store) AddActivity(ctx context.Context, team string, happened []delivery.Happening) error {
	if len(happened) == 0 {
		return nil
	}
	now, token := s.now(), s.token()
	key := table.Key{Partition: activityPartition(team), Sort: delivery.Sortable(now) + "#" + token}
	row, err := item(key, activityDoc{happened}, token, now.Add(activityLife))
	if err != nil {
		return err
	}
	if err := table.Put(ctx, s.t, table.Write{Item: row}); err != nil {
		return fmt.Errorf("keep the activity: %w", err)
	}
	people, events := make([]string, len(happened)), make([]string, len(happened))
	for i, h := range happened {
		people[i], events[i] = h.Person, h.Event
	}
	gone, err := s.Gone(ctx, team, people, events)
	if err != nil {
		return err
	}
	_, err = s.scrubRow(ctx, row, func(h delivery.Happening) bool { return gone.Ends(h.Event, h.Person, h.At) })
	return err
}

// Activity lists what has happened lately in a team and is wanted, newest first: at
// most limit. It looks through a bounded part, so that a page may be short or empty
// and yet have a next.
func (s *Store) Activity(
	ctx context.Context, team, cursor string, limit int, wanted func(delivery.Happening) bool,
) (page []delivery.Happening, next string, err error) {
	r := table.Range{Partition: activityPartition(team), Limit: activityRows, Descending: true}
	begun, seen := linePlace(cursor)
	if begun != "" {
		r.To = begun + after
	}
	rows, err := s.t.Query(ctx, r)
	if err != nil {
		return nil, "", fmt.Errorf("read the activity: %w", err)
	}
	for _, row := range rows.Items {
		var doc activityDoc
		if err := read(row, &doc); err != nil {
			return nil, "", err
		}
		slices.Reverse(doc.Happenings)
		from := 0
		if row.Sort == begun {
			from = min(seen, len(doc.Happenings))
		}
		for i, h := range doc.Happenings[from:] {
			if len(page) == limit {
				return page, row.Sort + lineMark + strconv.Itoa(from+i), nil
			}
			if wanted(h) {
				page = append(page, h)
			}
		}
	}
	if rows.Next == "" {
		return page, "", nil
	}
	return page, rows.Next + lineMark + strconv.Itoa(math.MaxInt32), nil
}

// lineMark parts a row of the activity from the number of its lines that were seen.
const lineMark = "@"

func linePlace(cursor string) (row string, seen int) {
	row, n, _ := strings.Cut(cursor, lineMark)
	seen, _ = strconv.Atoi(n) // of our own making; else the row from its start
	return row, max(0, seen)
}

// scrubActivity takes a person and their events out of a team's recent activity.
func (s *Store) scrubActivity(ctx context.Context, team, id string, events []string) (removed int, err error) {
	r := table.Range{Partition: activityPartition(team)}
	about := func(h delivery.Happening) bool { return h.Person == id || slices.Contains(events, h.Event) }
	for {
		page, err := s.t.Query(ctx, r)
		if err != nil {
			return removed, fmt.Errorf("read the activity: %w", err)
		}
		for _, row := range page.Items {
			n, err := s.scrubRow(ctx, row, about)
			if err != nil {
				return removed, err
			}
			removed += n
		}
		if r.After = page.Next; r.After == "" {
			return removed, nil
		}
	}
}

// scrubRow writes a row of the activity anew without some of it. Nobody else
// writes to it.
func (s *Store) scrubRow(ctx context.Context, row table.Item, about func(delivery.Happening) bool) (int, error) {
	var doc activityDoc
	if err := read(row, &doc); err != nil {
		return 0, err
	}
	kept := slices.DeleteFunc(slices.Clone(doc.Happenings), about)
	if len(kept) == len(doc.Happenings) {
		return 0, nil
	}
	write := table.Write{Item: table.Item{Key: row.Key}, Delete: true}
	if len(kept) > 0 {
		fresh, err := item(row.Key, activityDoc{kept}, s.token(), row.Expires)
		if err != nil {
			return 0, err
		}
		write = table.Write{Item: fresh, If: table.IfToken(row.Token)}
	}
	if err := table.Put(ctx, s.t, write); err != nil {
		return 0, fmt.Errorf("take out of the activity: %w", err)
	}
	return len(doc.Happenings) - len(kept), nil
}
