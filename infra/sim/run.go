package sim

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/sourcewhale/ashby-sync/functions/push/pushhandler"
	"github.com/sourcewhale/ashby-sync/functions/record/recordhandler"
	"github.com/sourcewhale/ashby-sync/functions/sweep/sweephandler"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/runtime/batch"
)

// pool is the processes of one function. A slot works on one invocation at a time.
type pool struct {
	name       string
	queue      *memory.Queue
	batch      int
	visibility time.Duration
	slots      []*slot
	build      func(p *process) batch.Func
}

// slot is a place for a process; when it dies another takes its place.
type slot struct {
	name   string
	births int
	busy   bool
	p      *process
	handle batch.Func
}

// staff gives every function its processes. Two of each may work at once.
func (w *World) staff() {
	w.pools = []*pool{
		{name: "record", queue: w.events, batch: 10, visibility: 3 * time.Minute, slots: slots("record", 2), build: w.recorder},
		{name: "push", queue: w.work, batch: 1, visibility: time.Minute, slots: slots("push", 3), build: w.pusher},
		{name: "sweep", slots: slots("sweep", 1), build: w.sweeper},
	}
}

func slots(name string, n int) []*slot {
	out := make([]*slot, n)
	for i := range out {
		out[i] = &slot{name: fmt.Sprintf("%s%d", name, i+1)}
	}
	return out
}

// staffed gives the slot a process that lives.
func (w *World) staffed(p *pool, s *slot) {
	if s.p != nil && !s.p.isDead() {
		return
	}
	s.births++
	s.p = &process{name: fmt.Sprintf("%s.%d", s.name, s.births)}
	if w.rand.IntN(2) == 0 {
		s.p.skew = time.Duration(w.rand.IntN(4001)-2000) * time.Millisecond
	}
	s.handle = p.build(s.p)
}

func (w *World) tables(p *process) (config, timelines table.Table) {
	return store{w.config, w, p}, store{w.timeline, w, p}
}

func (w *World) recorder(p *process) batch.Func {
	config, timelines := w.tables(p)
	return recordhandler.New(recordhandler.Parts{
		Config: config, Timeline: timelines, Work: bells{w.work, w, p}, Events: bells{w.events, w, p}, Dead: bells{w.dead, w, p},
		Token: p.token, Now: p.now, Log: w.log,
	})
}

func (w *World) pusher(p *process) batch.Func {
	config, timelines := w.tables(p)
	client, err := ashby.New(ashby.Config{BaseURL: "https://ashby.example.com", HTTP: wire{w, p}})
	w.must(err)
	return pushhandler.New(pushhandler.Parts{
		Config: config, Timeline: timelines, Candidates: store{w.copies, w, p}, Secrets: vault{w, p}, SecretPrefix: "team/", Work: bells{w.work, w, p}, Dead: bells{w.dead, w, p},
		Ashby: client, Token: p.token, Now: p.now, Jitter: p.jitter, Log: w.log,
	})
}

func (w *World) sweeper(p *process) batch.Func {
	config, timelines := w.tables(p)
	sweep := sweephandler.New(sweephandler.Parts{
		Config: config, Timeline: timelines, Work: bells{w.work, w, p}, Token: p.token, Now: p.now, Log: w.log,
	})
	return func(ctx context.Context, _ events.SQSEvent) (events.SQSEventResponse, error) {
		_ = sweep(ctx) // what it could not do, the next one does
		return events.SQSEventResponse{}, nil
	}
}

// sweepEvery is the schedule: every minute, as in AWS; less often when the campaign
// is over, for a day of waiting has little in it and many minutes.
func (w *World) sweepEvery(now time.Time) time.Duration {
	if now.After(w.start.Add(campaign + time.Hour)) {
		return 5 * time.Minute
	}
	return time.Minute
}

// longest is how long after the last trouble everything must be done with.
const longest = 24 * time.Hour

// Run lets the world happen, to its end.
func (w *World) Run() {
	for {
		w.wait()
		now := time.Now()
		if w.acts(now) || w.sweeps(now) || w.dispatch() {
			continue // whoever began comes to the gate first
		}
		if e := w.next(); e != nil {
			w.let(e)
			continue
		}
		if w.over(now) {
			return
		}
		w.rest(now)
	}
}

// next is the effect that happens next; nil when there is none.
func (w *World) next() *effect {
	frozen := func(p *process) bool { return !p.isDead() && p.frozen() > 0 }
	if w.gate.open(frozen) == 0 {
		return nil
	}
	// No two effects are at the same time. What rests on when they were, such as a timer,
	// is of no two goroutines at once then, for there Go chooses who is first, and not
	// the seed.
	time.Sleep(time.Duration(1 + w.rand.IntN(1000))) //nolint:forbidigo // it is what moves simulated time
	w.wait()
	runtime.Gosched() // Go interrupts who goes on for long, anywhere
	return w.gate.pick(w.rand, frozen)
}

// acts does what is to be done by now, and reports whether there was anything.
func (w *World) acts(now time.Time) bool {
	w.takeUp()
	acted := false
	for len(w.script) > 0 && !w.script[0].at.After(now) {
		a := w.script[0]
		w.script = w.script[1:]
		w.note("-- %s", a.name)
		a.do()
		acted = true
	}
	return acted
}

