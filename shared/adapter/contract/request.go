package contract

import (
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Request is a request of signed events whose envelope could be read. Its team
// is a claim until the signature is verified.
type Request struct {
	team   string
	events []*node
}

// Open reads the envelope {"team":…,"events":[…]}. Errors: Invalid (no JSON, no
// events, or a wrong envelope), TooLarge (body, or more than MaxEvents events).
func Open(body []byte) (*Request, error) {
	if len(body) > MaxBody {
		return nil, fault.New(fault.TooLarge, "body_too_large", "a request has at most 256 KB")
	}
	root, err := parse(body, maxDepth+2) // the envelope and its list are not the event's
	if err != nil || root.kind != object {
		return nil, fault.New(fault.Invalid, "malformed_json", "the body is not a JSON object")
	}
	s := &sheet{}
	f := newForm(s, root, "")
	r := &Request{team: f.id("team")}
	if r.team != "" && !fitTeam(r.team) {
		s.add("team", "bad_team")
	}
	if events := f.get("events", list); events != nil {
		r.events = events.items
	}
	f.done()
	switch {
	case len(s.mistakes) > 0:
		return nil, fault.New(fault.Invalid, "bad_envelope", "the request is not what the contract says").With(s.mistakes...)
	case len(r.events) == 0:
		return nil, fault.New(fault.Invalid, "no_events", "the request has no events")
	case len(r.events) > MaxEvents:
		return nil, fault.New(fault.TooLarge, "too_many_events", "a request has at most 100 events")
	}
	return r, nil
}

// Team that the request claims to be of.
func (r *Request) Team() string { return r.team }

// Events reads every event, in order: each is accepted or has all its mistakes
// listed. It is to be called once. The trace becomes the events', and the time of
// acceptance too, each a microsecond after the one before: by it they keep the
// request's order where they happened at the same time.
func (r *Request) Events(at time.Time, trace string) []event.Verdict {
	out := make([]event.Verdict, len(r.events))
	for i, n := range r.events {
		out[i] = readEvent(n, place("events", i), event.Event{
			Team: r.team, AcceptedAt: at.UTC().Add(time.Duration(i) * time.Microsecond), Trace: trace,
		})
	}
	return out
}
