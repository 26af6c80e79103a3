package plan

import (
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// Presence says whether a person is in Ashby.
type Presence string

// The presences: E of the sync table.
const (
	InAshby    Presence = "yes"
	NotInAshby Presence = "no"
	Gone       Presence = "gone" // was there, was deleted
	Ambiguous  Presence = "ambiguous"
)

// Write is what a row of the sync table does to the candidate.
type Write string

// The writes.
const (
	WriteNone   Write = "none"
	WriteByType Write = "by_type" // what the event's type may do to a linked candidate
	WriteLink   Write = "link_and_update"
	WriteCreate Write = "create"
	WriteNoted  Write = "note_only_link"
)

// Row of the sync table: conditions, then effect. A nil condition holds always.
type Row struct {
	Number  int
	Trigger []setting.Trigger // T
	Toggle  *bool             // O: only add notes to synced records
	Linked  *bool             // Y: a synced link; a note-only link is none
	Reached *bool             // R: the trigger's mark
	In      []Presence        // E
	Write   Write
	Note    bool
	Code    delivery.Code
}

var (
	yes     = new(true)
	no      = new(false)
	marked  = []setting.Trigger{setting.OnReply, setting.OnInterested}
	onAdd   = []setting.Trigger{setting.OnAdd}
	never   = []setting.Trigger{setting.Never}
	notAdd  = []setting.Trigger{setting.Never, setting.OnReply, setting.OnInterested}
	there   = []Presence{InAshby}
	absent  = []Presence{NotInAshby}
	deleted = []Presence{Gone}
	several = []Presence{Ambiguous}
)

// syncTable decides what an event of a campaign does. The first match wins.
var syncTable = []Row{
	{1, nil, nil, yes, nil, there, WriteByType, true, delivery.Synced},
	{2, nil, nil, yes, nil, deleted, WriteNone, false, delivery.RecordDeleted},
	{3, nil, nil, yes, nil, []Presence{NotInAshby, Ambiguous}, WriteNone, false, delivery.LinkInconsistent},
	{4, never, yes, no, nil, nil, WriteNone, false, delivery.TriggerNever},
	{5, marked, yes, no, no, nil, WriteNone, false, delivery.WithheldUntilMarked},
	{6, nil, nil, no, nil, deleted, WriteNone, false, delivery.RecordDeleted},
	{7, nil, nil, no, nil, several, WriteNone, false, delivery.NeedsReview},
	{8, onAdd, nil, no, nil, there, WriteLink, true, delivery.Matched},
	{9, onAdd, nil, no, nil, absent, WriteCreate, true, delivery.Created},
	{10, marked, nil, no, yes, there, WriteLink, true, delivery.Matched},
	{11, marked, nil, no, yes, absent, WriteCreate, true, delivery.Created},
	{12, notAdd, no, no, nil, there, WriteNoted, true, delivery.NotedOnly},
	{13, notAdd, no, no, nil, absent, WriteNone, false, delivery.NoRecordYet},
}

// Situation is what the sync table looks at.
type Situation struct {
	Trigger setting.Trigger
	Toggle  bool
	Linked  bool
	Reached bool
	In      Presence
}

func (r Row) matches(s Situation) bool {
	return (r.Trigger == nil || slices.Contains(r.Trigger, s.Trigger)) &&
		is(r.Toggle, s.Toggle) && is(r.Linked, s.Linked) && is(r.Reached, s.Reached) &&
		(r.In == nil || slices.Contains(r.In, s.In))
}

func is(want *bool, got bool) bool { return want == nil || *want == got }

// lookUp gives the first row of a table that matches; ok is false when none does.
func lookUp(table []Row, s Situation) (Row, bool) {
	for _, r := range table {
		if r.matches(s) {
			return r, true
		}
	}
	return Row{}, false
}

// decideWithout gives the row where it is the same whatever the presence: then
// nobody needs to ask Ashby.
func decideWithout(s Situation) (Row, bool) {
	var first Row
	for i, e := range []Presence{InAshby, NotInAshby, Gone, Ambiguous} {
		s.In = e
		r, ok := lookUp(syncTable, s)
		if !ok || i > 0 && r.Number != first.Number {
			return Row{}, false
		}
		first = r
	}
	return first, true
}
