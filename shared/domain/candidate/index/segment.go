package index

import (
	"maps"
	"slices"
	"strings"
)

// Segment is a set of candidates in columns. It never changes. Of a segment that
// is stored in columns only those may be there that a search needs.
type Segment struct {
	ids     []string // sorted
	gone    []int    // rows of candidates that are no more
	columns map[string]*Column
}

// Build makes a segment. Of several entries of one candidate the last counts.
func Build(entries []Entry) *Segment {
	last := make(map[string]int, len(entries))
	for i, e := range entries {
		last[e.ID] = i
	}
	kept := make([]Entry, 0, len(last))
	for i, e := range entries {
		if last[e.ID] == i {
			kept = append(kept, e)
		}
	}
	slices.SortFunc(kept, func(a, b Entry) int { return strings.Compare(a.ID, b.ID) })
	s := &Segment{columns: map[string]*Column{}}
	fields := map[string]bool{}
	for i, e := range kept {
		s.ids = append(s.ids, e.ID)
		if e.Gone {
			s.gone = append(s.gone, i)
		}
		for f := range e.Values {
			fields[f] = true
		}
	}
	for f := range fields {
		s.columns[f] = newColumn(kept, f)
	}
	return s
}

// Len is the number of rows, those of candidates that are gone included.
func (s *Segment) Len() int { return len(s.ids) }

// ID gives the candidate of a row.
func (s *Segment) ID(row int) string { return s.ids[row] }

// Column gives the column of a field; nil where no candidate has a value.
func (s *Segment) Column(field string) *Column { return s.columns[field] }

// Fields lists the fields that any candidate has a value of, sorted.
func (s *Segment) Fields() []string { return slices.Sorted(maps.Keys(s.columns)) }

// Entries gives back what the segment was built of.
func (s *Segment) Entries() []Entry {
	out := make([]Entry, len(s.ids))
	for i, id := range s.ids {
		out[i] = Entry{ID: id, Values: map[string]Value{}}
	}
	for _, row := range s.gone {
		out[row].Gone, out[row].Values = true, nil
	}
	for f, c := range s.columns {
		for i := range out {
			if v, ok := c.value(i); ok && !out[i].Gone {
				out[i].Values[f] = v
			}
		}
	}
	return out
}

// Alive gives for each segment, oldest first, the rows that count: those of
// candidates that no newer segment speaks of and that are not gone.
func Alive(segments []*Segment) (alive []Bits, count int) {
	rows := 0
	for _, s := range segments {
		rows += s.Len()
	}
	spoken := make(map[string]struct{}, rows)
	alive = make([]Bits, len(segments))
	for i, s := range slices.Backward(segments) {
		alive[i] = NewBits(s.Len(), true)
		count += s.Len()
		for row, id := range s.ids {
			if _, newer := spoken[id]; newer {
				alive[i].Drop(row)
				count--
			} else if i > 0 {
				spoken[id] = struct{}{}
			}
		}
		for _, row := range s.gone {
			if alive[i].Has(row) {
				alive[i].Drop(row)
				count--
			}
		}
	}
	return alive, count
}

// Bytes is about how much memory the segment takes.
func (s *Segment) Bytes() int {
	n := 0
	for _, id := range s.ids {
		n += len(id) + 16
	}
	for _, c := range s.columns {
		n += c.Bytes()
	}
	return n
}
