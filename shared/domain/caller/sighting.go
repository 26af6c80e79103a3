package caller

import "time"

// Sighting is the latest that is known of a user: what a verified token or a
// signed event said of them, and when.
type Sighting struct {
	User  string
	Role  Role // empty: known from events only, which tell no role
	Admin bool
	At    time.Time
}

// again is how long a sighting that says nothing new need not be kept.
const again = 24 * time.Hour

// After reports whether a sighting is worth keeping over the one that is kept: it
// is not older, and says something else or comes a day later. A token's role stays
// what it is when an event says none.
func (s Sighting) After(kept Sighting) (Sighting, bool) {
	if s.Role == "" {
		s.Role = kept.Role
	}
	if s.At.Before(kept.At) {
		return kept, false
	}
	return s, s.Role != kept.Role || s.Admin != kept.Admin || s.At.Sub(kept.At) >= again
}
