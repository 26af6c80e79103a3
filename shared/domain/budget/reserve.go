package budget

import (
	"slices"
	"time"
)

// What people in the settings may spend of a team's key beside the drain.
const (
	ReservePerMinute = 60
	// ReserveLease is when a call that nobody ended is taken for ended: longer than
	// any lasts.
	ReserveLease = 12 * time.Second
)

// Reserve is what people in the settings spend of a key: so many calls a minute,
// one at a time.
type Reserve struct {
	Starts []time.Time // of the last minute, the latest last
	Holder string      // whose call is on its way; empty: nobody's
	Until  time.Time   // when the holder is given up
}

// Take gives the reserve with one more call begun by a holder; otherwise how long
// there is to wait until it makes sense to ask again.
func (r Reserve) Take(now time.Time, holder string) (next Reserve, wait time.Duration) {
	r.Starts = slices.DeleteFunc(slices.Clone(r.Starts), func(t time.Time) bool { return now.Sub(t) >= minute })
	switch {
	case len(r.Starts) >= ReservePerMinute:
		return r, r.Starts[len(r.Starts)-ReservePerMinute].Add(minute).Sub(now)
	case r.Holder != "" && now.Before(r.Until):
		return r, reserveTurn
	}
	r.Starts = append(r.Starts, now)
	r.Holder, r.Until = holder, now.Add(ReserveLease)
	return r, 0
}

// reserveTurn is how soon to ask again for what another one has.
const reserveTurn = 50 * time.Millisecond

// Free gives the reserve when the holder's call is over; ok is false when another
// one has it by now.
func (r Reserve) Free(holder string) (next Reserve, ok bool) {
	if r.Holder != holder {
		return r, false
	}
	r.Holder, r.Until = "", time.Time{}
	return r, true
}

// Used counts the calls of the last minute.
func (r Reserve) Used(now time.Time) int {
	n := 0
	for _, t := range r.Starts {
		if now.Sub(t) < minute {
			n++
		}
	}
	return n
}
