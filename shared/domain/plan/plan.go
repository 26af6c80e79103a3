// Package plan decides what an event does to Ashby. It is pure and total: the
// same input and facts give the same outcome, to the byte, and there is no clock
// and no I/O in it. Where it needs to know something of Ashby it asks, and is
// called again with the answer; preview and push share this loop (Drive), so that
// the calls a preview shows are the calls a push makes.
package plan

import (
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// Input is everything of ours that a decision rests on.
type Input struct {
	Event    event.Event
	Earlier  []event.Event // edits of the same person that go together with the event, in order
	Person   person.Person // before all of them
	Settings setting.Effective
	Standing setting.Standing // of the settings that count as they stand: displayed and mandatory fields, …
	Mapping  mapping.Mapping
	Given    given.Kept // values that users gave for the event's campaign and person
	Key      Key
	Redo     *Redo              // what an earlier plan of the event left to do; nil: it was not begun
	Owed     []contact.Variable // what an edit changed when it was first looked at, and could not carry
	Made     []Made             // candidates that we made for the person's identity keys, which a search may not find yet
}

// Redo is what a plan that was begun did not come to: its writes of fields rest on a
// read that is too old by now, and are planned anew on a fresh one. The person
// bears the event already, so nothing else tells what it was to change.
type Redo struct {
	Code   delivery.Code
	Row    int
	Fields []string // that were to be written, and were not
}

// Made is a candidate that a create of ours made for an identity key.
type Made struct {
	Key       string
	Candidate string
}

// Key is what the team's Ashby key can see.
type Key struct {
	SeesPrivate bool // private fields and notes
}

// Ask is one question about Ashby: a read.
type Ask struct {
	Kind AskKind
	Arg  string
}

// AskKind is the closed set of questions.
type AskKind string

// The questions, with their argument and the part of Answer they fill.
const (
	AskCandidate AskKind = "candidate" // id → Candidates (0 or 1)
	AskEmail     AskKind = "email"     // address, lower case → Candidates that bear it
	AskKeys      AskKind = "keys"      // space-separated keys (li:slug tel:+44…) → Candidates that bear one; Incomplete
	AskIndex     AskKind = "index"     // the same, by our own index alone, which costs no call
	AskFields    AskKind = "fields"    // "" → Fields: the custom fields of candidates
	AskSources   AskKind = "sources"   // "" → Sources
	AskTags      AskKind = "tags"      // "" → Options: Value is the id, Label the title
	AskProjects  AskKind = "projects"  // "" → Options, likewise
	AskUsers     AskKind = "users"     // "" → Options: Ashby's users, Label the name
	AskUser      AskKind = "user"      // address, lower case → Options: the user who has it
	AskMember    AskKind = "member"    // candidate's id → Options: the projects that they are in
)

// Answer to a question. Only the parts named at the kind are set.
type Answer struct {
	Candidates []candidate.Candidate
	Incomplete bool // not everything could be looked through: "none" proves nothing
	Fields     []field.Field
	Sources    []field.Option // Value is the id, Label the title
	Options    []field.Option

	// Others are, of a candidate, the times of the values that other people who are
	// linked to it last wrote there.
	Others map[contact.Variable]time.Time
}

// Facts are the answers known so far.
type Facts map[Ask]Answer

// Outcome is what a plan comes to. When Asks is not empty nothing else is set.
type Outcome struct {
	Asks    []Ask
	Code    delivery.Code
	Row     int           // of the sync table; 0: decided beside it
	Detail  string        // for people: which field is missing, …
	Missing []string      // ids of the mandatory fields that are not filled
	Person  person.Person // as the event leaves them; links of steps not yet taken aside
	Link    *person.Link  // to be recorded before the first step
	Review  []string      // candidates with evidence, when Code is needs_review
	Steps   []Step        // in order
	Fields  []FieldResult // every mapped or given field with what happens to it and why
	Note    NoteResult
	Owed    []contact.Variable // what an edit changed and could not carry, for when it can
}

// FieldResult is the explanation of one field: its rule, what was there, what
// comes, and what is done or why not.
type FieldResult struct {
	Field  string
	Title  string
	From   []contact.Variable // empty for a given value
	Policy field.Policy
	Action field.Action
	Code   field.Code // why it is skipped
	Before string     // for people; empty when blank
	Value  string     // what would have come, when the action is skip
	After  string     // what will be there when the action is not skip
	Step   string     // id of the step that writes it
}

// NoteResult says whether the event gives a note, and if not, why.
type NoteResult struct {
	Written bool
	Code    NoteCode
	Email   bool   // it goes as an email, not as a note
	Lacks   string // the parts for which it is a note although emails go as such: subject, from, to, body
}

// NoteCode is the reason for which there is no note.
type NoteCode string

// The reasons.
const (
	NoteByRow      NoteCode = "row_has_no_note"     // the sync table gives none
	NoteTypeOff    NoteCode = "note_type_off"       // its type is not chosen
	NoteNeverGiven NoteCode = "type_gives_no_note"  // edits and removals
	NoteAfterWait  NoteCode = "waits_for_the_write" // the write it follows waits
	NoteRefused    NoteCode = "refused"             // by Ashby
	NoteNotYet     NoteCode = "not_yet"             // planned, and not made yet
	NoteUnsure     NoteCode = "unsure"              // nobody knows yet whether Ashby took it
	NoteNotSent    NoteCode = "not_sent"            // the event ended before it
)

// Step is one write. Its body is complete but for the candidate's id when the
// candidate is created by an earlier step of the same plan.
type Step struct {
	ID     string // "create", "update", "fields", "tag:<id>", "project:<id>", "note"
	Method string // Ashby's, such as "candidate.createNote"
	Body   string // JSON; may contain CreatedCandidate
}

// CreatedCandidate stands in a body for the id of the candidate that this plan's
// create step makes.
const CreatedCandidate = "$create.candidateId"

// WritesFields reports whether a step of that id writes fields of a candidate that
// is there, so that it rests on how they were read.
func WritesFields(step string) bool {
	return step == StepUpdate || step == StepFields || strings.HasPrefix(step, alternateHead)
}

// alternateHead begins the ids of steps that add one more address; a number follows.
const alternateHead = "alternate:"

// The steps' ids.
const (
	StepCreate = "create"
	StepUpdate = "update"
	StepFields = "fields"
	StepNote   = "note"

	stepTag     = "tag:"
	stepProject = "project:"
)
