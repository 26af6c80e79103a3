// Package budget is how fast a team's key may be used at Ashby: what is allowed,
// what was learnt of it, and what was spent.
//
// Ashby allows a key a number of calls a minute and does not say how it counts them.
// A steady rate with a small burst stays below that whatever the kind of window: in
// any minute, as seen by a server that the calls reach up to Jitter late, there are
// at most Burst + rate × (60 s + Jitter) of them.
package budget

import "time"

// Limits is what a key is allowed. Of and the constants say what is used.
type Limits struct {
	PerMinute int           // what Ashby allows
	Burst     int           // calls that may go at once
	Ahead     int           // calls that are paid before they begin
	Jitter    time.Duration // by which calls may come closer together on their way
	Ceiling   float64       // calls a minute at most
	Start     float64       // calls a minute of a key of which nothing is known yet
	InFlight  int           // calls on their way at most
	StartOff  int           // of a key of which nothing is known yet
}

// What is known of Ashby, and what others met there: it publishes 1,000 calls a
// minute for a key, and 429s were seen from four to eight calls in flight.
const (
	perMinute = 1000
	burst     = 10
	jitter    = 2 * time.Second
	inFlight  = 12
	startOff  = 4
	beginning = 0.6 // of what is allowed
)

// Of gives the limits of a key; at most so many calls a minute when ceiling is not
// zero. A ceiling above what Ashby allows is for another Ashby.
func Of(ceiling int) Limits {
	l := Limits{PerMinute: perMinute, Burst: burst, Ahead: burst, Jitter: jitter, InFlight: inFlight, StartOff: startOff}
	if ceiling > perMinute {
		l.PerMinute, l.Burst = ceiling, max(burst, ceiling/100)
		l.Ahead = l.Burst
	}
	l.Ceiling = float64(l.PerMinute-l.Burst) / (minute + l.Jitter).Seconds() * minute.Seconds()
	if ceiling > 0 {
		l.Ceiling = min(l.Ceiling, float64(ceiling))
	}
	l.Start = min(l.Ceiling, beginning*float64(l.PerMinute))
	return l
}

const minute = time.Minute
