// Package caller is who calls the settings API, as a verified token says it, and
// what each role may do.
package caller

import (
	"errors"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Role of a user in SourceWhale. To be an admin is a flag on any role.
type Role string

// The roles.
const (
	Viewer Role = "viewer" // reads
	Member Role = "member" // also changes what is their own, previews, pushes one person
	Super  Role = "super"  // as member
)

// Caller is a user of one team. Which team it is comes from the token alone.
type Caller struct {
	Team  string
	User  string
	Role  Role
	Admin bool
}

// MaxID is the length of a team's or user's id, in bytes.
const MaxID = 128

// New makes a caller, or says what is wrong with it. Ids are of ASCII letters,
// digits and a few marks: a team's becomes part of a secret's name and of keys in
// which "#" parts what belongs to whom; a user's may also hold ":" and "|", which
// identity providers put there.
func New(team, user string, role Role, admin bool) (Caller, error) {
	var err error
	if !plain(team, "-_.@+=") {
		err = errors.Join(err, errors.New("the team is no id"))
	}
	if !plain(user, "-_.@+=:|") {
		err = errors.Join(err, errors.New("the user is no id"))
	}
	if !slices.Contains([]Role{Viewer, Member, Super}, role) {
		err = errors.Join(err, errors.New("the role is none of viewer, member, super"))
	}
	return Caller{Team: team, User: user, Role: role, Admin: admin}, err
}

func plain(id, marks string) bool {
	if id == "" || len(id) > MaxID {
		return false
	}
	for _, r := range id {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && !slices.Contains([]rune(marks), r) {
			return false
		}
	}
	return true
}

// Administer refuses, as Forbidden "admin_only", all but admins.
func (c Caller) Administer() error {
	if c.Admin {
		return nil
	}
	return fault.New(fault.Forbidden, "admin_only", "only an admin of the team may do this")
}

// Act refuses, as Forbidden "viewer_reads_only", viewers who are no admins.
func (c Caller) Act() error {
	if c.Admin || c.Role != Viewer {
		return nil
	}
	return fault.New(fault.Forbidden, "viewer_reads_only", "a viewer may look at everything and do nothing")
}
