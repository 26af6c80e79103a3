package sim

import (
	"context"
	"strconv"
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
	thaw   time.Time // stands still until then; the scheduler's
}

func (p *process) isDead() bool { return p.gone.Load() }

// now is the process's own clock.
func (p *process) now() time.Time { return time.Now().Add(p.skew) }

// token is fresh and unique.
func (p *process) token() string { return p.name + "-" + strconv.FormatInt(p.tokens.Add(1), 10) }

// lifetime is how long a function may take; then its process is killed.
const lifetime = 30 * time.Second

// invoke runs one invocation. A process that outlives its time is killed.
func (w *World) invoke(p *process, f func(context.Context)) {
	ctx, cancel := context.WithDeadline(context.Background(), time.Now().Add(lifetime))
	defer cancel()
	kill := time.AfterFunc(lifetime, func() {
		p.gone.Store(true)
		w.gate.ring()
	})
	defer kill.Stop()
	if p.skew != 0 {
		w.saw(skewed, "", "")
	}
	f(skewedContext{ctx, p.skew})
}

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
