package secret

import (
	"context"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

const (
	maxCached  = 4096             // values kept; beyond it an arbitrary one goes
	staleRetry = 15 * time.Second // how long a stale value is served before the store is asked again
)

// Cache is a Store that remembers what it read. Writes go through and make it
// forget the name. It is safe for concurrent use; readers of one value at the
// same time make one call.
type Cache struct {
	store Store
	ttl   time.Duration
	now   func() time.Time

	mu     sync.Mutex
	values map[cacheKey]*cached
}

var _ Store = (*Cache)(nil)

type cacheKey struct{ name, version string }

// cached is one value. Whoever holds the turn may read and write it.
type cached struct {
	turn    chan struct{} // holds one token while nobody has the turn
	known   bool
	value   Value
	version string
	due     time.Time // when the store is asked again
}

// Cached remembers values of the store for the ttl, by name and version. While
// the store is Unavailable a stale value is served instead of the error.
func Cached(store Store, ttl time.Duration, now func() time.Time) *Cache {
	return &Cache{store: store, ttl: ttl, now: now, values: map[cacheKey]*cached{}}
}

// Get reads as Store has it, from memory where it can.
func (c *Cache) Get(ctx context.Context, name, version string) (Value, string, error) {
	e := c.entry(cacheKey{name, version})
	select {
	case <-ctx.Done():
		return Value{}, "", fault.New(fault.Unavailable, "secret_unavailable", "the secret was not read in time").Because(ctx.Err())
	case <-e.turn:
	}
	defer func() { e.turn <- struct{}{} }()
	if e.known && c.now().Before(e.due) {
		return e.value, e.version, nil
	}
	value, got, err := c.store.Get(ctx, name, version)
	switch {
	case err == nil:
		e.known, e.value, e.version, e.due = true, value, got, c.now().Add(c.ttl)
	case e.known && fault.Is(err, fault.Unavailable):
		e.due = c.now().Add(min(c.ttl, staleRetry))
	default:
		e.known, e.value = false, Value{}
		return Value{}, "", err
	}
	return e.value, e.version, nil
}

// Forget drops all versions of a name, also as stale values: the next Get asks
// the store. It is meant for the moment when a value was refused (401, 403).
func (c *Cache) Forget(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key := range c.values {
		if key.name == name {
			delete(c.values, key)
		}
	}
}

// Put stores as Store has it.
func (c *Cache) Put(ctx context.Context, name, version string, value Value) error {
	defer c.Forget(name)
	return c.store.Put(ctx, name, version, value)
}

// Delete removes as Store has it.
func (c *Cache) Delete(ctx context.Context, name string) error {
	defer c.Forget(name)
	return c.store.Delete(ctx, name)
}

func (c *Cache) entry(key cacheKey) *cached {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.values[key]
	if e == nil {
		c.makeRoom()
		e = &cached{turn: make(chan struct{}, 1)}
		e.turn <- struct{}{}
		c.values[key] = e
	}
	return e
}

func (c *Cache) makeRoom() {
	for key := range c.values {
		if len(c.values) < maxCached {
			return
		}
		delete(c.values, key)
	}
}
