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
	Unknown Grant = "unknown" // there is no key to ask about
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
