package delivery

import (
	"strings"
	"time"
)

// Cause groups what needs a person, so that it is shown, counted and sent again
// together. It is the event's code as a rule.
type Cause string

// mandatoryHead begins the causes of events that wait for a mandatory field; the
// field's id follows.
const mandatoryHead = "mandatory:"

// MandatoryCause is the cause of what waits for a mandatory field.
func MandatoryCause(field string) Cause { return Cause(mandatoryHead + field) }

// MandatoryField gives the field that a cause is about; ok is false for other causes.
func (c Cause) MandatoryField() (field string, ok bool) {
	return strings.CutPrefix(string(c), mandatoryHead)
}

// Code gives the code of the events of a cause.
func (c Cause) Code() Code {
	if _, ok := c.MandatoryField(); ok {
		return MandatoryMissing
	}
	return Code(c)
}

// Causes lists the closed set, but for those of mandatory fields, of which there
// is one a field.
func Causes() []Cause {
	return []Cause{
		Cause(NeedsReview), Cause(RecordDeleted), Cause(NameMissing), Cause(Connection), Cause(LinkInconsistent), Cause(Rejected),
		Cause(Quarantined), Cause(Settling), Cause(Held), Cause(IndexBuilding), Cause(ExpiredUnconnected),
	}
}

// Known reports whether the cause is of the closed set.
func (c Cause) Known() bool {
	if field, ok := c.MandatoryField(); ok {
		return field != ""
	}
	for _, known := range Causes() {
		if c == known {
			return true
		}
	}
	return false
}

// Listing is where the inbox shows an event: it is kept with the record, so that
// the row is found again whatever rules put it there.
type Listing struct {
	Cause Cause
	Since time.Time
}

// overdue is how old the announcement of a write is before a person is told that
// nobody knows its outcome: the looks that settle most take less.
const overdue = 10 * time.Minute

// CauseOf says whether the record needs a person, and for what. Everything that
// waits does, but for a write that is being looked up as usual; of what is final,
// all that was lost on the way and can be sent again.
func CauseOf(r Record, now time.Time) (Cause, bool) {
	switch r.State {
	case Waiting:
		return causeOfWait(r, now)
	case Final:
		return causeOfEnd(r)
	case Pending, Resting:
	}
	return "", false
}

func causeOfEnd(r Record) (Cause, bool) {
	switch {
	case r.Code == Rejected || r.Code == Quarantined || r.Code == ExpiredUnconnected:
		return Cause(r.Code), true
	case r.Code == Forgotten || r.Code == Cancelled:
		return "", false
	}
	for _, s := range r.Steps {
		if s.Status == Refused {
			return Cause(Rejected), true // the rest went, and this part did not
		}
	}
	return "", false
}

func causeOfWait(r Record, now time.Time) (Cause, bool) {
	switch r.Code {
	case Settling:
		step, unknown := r.Unknown()
		return Cause(Settling), unknown && now.Sub(step.IntentAt) >= overdue
	case MandatoryMissing:
		if len(r.Missing) > 0 {
			return MandatoryCause(r.Missing[0]), true
		}
		return MandatoryCause("unknown"), true
	default:
		return Cause(r.Code), true
	}
}

// Placed gives the record with its place in the inbox, after a move from another
// state of it, and with whether it is kept past its time.
func (r Record) Placed(from Record, now time.Time) Record {
	cause, needed := CauseOf(r, now)
	switch {
	case !needed:
		r.Listed = nil
	case from.Listed != nil && from.Listed.Cause == cause:
		r.Listed = from.Listed
	default:
		r.Listed = &Listing{Cause: cause, Since: now.UTC().Round(0)}
	}
	old := !r.AcceptedAt.IsZero() && now.Sub(r.AcceptedAt) >= KeepAfter
	r.Kept = (r.State == Pending || r.State == Waiting) && (from.Kept || old)
	r.Past = from.Past && r.Over()
	return r
}

// KeepAfter is the age from which an event that is not done with is kept without
// an end: long before its payload would go.
const KeepAfter = 60 * 24 * time.Hour

// Placed gives the change with the place of each of its records in the inbox.
func (c Change) Placed(now time.Time) Change {
	c.To = c.To.Placed(c.From.Record, now)
	ended := make([]EndChange, len(c.Also))
	for i, e := range c.Also {
		ended[i] = EndChange{From: e.From, To: e.To.Placed(e.From.Record, now)}
	}
	c.Also = ended
	return c
}

// Again gives the record put back to work by a person: planned anew, now. What
// Ashby refused is tried again; a step of which nobody knows whether it was
// applied stays so, and is looked for.
func (r Record) Again(now time.Time) Record {
	for _, s := range r.Steps {
		if s.Status == Refused {
			s.Status = NotSent
			r = r.WithStep(s)
		}
	}
	r.Due, r.Changed, r.Tries, r.Retries = now.UTC(), now.UTC(), 0, 0
	if _, unknown := r.Unknown(); unknown {
		return r
	}
	r.State, r.Code, r.Frozen, r.Ends, r.Missing = Pending, "", false, "", nil
	return r
}

// Redrivable reports whether a person may put the event back to work: not what is
// done or was ended on purpose.
func (r Record) Redrivable() bool { return r.State != Final || r.Listed != nil }

// Listed is a row of the inbox.
type Listed struct {
	Listing
	Person string
	Event  string
}

// CauseCount sums up the rows of a cause.
type CauseCount struct {
	Cause Cause
	Count int
	More  bool // there are more than were counted
	First time.Time
	Last  time.Time
}
