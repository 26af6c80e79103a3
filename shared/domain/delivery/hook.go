package delivery

import (
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// HookState is what was last known of a person when a thin hook comes: from
// earlier hooks, and from events where those are newer.
type HookState struct {
	Last     event.LastKnown
	At       time.Time // of the newest hook
	Revision Revision
}

// With gives the state after a hook. An older hook changes nothing, because what
// is last known is what is newest.
func (s HookState) With(h event.Hook) HookState {
	if s.Last.Known && h.OccurredAt.Before(s.At) {
		return s
	}
	next := event.LastKnown{Known: true, Stage: s.Last.Stage, Snapshot: contact.Snapshot{}}
	if h.Stage != "" {
		next.Stage = h.Stage
	}
	for v, value := range s.Last.Snapshot {
		next.Snapshot[v] = value
	}
	for v, value := range h.Snapshot {
		next.Snapshot[v] = value
	}
	s.Last, s.At = next, h.OccurredAt
	return s
}

// Beside gives the state with what events have said of the person since.
func (s HookState) Beside(p person.Person) HookState {
	if p.StageAt.After(s.At) {
		s.Last.Known, s.Last.Stage = true, p.Stage
	}
	snapshot := contact.Snapshot{}
	for v, value := range s.Last.Snapshot {
		snapshot[v] = value
	}
	for v, k := range p.Known {
		if k.At.After(s.At) {
			s.Last.Known, snapshot[v] = true, k.Value
		}
	}
	s.Last.Snapshot = snapshot
	return s
}

// Derivation is what a thin hook comes to, written at once: the events that it
// means, each with its record, and what is last known from then on.
type Derivation struct {
	Team    string
	Person  string
	From    HookState
	To      HookState
	Events  []event.Event
	Records []Record
}
