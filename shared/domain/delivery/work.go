package delivery

import (
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// sortable is a time in a form whose order as text is its order in time.
const sortable = "2006-01-02T15:04:05.000000000Z"

// CandidateNotFound is Ashby's code for a write to a candidate that is no more,
// or that the key cannot see.
const CandidateNotFound = "candidate_not_found"

// Sortable writes a time so that texts sort as the times do, to the nanosecond.
func Sortable(t time.Time) string { return t.UTC().Format(sortable) }

// ParseSortable reads what Sortable wrote.
func ParseSortable(s string) (time.Time, error) { return time.Parse(sortable, s) }

// OrderOf gives an event's place among the events of its person: by the time at
// which it happened, then by that of its acceptance (those of one request are
// accepted one after another, in the request's order), then by id. EventOf reads
// the id back.
func OrderOf(occurred, accepted time.Time, event string) string {
	return Sortable(occurred) + "#" + Sortable(accepted) + "#" + event
}

// EventOf gives the event's id of what OrderOf made; ok is false for anything else.
func EventOf(order string) (event string, ok bool) {
	parts := strings.SplitN(order, "#", 3)
	if len(parts) != 3 {
		return "", false
	}
	return parts[2], true
}

// Work is an entry of a team's due list: look at this event at that time. It is
// a hint, good only while the event's record names the same time.
type Work struct {
	Class  Class
	Due    time.Time
	Person string
	Event  string
	// Row is the entry as it was read; empty when the entry was not read but follows
	// from a record. Only the one that was read is taken away: another drain may have
	// moved the record away and back to the same time meanwhile.
	Row Revision
}

// Work gives the entry that the due list must hold for the record; ok is false
// when it must hold none.
func (r Record) Work() (Work, bool) {
	open := r.State == Pending || r.State == Waiting
	return Work{Class: r.Class, Due: r.Due, Person: r.Person, Event: r.Event}, open && !r.Due.IsZero()
}

// Revision names the state of a row that a reader saw. A write over it is
// refused when another came between. Empty: there was no row.
type Revision string

// Stored is a record as read.
type Stored struct {
	Record
	Revision Revision
}

// Subject is a person as read; the zero revision stands for a person of whom
// nothing is kept yet.
type Subject struct {
	Person   person.Person
	Revision Revision
}

// Change is all that is written at once when an event gets on: its record and,
// where they change, its person and the list of the people of a candidate.
type Change struct {
	Team   string
	From   Stored
	To     Record
	Person *PersonChange // nil: the person stays as they are
	Also   []EndChange   // records of other events that end with this one
	Claims []ClaimChange // identity keys that the create takes, gives up, or made
}

// EndChange ends the record of an event that goes together with another.
type EndChange struct {
	From Stored
	To   Record
}

// PersonChange is the person's part of a change.
type PersonChange struct {
	From Subject
	To   person.Person
}

// Mark of a team that has work, as read. A team row is put before the work it
// announces, so only a mark older than its writer can live may be taken away.
type Mark struct {
	Team     string
	At       time.Time
	Revision Revision
}
