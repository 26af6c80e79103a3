package delivery

import "strings"

// The mirror's work is on a team's due list too, under a person that is none.
const (
	MirrorPerson = "mirror"
	// MirrorRun is the event of the next reading of Ashby's list.
	MirrorRun = "run"
	goneHead  = "gone:"
	lookHead  = "look:"
	lostHead  = "lost:"
)

// MirrorGone is the event of a candidate that was deleted or merged away.
func MirrorGone(candidate string) string { return goneHead + candidate }

// MirrorLook is the event of a candidate that is to be read anew.
func MirrorLook(candidate string) string { return lookHead + candidate }

// MirrorLost is the event of a candidate with people that Ashby lists no more,
// without having said that it is gone.
func MirrorLost(candidate string) string { return lostHead + candidate }

// MirrorTask is what the mirror is to do about a candidate.
type MirrorTask uint8

// The tasks. A reading of the list is about none.
const (
	MirrorNothing MirrorTask = iota
	MirrorBury
	MirrorReread
	MirrorSeek
)

// MirrorEvent reads the mirror's events: what is to be done, about which candidate.
func MirrorEvent(event string) (task MirrorTask, candidate string) {
	for head, task := range map[string]MirrorTask{goneHead: MirrorBury, lookHead: MirrorReread, lostHead: MirrorSeek} {
		if id, ok := strings.CutPrefix(event, head); ok {
			return task, id
		}
	}
	return MirrorNothing, ""
}
