package setting

import "time"

// Document is one level's values as saved: whose work it is, when, and which of
// its versions. Version 0 is the empty document of a level that never chose.
type Document struct {
	Version int
	Values  Values
	Choices Choices
	Author  string // user id
	At      time.Time
	Locked  *Locked // of a team's own: its lock; nil: off
}

// Locked says who locked trigger and toggle, and when.
type Locked struct {
	By string // user id
	At time.Time
}

// Layer gives the document as a layer of the level; ok is false when nothing was
// ever saved.
func (d Document) Layer(level Level, id string) (Layer, bool) {
	if d.Version == 0 {
		return Layer{}, false
	}
	return Layer{Level: level, ID: id, Author: d.Author, Version: d.Version, Values: d.Values}, true
}
