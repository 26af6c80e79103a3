// Package bulk does for many people or events what somebody asked for at once: as
// a job, which the team's drain works on in slices.
//
// A slice is done, and then the job is written with how far it came. After a crash
// in between the slice is done again, which changes nothing: a request has an id
// that follows from job and person, and an event that is back at work is left.
package bulk

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/job"
)

// Store keeps jobs. Errors are faults; Conflict means that another writer came
// between and nothing was written.
type Store interface {
	CreateJob(ctx context.Context, team string, j job.Job, named []string) error
	// Job reads a job with the people or events that it names; ok is false when there is none.
	Job(ctx context.Context, team, id string) (j job.Stored, named []string, ok bool, err error)
	SaveJob(ctx context.Context, team string, from job.Stored, to job.Job) error
	// NextJob gives the running job that was asked for first; ok is false when none is.
	NextJob(ctx context.Context, team string) (id string, ok bool, err error)
	// Jobs lists jobs, newest first.
	Jobs(ctx context.Context, team, cursor string, limit int) ([]job.Job, string, error)
}

// Ledger knows where events stand, and changes it.
type Ledger interface {
	// Records reads the records of events that exist.
	Records(ctx context.Context, team string, events []string) ([]delivery.Stored, error)
	Apply(ctx context.Context, c delivery.Change) (delivery.Stored, delivery.Subject, error)
}

// Requests puts what is asked for on timelines, once each.
type Requests interface {
	// Request asks for something for a person; the key is the job. NotFound: nobody
	// knows the person.
	Request(ctx context.Context, team, person string, kind event.Type, by, key string) error
	// EventOf gives the id of the request's event, recorded or not.
	EventOf(team, person string, kind event.Type, key string) string
}

// Causes sends events of the inbox again.
type Causes interface {
	// One sends one again; NotFound or Conflict: there is none, or nothing of it is left to send.
	One(ctx context.Context, team, event string) error
	// Count counts the events of a cause, up to a limit.
	Count(ctx context.Context, team string, cause delivery.Cause) (n int, more bool, err error)
	// Again sends a page again: what was listed before then. next is empty after the last.
	Again(ctx context.Context, team string, cause delivery.Cause, before time.Time, place string, limit int) (done int, next string, err error)
}

// Bell tells a team's drain that there is work. The sweep makes up for a ring
// that fails.
type Bell interface {
	Ring(ctx context.Context, team string) error
}

// Foreman makes jobs, shows them and works on them. Bell may be nil for one that
// only works.
type Foreman struct {
	Store    Store
	Ledger   Ledger
	Requests Requests
	Causes   Causes
	Bell     Bell
	Now      func() time.Time
	Token    func() string // unique
}

// types are the events that the kinds make.
var types = map[job.Kind]event.Type{job.Push: event.PushRequested, job.Backfill: event.BackfillRequested}

// People makes a job that asks for something for people, each once.
func (f *Foreman) People(ctx context.Context, team, by string, kind job.Kind, people []string) (job.Job, error) {
	return f.named(ctx, team, by, kind, people)
}

// Events makes a job that sends events again, each once.
func (f *Foreman) Events(ctx context.Context, team, by string, events []string) (job.Job, error) {
	return f.named(ctx, team, by, job.Redrive, events)
}

func (f *Foreman) named(ctx context.Context, team, by string, kind job.Kind, ids []string) (job.Job, error) {
	j := f.fresh(kind, by)
	seen := make(map[string]bool, len(ids))
	var once []string
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			once = append(once, id)
		}
	}
	j.Total = len(once)
	return f.begin(ctx, team, j, once)
}

// Redrive makes a job that sends all of a cause again that is listed now. NotFound:
// there is no such cause.
func (f *Foreman) Redrive(ctx context.Context, team, by string, cause delivery.Cause) (job.Job, error) {
	if !cause.Known() {
		return job.Job{}, fault.New(fault.NotFound, "no_such_cause", "the inbox knows no such cause")
	}
	j := f.fresh(job.Redrive, by)
	j.Cause = cause
	var err error
	if j.Total, j.More, err = f.Causes.Count(ctx, team, cause); err != nil {
		return job.Job{}, err
	}
	return f.begin(ctx, team, j, nil)
}

// idTime begins a job's id, so that ids in their order are jobs in theirs.
const idTime = "20060102150405.000"

func (f *Foreman) fresh(kind job.Kind, by string) job.Job {
	now := f.Now().UTC().Round(0)
	return job.Job{ID: now.Format(idTime) + "-" + f.Token(), Kind: kind, By: by, At: now, Changed: now, State: job.Running}
}

func (f *Foreman) begin(ctx context.Context, team string, j job.Job, named []string) (job.Job, error) {
	if err := f.Store.CreateJob(ctx, team, j, named); err != nil {
		return job.Job{}, err
	}
	_ = f.Bell.Ring(ctx, team) // the sweep makes up for it
	return j, nil
}

// noSuchJob is the answer to a job that is none of the team's.
func noSuchJob() error { return fault.New(fault.NotFound, "no_such_job", "there is no such job") }
