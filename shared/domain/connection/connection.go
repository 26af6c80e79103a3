// Package connection is a team's tie to its Ashby account: its status, what its
// key may do, and which part of the service each permission is for.
package connection

import "time"

// Status of a connection, as the page shows it.
type Status string

// The statuses.
const (
	NotConnected Status = "not_connected"
	Connected    Status = "connected"
	Limited      Status = "connected_with_limits" // works, but a feature lacks its permission
	Attention    Status = "attention_needed"      // Ashby refuses the key, or it is of another organisation
	Paused       Status = "paused"
	Disconnected Status = "disconnected"
)

// Connection of a team.
type Connection struct {
	Team          string
	Status        Status
	Reason        string // stable code for attention_needed: key_refused, other_organisation
	LastFour      string // of the key
	Fingerprint   string // of the key: a hash, safe to show and compare
	SecretVersion string // version of the team's secret that holds the key
	KeyTitle      string // as Ashby names the key, where it may be read
	Scopes        []string
	Missing       []Permission // permissions that probes found missing
	SeesPrivate   bool
	Webhooks      map[string]string // ids of the webhooks registered at Ashby, by type
	ActivatedAt   time.Time
	ActivatedBy   string
	CheckedAt     time.Time
	Version       int

	// What Status and Reason follow from, beside Missing; see Settled.
	Refusal   string    // why Ashby does not accept the key, as a code; empty: it does
	RefusedAt time.Time // since when
	Foreign   bool      // the key may be of another organisation than the links: an admin is asked
	PausedAt  time.Time // zero: not paused
	PausedBy  string

	// What is known of the key's switches for private fields and for confidential
	// people; without them such things are missing, and not refused.
	Private      Grant
	Confidential Grant

	// Generation of the team's links. Links of an earlier one count as none: an
	// admin chose to start fresh.
	Generation int
	KeySince   time.Time // since when the key, and what it may do, is as it is; zero: always
	Answered   Answered  // the latest answer to the question that Foreign stands for
}

// Answer to the question whether a key of a seemingly different organisation
// belongs to the links that there are.
type Answer string

// The answers.
const (
	KeepLinks  Answer = "keep_links"  // it is the same organisation, or one that was taken over
	StartFresh Answer = "start_fresh" // it is another one: no link counts any more
)

// Answered is an answer with who gave it.
type Answered struct {
	Answer Answer
	By     string
	At     time.Time
}

// OtherOrganisation is the reason of a connection that waits for an Answer.
const OtherOrganisation = "other_organisation"

// Settled gives the connection with the status and reason that follow from what is
// known of it, the gravest first: a pause shows once the key works.
func (c Connection) Settled() Connection {
	c.Reason = ""
	switch {
	case c.Fingerprint == "":
	case c.Refusal != "":
		c.Status, c.Reason = Attention, c.Refusal
	case c.Foreign:
		c.Status, c.Reason = Attention, OtherOrganisation
	case !c.PausedAt.IsZero():
		c.Status = Paused
	case len(c.Missing) > 0:
		c.Status = Limited
	default:
		c.Status = Connected
	}
	return c
}

// Active reports whether work may go to Ashby.
func (c Connection) Active() bool { return c.Status == Connected || c.Status == Limited }

// UnconnectedLife is how long events wait for a team to connect, or to connect
// again, before they end as expired_unconnected.
const UnconnectedLife = 30 * 24 * time.Hour

// Unconnected reports whether there is no key at all: nobody has begun, or
// somebody ended it. A key that is refused or paused is another matter; its work
// waits without limit.
func (c Connection) Unconnected() bool { return c.Status == NotConnected || c.Status == Disconnected }

// Permission is a grant on an Ashby key, by Ashby's name.
type Permission string

// The permissions this service uses.
const (
	CandidatesRead      Permission = "candidatesRead"
	CandidatesWrite     Permission = "candidatesWrite"
	HiringMetadataRead  Permission = "hiringProcessMetadataRead"
	HiringMetadataWrite Permission = "hiringProcessMetadataWrite"
	OrganizationRead    Permission = "organizationRead"
	APIKeysRead         Permission = "apiKeysRead"
	APIKeysWrite        Permission = "apiKeysWrite"
)

// Use says what a permission is for, and whether the service works without it.
type Use struct {
	Permission Permission
	Box        string // the box to tick on Ashby's key page
	Feature    string // what is off without it
	Needed     bool   // nothing works without it
}

// Uses lists the permissions in the order in which the page lists them.
func Uses() []Use {
	return []Use{
		{CandidatesRead, "Candidates: read", "finding the candidates that are already in Ashby", true},
		{CandidatesWrite, "Candidates: write", "candidates, field values and notes", true},
		{HiringMetadataRead, "Hiring process metadata: read", "custom fields, sources and tags", true},
		{APIKeysRead, "API keys: read", "showing what this key may do", false},
		{OrganizationRead, "Organization: read", "crediting Ashby users", false},
		{APIKeysWrite, "API keys: write", "hearing at once of merged and deleted candidates", false},
		{HiringMetadataWrite, "Hiring process metadata: write", "creating custom fields for you", false},
	}
}
