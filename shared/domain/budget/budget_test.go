package budget_test

import (
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/budget"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestTheCeilingLeavesRoomForBurstAndJitter(t *testing.T) {
	for ceiling, want := range map[int]float64{0: 958, 1000: 958, 900: 900, 300: 300} {
		l := budget.Of(ceiling)
		if int(l.Ceiling) != int(want) || l.Start > l.Ceiling || l.Start > 600 {
			t.Errorf("%d: %+v", ceiling, l)
		}
	}
}

// spend lets as many calls begin as may, for so long, from drains that follow one
// another, and gives when each began.
func spend(l budget.Limits, s *budget.State, from time.Time, d, drain time.Duration) []time.Time {
	var starts []time.Time
	now := from
	for now.Before(from.Add(d)) {
		*s = budget.Begin(*s, l, now)
		for end := now.Add(drain); now.Before(end); {
			if wait := s.Wait(l, now, 0, 0); wait > 0 {
				now = now.Add(wait)
				continue
			}
			s.Spend(l, now)
			s.Grow(l, now, true, true)
			starts = append(starts, now)
		}
	}
	return starts
}

func TestNoMinuteHoldsMoreThanTheLimitWhateverTheDrains(t *testing.T) {
	for _, drain := range []time.Duration{time.Second, 19 * time.Second, 10 * time.Minute} {
		l := budget.Of(0)
		s := budget.State{}
		starts := spend(l, &s, noon, 10*time.Minute, drain)
		first, most := 0, 0
		for i, at := range starts {
			for at.Sub(starts[first]) >= time.Minute+l.Jitter {
				first++
			}
			most = max(most, i-first+1)
		}
		if most > l.PerMinute {
			t.Errorf("drains of %s: %d calls in a minute and the jitter", drain, most)
		}
		if steady := len(starts) - 600; steady < 950*9 {
			t.Errorf("drains of %s: %d calls in ten minutes", drain, len(starts))
		}
	}
}

func TestABeginnerStartsLowAndClimbsOnlyWhereMoreIsAskedFor(t *testing.T) {
	l := budget.Of(0)
	s := budget.Begin(budget.State{}, l, noon)
	if s.Rate != 600 || s.AtOnce() != 4 {
		t.Fatalf("begins at %+v", s)
	}
	s.Grow(l, noon.Add(time.Minute), false, false)
	if s.Rate != 600 || s.AtOnce() != 4 {
		t.Errorf("grew although nobody asked: %+v", s)
	}
	for i := range 30 {
		s.Grow(l, noon.Add(time.Minute+time.Duration(i)*time.Second), true, true)
	}
	if s.Rate != l.Ceiling || s.AtOnce() != 12 {
		t.Errorf("climbed to %.0f and %d", s.Rate, s.AtOnce())
	}
}

func TestAThrottlingAnswerHalvesOnceAndIsRemembered(t *testing.T) {
	l := budget.Of(0)
	s := budget.Begin(budget.State{}, l, noon)
	until := s.Throttle(noon, 7*time.Second)
	if s.Rate != 300 || s.AtOnce() != 2 || !until.Equal(noon.Add(7*time.Second)) {
		t.Fatalf("after one: %+v", s)
	}
	s.Throttle(noon.Add(time.Second), 0) // of a call that was under way
	if s.Rate != 300 || len(s.Throttled) != 1 || !s.Paused.Equal(until) {
		t.Errorf("after another of the same trouble: %+v", s)
	}
	if wait := s.Wait(l, noon.Add(time.Second), 0, 0); wait < 6*time.Second {
		t.Errorf("waits %s", wait)
	}
	s = budget.Begin(s, l, noon.Add(time.Minute))
	for i := range 60 {
		s.Grow(l, noon.Add(time.Minute+time.Duration(i)*time.Second), true, true)
	}
	if s.Rate < 330 || s.Rate > 500 {
		t.Errorf("climbed back to %.0f within a minute", s.Rate)
	}
}

