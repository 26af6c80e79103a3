package push_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

// lateName records messages of somebody without a name, lets them come to wait, and
// records what brings the name and one more message.
func (w *world) lateName() {
	w.t.Helper()
	var nameless []event.Event
	for i, id := range []string{"e1", "e2"} {
		e := sent(id, "p1", time.Duration(i+1)*time.Minute)
		e.Person.Snapshot = contact.Snapshot{}
		nameless = append(nameless, e)
	}
	w.record(nameless...)
	w.drain()
	w.is("e1", delivery.NameMissing)
	w.is("e2", delivery.NameMissing)
	w.record(sent("e0", "p1", 0), sent("e3", "p1", 3*time.Minute))
}

// noted fails the test unless everything is in Ashby once.
func (w *world) noted(when string, n int) {
	w.t.Helper()
	for _, id := range []string{"e0", "e1", "e2", "e3"} {
		if r := w.get(id); r.State != delivery.Final || w.notes(id) != 1 {
			w.t.Errorf("%s %d: %s is %s %q with %d notes", when, n, id, r.State, r.Code, w.notes(id))
		}
	}
	if w.created() != 1 {
		w.t.Errorf("%s %d: %d candidates", when, n, w.created())
	}
}

func TestWhatWaitedForANameGoesOnThoughAnotherEventHoldsThePersonUpMeanwhile(t *testing.T) {
	for skip := range 3 {
		inWorld(t, func(_ *testing.T, w *world) {
			w.lateName()
			w.fault(ashbytest.Fault{Kind: ashbytest.Unavailable, Endpoints: []string{"candidate.*"}, Writes: true, Skip: skip, Count: 1})
			w.drain()
			w.sweepFor(20 * time.Minute)
			w.noted("unavailable after", skip)
		})
	}
}

func TestWhatWaitedForANameGoesOnWhereverTheProcessDies(t *testing.T) {
	died := true
	for n := 1; died; n++ {
		inWorld(t, func(_ *testing.T, w *world) {
			w.lateName()
			trip := &trip{at: n}
			_ = w.process(trip).Drain(context.Background(), "t1", time.Now().Add(30*time.Second))
			synctest.Wait()
			died = trip.dead
			w.sweepFor(25 * time.Minute)
			w.noted("dies at operation", n)
		})
	}
}
