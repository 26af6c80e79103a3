package push

import "sync"

// locks give one writer at a time for each candidate, for Ashby loses values where
// writes to one candidate overlap; and one person at a time for each identity key,
// so that two people who share one are not both created. Keys are taken before
// candidates, and in order, so that nobody waits in a circle.
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

// lockAll waits for all of the keys, which are sorted.
func (l *locks) lockAll(keys []string) (unlock func()) {
	unlocks := make([]func(), 0, len(keys))
	for _, key := range keys {
		one, _ := l.lock(identityPrefix + key)
		unlocks = append(unlocks, one)
	}
	return func() {
		for _, one := range unlocks {
			one()
		}
	}
}

// identityPrefix tells identity keys from candidates' ids.
const identityPrefix = "identity "

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
