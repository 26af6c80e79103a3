package query

import (
	"container/heap"
	"slices"
)

// first keeps the first so many places of all that it is given, as a heap whose
// top is the last of them: most of a large result is turned away by one comparison.
type first struct {
	q      Query
	most   int
	places []Place
}

func (f *first) add(p Place) {
	switch {
	case len(f.places) < f.most:
		heap.Push(f, p)
	case f.q.compare(p, f.places[0]) < 0:
		f.places[0] = p
		heap.Fix(f, 0)
	}
}

func (f *first) sorted() []Place {
	slices.SortFunc(f.places, f.q.compare)
	return f.places
}

// Len, Less, Swap, Push and Pop are for package heap.
func (f *first) Len() int           { return len(f.places) }
func (f *first) Less(i, j int) bool { return f.q.compare(f.places[i], f.places[j]) > 0 }
func (f *first) Swap(i, j int)      { f.places[i], f.places[j] = f.places[j], f.places[i] }

// Push adds a place.
func (f *first) Push(x any) {
	if p, ok := x.(Place); ok {
		f.places = append(f.places, p)
	}
}

// Pop takes the last one.
func (f *first) Pop() any {
	p := f.places[len(f.places)-1]
	f.places = f.places[:len(f.places)-1]
	return p
}
