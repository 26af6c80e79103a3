package sim

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// process is one process of a function: warm memory, a clock that is a little
// off, and an end that may come at any effect.
type process struct {
	name   string
	skew   time.Duration
	gone   atomic.Bool
	tokens atomic.Int64

	mu      sync.Mutex
	thaw    time.Time // stands still until then
	trouble time.Time // when it last stood still, or the store failed it
}

func (p *process) isDead() bool { return p.gone.Load() }

// now is the process's own clock.
func (p *process) now() time.Time { return time.Now().Add(p.skew) }

// token is fresh and unique.
func (p *process) token() string { return p.name + "-" + strconv.FormatInt(p.tokens.Add(1), 10) }

// lifetime is how long a function may take; then its process is killed.
const lifetime = 30 * time.Second

// frozen says for how long it still stands still.
func (p *process) frozen() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Until(p.thaw)
}

// suffer notes that something went wrong with it, and that it stands still for so long.
func (p *process) suffer(still time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trouble = time.Now()
	if still > 0 {
		p.thaw = p.trouble.Add(still)
	}
}

// suffered reports whether something went wrong with it since then, or it still stood
// still: who goes on does not know yet what others were told.
func (p *process) suffered(since time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.trouble.Before(since) || p.thaw.After(since)
}

// mostSkew is how far a process's clock is off, at most.
const mostSkew = 2 * time.Second

// invoke runs one invocation. A process that outlives its time is killed; one that
// stands still then, when it goes on.
func (w *World) invoke(p *process, f func(context.Context)) {
	ctx, cancel := context.WithDeadline(context.Background(), time.Now().Add(lifetime))
	defer cancel()
	over := make(chan struct{})
	defer close(over)
	go w.kill(p, over)
	if p.skew != 0 {
		w.saw(skewed, "", "")
	}
	f(skewedContext{ctx, p.skew})
}

// kill ends a process whose time is up, unless its invocation is over.
func (w *World) kill(p *process, over <-chan struct{}) {
	for left := lifetime; left > 0; left = p.frozen() + resumed {
		select {
		case <-over:
			return
		case <-time.After(left):
		}
		if p.frozen() <= 0 {
			break
		}
	}
	p.gone.Store(true)
	w.gate.ring()
}

// resumed is for how long a process that stood still past its time goes on until
// that is noticed.
const resumed = 2 * time.Second

// skewedContext tells the deadline by the process's clock, as Lambda does.
type skewedContext struct {
	context.Context
	skew time.Duration
}

// Deadline of the invocation.
func (c skewedContext) Deadline() (time.Time, bool) {
	at, ok := c.Context.Deadline()
	return at.Add(c.skew), ok
}

// jitter spreads back-offs, by the time; not by how much was asked for before, which
// is chance where several goroutines wake at once.
func (p *process) jitter() float64 {
	return float64(uint64(time.Now().UnixNano())*0x9e3779b97f4a7c15>>11) / (1 << 53)
}
