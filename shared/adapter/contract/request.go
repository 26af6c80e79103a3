package contract

import (
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Request is a request of signed events. Its team is a claim until the signature
// is verified.
type Request struct {
	team   string
	events []*node
	wrong  error
}

// Open reads the envelope {"team":…,"events":[…]} of somebody who is known to be
// the team. Errors: as of Receive, and Wrong's.
func Open(body []byte) (*Request, error) {
	r, err := Receive(body)
	if err != nil {
		return nil, err
	}
	if r.wrong != nil {
		return nil, r.wrong
	}
	return r, nil
}

// Receive reads the envelope of a stranger, as far as to learn which team it
// claims to be of: before the signature is verified nobody is told what else is
// wrong. Errors: Invalid (no JSON object in UTF-8, or no team), TooLarge (body).
func Receive(body []byte) (*Request, error) {
	if len(body) > MaxBody {
		return nil, fault.New(fault.TooLarge, "body_too_large", "a request has at most 256 KB")
	}
	root, err := parse(body, maxDepth+2) // the envelope and its list are not the event's
	if err != nil {
		return nil, err
	}
	s := &sheet{}
	f := newForm(s, root, "")
	team := f.get("team", text)
	if team == nil || team.text == "" {
		return nil, fault.New(fault.Invalid, "no_team", `the request does not say which team it is of: "team" is a text`)
	}
	r := &Request{team: team.text}
	if !fitTeam(r.team) {
		s.add("team", "bad_team")
	}
	if events := f.get("events", list); events != nil {
		r.events = events.items
	}
	f.done()
	switch {
	case len(s.mistakes) > 0:
		r.wrong = fault.New(fault.Invalid, "bad_envelope", "the request is not what the contract says").With(s.mistakes...)
	case len(r.events) == 0:
		r.wrong = fault.New(fault.Invalid, "no_events", "the request has no events")
	case len(r.events) > MaxEvents:
		r.wrong = fault.New(fault.TooLarge, "too_many_events", "a request has at most 100 events")
	}
	return r, nil
}

// Wrong gives what is wrong with the envelope, nil when nothing is: Invalid (no
// events, or not what the contract says), TooLarge (more than MaxEvents events).
func (r *Request) Wrong() error { return r.wrong }

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