// sweeps begins a sweep when it is time for one.
func (w *World) sweeps(now time.Time) bool {
	if w.sweep.After(now) {
		return false
	}
	w.sweep = now.Add(w.sweepEvery(now))
	return w.begin(w.pools[2], w.pools[2].slots[0], nil)
}

// takeUp plans what came up while others were busy.
func (w *World) takeUp() {
	w.mu.Lock()
	later := w.later
	w.later = nil
	w.mu.Unlock()
	for _, a := range later {
		w.at(a.at, a.name, a.do)
	}
}

// let lets an effect happen, or what becomes of it.
func (w *World) let(e *effect) {
	v := verdict{fault: dead}
	if !e.by.isDead() {
		v = w.judgeEffect(e)
	}
	if v.fault != dead {
		w.note("%-9s %-11s %-28s %s %s", e.by.name, e.kind, e.name, e.key, v.fault)
	}
	if v.fault == crashBefore || v.fault == poisonous {
		v.fault = crashBefore
		e.by.gone.Store(true)
	}
	if v.fault == freeze && v.heard == nil {
		time.AfterFunc(e.by.frozen(), func() {
			if e.by.isDead() {
				v.fault = dead
			}
			e.go_ <- v
		})
		return
	}
	e.go_ <- v
}

// dispatch hands messages to processes that are free, and reports whether there
// were any.
func (w *World) dispatch() (began bool) {
	for _, p := range w.pools {
		if p.queue == nil {
			continue
		}
		for _, s := range p.slots {
			if s.busy {
				continue
			}
			got, err := p.queue.Receive(context.Background(), p.batch, 0, p.visibility)
			w.must(err)
			if len(got) == 0 {
				break
			}
			w.given(got)
			began = w.begin(p, s, got) || began
		}
	}
	return began
}

// begin begins an invocation, unless the slot is busy.
func (w *World) begin(p *pool, s *slot, got []queue.Delivery) bool {
	if s.busy {
		return false
	}
	w.staffed(p, s)
	w.mu.Lock()
	s.busy = true
	w.running++
	w.mu.Unlock()
	in := events.SQSEvent{}
	for _, d := range got {
		in.Records = append(in.Records, events.SQSMessage{
			MessageId: d.ID, ReceiptHandle: d.Receipt, Body: d.Body, Attributes: map[string]string{"ApproximateReceiveCount": strconv.Itoa(d.Receives)},
		})
	}
	me, handle := s.p, s.handle
	go w.invoke(me, func(ctx context.Context) {
		out, _ := handle(ctx, in)
		w.ended(p, s, me, got, out) //nolint:contextcheck // the poller's own, not the invocation's
	})
	return true
}

// ended acknowledges what the process did, if it lives to say so.
func (w *World) ended(p *pool, s *slot, by *process, got []queue.Delivery, out events.SQSEventResponse) {
	w.mu.Lock()
	defer w.mu.Unlock()
	failed := map[string]bool{}
	for _, f := range out.BatchItemFailures {
		failed[f.ItemIdentifier] = true
	}
	if p.queue != nil && !by.isDead() {
		for _, d := range got {
			if !failed[d.ID] {
				w.acknowledged(d)
				_ = p.queue.Delete(context.Background(), d.Receipt)
			}
		}
	}
	s.busy = false
	w.running--
	w.gate.ring()
}

// rest waits for the next thing to happen.
func (w *World) rest(now time.Time) {
	next := w.sweep
	if len(w.script) > 0 && w.script[0].at.Before(next) {
		next = w.script[0].at
	}
	for _, p := range w.pools {
		if p.queue == nil {
			continue
		}
		if at, ok := p.queue.Next(); ok && at.Before(next) {
			next = at
		}
	}
	timer := time.NewTimer(next.Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-w.gate.bell:
	}
}

// over reports whether nothing more will happen, or too late.
func (w *World) over(now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running > 0 || len(w.script) > 0 || now.Before(w.calm) || w.events.Len() > 0 || w.work.Len() > 0 {
		return false
	}
	return now.After(w.calm.Add(w.longest)) || !w.due()
}

// due reports whether the service means to look at something again, but for what
// it does for ever: probes of the key and pages of the mirror.
func (w *World) due() bool {
	for _, t := range w.teams {
		for shard := range 8 { // as many as there may be
			partition := fmt.Sprintf("%s#due#%d", t.id, shard)
			for _, r := range []table.Range{{To: string(delivery.Mirror)}, {From: string(delivery.Probe) + "~"}} {
				r.Partition = partition
				n, _, err := w.timeline.Count(context.Background(), r, 1)
				w.must(err)
				if n > 0 {
					return true
				}
			}
		}
	}
	return false
}

// note adds a line to the trace, if one is kept.
func (w *World) note(format string, args ...any) {
	if w.trace != nil {
		w.trace("%s "+format, append([]any{time.Since(w.start).Round(time.Millisecond)}, args...)...)
	}
}
