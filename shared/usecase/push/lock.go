package push

import "sync"

// locks give one writer at a time for each candidate: Ashby loses values where
// writes to one candidate overlap.
type locks struct {
	mu    sync.Mutex
	taken map[string]*lock
}

type lock struct {
	free  chan struct{} // holds one element while nobody has the lock
	users int
}

func newLocks() *locks { return &locks{taken: map[string]*lock{}} }

// lock waits for the candidate. waited says that another had it: what was read
// before may have changed. No candidate: nothing to wait for.
func (l *locks) lock(candidate string) (unlock func(), waited bool) {
	if candidate == "" {
		return func() {}, false
	}
	k := l.use(candidate)
	select {
	case <-k.free:
	default:
		waited = true
		<-k.free
	}
	return func() { l.release(candidate, k) }, waited
}

func (l *locks) use(candidate string) *lock {
	l.mu.Lock()
	defer l.mu.Unlock()
	k, ok := l.taken[candidate]
	if !ok {
		k = &lock{free: make(chan struct{}, 1)}
		k.free <- struct{}{}
		l.taken[candidate] = k
	}
	k.users++
	return k
}

func (l *locks) release(candidate string, k *lock) {
	k.free <- struct{}{}
	l.mu.Lock()
	defer l.mu.Unlock()
	if k.users--; k.users == 0 {
		delete(l.taken, candidate)
	}
}
