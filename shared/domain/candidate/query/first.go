package query

import (
	"container/heap"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
)

// first gives the first so many of a segment's rows in the query's order, those
// that do not follow a place aside. Rows are in the order of ids, and the values
// of a column have keys in their order: nearly all rows of a large result are
// turned away by comparing one number.
func (q Query) first(s *index.Segment, rows index.Bits, after *Place, most int) []int {
	order := s.Column(q.Sort).Order(sortedBy, q.Down)
	var from index.Bound
	if after != nil {
		from = order.From(after.Blank, after.Text, after.Number)
	}
	best := &furthest{}
	for row := range rows.Rows() {
		key := order.Key(row)
		if after != nil && (key < from.Key || key == from.Key && from.Same && s.ID(row) <= after.ID) {
			continue
		}
		switch {
		case len(best.rows) < most:
			heap.Push(best, keyed{key, row})
		case key < best.rows[0].key:
			best.rows[0] = keyed{key, row}
			heap.Fix(best, 0)
		}
	}
	out := make([]int, len(best.rows))
	for i, r := range best.rows {
		out[i] = r.row
	}
	return out
}

type keyed struct {
	key uint64
	row int
}

// furthest is a heap whose top comes last in the order.
type furthest struct{ rows []keyed }

// Len, Less, Swap, Push and Pop are for package heap.
func (f *furthest) Len() int { return len(f.rows) }

// Less puts what comes later on top.
func (f *furthest) Less(i, j int) bool {
	a, b := f.rows[i], f.rows[j]
	return a.key > b.key || a.key == b.key && a.row > b.row
}

// Swap swaps.
func (f *furthest) Swap(i, j int) { f.rows[i], f.rows[j] = f.rows[j], f.rows[i] }

// Push adds a row.
func (f *furthest) Push(x any) {
	if k, ok := x.(keyed); ok {
		f.rows = append(f.rows, k)
	}
}

// Pop takes the last one.
func (f *furthest) Pop() any {
	k := f.rows[len(f.rows)-1]
	f.rows = f.rows[:len(f.rows)-1]
	return k
}
