package push

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Pacer is a Budget with a fixed rate: a token bucket, of which every call takes
// one.
type Pacer struct {
	now     func() time.Time
	limiter *rate.Limiter
	mu      sync.Mutex
	paused  time.Time
}

// NewPacer allows so many calls a minute, and a burst of so many at once. The
// clock must run with the timers of package time.
func NewPacer(perMinute, burst int, now func() time.Time) *Pacer {
	return &Pacer{now: now, limiter: rate.NewLimiter(rate.Limit(float64(perMinute)/60), burst)}
}

// Take waits for leave to make one call.
func (p *Pacer) Take(ctx context.Context, by time.Time) bool {
	now := p.now()
	r := p.limiter.ReserveN(now, 1)
	start := now.Add(r.DelayFrom(now))
	if start.After(by) || !p.sleep(ctx, start.Sub(now)) {
		r.CancelAt(p.now())
		return false
	}
	for {
		until := p.until()
		wait := until.Sub(p.now())
		if wait <= 0 {
			return !p.now().After(by)
		}
		if until.After(by) || !p.sleep(ctx, wait) {
			return false
		}
	}
}

// Pause stops all calls until then.
func (p *Pacer) Pause(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until.After(p.paused) {
		p.paused = until
	}
}

func (p *Pacer) until() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.paused
}

func (p *Pacer) sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
