// Package setting is what a team, a user, a campaign or a person may choose, at
// which level each choice counts, and which value is in force.
package setting

import (
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

// Trigger says which happening puts a person into Ashby.
type Trigger string

// The triggers.
const (
	Never        Trigger = "never"
	OnAdd        Trigger = "on_add"
	OnReply      Trigger = "on_reply"
	OnInterested Trigger = "on_interested"
)

// Triggers lists all triggers in the order in which they are shown.
func Triggers() []Trigger { return []Trigger{OnAdd, OnReply, OnInterested, Never} }

// Known reports whether t is a trigger.
func (t Trigger) Known() bool { return slices.Contains(Triggers(), t) }

// Level says whose choice a value is.
type Level string

// The levels, most specific first.
const (
	Person   Level = "person"
	Campaign Level = "campaign"
	User     Level = "user"
	Team     Level = "team"
	BuiltIn  Level = "built_in"
)

// Levels lists the levels, most specific first.
func Levels() []Level { return []Level{Person, Campaign, User, Team, BuiltIn} }

// Name of a setting, as the API spells it.
type Name string

// The settings that are frozen with an event when it is recorded.
const (
	TriggerName    Name = "trigger"
	OnlySyncedName Name = "only_synced"
	NoteTypesName  Name = "note_types"
	ManualName     Name = "sync_manual_updates"
)

// LockName is the team's lock. It is not frozen: it counts as it stands when an
// event is planned.
const LockName Name = "lock"

// Lockable lists the settings that the lock keeps for admins.
func Lockable() []Name { return []Name{TriggerName, OnlySyncedName} }

// LockableOf keeps of the names those that the lock keeps for admins.
func LockableOf(names []Name) []Name {
	return slices.DeleteFunc(Lockable(), func(n Name) bool { return !slices.Contains(names, n) })
}

// Values are the frozen settings of one level. A nil field inherits: it is
// distinct from a value equal to the parent's.
type Values struct {
	Trigger    *Trigger
	OnlySynced *bool
	NoteTypes  *[]event.Type
	Manual     *bool
}

// Layer is one level's values with whose they are.
type Layer struct {
	Level   Level
	ID      string // of the person, campaign or user; empty for team and built-in
	Author  string // who set them last; empty when unknown
	Version int    // of the level's document; 0 for values that came with an event
	Values  Values
}

// BuiltInLayer is what holds where nobody chose.
func BuiltInLayer() Layer {
	trigger, yes := OnInterested, true
	types := []event.Type{
		event.EmailSent, event.EmailReply, event.LinkedInMessageSent, event.LinkedInMessageReply,
		event.LinkedInInMailSent, event.LinkedInInMailReply, event.SMSSent, event.SMSReply,
		event.CallCompleted, event.VoicemailLeft, event.MeetingBooked, event.OptedOut,
	}
	return Layer{Level: BuiltIn, Values: Values{Trigger: &trigger, OnlySynced: &yes, NoteTypes: &types, Manual: &yes}}
}
