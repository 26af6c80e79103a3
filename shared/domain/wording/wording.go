// Package wording says every reason code as one plain sentence, the same in
// preview, timeline, API and help text.
package wording

import (
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

var outcomes = map[delivery.Code]string{
	delivery.Synced:              "The person is linked to an Ashby candidate, and the event was carried there.",
	delivery.RecordDeleted:       "The Ashby candidate this person was linked to has been deleted, so nothing is written until somebody decides what to do.",
	delivery.LinkInconsistent:    "The link between person and candidate contradicts itself, so nothing is written until an admin looks at it.",
	delivery.TriggerNever:        "The team never puts people into Ashby, and this person is not linked.",
	delivery.WithheldUntilMarked: "The person is not in Ashby yet and has not reached the mark that would put them there, so the event is withheld.",
	delivery.NeedsReview:         "Several Ashby candidates could be this person, so nothing is written until somebody chooses.",
	delivery.Matched:             "The person was found in Ashby, linked and brought up to date.",
	delivery.Created:             "The person was not in Ashby and was created there.",
	delivery.NotedOnly:           "The person was found in Ashby; the event was noted there, and no field is kept in step.",
	delivery.NoRecordYet:         "The person is not in Ashby, and this event does not put them there.",

	delivery.Held:            "An admin holds all work for this person.",
	delivery.ReviewNever:     "Somebody answered that this person is never to be linked to Ashby.",
	delivery.LinkStopped:     "After the candidate was deleted in Ashby, somebody chose to stop.",
	delivery.TimelineOnly:    "The contact was removed in SourceWhale; this is kept here, and nothing is written to Ashby.",
	delivery.OriginNotPushed: "The change was not made by hand, and only changes made by hand are carried to Ashby.",
	delivery.ManualSyncOff:   "Changes made by hand are not carried to Ashby, because the team has turned that off.",
	delivery.NoLink:          "A change made by hand never puts a person into Ashby, and this one is not linked.",
	delivery.Coalesced:       "The change was carried to Ashby together with a later one, made within ten seconds.",
	delivery.NoNetChange:     "The changes made within ten seconds left everything as it was, so nothing had to be sent to Ashby.",
	delivery.NotInCampaign:   "The event belongs to no campaign, so it only adds to what is known of the person.",

	delivery.NameMissing:         "Ashby needs a name, and the person has neither a name nor an email address.",
	delivery.IndexBuilding:       "It is not yet certain whether the person is in Ashby: not all candidates have been looked through.",
	delivery.MandatoryMissing:    "A mandatory field has no value, so the person is not put into Ashby yet.",
	delivery.Settling:            "It is unknown whether Ashby applied the last write, so it is not repeated until that is known.",
	delivery.Connection:          "The Ashby key lacks a permission that this needs.",
	delivery.Rejected:            "Ashby refused it.",
	delivery.Quarantined:         "The event failed on our side again and again and was set aside.",
	delivery.ExpiredUnconnected:  "No Ashby account was connected within 30 days.",
	delivery.ExpiredWithheld:     "The event was withheld for 90 days, and nothing came in that time that would have brought it to Ashby.",
	delivery.Forgotten:           "The person asked to be forgotten.",
	delivery.Cancelled:           "It was asked for together with others, and cancelled before it began.",
	delivery.ConflictingRepeated: "Another event came later under the same id with another content; the first one counts.",
}

// unsent are the sentences of codes that may end an event for which nothing had
// to be written.
var unsent = map[delivery.Code]string{
	delivery.Synced:    "The person is linked to an Ashby candidate, and for this event nothing had to be sent there.",
	delivery.Matched:   "The person was found in Ashby and linked; nothing had to be sent there.",
	delivery.NotedOnly: "The person was found in Ashby; this event gives no note, so nothing was sent there.",
}

// Outcome says what became of an event; empty for a code that does not exist.
// sent says whether anything was written to Ashby for it.
func Outcome(c delivery.Code, sent bool) string {
	if sentence, ok := unsent[c]; ok && !sent {
		return sentence
	}
	return outcomes[c]
}

var states = map[delivery.State]string{
	delivery.Pending: "The event will be carried out as soon as its turn comes.",
	delivery.Waiting: "The event waits for something.",
	delivery.Resting: "The event is kept in case the person reaches Ashby later.",
	delivery.Final:   "The event is done with.",
}

// State says where an event stands.
func State(s delivery.State) string { return states[s] }

var rows = map[int]string{
	1:  "The person is linked to a candidate that is in Ashby.",
	2:  "The person is linked to a candidate that was deleted in Ashby.",
	3:  "The person is linked to a candidate that Ashby does not seem to have.",
	4:  "The person is not linked, the trigger is “never”, and notes are only added to synced records.",
	5:  "The person is not linked and has not reached the trigger's mark, and notes are only added to synced records.",
	6:  "The person is not linked any more: the candidate was deleted in Ashby.",
	7:  "The person is not linked, and several candidates in Ashby could be them.",
	8:  "The trigger is “on add”, and the person is in Ashby: link and bring up to date.",
	9:  "The trigger is “on add”, and the person is not in Ashby: create.",
	10: "The person has reached the trigger's mark and is in Ashby: link and bring up to date.",
	11: "The person has reached the trigger's mark and is not in Ashby: create.",
	12: "Notes may be added to anybody who is in Ashby, and the person is: add notes and nothing else.",
	13: "Notes may be added to anybody who is in Ashby, but the person is not.",
}

// Row says which situation a row of the sync table is for; empty for 0, which
// stands for a decision beside the table.
func Row(number int) string { return rows[number] }

var fields = map[field.Code]string{
	field.Gone:           "the field is archived in Ashby, or no longer there",
	field.Unwritable:     "Ashby's API cannot write this field",
	field.NotVisible:     "the field is private and the key may not see private fields, so it only looks blank",
	field.ByPolicy:       "the team never writes this field",
	field.Stale:          "a newer value was already written",
	field.Unchanged:      "the value was not changed by this edit",
	field.NoValue:        "there is no value to write",
	field.CannotClear:    "Ashby cannot clear this field",
	field.NotConvertible: "the value does not fit the field's type",
	field.Equal:          "Ashby has this value already",
	field.Protected:      "the field has a value in Ashby and is protected",
	field.NotDisplayed:   "values for this field are not taken, because the team does not display it",
	field.GivenInstead:   "a value that was given for this field counts in place of the mapped one",
	field.Unknown:        "Ashby has no such source, user, tag or option",
	field.Refused:        "Ashby refused the write that carried this value",
	field.NotYet:         "the write that carries it is still to be made",
	field.Unsure:         "nobody knows yet whether Ashby applied the write that carried it",
	field.NotSent:        "the event ended before the write that would have carried it",
}

// Field says why a field was not written; empty when it was.
func Field(c field.Code) string { return fields[c] }

var actions = map[field.Action]string{
	field.Skip:  "not written",
	field.Write: "written",
	field.Union: "added to what is there",
	field.Clear: "cleared",
}

// Action says what happens to a field.
func Action(a field.Action) string { return actions[a] }

// Happened says what became of a field, and why where it was not written.
func Happened(a field.Action, c field.Code) string {
	said := actions[a]
	if c == field.NotYet {
		said = "not yet " + said
	}
	if c == field.Unsure {
		said = "perhaps " + said
	}
	if why := fields[c]; why != "" {
		said += ": " + why
	}
	return said
}

var notes = map[plan.NoteCode]string{
	plan.NoteByRow:      "In this situation no note is written.",
	plan.NoteTypeOff:    "The team has not chosen notes for this type of event.",
	plan.NoteNeverGiven: "Events of this type never give a note.",
	plan.NoteAfterWait:  "The note follows the write, which waits.",
	plan.NoteRefused:    "Ashby refused the note.",
	plan.NoteNotYet:     "The note is still to be written.",
	plan.NoteUnsure:     "Nobody knows yet whether Ashby took the note.",
	plan.NoteNotSent:    "The event ended before its note was sent.",
}

// Note says why there is no note; empty when there is one.
func Note(c plan.NoteCode) string { return notes[c] }

// NoteLacks says why a message is noted although emails go as such; empty when it
// lacks nothing.
func NoteLacks(parts string) string {
	if parts == "" {
		return ""
	}
	return "It is a note and not an email, because the event lacks: " + parts + "."
}

var steps = map[delivery.StepStatus]string{
	delivery.Intent:    "The write was announced, and its outcome is not known.",
	delivery.Done:      "Ashby confirmed the write.",
	delivery.Refused:   "Ashby refused the write.",
	delivery.NotSent:   "The write surely was not applied and will be tried again.",
	delivery.Uncertain: "Nobody knows yet whether Ashby applied the write, so it is not repeated.",
	delivery.Disputed:  "Ashby holds several candidates that this write may have made, so somebody has to choose.",
}

// Step says what is known of a write.
func Step(s delivery.Step) string {
	if s.ToldBy != "" && s.Status == delivery.Done {
		return "Looking in Ashby did not show whether the write was applied; somebody of the team said that it was."
	}
	return steps[s.Status]
}
