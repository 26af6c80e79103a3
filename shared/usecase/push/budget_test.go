package push_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/budget"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
)

func TestDrainsThatFollowOneAnotherShareOneMinute(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.limits = budget.Of(60) // one a second, with a burst of ten
		w.record(people(200)...)
		for range 30 { // short ones, each of which could begin with a burst of its own
			if err := w.process(&trip{}).Drain(context.Background(), "t1", time.Now().Add(13*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range w.sim.Calls(ashbytest.CallFilter{}) {
			n := 0
			for _, o := range w.sim.Calls(ashbytest.CallFilter{}) {
				if age := c.At.Sub(o.At); age >= 0 && age < time.Minute {
					n++
				}
			}
			if n > 70 {
				t.Fatalf("%d calls in the minute before %s", n, c.At)
			}
		}
	})
}

func TestA429SlowsDownAndWhatWasLearntStays(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.limits = budget.Of(0)
		w.fault(ashbytest.Fault{Kind: ashbytest.Throttled, Count: 1, Skip: 3, RetryAfterMs: 4000})
		w.record(people(10)...)
		w.drain()
		s, _, err := w.store.Budget(t.Context(), "t1")
		if err != nil || s.Rate > 320 || len(s.Throttled) != 1 {
			t.Errorf("kept %+v, %v", s, err)
		}
		var refused time.Time
		for _, c := range w.sim.Calls(ashbytest.CallFilter{}) {
			if c.Status == 429 {
				refused = c.At
			} else if gap := c.At.Sub(refused); !refused.IsZero() && gap > 0 && gap < 4*time.Second {
				t.Errorf("%s %s after the 429", c.Endpoint, gap)
			}
		}
		w.sweepFor(2 * time.Minute)
		for _, e := range people(10) {
			w.is(e.ID, delivery.Created)
			if r := w.get(e.ID); r.Tries > 0 || r.Retries > 0 {
				t.Errorf("%s counts a wait as a try: %+v", e.ID, r)
			}
		}
	})
}

func TestALimitOfThePartnerHoldsEveryTeam(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Throttled, Count: 1, RetryAfterMs: 60_000, Scope: "integration-partner"})
		w.record(sent("e1", "p1", 0))
		w.drain()
		other := sent("e2", "p2", 0)
		other.Team = "t2"
		w.record(other)
		before := w.calls("")
		if err := w.process(&trip{}).Drain(context.Background(), "t2", time.Now().Add(30*time.Second)); err != nil {
			t.Fatal(err)
		}
		if n := w.calls("") - before; n != 0 {
			t.Errorf("another team made %d calls", n)
		}
		time.Sleep(time.Minute)
		if err := w.process(&trip{}).Drain(context.Background(), "t2", time.Now().Add(30*time.Second)); err != nil {
			t.Fatal(err)
		}
		if r, _, err := w.store.Record(t.Context(), "t2", "e2"); err != nil || r.Code != delivery.Created {
			t.Errorf("after it: %s %s, %v", r.State, r.Code, err)
		}
	})
}

// blind is a store in which what was spent cannot be read, or not be written.
type blind struct {
	*timeline.Store
	read, write error
}

func (b blind) Budget(ctx context.Context, team string) (budget.State, delivery.Revision, error) {
	if b.read != nil {
		return budget.State{}, "", b.read
	}
	return b.Store.Budget(ctx, team)
}

func (b blind) SaveBudget(ctx context.Context, team string, s budget.State, r delivery.Revision) (delivery.Revision, error) {
	if b.write != nil {
		return "", b.write
	}
	return b.Store.SaveBudget(ctx, team, s, r)
}

