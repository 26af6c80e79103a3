package push_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

// disabled changes whether the first key is.
func (w *world) disabled(is bool) { w.key1(func(k *ashbytest.Key) { k.Disabled = is }) }

func TestAKeyThatIsRevokedShowsWithinFiveMinutesWithoutTraffic(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.drain() // the first one plans to look at the key
		for _, quiet := range []time.Duration{time.Second, 7 * time.Minute, 3 * time.Hour} {
			w.sweepFor(quiet)
			w.disabled(true)
			w.sweepFor(5 * time.Minute)
			if c, _ := w.Connection(t.Context(), "t1"); c.Reason != "key_refused" {
				t.Fatalf("after %s of quiet: %s %s", quiet, c.Status, c.Reason)
			}
			w.disabled(false)
			w.sweepFor(5 * time.Minute)
			if c, _ := w.Connection(t.Context(), "t1"); c.Status != connection.Connected {
				t.Fatalf("back, after %s of quiet: %s %s", quiet, c.Status, c.Reason)
			}
		}
	})
}

func TestAQuietTeamIsProbedOnceInAWhileAndABusyOneIsNot(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.drain()
		w.sweepFor(time.Hour)
		if n := w.calls("apiKey.info"); n < 10 || n > 15 {
			t.Errorf("%d probes in a quiet hour", n)
		}
		before := w.calls("apiKey.info")
		for i := range 30 {
			w.record(sent(fmt.Sprint("e", i), "p1", time.Duration(i)*time.Second))
			w.sweepFor(time.Minute)
		}
		if n := w.calls("apiKey.info") - before; n > 1 {
			t.Errorf("%d probes beside traffic", n)
		}
	})
}

func TestWorkOfAKeyThatComesBackDrainsInOrder(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.disabled(true)
		var ids []string
		for i := range 5 {
			id := fmt.Sprint("e", i)
			ids = append(ids, id)
			w.record(sent(id, "p1", time.Duration(i)*time.Second))
		}
		w.drain()
		w.sweepFor(12 * time.Hour)
		for _, id := range ids {
			w.pending(id)
		}
		w.disabled(false)
		w.sweepFor(5 * time.Minute)
		for _, id := range ids {
			if r := w.get(id); r.State != delivery.Final {
				t.Errorf("%s is %s", id, r.State)
			}
		}
		if got := w.order(ids...); !slices.Equal(got, ids) {
			t.Errorf("order %v", got)
		}
	})
}

func TestAPauseHoldsADrainThatIsUnderWay(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Slow, DelayMs: 300})
		events := people(100)
		w.record(events...)
		go func() {
			time.Sleep(3 * time.Second)
			w.mu.Lock()
			defer w.mu.Unlock()
			w.connection.PausedAt = time.Now()
			w.connection = w.connection.Settled()
		}()
		w.drain()
		paused := start.Add(3 * time.Second)
		for _, c := range w.sim.Calls(ashbytest.CallFilter{}) {
			if c.At.After(paused.Add(2 * time.Second)) {
				t.Errorf("%s at %s after the pause", c.Endpoint, c.At.Sub(paused))
			}
		}
		if n := len(slices.DeleteFunc(events, func(e event.Event) bool { return w.get(e.ID).State == delivery.Final })); n < 20 {
			t.Errorf("only %d events are left", n)
		}
	})
}

func TestAPermissionThatComesBackIsNoticedAndLetsWorkGo(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.key1(lacking)
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.Connection)
		w.key1(granting)
		w.sweepFor(6 * time.Minute) // well before it would be tried again
		w.is("e1", delivery.Created)
		if c, _ := w.Connection(t.Context(), "t1"); c.Status != connection.Connected {
			t.Errorf("still %s, lacking %v", c.Status, c.Missing)
		}
	})
}
