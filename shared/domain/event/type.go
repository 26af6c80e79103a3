package event

import (
	"slices"
	"strings"
)

// Type says what happened.
type Type string

// The types. Outreach and campaign types may give a note; the last two never do.
const (
	EmailSent                  Type = "email_sent"
	EmailReply                 Type = "email_reply"
	EmailBounced               Type = "email_bounced"
	LinkedInConnectionSent     Type = "linkedin_connection_sent"
	LinkedInConnectionAccepted Type = "linkedin_connection_accepted"
	LinkedInMessageSent        Type = "linkedin_message_sent"
	LinkedInMessageReply       Type = "linkedin_message_reply"
	LinkedInInMailSent         Type = "linkedin_inmail_sent"
	LinkedInInMailReply        Type = "linkedin_inmail_reply"
	SMSSent                    Type = "sms_sent"
	SMSReply                   Type = "sms_reply"
	WhatsAppSent               Type = "whatsapp_sent"
	WhatsAppReply              Type = "whatsapp_reply"
	CallCompleted              Type = "call_completed"
	VoicemailLeft              Type = "voicemail_left"
	TaskCompleted              Type = "task_completed"
	MeetingBooked              Type = "meeting_booked"
	StageChanged               Type = "stage_changed"
	OptedOut                   Type = "opted_out"
	CampaignAdded              Type = "campaign_added"
	CampaignFinished           Type = "campaign_finished"
	ContactEdited              Type = "contact_edited"
	ContactRemoved             Type = "contact_removed"
)

// What our own people ask for. They stand on a person's timeline like any event,
// so that they have a place in the order, an outcome and an explanation; no sender
// may bring them, so they are not types of the contract.
const (
	PushRequested     Type = "push_requested"     // carry all that is known of the person now
	BackfillRequested Type = "backfill_requested" // the same, and then what was withheld
)

// Requested reports whether somebody of the team asked for it.
func (t Type) Requested() bool { return t == PushRequested || t == BackfillRequested }

var noteTypes = []Type{
	EmailSent, EmailReply, EmailBounced, LinkedInConnectionSent, LinkedInConnectionAccepted, LinkedInMessageSent,
	LinkedInMessageReply, LinkedInInMailSent, LinkedInInMailReply, SMSSent, SMSReply, WhatsAppSent, WhatsAppReply,
	CallCompleted, VoicemailLeft, TaskCompleted, MeetingBooked, StageChanged, OptedOut, CampaignAdded, CampaignFinished,
}

// NoteTypes lists the types that a team may choose to have notes for, in the
// order in which they are shown.
func NoteTypes() []Type { return slices.Clone(noteTypes) }

// Types lists all types.
func Types() []Type { return append(NoteTypes(), ContactEdited, ContactRemoved) }

// Known reports whether t is a type of the contract.
func (t Type) Known() bool { return slices.Contains(Types(), t) }

// Reply reports whether t is an answer by the person.
func (t Type) Reply() bool {
	switch t {
	case EmailReply, LinkedInMessageReply, LinkedInInMailReply, SMSReply, WhatsAppReply:
		return true
	default:
		return false
	}
}

// Outreach reports whether t is a message, call or meeting rather than a change
// of the campaign or the contact; only outreach carries a message.
func (t Type) Outreach() bool {
	switch t {
	case StageChanged, OptedOut, CampaignAdded, CampaignFinished, ContactEdited, ContactRemoved, TaskCompleted:
		return false
	default:
		return t.Known()
	}
}

// Channel gives the channel that an event of the type goes over; empty when it
// goes over none.
func (t Type) Channel() Channel {
	if t == CallCompleted || t == VoicemailLeft {
		return Phone
	}
	prefix, _, _ := strings.Cut(string(t), "_") // the others begin with their channel, or have none
	if c := Channel(prefix); t.Known() && c.Known() {
		return c
	}
	return ""
}

// Origin says what caused a change of a contact.
type Origin string

// The origins. Only Manual edits are pushed.
const (
	Manual      Origin = "manual"
	DataRefresh Origin = "data_refresh"
	Enrichment  Origin = "enrichment"
	Import      Origin = "import"
	API         Origin = "api"
	CampaignRun Origin = "campaign" // a campaign's own doing; the default for all but edits
)

// Known reports whether o is an origin of the contract.
func (o Origin) Known() bool {
	return slices.Contains([]Origin{Manual, DataRefresh, Enrichment, Import, API, CampaignRun}, o)
}

// Channel of a message.
type Channel string

// The channels.
const (
	Email    Channel = "email"
	LinkedIn Channel = "linkedin"
	SMS      Channel = "sms"
	WhatsApp Channel = "whatsapp"
	Phone    Channel = "phone"
	Meeting  Channel = "meeting"
	Task     Channel = "task"
)

// Known reports whether c is a channel of the contract.
func (c Channel) Known() bool {
	return slices.Contains([]Channel{Email, LinkedIn, SMS, WhatsApp, Phone, Meeting, Task}, c)
}

// Direction of a message, seen from the team.
type Direction string

// The directions.
const (
	Outbound Direction = "outbound"
	Inbound  Direction = "inbound"
)
