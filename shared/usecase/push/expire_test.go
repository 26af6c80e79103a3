package push_test

import (
	"testing"
	"time"

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
