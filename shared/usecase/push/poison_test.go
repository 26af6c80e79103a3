package push_test

import (
	"context"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// deadly is a planner that ends the process at an event.
func deadly(event string, t *trip) func(context.Context, plan.Input, plan.Reader) (plan.Outcome, []plan.Ask, error) {
	return func(ctx context.Context, in plan.Input, read plan.Reader) (plan.Outcome, []plan.Ask, error) {
		if in.Event.ID == event {
			t.mu.Lock()
			t.dead = true
			t.mu.Unlock()
			return plan.Outcome{}, nil, fault.New(fault.Unavailable, "dead", "") // nothing of it is written
		}
		return plan.Drive(ctx, in, read)
	}
}

func TestAnEventThatEndsTheProcessIsSetAsideAndHoldsNobodyElseUp(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		events := append(people(5), sent("poison", "p9", 0))
		w.record(events[5])
		w.record(events[:5]...)
		w.record(sent("behind", "p9", time.Minute))
		crashes := 0
		for ; crashes < 20 && w.get("poison").Code != delivery.Quarantined; crashes++ {
			process := &trip{}
			p := w.process(process)
			p.Drive, p.Limits.StartOff, p.Limits.InFlight = deadly("poison", process), 1, 1 // nobody else is under way when it ends
			drain := p.Drain
			if crashes > 0 {
				drain = p.DrainAgain // its ring comes again
			}
			_ = drain(context.Background(), "t1", time.Now().Add(30*time.Second))
			if crashes == 4 { // a write that the first crash left unknown is looked for twice
				for _, e := range events[:5] {
					if r := w.get(e.ID); r.State != delivery.Final {
						t.Errorf("%s waits behind the poison: %s", e.ID, r.State)
					}
				}
			}
			time.Sleep(20 * time.Minute)
		}
		if r := w.get("poison"); r.Tries != 8 || r.Detail == "" || crashes > 11 {
			t.Errorf("set aside after %d crashes: %+v", crashes, r)
		}
		w.sweepFor(time.Minute)
		w.is("behind", delivery.Created)
		from, _, err := w.store.Stored(t.Context(), "t1", "poison")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.store.Apply(t.Context(), delivery.Change{Team: "t1", From: from, To: from.Again(time.Now())}); err != nil {
			t.Fatal(err)
		}
		w.drain()
		w.is("poison", delivery.Synced)
	})
}

func TestAWaryDrainCountsNothingAgainstWhatItGetsDone(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Throttled, Endpoints: []string{"candidate.createNote"}, Count: 2, RetryAfterMs: 1000})
		w.record(crowd()...)
		for range 4 {
			if err := w.process(&trip{}).DrainAgain(t.Context(), "t1", time.Now().Add(30*time.Second)); err != nil {
				t.Fatal(err)
			}
			for _, e := range crowd() {
				if r := w.get(e.ID); r.Tries != 0 {
					t.Errorf("%s: %d tries", e.ID, r.Tries)
				}
			}
		}
		w.accounted(crowd()...)
	})
}

func TestADrainThatIsOverCountsNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(crowd()...)
		for range 10 {
			if err := w.process(&trip{}).DrainAgain(t.Context(), "t1", time.Now().Add(11*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
		for _, e := range crowd() {
			if r := w.get(e.ID); r.Tries != 0 || r.Code == delivery.Quarantined {
				t.Errorf("%s: %d tries, %s", e.ID, r.Tries, r.Code)
			}
			w.pending(e.ID)
		}
	})
}
