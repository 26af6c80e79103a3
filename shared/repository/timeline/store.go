package timeline

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Store is the timeline table. Its errors are the table's faults, wrapped with
// the operation; a write over a revision that is no longer there is a Conflict.
// It is safe for concurrent use.
type Store struct {
	t     table.Table
	now   func() time.Time
	token func() string

	mu      sync.Mutex
	touched map[string]time.Time    // teams whose row this process put, and when
	filled  map[table.Key]time.Time // slots of linked candidates that it filled, and when
}

// New makes a store over a table. The token source gives a fresh, unique token
// for every write.
func New(t table.Table, now func() time.Time, token func() string) *Store {
	return &Store{t: t, now: now, token: token, touched: map[string]time.Time{}, filled: map[table.Key]time.Time{}}
}

// item makes a row of a document, with a token.
func item(key table.Key, doc any, token string, expires time.Time) (table.Item, error) {
	b, err := compact(doc)
	if err != nil {
		return table.Item{}, fault.New(fault.Internal, "row_unwritable", "a document cannot be written").Because(err)
	}
	return table.Item{Key: key, Doc: b, Token: token, Expires: expires}, nil
}

// read decodes a row's document.
func read(row table.Item, into any) error {
	if err := json.Unmarshal(row.Doc, into); err != nil {
		return fault.New(fault.Internal, "row_unreadable", "a stored document cannot be read").Because(err)
	}
	return nil
}

// get reads one document; ok is false when there is none.
func (s *Store) get(ctx context.Context, key table.Key, into any) (revision delivery.Revision, ok bool, err error) {
	row, ok, err := s.t.Get(ctx, key)
	if err != nil || !ok {
		return "", false, err
	}
	return delivery.Revision(row.Token), true, read(row, into)
}

// over is the condition that the row is still as it was read.
func over(r delivery.Revision) table.Condition {
	if r == "" {
		return table.IfAbsent()
	}
	return table.IfToken(string(r))
}

// all reads every row of a range.
func (s *Store) all(ctx context.Context, r table.Range) ([]table.Item, error) {
	var rows []table.Item
	for {
		page, err := s.t.Query(ctx, r)
		if err != nil {
			return nil, err
		}
		rows = append(rows, page.Items...)
		if page.Next == "" {
			return rows, nil
		}
		r.After = page.Next
	}
}
