package sim

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"sync"
)

// effect is something that a process is about to do to the world outside it.
type effect struct {
	by   *process
	kind kind   // of what it touches
	name string // what is done: a method of Ashby, the rows that are written
	key  string // to what; it only orders effects, so that a seed's choice means the same again
	go_  chan verdict
}

// kind of an effect.
type kind uint8

const (
	storeRead kind = iota
	storeWrite
	ashbyRead
	ashbyWrite
	message
	secretRead
	secretWrite
	givenUp // a call whose time is over
)

// gate lets one effect happen at a time. Whoever wants to do something waits
// here until the scheduler, when nothing else moves, picks one.
type gate struct {
	mu      sync.Mutex
	waiting []*effect
	bell    chan struct{} // holds one element when something came
}

func newGate() *gate { return &gate{bell: make(chan struct{}, 1)} }

// pass waits for leave to do something, and says what goes wrong with it.
func (g *gate) pass(by *process, k kind, name, key string) verdict {
	if by.isDead() {
		return verdict{fault: dead}
	}
	e := &effect{by: by, kind: k, name: name, key: key, go_: make(chan verdict, 1)}
	g.mu.Lock()
	g.waiting = append(g.waiting, e)
	g.mu.Unlock()
	g.ring()
	return <-e.go_
}

func (g *gate) ring() {
	select {
	case g.bell <- struct{}{}:
	default:
	}
}

// open counts the effects that may happen. Processes that are frozen stand still.
func (g *gate) open(frozen func(*process) bool) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for _, e := range g.waiting {
		if !frozen(e.by) {
			n++
		}
	}
	return n
}

// pick takes one of those, by chance.
func (g *gate) pick(r *rand.Rand, frozen func(*process) bool) *effect {
	n := r.IntN(g.open(frozen))
	g.mu.Lock()
	defer g.mu.Unlock()
	slices.SortStableFunc(g.waiting, func(a, b *effect) int {
		return cmp.Or(cmp.Compare(a.by.name, b.by.name), cmp.Compare(a.name, b.name), cmp.Compare(a.key, b.key))
	})
	for i, e := range g.waiting {
		if frozen(e.by) {
			continue
		}
		if n == 0 {
			g.waiting = slices.Delete(g.waiting, i, i+1)
			return e
		}
		n--
	}
	return nil
}
