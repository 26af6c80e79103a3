package push_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/budget"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

// handover is how long it takes until a drain that rang is followed by the next.
const handover = 100 * time.Millisecond

// run drains, one drain after another, as long as there is anything to do.
func (w *world) run(until func() bool) {
	for !until() {
		w.mu.Lock()
		w.rings = 0
		w.mu.Unlock()
		w.drain()
		w.mu.Lock()
		rung := w.rings > 0
		w.mu.Unlock()
		if rung {
			time.Sleep(handover)
		} else {
			time.Sleep(time.Second)
		}
	}
}

// added is a bulk add of so many people.
func added(n int) []event.Event {
	events := make([]event.Event, n)
	for i := range events {
		events[i] = sent(fmt.Sprintf("add%05d", i), fmt.Sprintf("bulk%05d", i), time.Duration(i)*time.Millisecond)
		events[i].Type, events[i].Message = event.CampaignAdded, nil
	}
	return events
}

func replied(i int) event.Event {
	e := sent(fmt.Sprintf("reply%03d", i), fmt.Sprintf("replier%03d", i), 0)
	e.Type, e.Message.Direction = event.EmailReply, event.Inbound
	return e
}

// servers are the kinds of limit that Ashby may have, and how long it may take.
func servers(test func(kind ashbytest.LimitKind, latency time.Duration)) {
	for _, kind := range []ashbytest.LimitKind{ashbytest.FixedWindow, ashbytest.SlidingLog, ashbytest.TokenBucket} {
		for _, latency := range []time.Duration{150 * time.Millisecond, 300 * time.Millisecond} {
			test(kind, latency)
		}
	}
}

// TestABacklogUsesTheBudgetAndDrawsNo429 drains a bulk add of 5,000 people while
// replies come in, on simulated time; -v prints the figures.
func TestABacklogUsesTheBudgetAndDrawsNo429(t *testing.T) {
	const people, limit = 5000, 1000
	servers(func(kind ashbytest.LimitKind, latency time.Duration) {
		t.Run(fmt.Sprintf("%s/%s", kind, latency), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.limits = budget.Of(0)
				w.modes(func(m *ashbytest.Modes) {
					m.Latency = ashbytest.Ms(latency)
					m.Limit = ashbytest.Limit{Kind: kind, Calls: limit, Per: ashbytest.Ms(time.Minute)}
				})
				w.record(added(people)...)
				began := time.Now()
				accepted := map[string]time.Time{}
				over := make(chan struct{})
				go func() {
					defer close(over)
					for i := range 200 {
						time.Sleep(2900 * time.Millisecond)
						e := replied(i)
						w.mu.Lock()
						accepted[e.ID] = time.Now()
						w.mu.Unlock()
						w.record(e)
					}
				}()
				w.run(func() bool { return w.store != nil && w.idle() })
				<-over
				w.drain()

				calls := w.sim.Calls(ashbytest.CallFilter{})
				steady, last := 0, calls[len(calls)-1].At
				for _, c := range calls {
					if c.Status == 429 {
						t.Fatalf("429 after %s", c.At.Sub(began))
					}
					if at := c.At.Sub(began); at >= time.Minute && at < 9*time.Minute {
						steady++
					}
				}
				waits := w.waits(accepted)
				p99 := waits[len(waits)*99/100]
				t.Logf("%s, %s a call: %d calls in %s, %.0f a minute once it had climbed, %d 429s; a reply's wait p50 %s, p99 %s (%d in flight at most)",
					kind, latency, len(calls), last.Sub(began).Round(time.Second), float64(steady)/8, 0, waits[len(waits)/2], p99, w.sim.Stats().MaxInFlight)
				if used := float64(steady) / 8; used < 0.95*limit {
					t.Errorf("%.0f calls a minute", used)
				}
				// search, create and note: three calls of Ashby's own time
				if p99 > 3*time.Second+3*latency {
					t.Errorf("p99 of a reply's wait is %s", p99)
				}
			})
		})
	})
}

// waits are how long it took until a note of each event stood in Ashby, sorted.
func (w *world) waits(accepted map[string]time.Time) []time.Duration {
	var waits []time.Duration
	for id, at := range accepted {
		r := w.get(id)
		step, ok := r.Step("note")
		if !ok || step.DoneAt.IsZero() {
			w.t.Errorf("%s: no note, %s %s", id, r.State, r.Code)
			continue
		}
		waits = append(waits, step.DoneAt.Sub(at))
	}
	slices.Sort(waits)
	return waits
}

func (w *world) modes(change func(*ashbytest.Modes)) {
	w.t.Helper()
	if err := w.sim.SetModes(change); err != nil {
		w.t.Fatal(err)
	}
}
