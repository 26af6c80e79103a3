package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Limits of a queue message: bytes of its body and events in it. A message may
// have 256 KB with its attributes.
const (
	MaxPacked     = 200 << 10
	maxPacked     = MaxPacked - 100 // one event, beside the envelope
	maxPerMessage = 25
	packVersion   = 1
)

// Parcel is what one queue message carries; as a rule one of the lists has
// something in it.
type Parcel struct {
	Events     []event.Event
	Hooks      []event.Hook
	Candidates []event.CandidateHook
	Rings      []string // teams to be rung now: the message was kept back until there is work
}

// message is the body of a queue message. The domain's own fields are the wire's:
// both ends are ours, and a golden test pins the bytes.
type message struct {
	V          int                   `json:"v"`
	Events     []json.RawMessage     `json:"events,omitempty"`
	Hooks      []event.Hook          `json:"hooks,omitempty"`
	Candidates []event.CandidateHook `json:"candidates,omitempty"`
	Rings      []string              `json:"rings,omitempty"`
}

// Pack writes events into message bodies, with at most 25 events and maxBytes in
// each (one event that is larger goes alone; Open's verdicts let none exceed
// MaxPacked). They keep their order, but that those of one id follow on the first
// and, if one message can carry them, are in one: which of them was first is
// judged there. The error is Internal.
func Pack(events []event.Event, maxBytes int) ([]string, error) {
	p := packer{maxBytes: maxBytes}
	for _, group := range byID(events) {
		if err := p.add(group); err != nil {
			return nil, err
		}
	}
	err := p.flush()
	return p.out, err
}

// byID groups events by id, in the order in which the ids come.
func byID(events []event.Event) [][]event.Event {
	var groups [][]event.Event
	known := map[string]int{}
	for _, e := range events {
		g, ok := known[e.ID]
		if !ok {
			g = len(groups)
			known[e.ID], groups = g, append(groups, nil)
		}
		groups[g] = append(groups[g], e)
	}
	return groups
}

// packer fills one message after another.
type packer struct {
	maxBytes int
	out      []string
	batch    []json.RawMessage // of the message that is being filled
	size     int               // bytes of batch, each with its comma
}

func (p *packer) add(group []event.Event) error {
	raws, size := make([]json.RawMessage, len(group)), 0
	for i, e := range group {
		raw, err := encode(e)
		if err != nil {
			return fmt.Errorf("packing an event: %w", err)
		}
		raws[i], size = raw, size+len(raw)+1
	}
	if err := p.makeRoom(len(raws), size); err != nil {
		return err
	}
	for _, raw := range raws {
		if err := p.makeRoom(1, len(raw)+1); err != nil {
			return err
		}
		p.batch, p.size = append(p.batch, raw), p.size+len(raw)+1
	}
	return nil
}

// makeRoom ends the message if it cannot take so much more.
func (p *packer) makeRoom(events, bytes int) error {
	if len(p.batch)+events <= maxPerMessage && p.size+bytes+len(`{"v":1,"events":[]}`) <= p.maxBytes {
		return nil
	}
	return p.flush()
}

func (p *packer) flush() error {
	if len(p.batch) == 0 {
		return nil
	}
	body, err := encode(message{V: packVersion, Events: p.batch})
	p.out, p.batch, p.size = append(p.out, string(body)), nil, 0
	return err
}

// PackHook writes a thin hook into a message body.
func PackHook(h event.Hook) (string, error) {
	body, err := encode(message{V: packVersion, Hooks: []event.Hook{h}})
	return string(body), err
}

// PackCandidate writes one of Ashby's hooks into a message body.
func PackCandidate(h event.CandidateHook) (string, error) {
	body, err := encode(message{V: packVersion, Candidates: []event.CandidateHook{h}})
	return string(body), err
}

// PackRing writes into a message body that a team is to be rung when it arrives.
func PackRing(team string) (string, error) {
	body, err := encode(message{V: packVersion, Rings: []string{team}})
	return string(body), err
}

// Unpack reads a message body. What cannot be decoded, or could not be stored, is
// Invalid "undecodable". Unknown fields are passed over, so that a newer intake
// may run before a newer record.
func Unpack(body string) (Parcel, error) {
	var m message
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return Parcel{}, undecodable("no JSON of ours")
	}
	p := Parcel{Hooks: m.Hooks, Candidates: m.Candidates, Rings: m.Rings}
	for _, raw := range m.Events {
		var e event.Event
		if err := json.Unmarshal(raw, &e); err != nil {
			return Parcel{}, undecodable("an event is no JSON of ours")
		}
		p.Events = append(p.Events, e)
	}
	if m.V != packVersion || len(p.Events)+len(p.Hooks)+len(p.Candidates)+len(p.Rings) == 0 {
		return Parcel{}, undecodable("another version, or empty")
	}
	return p, p.check()
}

// check holds every id that will be part of a key to what intake lets in.
func (p Parcel) check() error {
	for _, e := range p.Events {
		if !fitID(e.ID) || !fitTeam(e.Team) || !fitID(e.Person.ID) || !e.Type.Known() || e.AcceptedAt.IsZero() {
			return undecodable("an event lacks what makes it one")
		}
	}
	for _, h := range p.Hooks {
		if !fitTeam(h.Team) || !fitID(h.PersonID) || h.AcceptedAt.IsZero() {
			return undecodable("a hook lacks what makes it one")
		}
	}
	for _, team := range p.Rings {
		if !fitTeam(team) {
			return undecodable("a ring is for no team")
		}
	}
	for _, h := range p.Candidates {
		if !fitTeam(h.Team) || !fitID(h.ActionID) || !fitID(h.Deleted) || h.AcceptedAt.IsZero() {
			return undecodable("a candidate's hook lacks what makes it one")
		}
	}
	return nil
}

// encode leaves <, > and & alone: escaping them would triple a letter in HTML.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// packedSize is how many bytes an event takes in a message.
func packedSize(e event.Event) int {
	raw, err := encode(e)
	if err != nil {
		return maxPacked + 1 // refused where it can still be told
	}
	return len(raw)
}

// undecodable has no cause of encoding/json's: it might repeat what was sent.
func undecodable(why string) error {
	return fault.New(fault.Invalid, "undecodable", "the message cannot be decoded").Because(errors.New(why))
}
