// Package contract is the JSON of SourceWhale's events and hooks, of Ashby's
// hooks, and of the messages that carry them from intake to record.
//
// SourceWhale's signed events are read strictly: every mistake of a request is
// told at once, by JSON path and code, and no value is ever repeated. Thin hooks
// and Ashby's hooks are read tolerantly: who sends them will not mend them.
//
// Sensitive variables (contact.Sensitive) are cut out of the parsed tree before
// anything else looks at it, and counted; they are in no event and in no hash.
package contract

import "time"

// Limits of a request. Sizes are in bytes.
const (
	MaxBody   = 256 << 10
	MaxEvents = 100
	MaxAhead  = 5 * time.Minute // of occurred_at; beyond it counts as now
	MaxYears  = 5               // of occurred_at

	maxDepth    = 12 // of one event
	maxMistakes = 20 // told per event
	maxID       = 128
	maxShort    = 500
	maxURL      = 2_000
	maxText     = 10_000
	maxMessage  = 100_000 // kept of a body: more than any note says, and what a queue and a row take however it is escaped
	maxObjects  = 50_000
	maxItems    = 200
	maxValues   = 100
	maxNumber   = 32
)
