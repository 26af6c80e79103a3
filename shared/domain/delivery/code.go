// Package delivery is the life of an event on its way to Ashby: its states and
// the moves between them, the codes that say why, and the record of each step.
package delivery

// State of an event.
type State string

// The states.
const (
	Pending State = "pending" // will be looked at, at its due time
	Waiting State = "waiting" // for something with an owner and an exit
	Resting State = "resting" // withheld; a mark, a request or time ends it
	Final   State = "final"   // done with
)

// Code is the reason for an event's outcome: shared vocabulary of preview,
// timeline, API and help text.
type Code string

// Codes of the sync table.
const (
	Synced              Code = "synced"
	RecordDeleted       Code = "record_deleted"
	LinkInconsistent    Code = "link_inconsistent"
	TriggerNever        Code = "trigger_never"
	WithheldUntilMarked Code = "withheld_until_marked"
	NeedsReview         Code = "needs_review"
	Matched             Code = "matched"
	Created             Code = "created"
	NotedOnly           Code = "noted_only"
	NoRecordYet         Code = "no_record_yet"
)

// Codes decided before or beside the sync table.
const (
	Held            Code = "held"
	ReviewNever     Code = "review_never"
	LinkStopped     Code = "link_stopped"
	TimelineOnly    Code = "timeline_only" // contact_removed
	OriginNotPushed Code = "origin_not_pushed"
	ManualSyncOff   Code = "manual_sync_off"
	NoLink          Code = "no_link"
	NotInCampaign   Code = "not_in_campaign"
	Coalesced       Code = "coalesced"     // went together with a later edit
	NoNetChange     Code = "no_net_change" // edits that went together left everything as it was
)

// Codes of the way to Ashby.
const (
	NameMissing         Code = "name_missing"
	IndexBuilding       Code = "index_building"
	MandatoryMissing    Code = "mandatory_missing"
	Settling            Code = "settling"   // a step is unknown: it may or may not have been applied
	Connection          Code = "connection" // the key may not do what this needs
	Rejected            Code = "rejected"   // Ashby's definite no
	Quarantined         Code = "quarantined"
	ExpiredUnconnected  Code = "expired_unconnected"
	ExpiredWithheld     Code = "expired_withheld" // rested for all its time
	Forgotten           Code = "forgotten"
	Cancelled           Code = "cancelled"             // with the job that asked for it, before it began
	ConflictingRepeated Code = "conflicting_duplicate" // a repeat with another body; the first won
)

var states = map[Code]State{
	RecordDeleted: Waiting, NeedsReview: Waiting, LinkInconsistent: Waiting, NameMissing: Waiting,
	IndexBuilding: Waiting, MandatoryMissing: Waiting, Held: Waiting, Settling: Waiting, Connection: Waiting,
	WithheldUntilMarked: Resting, NoRecordYet: Resting, TriggerNever: Resting,
}

// State says what a code means for its event. Codes that neither wait nor rest
// are final.
func (c Code) State() State {
	if s, ok := states[c]; ok {
		return s
	}
	return Final
}

// Owner says who ends a wait.
type Owner string

// The owners.
const (
	OwnerAdmin  Owner = "admin"  // an admin, in the settings or the inbox
	OwnerMember Owner = "member" // anyone of the team, by an answer or a value
	OwnerPush   Owner = "push"   // the team's drain, at the due time
	OwnerMirror Owner = "mirror" // the index, when it is complete
)

// Exit says what ends a wait, as a phrase for people.
type Exit string

var waits = map[Code]struct {
	owner Owner
	exit  Exit
}{
	RecordDeleted:    {OwnerMember, "answer whether to recreate the candidate, link another, or stop"},
	NeedsReview:      {OwnerMember, "choose the candidate, create a new one, or never"},
	LinkInconsistent: {OwnerAdmin, "unlink and link the person again"},
	NameMissing:      {OwnerMember, "give the person a name or an email address in SourceWhale"},
	IndexBuilding:    {OwnerMirror, "the index of Ashby's candidates is complete, or the person gets an email address"},
	MandatoryMissing: {OwnerMember, "fill the mandatory field, or make it optional"},
	Held:             {OwnerAdmin, "release the person"},
	Settling:         {OwnerPush, "look in Ashby whether the write was applied"},
	Connection:       {OwnerAdmin, "tick the permission on the key in Ashby, then check the connection"},
}

// unseen is how a wait ends for a write that looking does not settle.
const unseen Exit = "see whether Ashby has the write, and say so; or give back the key that made it"

// Wait gives the owner and the exit of what the record waits for; ok is false when it
// does not wait.
func (r Record) Wait() (Owner, Exit, bool) {
	if r.State != Waiting {
		return "", "", false
	}
	if _, unknown := r.Unknown(); unknown && r.Code == Settling && r.Listed != nil {
		return OwnerAdmin, unseen, true
	}
	return WaitFor(r.Code)
}

// WaitFor gives the owner and the exit of a waiting code; ok is false for others.
func WaitFor(c Code) (Owner, Exit, bool) {
	w, ok := waits[c]
	return w.owner, w.exit, ok
}
