// Package connect ties a team to its Ashby account: it checks a key, keeps it,
// turns the connection on, checks it again, and lets it go.
//
// A key is never logged, echoed or stored outside the secret store; what is
// shown of it is its last four characters and its fingerprint.
package connect

import (
	"context"
	"log/slog"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// Store keeps connections and mappings. A Conflict has code "key_in_use" when
// another team has the key, else "stale".
type Store interface {
	Connection(ctx context.Context, team string) (connection.Connection, error)
	SaveConnection(ctx context.Context, c connection.Connection) (connection.Connection, error)
	// Activate stores connection, claim of the key and mapping (nil: leave it) in one.
	Activate(ctx context.Context, c connection.Connection, m *mapping.Mapping) (connection.Connection, error)
	// Disconnect leaves a connection without a key and frees the key.
	Disconnect(ctx context.Context, c connection.Connection) (connection.Connection, error)
	KeyOwner(ctx context.Context, fingerprint string) (team string, err error)
	Mapping(ctx context.Context, team string) (mapping.Mapping, error)
}

// Links knows whom the team's people are linked to.
type Links interface {
	// Linked gives a few candidates that people are linked to in that generation of
	// links, as far as anybody knows still there; none when there is no link.
	Linked(ctx context.Context, team string, generation, most int) ([]string, error)
}

// Waiting knows what waits for people, and wakes it.
type Waiting interface {
	// Listed gives a page of what waits for a cause; next is empty after the last.
	Listed(ctx context.Context, team string, cause delivery.Cause, cursor string, limit int) (page []delivery.Listed, next string, err error)
	// Touch says that the team has work, AddDue which.
	Touch(ctx context.Context, team string) error
	AddDue(ctx context.Context, team string, work []delivery.Work) error
}

// Probes plans looks at a team's key.
type Probes interface {
	// PutProbe makes that the time of the next look.
	PutProbe(ctx context.Context, team string, due time.Time) error
}

// Ashby is Ashby as one key sees it. Errors are faults: KeyRefused,
// PermissionMissing, Throttled, Unavailable, Ambiguous and Rejected.
type Ashby interface {
	KeyInfo(ctx context.Context) (KeyInfo, error)
	// Try makes a call that needs the permission and changes nothing; nil: it is there.
	Try(ctx context.Context, p connection.Permission) error
	// Sees reports whether the key sees a candidate.
	Sees(ctx context.Context, candidate string) (bool, error)
	// SeesPrivate and SeesConfidential say what harmless calls show of the key's
	// switches; Unknown where they show nothing.
	SeesPrivate(ctx context.Context) connection.Grant
	SeesConfidential(ctx context.Context) connection.Grant
	// CandidateFields lists the custom fields of candidates.
	CandidateFields(ctx context.Context) ([]field.Field, error)
	// RegisterWebhook gives the webhook's id, empty when it is there already.
	RegisterWebhook(ctx context.Context, kind, url string, signing secret.Value) (id string, err error)
	DeleteWebhook(ctx context.Context, id string) error
}

// KeyInfo is what Ashby says of a key.
type KeyInfo struct {
	Title  string
	Scopes []string
}

// Bell tells a team's drain that there may be work.
type Bell interface {
	Ring(ctx context.Context, team string) error
}

// Hooks says where Ashby shall send a team's webhooks and how it signs them.
type Hooks interface {
	AshbyHook(ctx context.Context, team string) (url string, signing secret.Value, err error)
}

// Connector has the verbs of this package. All fields are required but Hooks:
// nil where we have no public address.
type Connector struct {
	Store   Store
	Links   Links
	Probes  Probes
	Waiting Waiting
	Secrets secret.Store
	Dial    func(key secret.Value) Ashby
	Bell    Bell
	Hooks   Hooks
	Secret  func(team string) string // name of the secret that holds a team's key
	Version func() string            // a fresh UUID
	Now     func() time.Time
	Log     *slog.Logger
}

// Report is a connection with all that is worth saying about it.
type Report struct {
	Connection  connection.Connection
	Permissions []Permission
	Mapped      []Mapped           // company and role, when this activation mapped them
	Unmapped    []contact.Variable // of company and role: do not reach Ashby yet
	Notes       []Note
}

// Permission is a grant with what it is for.
type Permission struct {
	connection.Use
	Grant connection.Grant
}

// Mapped is a variable with the field it now goes to.
type Mapped struct {
	Variable contact.Variable
	Field    string
	Title    string
}

// Note is a remark on what was done, with a stable code.
type Note struct{ Code, Message string }

// Get gives a team's connection as it stands, without a call to Ashby.
func (c *Connector) Get(ctx context.Context, team string) (Report, error) {
	conn, err := c.Store.Connection(ctx, team)
	if err != nil {
		return Report{}, err
	}
	m, err := c.Store.Mapping(ctx, team)
	if err != nil {
		return Report{}, err
	}
	return report(conn, m), nil
}

func report(conn connection.Connection, m mapping.Mapping) Report {
	r := Report{Connection: conn, Unmapped: unmapped(m)}
	for _, use := range connection.Uses() {
		r.Permissions = append(r.Permissions, Permission{use, conn.Grant(use.Permission)})
	}
	return r
}
