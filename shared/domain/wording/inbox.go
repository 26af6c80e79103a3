package wording

import "github.com/sourcewhale/ashby-sync/shared/domain/delivery"

// ActionKind says what a person does about a cause of the inbox, so that a page
// can offer it.
type ActionKind string

// The kinds of action.
const (
	Review  ActionKind = "review"  // answer which candidate it is
	Fill    ActionKind = "fill"    // give what is missing
	Connect ActionKind = "connect" // mend the connection
	Redrive ActionKind = "redrive" // send it again
	Release ActionKind = "release" // let the held people's work go
	Relink  ActionKind = "relink"  // unlink, and link again
	Settle  ActionKind = "settle"  // see in Ashby what became of a write, and say so
	Wait    ActionKind = "wait"    // nothing: it ends by itself
)

// Advice is a cause of the inbox for people: what it is called, what has happened,
// and what to do.
type Advice struct {
	Title  string
	Why    string
	Action ActionKind
	Label  string
}

var advice = map[delivery.Code]Advice{
	delivery.NeedsReview: {
		"Who is this in Ashby?", outcomes[delivery.NeedsReview], Review, "Choose the candidate, create a new one, or never",
	},
	delivery.RecordDeleted: {
		"Deleted in Ashby", outcomes[delivery.RecordDeleted], Review, "Create the candidate again, link another, or stop",
	},
	delivery.LinkInconsistent: {
		"A link that contradicts itself", outcomes[delivery.LinkInconsistent], Relink, "Unlink the person, and link them again",
	},
	delivery.NameMissing: {
		"Without a name", outcomes[delivery.NameMissing], Fill, "Give the person a name or an email address in SourceWhale",
	},
	delivery.MandatoryMissing: {
		"A mandatory field is blank", outcomes[delivery.MandatoryMissing], Fill, "Give a value for the field, or make it optional",
	},
	delivery.IndexBuilding: {
		"Looking through Ashby's candidates", outcomes[delivery.IndexBuilding], Wait,
		"Nothing to do: it goes on when all candidates were looked through, or when the person gets an email address",
	},
	delivery.Held: {
		"Held", outcomes[delivery.Held], Release, "Release the person, and what waited goes in order",
	},
	delivery.Settling: {
		"Unknown whether Ashby took it",
		"Ashby's answer to a write was lost, and looking for it has not settled whether it was applied; it is not repeated, so that nothing is written twice.",
		Settle, "See in Ashby whether it is there, and say so; until then it is looked for again and again",
	},
	delivery.Connection: {
		"A permission is missing", outcomes[delivery.Connection], Connect, "Tick the permission on the key in Ashby, then check the connection",
	},
	delivery.Rejected: {
		"Refused by Ashby", "Ashby refused the event, or a part of it; the detail is in its words.", Redrive, "Mend what Ashby complains of, then send it again",
	},
	delivery.Quarantined: {
		"Failed on our side", outcomes[delivery.Quarantined], Redrive, "Send it again; if it comes back, ask support",
	},
	delivery.ExpiredUnconnected: {
		"Too late for a connection", outcomes[delivery.ExpiredUnconnected], Redrive, "Connect Ashby, then send it again if it still matters",
	},
}

// Cause says what a cause of the inbox is and what to do about it; the zero Advice
// for a cause that does not exist.
func Cause(c delivery.Cause) Advice { return advice[c.Code()] }
