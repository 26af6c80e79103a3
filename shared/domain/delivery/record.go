package delivery

import (
	"fmt"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// Record is what is kept of an event: its place in the person's order, the
// settings frozen with it, where it stands and which steps were taken.
type Record struct {
	Event      string
	Person     string
	Type       event.Type
	Order      string // sort key of the person's order: occurred_at, accepted_at, id (OrderOf)
	OccurredAt time.Time
	AcceptedAt time.Time
	BodyHash   string
	Conflict   bool // another body came later under the same id; the first won
	Trace      string
	Layers     []setting.Layer // frozen; built-in aside

	State   State
	Code    Code
	Row     int       // of the sync table; 0: decided beside it
	Detail  string    // what Ashby said, the missing field, …; for people
	Due     time.Time // when the drain looks at it next; zero: not before its exit
	Class   Class
	Tries   int    // attempts that ended in a crash or our own error; any recorded outcome resets it
	Retries int    // answers that asked for another try, for back-off
	Plan    string // which of the plans that were kept of it is the one; empty: none
	Frozen  bool   // the plan stands
	Ends    Code   // what the event becomes when its one step is done; empty once it did, or when a plan is kept
	Steps   []Step
	Changed time.Time // of this record
	Missing []string  // ids of the mandatory fields that it waits for
	Listed  *Listing  // where the inbox shows it; kept by the store; nil: it needs nobody
	Kept    bool      // past its time, for it is not done with; kept by the store
	Past    bool      // its place on the timeline says that it is over; kept by the store

	Claims []string // identity keys that its create claimed
	Shared bool     // other people are linked to the candidate too

	Owed []contact.Variable // what an edit changed and could not carry

	Amended   string // id of the step that was refused and sent without what it was refused for
	CarriedBy string // the later edit that it went together with, when Code is coalesced
}

// Lacks reports whether the event waits for a mandatory field to be filled.
func (r Record) Lacks() bool {
	return r.State == Waiting && r.Code == MandatoryMissing && r.Due.IsZero()
}

// Over reports whether nothing of the event is open: it is not to be looked at by
// itself, and no write of it is unknown.
func (r Record) Over() bool {
	_, unknown := r.Unknown()
	return (r.State == Final || r.State == Resting) && !unknown
}

// Class of due work, most urgent first.
type Class string

// The classes. They sort in this order.
const (
	Live   Class = "1live"
	Bulk   Class = "2bulk"
	Mirror Class = "3mirror"
	Probe  Class = "4probe"
	Chore  Class = "5job" // of jobs: makes work of the other classes, and calls nobody
)

// ClassOf gives the class of an event's work: adds, and what was asked for in bulk,
// are bulk; the rest is live.
func ClassOf(e event.Event) Class {
	if e.Type == event.CampaignAdded || e.Has(event.InBulk) {
		return Bulk
	}
	return Live
}

// Step is the record of one write to Ashby: first the intent, then what came of it.
type Step struct {
	ID          string // of the plan's step: "create", "update", "fields", "note", …
	Method      string
	Token       string // of this attempt
	Fingerprint string // of the key that made it
	IntentAt    time.Time
	CallBy      time.Time // no call is begun after it
	DoneAt      time.Time
	Status      StepStatus
	Attempts    int
	RemoteID    string // what Ashby made: candidate or note id
	RequestID   string // Ashby's, for its support
	Code        string // Ashby's error code, when rejected
	Message     string
	Warnings    []string
	Target      string    // candidate that it writes to; empty for a create
	Witness     string    // for a create: a candidate that was known when it was announced
	Looked      time.Time // of the first complete look that did not find what it makes; zero: there was none
	LookedBy    string    // fingerprint of the key that looked
	ToldBy      string    // user who said what became of it, where looking did not show
}

// Superseded gives the record with the done ones of these steps under names of
// their own: they are history, and a later plan takes steps of their ids anew.
func (r Record) Superseded(ids []string) Record {
	steps := slices.Clone(r.Steps)
	for i, s := range steps {
		if s.Status != Done || !slices.Contains(ids, s.ID) {
			continue
		}
		for n := 1; ; n++ {
			name := fmt.Sprintf("%s (%d)", s.ID, n)
			if _, taken := r.Step(name); !taken {
				steps[i].ID = name
				break
			}
		}
	}
	r.Steps = steps
	return r
}

// StepStatus says what is known of a step.
type StepStatus string

// The statuses. An intent that is not followed by another status is unknown,
// wherever the crash was.
const (
	Intent    StepStatus = "intent"
	Done      StepStatus = "done"
	Refused   StepStatus = "rejected"
	NotSent   StepStatus = "not_sent" // surely not applied; to be tried again
	Uncertain StepStatus = "unknown"
	Disputed  StepStatus = "disputed" // Ashby holds several things that it may have made; a person chooses
)

// Step gives the record of a step by id; ok is false when it was never begun.
func (r Record) Step(id string) (Step, bool) {
	for _, s := range r.Steps {
		if s.ID == id {
			return s, true
		}
	}
	return Step{}, false
}

// Unknown gives the first step of which nobody knows whether it was applied.
func (r Record) Unknown() (Step, bool) {
	for _, s := range r.Steps {
		if s.Status == Intent || s.Status == Uncertain {
			return s, true
		}
	}
	return Step{}, false
}

// WithStep gives the record with the step put in place of the one of its id.
func (r Record) WithStep(s Step) Record {
	steps := make([]Step, 0, len(r.Steps)+1)
	replaced := false
	for _, old := range r.Steps {
		if old.ID == s.ID {
			old, replaced = s, true
		}
		steps = append(steps, old)
	}
	if !replaced {
		steps = append(steps, s)
	}
	r.Steps = steps
	return r
}
