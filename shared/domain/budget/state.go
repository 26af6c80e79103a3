package budget

import (
	"math"
	"slices"
	"time"
)

// State is what one drain hands to the next: what was learnt and what was spent.
// The zero value knows nothing; Begin makes it fit for use.
type State struct {
	At     time.Time // of Tokens and of the last second of Recent
	Tokens float64   // calls that may go at once
	Rate   float64   // calls a minute, learnt
	Flight float64   // calls on their way at a time, learnt

	Recent    []int       // calls begun in each of the last seconds, At's last
	Paused    time.Time   // no call before then
	Throttled []time.Time // when Ashby asked to slow down, the latest last
	Grown     time.Time   // when the rate last rose

	Ceiling float64 // calls a minute at most, for those who only look
	Most    int     // calls on their way at most
	Flying  int     // calls that were on their way at At
}

const (
	rememberThrottles = time.Hour
	mostThrottles     = 60
	untold            = 5 * time.Second // a throttling answer that does not say how long; doubles
	mostUntold        = time.Minute
	repeated          = 2 * time.Minute // throttling answers so close together are one trouble
	careful           = 10 * time.Minute
	leastRate         = 30
	climb             = 12 // seconds from the start to the ceiling
	carefulClimb      = 300
)

// Begin gives a state as of now, with what nothing is known of at its start.
func Begin(s State, l Limits, now time.Time) State {
	if s.Rate == 0 {
		s = State{At: now, Tokens: float64(l.Burst), Rate: l.Start, Flight: float64(l.StartOff), Grown: now}
	}
	s.Rate, s.Flight = min(s.Rate, l.Ceiling), min(s.Flight, float64(l.InFlight))
	s.Ceiling, s.Most, s.Flying = l.Ceiling, l.InFlight, 0
	s.Recent, s.Throttled = slices.Clone(s.Recent), slices.Clone(s.Throttled)
	s.pass(l, now)
	return s
}

// pass moves the state on to now. A clock that goes backwards gives nothing.
func (s *State) pass(l Limits, now time.Time) {
	if !now.After(s.At) {
		return
	}
	s.Tokens = min(float64(l.Burst), s.Tokens+now.Sub(s.At).Seconds()*s.Rate/minute.Seconds())
	if seconds := now.Unix() - s.At.Unix(); seconds > 0 {
		s.Recent = append(s.Recent, make([]int, min(seconds, counted))...)
		s.Recent = s.Recent[max(0, len(s.Recent)-counted):]
	}
	s.At = now
	s.Throttled = slices.DeleteFunc(s.Throttled, func(t time.Time) bool { return now.Sub(t) > rememberThrottles })
}

// counted is for how many seconds calls count: of a minute that begins within a
// second the whole second.
const counted = 61

// Used counts the calls begun in the last minute.
func (s *State) Used(now time.Time) int {
	n := 0
	for i, calls := range s.Recent {
		if age := int64(len(s.Recent)-1-i) + now.Unix() - s.At.Unix(); age < counted {
			n += calls
		}
	}
	return n
}

// Wait says how long it takes until a call may begin that so many others come
// before; people of the settings spent so much in the last minute besides. Zero: now.
func (s *State) Wait(l Limits, now time.Time, before, interactive int) time.Duration {
	s.pass(l, now)
	wait := s.Paused.Sub(now)
	if short := float64(before+1) - s.Tokens; short > 1e-9 {
		wait = max(wait, time.Duration(math.Ceil(short*minute.Seconds()/s.Rate*1e9)))
	}
	if wait <= 0 && s.Used(now)+interactive >= l.PerMinute-2*l.Burst {
		wait = time.Unix(now.Unix()+1, 0).Sub(now) // until the oldest second is over
	}
	return max(wait, 0)
}

// Spend notes that a call begins.
func (s *State) Spend(l Limits, now time.Time) {
	s.spend(l, now, 1)
}

func (s *State) spend(l Limits, now time.Time, calls int) {
	s.pass(l, now)
	s.Tokens -= float64(calls)
	if len(s.Recent) == 0 {
		s.Recent = []int{0}
	}
	s.Recent[len(s.Recent)-1] += calls
}

// Ahead gives a state of its own in which so many calls more are spent. Who wrote it
// down may make these without a word; who reads it counts them.
func (s *State) Ahead(l Limits, now time.Time, calls int) State {
	next := *s
	next.Recent, next.Throttled = slices.Clone(s.Recent), slices.Clone(s.Throttled)
	next.spend(l, now, calls)
	return next
}

// Grow raises what is allowed, a step for each second in which more was asked for
// than was allowed: fast as long as Ashby never complained, carefully for a while
// after it did.
func (s *State) Grow(l Limits, now time.Time, wantsRate, wantsFlight bool) {
	if now.Sub(s.Grown) < time.Second {
		return
	}
	s.Grown = now
	seconds := float64(climb)
	if n := len(s.Throttled); n > 0 && now.Sub(s.Throttled[n-1]) < careful {
		seconds = carefulClimb
	}
	if wantsRate {
		s.Rate = min(l.Ceiling, s.Rate+(l.Ceiling-l.Start)/seconds+1)
	}
	if wantsFlight {
		s.Flight = min(float64(l.InFlight), s.Flight+float64(climb)/seconds)
	}
}

// Throttle notes that Ashby asked to slow down, and gives until when nothing is
// sent. wait is how long Ashby said; zero: it did not. What is allowed is halved
// once for all calls that meet the same trouble.
func (s *State) Throttle(now time.Time, wait time.Duration) (until time.Time) {
	fresh := !now.Before(s.Paused)
	if fresh {
		s.Rate, s.Flight = max(leastRate, s.Rate/2), max(1, s.Flight/2)
		s.Tokens = min(s.Tokens, 0)
		s.Throttled = append(s.Throttled, now)
		s.Throttled = s.Throttled[max(0, len(s.Throttled)-mostThrottles):]
	}
	if wait <= 0 {
		wait = untold
		for i := len(s.Throttled) - 1; i > 0 && s.Throttled[i].Sub(s.Throttled[i-1]) < repeated && wait < mostUntold; i-- {
			wait = min(2*wait, mostUntold)
		}
		if !fresh {
			wait = s.Paused.Sub(now) // it is part of a trouble that is known
		}
	}
	s.Pause(now.Add(wait))
	return s.Paused
}

// Pause stops all calls until then, without a lesson.
func (s *State) Pause(until time.Time) {
	if until.After(s.Paused) {
		s.Paused = until
	}
}

// AtOnce is how many calls may be on their way.
func (s *State) AtOnce() int { return max(1, int(s.Flight)) }
