// Package event is the contract with SourceWhale: what can happen in a campaign
// or to a contact, and what one happening carries.
package event

import (
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
)

// Event is one happening, as accepted. It is a value: nothing changes it later.
type Event struct {
	ID         string // unique in the team; SourceWhale's, or derived for thin hooks
	Team       string
	Type       Type
	OccurredAt time.Time // when it happened; clamped to AcceptedAt when far in the future
	AcceptedAt time.Time // when intake answered for it; those of one request are microseconds apart, in its order
	Origin     Origin
	Actor      Actor     // the acting user; ID empty when unknown
	Campaign   *Campaign // nil: not in a campaign
	Person     Person
	Message    *Message   // outreach only
	Overrides  []Override // of settings, given with the campaign or the person
	Values     []Given    // for displayed fields
	Flags      []Flag     // what intake noticed
	Dropped    int        // sensitive variables dropped at the door
	BodyHash   string     // SHA-256 (hex) of the event as it was sent, sensitive variables aside
	Trace      string     // correlation id of the request that brought it
}

// Actor is a SourceWhale user who did something.
type Actor struct {
	ID    string
	Email string
	Name  string
	Admin bool // as the signed event says; only a token or signed event makes an admin
	// AdminSaid tells an event that says "no admin" from one that says nothing.
	AdminSaid bool
}

// Campaign the event belongs to.
type Campaign struct {
	ID    string
	Name  string
	Owner Actor
	Step  string // "2", or a title
}

// Person is the contact an event is about.
type Person struct {
	ID        string
	Stage     Stage     // empty: the event does not say
	UpdatedAt time.Time // of the snapshot; zero: OccurredAt counts
	Snapshot  contact.Snapshot
	Changed   []contact.Variable // named as changed by an edit
}

// Message of an outreach event.
type Message struct {
	Channel    Channel
	Direction  Direction
	Automatic  bool // out of office and the like
	Subject    string
	Body       string // plain text or HTML; HTML when it begins with a tag
	From       string
	To         string
	ProviderID string // the provider's message id
	Header     string // RFC 5322 Message-ID
	Thread     string
	URL        string
	Duration   time.Duration // of calls
}

// Override of a setting for a campaign or a person. A nil field inherits.
type Override struct {
	Level      OverrideLevel
	Author     string // user id; empty: unknown
	Trigger    *string
	OnlySynced *bool
}

// OverrideLevel says what an override is for.
type OverrideLevel string

// The levels an event may override.
const (
	ForPerson   OverrideLevel = "person"
	ForCampaign OverrideLevel = "campaign"
)

// Given is a value that a user gave for a displayed Ashby field.
type Given struct {
	Field string   // Ashby's field id, or a built-in field's name
	Text  string   // scalars, as text
	List  []string // tags, projects, multi-selects
	By    string   // user id
}

// Flag is something intake noticed about an event that it accepted.
type Flag string

// The flags.
const (
	TimeClamped  Flag = "time_clamped"  // occurred_at was more than 5 minutes ahead
	StageUnknown Flag = "stage_unknown" // a hook brought a stage we do not know
	FromHook     Flag = "from_hook"     // derived from a thin hook
	InBulk       Flag = "in_bulk"       // asked for together with many others, behind whom nobody waits
)

// Has reports whether the event bears a flag.
func (e Event) Has(f Flag) bool {
	for _, g := range e.Flags {
		if g == f {
			return true
		}
	}
	return false
}

// VariablesAt is the time that the snapshot's values are of.
func (e Event) VariablesAt() time.Time {
	if e.Person.UpdatedAt.IsZero() {
		return e.OccurredAt
	}
	return e.Person.UpdatedAt
}
