package delivery

import (
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Told is what a person says of a write of which nobody knows whether Ashby applied
// it, where looking does not settle that: they can see what the key cannot.
type Told string

// What may be told.
const (
	Applied   Told = "applied"    // Ashby has it
	SendAgain Told = "send_again" // Ashby does not have it
)

// Errors of Tell.
var (
	errNothingUnknown = fault.New(fault.Conflict, "nothing_unknown", "of every write of this event it is known what became of it")
	errStillLooking   = fault.New(fault.Conflict, "still_looking", "the write is still being looked for; if that does not settle it, the event comes into the inbox")
)

// Tellable gives the write of which a person may say what became of it; ok is false
// when there is none.
func (r Record) Tellable(now time.Time) (s Step, ok bool) {
	s, err := r.tellable(now)
	return s, err == nil
}

func (r Record) tellable(now time.Time) (Step, error) {
	s, unknown := r.Unknown()
	switch {
	case r.State != Waiting || r.Code != Settling || !unknown:
		return s, errNothingUnknown
	case r.Listed == nil, now.Before(s.IntentAt.Add(LongestFlight)):
		return s, errStillLooking
	}
	return s, nil
}

// Tell gives the record with its unknown write as a person says it is, to go on at
// once; remote is the id of what it made, where they name it. Conflict: nothing is
// unknown, or it is still being looked for.
func (r Record) Tell(t Told, remote, by string, now time.Time) (Record, error) {
	s, err := r.tellable(now)
	if err != nil {
		return r, err
	}
	s.ToldBy, s.Looked, s.LookedBy = by, time.Time{}, ""
	if t == Applied {
		s.Status, s.DoneAt, s.Code, s.Message = Done, now, "", ""
		if remote != "" {
			s.RemoteID = remote
		}
	} else {
		s.Status = NotSent
	}
	to, err := r.WithStep(s).Retry(now)
	to.Detail, to.Tries, to.Retries, to.Changed = "", 0, 0, now
	return to, err
}
