// Package person is what we remember of a SourceWhale contact across events: how
// far they are, what they are linked to in Ashby, and what we last knew of them.
package person

import (
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
)

// Person is the state that events of one contact change, one after another.
type Person struct {
	Team       string
	ID         string
	Stage      event.Stage // last known
	StageAt    time.Time
	Responded  Mark
	Interested Mark
	Link       Link
	Known      map[contact.Variable]Known     // last processed value of each variable
	Applied    map[contact.Variable]time.Time // time of the value last written to Ashby, per variable
	Location   string                         // what we last sent as location; Ashby geocodes, so it is compared with this
	Values     map[string]given.Value         // that came with events, by field
	Given      map[string]time.Time           // given values already pushed, by field: the time of the value
	Review     Review
	Held       bool // an admin holds all of this person's work

	// Generation of links that this is of; see Of.
	Generation int
}

// Of gives the person as they stand for a generation of the team's links: of
// another one, nothing that was in Ashby counts, and matching starts anew. That a
// person is never to be linked is no matter of the organisation, and stays.
func (p Person) Of(generation int) Person {
	if p.Generation == generation {
		return p
	}
	p.Generation = generation
	p.Link, p.Applied, p.Location, p.Given = Link{}, nil, "", nil
	if p.Review.Answer != NeverLink {
		p.Review = Review{}
	}
	return p
}

// Mark is a sticky milestone: reached once, by an event, at a time.
type Mark struct {
	At    time.Time
	Event string
}

// Reached reports whether the mark is set.
func (m Mark) Reached() bool { return m.Event != "" }

// Known is a variable's value with the time it is of.
type Known struct {
	Value contact.Value
	At    time.Time
}

// LinkKind says what a link allows.
type LinkKind string

// The kinds of link.
const (
	NotLinked LinkKind = ""
	Synced    LinkKind = "synced"
	NoteOnly  LinkKind = "note_only" // notes go there; fields never
)

// Link between the person and an Ashby candidate.
type Link struct {
	Kind      LinkKind
	Candidate string
	Profile   string // Ashby's page of the candidate
	Gone      bool   // Ashby deleted the candidate
	Stopped   bool   // asked about the deletion, somebody answered "stop"
	By        string // event that made the link
	At        time.Time
}

// After gives the person as the event leaves them before anything is written:
// stage, marks and known variables. An older event changes no newer value.
func (p Person) After(e event.Event) Person {
	if e.Person.Stage != "" && !p.StageAt.After(e.OccurredAt) {
		p.Stage, p.StageAt = e.Person.Stage, e.OccurredAt
	}
	if e.MarksResponded() && !p.Responded.Reached() {
		p.Responded = Mark{At: e.OccurredAt, Event: e.ID}
	}
	if e.MarksInterested() && !p.Interested.Reached() {
		p.Interested = Mark{At: e.OccurredAt, Event: e.ID}
	}
	known := make(map[contact.Variable]Known, len(p.Known)+len(e.Person.Snapshot))
	for v, k := range p.Known {
		known[v] = k
	}
	at := e.VariablesAt()
	for v, value := range e.Person.Snapshot {
		if k, ok := known[v]; !ok || !k.At.After(at) {
			known[v] = Known{Value: value, At: at}
		}
	}
	p.Known = known
	return p
}

// Snapshot gives the values last known.
func (p Person) Snapshot() contact.Snapshot {
	s := make(contact.Snapshot, len(p.Known))
	for v, k := range p.Known {
		s[v] = k.Value
	}
	return s
}

// Name gives the name as SourceWhale knows it; empty when it does not.
func (p Person) Name() string {
	s := p.Snapshot()
	if name := strings.TrimSpace(s.Text(contact.FirstName) + " " + s.Text(contact.LastName)); name != "" {
		return name
	}
	return strings.TrimSpace(s.Text(contact.Name))
}

// Lost gives the person after Ashby deleted their candidate: the question what to
// do is open, whatever was answered to an earlier one.
func (p Person) Lost() Person {
	p.Link.Gone, p.Review = true, Review{}
	return p
}
