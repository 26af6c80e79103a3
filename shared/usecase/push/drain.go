package push

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// How much of the due list is read at once.
const (
	liveAtOnce = 100
	bulkAtOnce = 100
)

// drain is one call of Drain.
type drain struct {
	*Pusher
	wary       bool // the drain before this one did not end
	team       string
	began      time.Time
	until      time.Time // when the process may be gone
	connection connection.Connection
	agreed     atomic.Pointer[terms] // the newest that were read
	account    Account
	pacer      *pacer
	locks      *locks

	queue  []job
	flying map[string]bool      // people worked on now
	rested map[string]time.Time // people not to be looked at again before then
	looked time.Time
	cut    bool // the last look left out what was due, there was so much of it

	watched time.Time   // when the connection was last looked at
	heard   atomic.Bool // Ashby answered: the key is alive

	chores   chores
	activity activity

	door    chan struct{} // holds one element; who takes it keeps calls from beginning
	verdict *bool         // of the probe: whether the key is alive; guarded by door

	sight chan struct{} // holds one element while nobody looks
	sees  *bool         // whether the key sees a linked candidate; nil: nobody looked yet

	mu     sync.Mutex
	end    string // why no more calls are made; empty: they are
	counts struct{ people, events, calls, dropped, unknownOld, quarantined int }
}

// job is a person with the due entries that led to them.
type job struct {
	person string
	live   bool // others wait behind it
	work   []delivery.Work
}

// work keeps a window of people going until nothing is due or no more calls may
// be made, and then waits for those who are under way.
func (d *drain) work(ctx context.Context) error {
	done := make(chan finished)
	tick := time.NewTicker(headEvery)
	defer tick.Stop()
	var failed error
	cancelled := ctx.Done()
	fresh := true // something changed since the due list was read
	for {
		if d.running() && failed == nil {
			if failed = d.look(ctx, fresh); failed == nil {
				d.start(ctx, done)
			} else if ctx.Err() != nil {
				failed = nil
				d.stop("cancelled")
			}
			fresh = false
		}
		if len(d.flying) == 0 && (failed != nil || !d.running() || len(d.queue) == 0 && !d.pausing() && !d.chores.more) {
			break
		}
		select {
		case f := <-done: // before anything else: they make place
			d.leaves(f)
			fresh = true
			continue
		default:
		}
		select {
		case f := <-done:
			d.leaves(f)
			fresh = true
		case <-tick.C:
			fresh = true
			d.publish(ctx, false)
		case <-cancelled:
			d.stop("cancelled") // whoever is under way ends by itself
			cancelled = nil
		}
	}
	return d.finish(context.WithoutCancel(ctx), failed)
}

type finished struct {
	person string
	rest   time.Time // leave them alone until then
}

func (d *drain) leaves(f finished) {
	delete(d.flying, f.person)
	d.rested[f.person] = f.rest
}

// look reads the due list where that is called for: the head of live work every
// so often, all of it when there is nothing left to start. What the last look had
// not seen was not due then, unless it was cut; so for new work alone nobody looks
// more often, but for the end, which only who finds nothing comes to.
func (d *drain) look(ctx context.Context, fresh bool) error {
	stale := d.Now().Sub(d.looked) >= headEvery
	if !stale && (len(d.queue) > 0 || !fresh || !d.cut && len(d.flying) > 0) {
		return nil
	}
	d.cut = false
	if err := errors.Join(d.watch(ctx), d.tend(ctx)); err != nil || d.ended() != "" {
		return err
	}
	d.chore(ctx)
	live, err := d.due(ctx, delivery.Live, d.Now(), liveAtOnce)
	if err != nil {
		return err
	}
	if len(d.queue) == 0 && len(live) == 0 {
		live, err = d.due(ctx, delivery.Bulk, d.Now(), bulkAtOnce)
	}
	if err == nil && len(d.queue) == 0 && len(live) == 0 {
		live, err = d.mirrorWork(ctx)
	}
	if err != nil {
		return err
	}
	d.queue = merge(live, d.queue)
	if d.looked.IsZero() {
		var early []job
		if early, err = d.released(ctx); err != nil {
			return err
		}
		d.queue = merge(d.queue, early)
	}
	d.looked = d.Now()
	return nil
}

// merge puts people first in front of the others, each once.
func merge(first, others []job) []job {
	seen := make(map[string]bool, len(first))
	for _, j := range first {
		seen[j.person] = true
	}
	for _, j := range others {
		if !seen[j.person] {
			first = append(first, j)
		}
	}
	return first
}

// due groups a class's work that is due by then by person, leaving out those under way or rested.
func (d *drain) due(ctx context.Context, class delivery.Class, by time.Time, most int) ([]job, error) {
	work, err := d.Ledger.Due(ctx, d.team, class, by, most)
	if err != nil {
		return nil, err
	}
	d.cut = d.cut || len(work) == most
	var jobs []job
	at := map[string]int{}
	for _, w := range work {
		if d.flying[w.Person] || d.Now().Before(d.rested[w.Person]) {
			continue
		}
		i, ok := at[w.Person]
		if !ok {
			i, jobs = len(jobs), append(jobs, job{person: w.Person, live: class == delivery.Live})
			at[w.Person] = i
		}
		jobs[i].work = append(jobs[i].work, w)
	}
	return jobs, nil
}

