package delivery

import "time"

// Gone says who was forgotten, and with them which events.
type Gone struct {
	People map[string]time.Time // when
	Events map[string]time.Time
}

// Ends reports whether an event ends as forgotten: it was forgotten itself, or
// accepted before its person was.
func (g Gone) Ends(event, person string, accepted time.Time) bool {
	if _, ok := g.Events[event]; ok {
		return true
	}
	at, ok := g.People[person]
	return ok && !accepted.After(at)
}

// Removed sums up what was kept of a person and is no more.
type Removed struct {
	Events   int  // with their payloads, plans, due work and places in the inbox
	InFlight int  // of them, events with a write that was under way, or of unknown outcome
	Person   bool // there was a person to forget
	Linked   bool // they were linked to a candidate
	Activity int  // lines of the team's recent activity
}

// Happening is a line of a team's recent activity: an event came to stand
// elsewhere.
type Happening struct {
	At     time.Time
	Event  string
	Person string
	Type   string
	State  State
	Code   Code
}