func TestWithoutAWordHowLongTheWaitsDouble(t *testing.T) {
	s := budget.Begin(budget.State{}, budget.Of(0), noon)
	now := noon
	var waits []time.Duration
	for range 6 {
		until := s.Throttle(now, 0)
		waits = append(waits, until.Sub(now))
		now = until
	}
	want := []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second, time.Minute, time.Minute}
	if !slices.Equal(waits, want) {
		t.Errorf("waits %v", waits)
	}
	if until := s.Throttle(now.Add(time.Hour), 0); until.Sub(now.Add(time.Hour)) != 5*time.Second {
		t.Errorf("a new trouble waits %s", until.Sub(now.Add(time.Hour)))
	}
}

func TestAClockThatGoesBackGivesNothing(t *testing.T) {
	l := budget.Of(0)
	s := budget.Begin(budget.State{}, l, noon)
	for range l.Burst {
		s.Spend(l, noon)
	}
	if wait := s.Wait(l, noon.Add(-2*time.Second), 0, 0); wait <= 0 {
		t.Error("a call begins at once")
	}
}

func TestCallsOfPeopleLeaveLessToTheDrain(t *testing.T) {
	l := budget.Of(0)
	s := budget.State{}
	spend(l, &s, noon, 3*time.Minute, time.Minute)
	now := s.At
	if wait := s.Wait(l, now.Add(time.Second), 0, budget.ReservePerMinute); wait <= 0 {
		t.Errorf("%d calls in the last minute and 60 of people, and no wait", s.Used(now))
	}
}

func TestTheReserveIsSixtyAMinuteOneAtATime(t *testing.T) {
	var r budget.Reserve
	now := noon
	for i := range budget.ReservePerMinute {
		next, wait := r.Take(now, "a")
		if wait != 0 {
			t.Fatalf("call %d waits %s", i, wait)
		}
		if _, wait := next.Take(now, "b"); wait <= 0 {
			t.Fatal("two at a time")
		}
		if _, ok := next.Free("b"); ok {
			t.Fatal("freed by another")
		}
		r, _ = next.Free("a")
		now = now.Add(100 * time.Millisecond)
	}
	if _, wait := r.Take(now, "a"); wait != time.Minute-6*time.Second {
		t.Errorf("the next waits %s", wait)
	}
	held, _ := budget.Reserve{}.Take(noon, "gone")
	if _, wait := held.Take(noon.Add(budget.ReserveLease), "b"); wait != 0 {
		t.Errorf("what a crash left is not given up: %s", wait)
	}
}

func TestACallCountsUntilItsWholeSecondIsAMinuteAgo(t *testing.T) {
	l := budget.Of(0)
	s := budget.Begin(budget.State{}, l, noon)
	s.Spend(l, noon.Add(900*time.Millisecond))
	if used := s.Used(noon.Add(60_800 * time.Millisecond)); used != 1 {
		t.Errorf("%d calls, 59.9 s after one", used)
	}
	if used := s.Used(noon.Add(61 * time.Second)); used != 0 {
		t.Errorf("%d calls, 60.1 s after one", used)
	}
}

func TestWhatIsPaidAheadCountsForWhoReadsIt(t *testing.T) {
	l := budget.Of(0)
	s := budget.Begin(budget.State{}, l, noon)
	s.Spend(l, noon)
	row := s.Ahead(l, noon, l.Ahead)
	if row.Used(noon) != 1+l.Ahead || row.Tokens != s.Tokens-float64(l.Ahead) {
		t.Errorf("the row says %+v", row)
	}
	if s.Used(noon) != 1 {
		t.Errorf("the drain's own state says %d", s.Used(noon))
	}
	next := budget.Begin(row, l, noon)
	if wait := next.Wait(l, noon, 0, 0); wait == 0 {
		t.Error("who comes next calls at once")
	}
}
