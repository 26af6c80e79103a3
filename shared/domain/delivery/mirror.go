package delivery

import "strings"

// The mirror's work is on a team's due list too, under a person that is none.
const (
	MirrorPerson = "mirror"
	// MirrorRun is the event of the next reading of Ashby's list.
	MirrorRun = "run"
	goneHead  = "gone:"
	lookHead  = "look:"
)

// MirrorGone is the event of a candidate that was deleted or merged away.
func MirrorGone(candidate string) string { return goneHead + candidate }

// MirrorLook is the event of a candidate that is to be read anew.
func MirrorLook(candidate string) string { return lookHead + candidate }

// MirrorEvent reads the mirror's events: which candidate is gone, or is to be
// looked at. Both are empty for a run.
func MirrorEvent(event string) (gone, look string) {
	if id, ok := strings.CutPrefix(event, goneHead); ok {
		return id, ""
	}
	look, _ = strings.CutPrefix(event, lookHead)
	if look == event {
		return "", ""
	}
	return "", look
}
