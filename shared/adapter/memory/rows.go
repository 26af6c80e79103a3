package memory

import (
	"iter"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// chunkRows bounds what an insert has to move.
const chunkRows = 512

// rows is a partition: its items in order of their sort keys, in chunks that are
// never empty. A partition of 100,000 rows has a few hundred chunks, so both
// steps of a search and both moves of an insert stay short.
type rows struct{ chunks [][]table.Item }

// find gives the place of a sort key, or the place where it belongs.
func (r *rows) find(sort string) (chunk, at int, found bool) {
	chunk, found = slices.BinarySearchFunc(r.chunks, sort, func(c []table.Item, sort string) int {
		return strings.Compare(c[0].Sort, sort)
	})
	if found || chunk == 0 {
		return chunk, 0, found
	}
	chunk-- // the last one that begins before the key
	at, found = slices.BinarySearchFunc(r.chunks[chunk], sort, func(i table.Item, sort string) int {
		return strings.Compare(i.Sort, sort)
	})
	return chunk, at, found
}

func (r *rows) get(sort string) (table.Item, bool) {
	chunk, at, found := r.find(sort)
	if !found {
		return table.Item{}, false
	}
	return r.chunks[chunk][at], true
}

func (r *rows) put(item table.Item) {
	chunk, at, found := r.find(item.Sort)
	switch {
	case found:
		r.chunks[chunk][at] = item
	case len(r.chunks) == 0:
		r.chunks = [][]table.Item{{item}}
	default:
		r.chunks[chunk] = slices.Insert(r.chunks[chunk], at, item)
		r.split(chunk)
	}
}

// split halves a chunk that has grown too long. Rows that arrive in order leave
// full chunks behind.
func (r *rows) split(chunk int) {
	c := r.chunks[chunk]
	if len(c) <= chunkRows {
		return
	}
	half := len(c) / 2
	if chunk == len(r.chunks)-1 {
		half = len(c) - 1
	}
	r.chunks[chunk] = slices.Clip(c[:half])
	r.chunks = slices.Insert(r.chunks, chunk+1, slices.Clone(c[half:]))
}

func (r *rows) remove(sort string) {
	chunk, at, found := r.find(sort)
	if !found {
		return
	}
	r.chunks[chunk] = slices.Delete(r.chunks[chunk], at, at+1)
	if len(r.chunks[chunk]) == 0 {
		r.chunks = slices.Delete(r.chunks, chunk, chunk+1)
	}
}

// from gives the items from a sort key on, ascending.
func (r *rows) from(sort string) iter.Seq[table.Item] {
	return func(yield func(table.Item) bool) {
		chunk, at, _ := r.find(sort)
		for ; chunk < len(r.chunks); chunk, at = chunk+1, 0 {
			for _, item := range r.chunks[chunk][at:] {
				if !yield(item) {
					return
				}
			}
		}
	}
}

// before gives the items below the upper end of a range, descending.
func (r *rows) before(of table.Range) iter.Seq[table.Item] {
	return func(yield func(table.Item) bool) {
		chunk, at := r.upper(of)
		for ; chunk >= 0; chunk-- {
			for i := min(at, len(r.chunks[chunk])) - 1; i >= 0; i-- {
				if !yield(r.chunks[chunk][i]) {
					return
				}
			}
			at = chunkRows + 1
		}
	}
}

// upper gives the place just behind the last item of a descending range.
func (r *rows) upper(of table.Range) (chunk, at int) {
	end := of.To
	if of.After != "" && (end == "" || of.After < end) {
		end = of.After
	}
	if end == "" || len(r.chunks) == 0 {
		return len(r.chunks) - 1, chunkRows + 1
	}
	chunk, at, _ = r.find(end)
	return chunk, at
}
