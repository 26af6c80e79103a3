// Package job is work on many people or events at once that somebody asked for:
// longer than a request may take, done in slices, looked at and cancelled.
package job

import (
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Kind of job.
type Kind string

// The kinds.
const (
	Push     Kind = "push"     // put people into Ashby
	Backfill Kind = "backfill" // and write what was withheld
	Redrive  Kind = "redrive"  // send a cause of the inbox again
)

// State of a job. Each has an exit: what runs ends or is cancelled.
type State string

// The states.
const (
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed" // given up: the error says why
	Cancelled State = "cancelled"
)

// Limits of jobs.
const (
	MostNamed  = 1000 // people, or events
	MostErrors = 20
	// Patience bounds how often a slice is tried that ends in an error.
	Patience = 50
)

// Job is what is kept of a job. Whom or what it is about by name is kept beside it,
// for that does not change while it does.
type Job struct {
	ID    string
	Kind  Kind
	Cause delivery.Cause // of a redrive; empty: of the events that were named
	By    string         // user id
	At    time.Time
	State State
	Total int  // people, or events that the cause had
	More  bool // there were more events than were counted
	// Next is the first of the people or events named that is still to be seen to;
	// Place where a redrive goes on in its cause.
	Next    int
	Place   string
	Sent    int // asked for, or sent again
	Missed  int // could not be
	Tries   int // slices that ended in an error, since the last that did not
	Errors  []Error
	Changed time.Time
}

// Error is one of the things that a job could not do; the first few are kept.
type Error struct {
	About string // the person, or the event
	Code  string
	Why   string
}

// Ended reports whether nothing more is done for the job.
func (j Job) Ended() bool { return j.State != Running }

// Missing gives the job with one more thing that could not be done.
func (j Job) Missing(about string, err error) Job {
	f := fault.Of(err)
	j.Missed++
	if len(j.Errors) < MostErrors {
		j.Errors = append(j.Errors[:len(j.Errors):len(j.Errors)], Error{about, f.Code(), f.Message()})
	}
	return j
}

// Stored is a job as read.
type Stored struct {
	Job
	Revision delivery.Revision
}
