package ashbytest

import (
	"math"
	"net/http"
	"time"
)

// LimitKind is how a rate limit counts.
type LimitKind string

// The kinds of rate limit. Which one Ashby has is not known.
const (
	// FixedWindow counts calls since the last whole period of the clock.
	FixedWindow LimitKind = "window"
	// SlidingLog counts calls within the last period, at every moment.
	SlidingLog LimitKind = "log"
	// TokenBucket refills steadily and holds at most Calls.
	TokenBucket LimitKind = "bucket"
)

// Limit is so many calls per period. Kind "" is no limit.
type Limit struct {
	Kind  LimitKind `json:"kind"`
	Calls int       `json:"calls"`
	Per   Millis    `json:"perMs"`
	// RetryAfter adds the header of that name to refusals.
	RetryAfter bool `json:"retryAfter"`
}

// limiter counts calls. Refused ones do not count.
type limiter interface {
	// take asks for one call now; if refused, when to come back.
	take(now time.Time) (ok bool, wait time.Duration)
}

func (l Limit) limiter() limiter {
	switch l.Kind {
	case FixedWindow:
		return &fixedWindow{calls: l.Calls, per: l.Per.Duration()}
	case SlidingLog:
		return &slidingLog{calls: l.Calls, per: l.Per.Duration()}
	case TokenBucket:
		return &tokenBucket{calls: float64(l.Calls), per: l.Per.Duration()}
	}
	return unlimited{}
}

type unlimited struct{}

func (unlimited) take(time.Time) (bool, time.Duration) { return true, 0 }

type fixedWindow struct {
	calls int
	per   time.Duration
	start time.Time
	used  int
}

func (w *fixedWindow) take(now time.Time) (bool, time.Duration) {
	if start := now.Truncate(w.per); !start.Equal(w.start) {
		w.start, w.used = start, 0
	}
	if w.used >= w.calls {
		return false, w.start.Add(w.per).Sub(now)
	}
	w.used++
	return true, 0
}

type slidingLog struct {
	calls int
	per   time.Duration
	log   []time.Time
}

func (l *slidingLog) take(now time.Time) (bool, time.Duration) {
	for len(l.log) > 0 && now.Sub(l.log[0]) >= l.per {
		l.log = l.log[1:]
	}
	if len(l.log) >= l.calls {
		return false, l.log[0].Add(l.per).Sub(now)
	}
	l.log = append(l.log, now)
	return true, 0
}

type tokenBucket struct {
	calls  float64
	per    time.Duration
	tokens float64
	last   time.Time
}

func (b *tokenBucket) take(now time.Time) (bool, time.Duration) {
	if b.last.IsZero() {
		b.tokens = b.calls
	} else {
		b.tokens = math.Min(b.calls, b.tokens+b.calls*float64(now.Sub(b.last))/float64(b.per))
	}
	b.last = now
	if b.tokens < 1 {
		return false, time.Duration((1 - b.tokens) * float64(b.per) / b.calls)
	}
	b.tokens--
	return true, 0
}

// admit applies the partner's limit, the key's limit and the limit on
// concurrent calls.
func (a *Ashby) admit(key *Key) *failure {
	now := a.cfg.Clock()
	if f := a.takeFrom("", a.modes.Partner, now); f != nil {
		f.scope = "integration-partner"
		f.message = "This integration's combined rate limit has been exceeded"
		return f
	}
	if f := a.takeFrom(key.ID, a.modes.Limit, now); f != nil {
		return f
	}
	if a.modes.Concurrent > 0 && a.flight[key.ID] >= a.modes.Concurrent {
		return &failure{
			status: http.StatusTooManyRequests, code: "concurrent_limit_exceeded",
			legacy: "Concurrent limit exceeded", message: "Too many requests at the same time",
		}
	}
	return nil
}

func (a *Ashby) takeFrom(name string, limit Limit, now time.Time) *failure {
	l := a.limiters[name]
	if l == nil {
		l = limit.limiter()
		a.limiters[name] = l
	}
	ok, wait := l.take(now)
	if ok {
		return nil
	}
	f := rateLimited()
	if limit.RetryAfter {
		f.retry = wait
	}
	return f
}

func rateLimited() *failure {
	return &failure{
		status: http.StatusTooManyRequests, code: "rate_limit_exceeded",
		legacy: "Rate limit exceeded", message: "The rate limit has been exceeded",
	}
}
