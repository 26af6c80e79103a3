package push_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
)

func TestEventsOfATeamWithoutAConnectionAreKeptThirtyDaysAndThenSaySo(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		connected := w.connection
		w.connection = connection.Connection{Status: connection.NotConnected}
		w.record(sent("e1", "p1", 0))
		time.Sleep(20 * 24 * time.Hour)
		w.sweep()
		w.record(sent("e2", "p2", 20*24*time.Hour))
		w.pending("e1")
		time.Sleep(11 * 24 * time.Hour)
		w.sweep()
		w.is("e1", delivery.ExpiredUnconnected)
		w.pending("e2")
		if w.rings != 0 {
			t.Error("a ring is left that nobody asked for")
		}
		w.sweep()
		if w.rings != 0 {
			t.Error("a team without old work and without a connection is rung")
		}
		w.connection = connected
		w.sweepFor(2 * time.Minute)
		w.is("e2", delivery.Created)
		w.is("e1", delivery.ExpiredUnconnected)
	})
}

func TestWorkOfARefusedKeyWaitsWithoutLimit(t *testing.T) {
	inWorld(t, func(_ *testing.T, w *world) {
		connected := w.connection
		w.connection.Status = connection.Attention
		w.record(sent("e1", "p1", 0))
		time.Sleep(40 * 24 * time.Hour)
		w.sweep()
		w.pending("e1")
		w.connection = connected
		w.sweep()
		w.is("e1", delivery.Created)
	})
}

func TestRingsForATeamWithoutAConnectionCostNoLookEach(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.connection = connection.Connection{Status: connection.NotConnected}
		w.record(sent("e1", "p1", 0))
		counted := &trip{}
		p := w.process(counted)
		for range 20 {
			if err := p.Drain(t.Context(), "t1", time.Now().Add(30*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
		if first := counted.n; first > 40 {
			t.Errorf("%d operations on the store for 20 rings", first)
		}
		time.Sleep(31 * 24 * time.Hour)
		if err := p.Drain(t.Context(), "t1", time.Now().Add(30*time.Second)); err != nil {
			t.Fatal(err)
		}
		w.is("e1", delivery.ExpiredUnconnected)
	})
}

func TestWhatAPauseHoldsUpIsKeptForAsLongAsItLastsAndNotForEverAfterIt(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		connected := w.connection
		w.connection.Status = connection.Paused
		for i := range 120 { // more than are looked at at once
			w.record(sent(fmt.Sprintf("e%d", i), fmt.Sprintf("p%d", i/2), time.Duration(i)*time.Second))
		}
		w.due(delivery.LookAtPerson("p1", time.Now()))
		for range 3 {
			time.Sleep(45 * 24 * time.Hour)
			w.sweep()
		}
		w.connection = connected
		w.sweepFor(5 * time.Minute)
		for i := range 120 {
			if r, id := w.get(fmt.Sprintf("e%d", i)), fmt.Sprintf("e%d", i); r.State != delivery.Final || w.notes(id) != 1 {
				t.Fatalf("%s is %s %s (%s), %d notes", id, r.State, r.Code, r.Detail, w.notes(id))
			}
		}
		time.Sleep(101 * 24 * time.Hour)
		if _, ok, err := w.store.Event(t.Context(), "t1", "e1"); ok || err != nil {
			t.Errorf("the payload is kept for ever: %t, %v", ok, err)
		}
	})
}

func TestKeepingWhatAPauseHoldsUpCostsNothingWhileItIsYoung(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.connection.Status = connection.Paused
		w.record(sent("e1", "p1", 0))
		w.sweep()
		before := w.get("e1")
		time.Sleep(40 * 24 * time.Hour)
		w.sweep()
		if diff := cmp.Diff(before, w.get("e1")); diff != "" {
			t.Errorf("written (-before +after):\n%s", diff)
		}
	})
}
