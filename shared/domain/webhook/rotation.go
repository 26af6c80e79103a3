package webhook

import (
	"slices"
	"time"
)

// Rotations say which generation of each of its secrets and tokens a team uses.
// The zero value uses the first.
type Rotations struct {
	Events      Rotation
	SourceWhale Rotation
	Ashby       Rotation
	Version     int
}

// Rotation is a move to a generation; zero: there was none.
type Rotation struct {
	Generation int
	At         time.Time
	By         string
}

// Of gives the rotation of a purpose.
func (r *Rotations) Of(p Purpose) *Rotation {
	switch p {
	case SourceWhaleHook:
		return &r.SourceWhale
	case AshbyHook:
		return &r.Ashby
	case Events:
	}
	return &r.Events
}

// InUse gives the generation that a team uses which has rotated to one: that, or
// the first after it that is not revoked.
func (k Keyring) InUse(team string, p Purpose, rotated int) int {
	g := max(1, rotated)
	for k.Revoked(team, p, g) {
		g++
	}
	return g
}

// Next gives the generation that comes after one; ok is false when it is not
// accepted yet. Tokens of every generation are, unless revoked; of the secrets for
// signed events only two at a time.
func (k Keyring) Next(team string, p Purpose, inUse int) (generation int, ok bool) {
	g := k.InUse(team, p, inUse+1)
	return g, p != Events || slices.Contains(k.Live(team), g)
}
