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
	Unknown Grant = "unknown" // nothing that may be tried without harm would tell
)

// Grants says of every permission in use whether the key has it. What a call
// found missing is missing; of the rest, those that a harmless call can test are
// granted, and the others go by the scopes that Ashby lists, as far as these can
// be read: their vocabulary is not documented.
func Grants(scopes []string, missing []Permission) map[Permission]Grant {
	grants := map[Permission]Grant{}
	for _, use := range Uses() {
		switch {
		case slices.Contains(missing, use.Permission):
			grants[use.Permission] = Missing
		case use.Permission != HiringMetadataWrite, Lists(scopes, use.Permission):
			grants[use.Permission] = Granted
		case readable(scopes):
			grants[use.Permission] = Missing
		default:
			grants[use.Permission] = Unknown
		}
	}
	return grants
}

// Lists reports whether the scopes name the permission. They are spelled
// "candidates:read" where endpoints say candidatesRead; case and marks do not
// count.
func Lists(scopes []string, p Permission) bool {
	return slices.ContainsFunc(scopes, func(s string) bool { return plain(s) == plain(string(p)) })
}

// readable reports whether at least one of the scopes is one we know.
func readable(scopes []string) bool {
	return slices.ContainsFunc(Uses(), func(u Use) bool { return Lists(scopes, u.Permission) })
}

func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}