func (d *drain) start(ctx context.Context, done chan<- finished) {
	window := d.pacer.atOnce()
	if d.wary {
		window = 1
	}
	if d.Now().After(d.lastStart().Add(-windDown)) {
		return // who is begun now would be begun again by the next drain
	}
	d.pacer.crowded(len(d.flying)+len(d.queue) > window, len(d.flying))
	for len(d.flying) < window && len(d.queue) > 0 {
		j := d.queue[0]
		d.queue = d.queue[1:]
		d.flying[j.person] = true
		carry := d.carry
		if j.person == mirrorJob {
			carry = d.mirrored
		}
		go func() { done <- finished{j.person, carry(ctx, j)} }()
	}
}

// finish rings again for what is left, or takes the team off the list.
func (d *drain) finish(ctx context.Context, failed error) error {
	if failed != nil {
		return failed
	}
	switch d.ended() {
	case "":
		mark, ok, err := d.Ledger.Mark(ctx, d.team)
		if err != nil || !ok {
			return err
		}
		_, err = d.Ledger.Retire(ctx, mark)
		return err
	case noTime:
		if d.pausing() {
			return nil // Ashby wants to be left alone; the sweep rings when that is over
		}
		if len(d.queue) > 0 {
			return d.Bell.Ring(ctx, d.team)
		}
		for _, class := range []delivery.Class{delivery.Live, delivery.Bulk} {
			left, err := d.due(ctx, class, d.Now(), bulkAtOnce)
			if err != nil {
				return err
			}
			if len(left) > 0 {
				return d.Bell.Ring(ctx, d.team)
			}
		}
		copying, err := d.mirrorWork(ctx)
		if err != nil {
			return err
		}
		if len(copying) > 0 {
			return d.Bell.Ring(ctx, d.team)
		}
	}
	return nil
}

// windDown is for how long a drain brings to an end what it has begun.
const windDown = 500 * time.Millisecond

// noTime ends a drain that has too little time left for a call.
const noTime = "no_time"

// budgetTaken ends a drain beside which another one spends by now.
const budgetTaken = "budget_taken"

// errNotNow is what admit says when no more calls are made. What it stops stays
// as it is, due for the next drain.
var errNotNow = fault.New(fault.Unavailable, "not_now", "the work goes on in a moment")

// admit waits for leave to make one call.
func (d *drain) admit(ctx context.Context) error {
	if !d.leave(ctx) {
		return errNotNow
	}
	return nil
}

// leave waits for leave to make one call; there is none when the drain ends. That
// one has no time left does not keep those from theirs whose turn is earlier.
func (d *drain) leave(ctx context.Context) bool {
	if !d.mayCall() {
		return false
	}
	if !d.pacer.take(ctx, d.lastStart()) {
		d.stop(d.whyNot(ctx))
		return false
	}
	<-d.door
	d.door <- struct{}{}
	if !d.mayCall() { // it may have ended while we waited
		return false
	}
	d.counted()
	return true
}

// whyNot says why there was no leave.
func (d *drain) whyNot(ctx context.Context) string {
	switch err := d.pacer.broken(); {
	case fault.Is(err, fault.Conflict):
		return budgetTaken
	case err != nil:
		return "budget_unknown"
	case ctx.Err() != nil:
		return "cancelled"
	}
	return noTime
}

// mayCall reports whether a call may be made by whoever has leave: not after the
// drain was ended for a reason, but while there is time.
func (d *drain) mayCall() bool {
	return (d.running() || d.ended() == noTime) && !d.Now().After(d.lastStart())
}

// counted counts a call.
func (d *drain) counted() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.counts.calls++
}

// lastStart is the last moment at which a call may begin.
func (d *drain) lastStart() time.Time { return d.until.Add(-CallTime - Margin) }

// running reports whether calls may still be made.
func (d *drain) running() bool {
	if d.Now().After(d.lastStart()) {
		d.stop(noTime)
	}
	return d.ended() == ""
}

func (d *drain) ended() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.end
}

// stop ends all calls for a reason; the first one stays.
func (d *drain) stop(reason string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.end == "" {
		d.end = reason
	}
}

// pausing reports whether Ashby's pause is still on; what it put off is due when
// it ends.
func (d *drain) pausing() bool { return d.Now().Before(d.pacer.pausedUntil()) }

// tend keeps in step with what others spend of the key. Where another drain spends
// too, this one leaves it to that.
func (d *drain) tend(ctx context.Context) error {
	d.pacer.calm()
	err := d.pacer.tend(ctx)
	if fault.Is(err, fault.Conflict) {
		d.stop(budgetTaken)
		return nil
	}
	return err
}

func (d *drain) tell(ctx context.Context, err error) {
	level, code := slog.LevelInfo, ""
	if err != nil {
		level, code = slog.LevelError, fault.Of(err).Code()
	}
	throttled := 0
	if d.pacer != nil {
		throttled = d.pacer.throttled()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	end := d.end
	if end == "" {
		end = "nothing_due"
	}
	d.Log.LogAttrs(ctx, level, "drain ended", slog.String("team", d.team), slog.String("end", end),
		slog.Int("people", d.counts.people), slog.Int("events", d.counts.events), slog.Int("calls", d.counts.calls),
		slog.Int("dropped", d.counts.dropped), slog.Int("throttled", throttled),
		slog.Int("unknown_old", d.counts.unknownOld), slog.Int("quarantined", d.counts.quarantined), slog.Int64("duration_ms", d.Now().Sub(d.began).Milliseconds()),
		slog.String("error", code))
}
