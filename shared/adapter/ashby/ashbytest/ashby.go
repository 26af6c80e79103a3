package ashbytest

import (
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Config is what an Ashby needs from outside. Its zero value works: real time,
// seed 0, webhooks to loopback addresses only, no log.
type Config struct {
	// Seed makes ids, tokens and the rolls of faults reproducible.
	Seed uint64
	// Clock tells the time; time.Now if nil.
	Clock func() time.Time
	// AfterFunc runs f once d has passed and returns a function that prevents
	// it, if nil time.AfterFunc. It carries latency, late applies and webhook
	// retries, so a simulated clock needs nothing else.
	AfterFunc func(d time.Duration, f func()) (stop func() bool)
	// Outbound carries webhooks. If nil they go over TCP, to loopback
	// addresses only: a local simulator must not call the internet.
	Outbound http.RoundTripper
	// Log receives one line per failed webhook attempt and per journal error,
	// never keys or payloads. Nothing is logged if nil.
	Log *slog.Logger
}

// Ashby is a running simulated Ashby: organisations, keys, their data, a call
// log, faults and webhooks. It is safe for concurrent use.
type Ashby struct {
	cfg     Config
	control http.Handler

	mu       sync.Mutex
	store    store
	modes    Modes
	faults   faults
	limiters map[string]limiter // by key id; "" is the partner's
	calls    []*Call            // by seq
	callSeq  int64
	epoch    int64 // callSeq when this process began
	repeats  map[[32]byte]int
	flight   map[string]int // calls being served, by key id
	busiest  int            // the most calls of one key at a time
	timers   map[int64]func() bool
	timerSeq int64
	journal  *journal
	closed   chan struct{}
}

// New starts an empty Ashby that lives in memory. Give it data with
// [Ashby.Seed], or organisations and keys of your own.
func New(cfg Config) *Ashby {
	a := &Ashby{
		cfg:      withDefaults(cfg),
		store:    newStore(cfg.Seed),
		modes:    DefaultModes(),
		limiters: map[string]limiter{},
		repeats:  map[[32]byte]int{},
		flight:   map[string]int{},
		timers:   map[int64]func() bool{},
		closed:   make(chan struct{}),
	}
	a.control = a.routes()
	return a
}

// Open starts an Ashby that keeps its state and its call log in the file at
// path, and continues from it if it exists. A write is in the file before it is
// answered, so a killed process loses nothing it acknowledged.
func Open(cfg Config, path string) (*Ashby, error) {
	a := New(cfg)
	journal, lines, err := openJournal(path)
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		if err := a.replay(line); err != nil {
			return nil, err
		}
	}
	a.journal, a.epoch = journal, a.callSeq
	a.resumeDeliveries()
	return a, nil
}

// Close stops latency, late applies and webhooks, and closes the journal.
// Calls in flight are answered with a broken connection.
func (a *Ashby) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	select {
	case <-a.closed:
		return nil
	default:
	}
	close(a.closed)
	for _, stop := range a.timers {
		stop()
	}
	if a.journal == nil {
		return nil
	}
	return a.journal.close()
}

func withDefaults(cfg Config) Config {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.AfterFunc == nil {
		cfg.AfterFunc = func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }
	}
	if cfg.Outbound == nil {
		cfg.Outbound = loopbackOnly()
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return cfg
}

// now is the time as Ashby shows it, in UTC and whole milliseconds.
func (a *Ashby) now() time.Time {
	return a.cfg.Clock().UTC().Truncate(time.Millisecond)
}

// later runs f after d unless the Ashby is closed before. It needs the lock; f
// runs without it.
func (a *Ashby) later(d time.Duration, f func()) {
	a.timerSeq++
	id := a.timerSeq
	a.timers[id] = a.cfg.AfterFunc(d, func() {
		a.mu.Lock()
		delete(a.timers, id)
		a.mu.Unlock()
		select {
		case <-a.closed:
		default:
			f()
		}
	})
}

// sleep waits d, or until the Ashby is closed, which it reports as false. It
// must be called without the lock.
func (a *Ashby) sleep(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	done := make(chan struct{})
	stop := a.cfg.AfterFunc(d, func() { close(done) })
	defer stop()
	select {
	case <-done:
		return true
	case <-a.closed:
		return false
	}
}
