// Package memory keeps a table in memory, for tests and simulation. It behaves as
// the store on AWS does, page boundaries and refusals included, and hands out
// copies only. Nothing of it outlives the process.
package memory

import (
	"bytes"
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Table is one table. It is safe for concurrent use.
type Table struct {
	now        func() time.Time
	mu         sync.RWMutex
	partitions map[string]*rows
}

var _ table.Table = (*Table)(nil)

// NewTable makes an empty table whose rows expire by the given clock.
func NewTable(now func() time.Time) *Table {
	return &Table{now: now, partitions: map[string]*rows{}}
}

// Get reads a row.
func (t *Table) Get(ctx context.Context, key table.Key) (table.Item, bool, error) {
	if err := admit(ctx, key.Validate()); err != nil {
		return table.Item{}, false, err
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	item, ok := t.live(key, t.now())
	return item, ok, nil
}

// BatchGet reads the rows that exist.
func (t *Table) BatchGet(ctx context.Context, keys []table.Key) ([]table.Item, error) {
	for _, key := range keys {
		if err := key.Validate(); err != nil {
			return nil, err
		}
	}
	if err := admit(ctx, nil); err != nil {
		return nil, err
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	now := t.now()
	var items []table.Item
	for _, key := range table.Distinct(keys) {
		if item, ok := t.live(key, now); ok {
			items = append(items, item)
		}
	}
	return items, nil
}

// Query reads one page of a partition.
func (t *Table) Query(ctx context.Context, r table.Range) (table.Page, error) {
	if err := admit(ctx, r.Validate()); err != nil {
		return table.Page{}, err
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	copies := func(yield func(table.Item, error) bool) {
		for item := range t.scan(r) {
			if !yield(clone(item), nil) {
				return
			}
		}
	}
	return table.Cut(copies, r.Limit, t.now())
}

// Count counts the live rows of a range.
func (t *Table) Count(ctx context.Context, r table.Range, most int) (n int, more bool, err error) {
	if err := admit(ctx, r.Validate()); err != nil {
		return 0, false, err
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	now := t.now()
	for item := range t.scan(r) {
		switch {
		case !item.Live(now):
		case n >= most:
			return n, true, nil
		default:
			n++
		}
	}
	return n, false, nil
}

// live reads a copy of a row that has not expired.
func (t *Table) live(key table.Key, now time.Time) (table.Item, bool) {
	part, ok := t.partitions[key.Partition]
	if !ok {
		return table.Item{}, false
	}
	item, ok := part.get(key.Sort)
	if !ok || !item.Live(now) {
		return table.Item{}, false
	}
	return clone(item), true
}

// scan gives the rows of a range in its order, expired ones included.
func (t *Table) scan(r table.Range) iter.Seq[table.Item] {
	return func(yield func(table.Item) bool) {
		part, ok := t.partitions[r.Partition]
		if !ok {
			return
		}
		rows := part.from(max(r.From, r.After))
		if r.Descending {
			rows = part.before(r)
		}
		for item := range rows {
			if r.Has(item.Sort) {
				if !yield(item) {
					return
				}
			} else if item.Sort != r.After {
				return // past the far end
			}
		}
	}
}

// admit refuses a malformed call first, then one whose caller has gone.
func admit(ctx context.Context, malformed error) error {
	if malformed != nil {
		return malformed
	}
	if err := ctx.Err(); err != nil {
		return fault.New(fault.Unavailable, "store_unavailable", "the store cannot be reached").Because(err)
	}
	return nil
}

// clone copies what callers could write to, and keeps of the expiry what every
// adapter keeps.
func clone(item table.Item) table.Item {
	item.Doc = bytes.Clone(item.Doc)
	item.Expires = table.FromMillis(table.Millis(item.Expires))
	return item
}

// Rows gives copies of all rows that exist, in no order: what a look for traces of
// somebody goes through.
func (t *Table) Rows() []table.Item {
	t.mu.RLock()
	defer t.mu.RUnlock()
	now := t.now()
	var items []table.Item
	for _, partition := range t.partitions {
		for item := range partition.from("") {
			if item.Live(now) {
				items = append(items, clone(item))
			}
		}
	}
	return items
}

// All gives copies of all live rows, for those who look for what must not be there.
func (t *Table) All() iter.Seq[table.Item] {
	return func(yield func(table.Item) bool) {
		t.mu.RLock()
		defer t.mu.RUnlock()
		now := t.now()
		for _, name := range slices.Sorted(maps.Keys(t.partitions)) {
			for item := range t.partitions[name].from("") {
				if item.Live(now) && !yield(clone(item)) {
					return
				}
			}
		}
	}
}