func TestWhereItCannotBeToldWhatWasSpentNothingIs(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(people(300)...)
		away := errors.New("the store is away")
		p := w.process(&trip{})
		p.Budgets = blind{Store: w.store, read: away}
		if err := p.Drain(context.Background(), "t1", time.Now().Add(30*time.Second)); !errors.Is(err, away) {
			t.Errorf("error %v", err)
		}
		if n := w.calls(""); n != 0 {
			t.Errorf("%d calls", n)
		}
		w.fault(ashbytest.Fault{Kind: ashbytest.Slow, DelayMs: 300})
		p.Budgets = blind{Store: w.store, write: away}
		if err := p.Drain(context.Background(), "t1", time.Now().Add(30*time.Second)); !errors.Is(err, away) {
			t.Errorf("error %v", err)
		}
		if n := w.calls(""); n != 0 {
			t.Errorf("%d calls that are not written down", n)
		}
		w.pending("e299")
	})
}

func TestOfTwoDrainsOfATeamOneLeavesTheKeyToTheOther(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.limits = budget.Of(0)
		w.fault(ashbytest.Fault{Kind: ashbytest.Slow, DelayMs: 200})
		w.record(added(600)...)
		done := make(chan error, 2)
		for range 2 {
			go func() {
				done <- w.process(&trip{}).Drain(context.Background(), "t1", time.Now().Add(30*time.Second))
			}()
		}
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		var at []int
		for _, c := range w.sim.Calls(ashbytest.CallFilter{}) {
			at = append(at, int(c.At.Sub(start)/time.Second))
		}
		late := len(slices.DeleteFunc(at, func(s int) bool { return s < 4 || s >= 14 }))
		if late > 10*17 {
			t.Errorf("%d calls in ten seconds: two drains go on beside each other", late)
		}
	})
}

// TestTwoDrainsOfATeamStayBelowItsLimitTogether begins another drain of the team,
// from a ring that came twice, again and again while one is at work.
func TestTwoDrainsOfATeamStayBelowItsLimitTogether(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.limits = budget.Of(120)
		w.limits.PerMinute = 150
		w.fault(ashbytest.Fault{Kind: ashbytest.Slow, DelayMs: 50})
		w.record(added(600)...)
		done := make(chan error)
		drains := 0
		for range 60 {
			drains++
			go func() {
				done <- w.process(&trip{}).Drain(context.Background(), "t1", time.Now().Add(25*time.Second))
			}()
			time.Sleep(1900 * time.Millisecond)
		}
		for range drains {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		most, first := 0, 0
		calls := w.sim.Calls(ashbytest.CallFilter{})
		slices.SortFunc(calls, func(a, b ashbytest.Call) int { return a.At.Compare(b.At) })
		for i, c := range calls {
			for c.At.Sub(calls[first].At) >= time.Minute {
				first++
			}
			most = max(most, i-first+1)
		}
		if most > w.limits.PerMinute {
			t.Errorf("%d calls in a minute", most)
		}
		if len(calls) < 100 {
			t.Errorf("no more than %d calls in two minutes", len(calls))
		}
	})
}

func TestWhatOneOfTwoDrainsIsToldToWaitConcernsBoth(t *testing.T) {
	for skip := 8; skip < 40; skip++ { // so that it is told to the first one, too, when the second has begun
		inWorld(t, func(t *testing.T, w *world) {
			w.limits = budget.Of(0)
			if err := w.sim.SetModes(func(m *ashbytest.Modes) { m.Latency = ashbytest.Millis(200) }); err != nil {
				t.Fatal(err)
			}
			w.fault(ashbytest.Fault{Kind: ashbytest.Throttled, Count: 1, Skip: skip, RetryAfterMs: 20_000})
			w.record(added(300)...)
			done := make(chan error, 2)
			for i := range 2 {
				go func() {
					time.Sleep(time.Duration(i) * 1300 * time.Millisecond)
					done <- w.process(&trip{}).Drain(context.Background(), "t1", time.Now().Add(30*time.Second))
				}()
			}
			for range 2 {
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
			var told time.Time
			for _, c := range w.sim.Calls(ashbytest.CallFilter{}) {
				switch since := c.At.Sub(told); {
				case c.Status == 429:
					told = c.At
				case !told.IsZero() && since > 5*time.Second && since < 19*time.Second:
					t.Fatalf("after %d calls: one %s after another was told to wait", skip, since)
				}
			}
			if told.IsZero() {
				t.Fatal("nobody was told to wait")
			}
		})
	}
}
