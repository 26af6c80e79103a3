package connection

import (
	"slices"
	"strings"
)

// Grant says whether a key has a permission.
type Grant string

// The grants.
const (
	Granted Grant = "granted"
	Missing Grant = "missing"
	Unknown Grant = "unknown" // there is no key to ask about, or nothing shows it
)

// Grant says whether the connection's key has a permission.
func (c Connection) Grant(p Permission) Grant {
	switch {
	case c.Fingerprint == "":
		return Unknown
	case slices.Contains(c.Missing, p):
		return Missing
	}
	return Granted
}

// Lists reports whether scopes, as Ashby lists them for a key, name the
// permission: they are spelled "candidates:read" where endpoints say
// candidatesRead. Their vocabulary is not documented, so that a scope is not
// listed proves nothing.
func Lists(scopes []string, p Permission) bool {
	return slices.ContainsFunc(scopes, func(s string) bool { return letters(s) == letters(string(p)) })
}

func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}

// Feature is something that the service does for a team and what it needs of the
// key.
type Feature struct {
	Name   string // for people
	Needs  Permission
	Needed bool // the service is of no use without it
}

// Features lists all that depends on what a key may do, the weightiest first.
func Features() []Feature {
	return []Feature{
		{"Find the candidates that are already in Ashby", CandidatesRead, true},
		{"Create and update candidates, and write their fields", CandidatesWrite, true},
		{"Write notes, and emails where they are chosen", CandidatesWrite, true},
		{"Read custom fields, sources and tags", HiringMetadataRead, true},
		{"Search your Ashby candidates by the fields you chose", CandidatesRead, false},
		{"Create the fields for company and role", HiringMetadataWrite, false},
		{"Credit candidates to Ashby users", OrganizationRead, false},
		{"Hear at once of candidates that are merged or deleted", APIKeysWrite, false},
		{"Show what this key may do", APIKeysRead, false},
	}
}

// Switch is a choice on Ashby's page of a key that is no permission.
type Switch struct {
	Name    string // stable
	Box     string // as Ashby's page has it
	Without string // what is off or missing without it, for people
}

// The switches.
const (
	PrivateSwitch      = "private_fields"
	ConfidentialSwitch = "confidential"
)

// Switches lists them.
func Switches() []Switch {
	return []Switch{
		{PrivateSwitch, "Allow access to non-offer private fields?", "private fields look blank and are not written, and notes cannot be private"},
		{ConfidentialSwitch, "Allow access to confidential jobs and projects?", "candidates of confidential jobs and projects look as if they were not in Ashby"},
	}
}

// Box gives the box of a permission on Ashby's page of a key.
func (p Permission) Box() string {
	for _, u := range Uses() {
		if u.Permission == p {
			return u.Box
		}
	}
	return string(p)
}

// Switched says what is known of a switch.
func (c Connection) Switched(name string) Grant {
	g := c.Private
	if name == ConfidentialSwitch {
		g = c.Confidential
	}
	if g == "" || c.Fingerprint == "" {
		return Unknown
	}
	return g
}
