package event

import "strings"

// Stage of a person in SourceWhale.
type Stage string

// The stages.
const (
	Sourced       Stage = "Sourced"
	Messaged      Stage = "Messaged"
	Opened        Stage = "Opened"
	Clicked       Stage = "Clicked"
	Replied       Stage = "Replied"
	Interested    Stage = "Interested"
	NotInterested Stage = "NotInterested"
	MeetingStage  Stage = "Meeting"
)

var stages = map[string]Stage{
	"sourced": Sourced, "messaged": Messaged, "sent": Messaged, "opened": Opened, "clicked": Clicked,
	"replied": Replied, "interested": Interested, "notinterested": NotInterested,
	"meeting": MeetingStage, "booked": MeetingStage,
}

// ParseStage reads a stage or one of its API aliases (sent, booked), any case,
// with or without separators.
func ParseStage(s string) (Stage, bool) {
	s = strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(strings.TrimSpace(s)))
	stage, ok := stages[s]
	return stage, ok
}

// Responded reports whether being in the stage means that the person answered.
func (s Stage) Responded() bool {
	return s == Replied || s == Interested || s == NotInterested || s == MeetingStage
}

// Interested reports whether being in the stage means interest.
func (s Stage) Interested() bool { return s == Interested || s == MeetingStage }

// MarksResponded reports whether the event itself makes its person "responded":
// by stage, by an answer that is not automatic, or by a booked meeting.
func (e Event) MarksResponded() bool {
	if e.Person.Stage.Responded() || e.Type == MeetingBooked {
		return true
	}
	return e.Type.Reply() && (e.Message == nil || !e.Message.Automatic)
}

// MarksInterested reports whether the event itself makes its person "interested".
func (e Event) MarksInterested() bool { return e.Person.Stage.Interested() || e.Type == MeetingBooked }
