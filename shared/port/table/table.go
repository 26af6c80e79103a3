// Package table is the contract of our store, in DynamoDB's own terms: rows in
// partitions, ordered by a sort key, read strongly consistent, written one by
// one under a condition or a few at a time in a transaction.
//
// A row is a document (JSON) with a token. Every write brings a fresh token, and
// a conditional write names the token it read: the token is at once the revision
// (compare and set) and the fence. When a write is refused and the row already
// bears the very token we tried to write, that was our own success whose answer
// was lost; Put and Transact below recognise it.
//
// Adapters: dynamodb (AWS), sqlite (one file, for `make run`), memory (tests and
// simulation). The suite in tabletest holds them to one behaviour.
package table

import (
	"context"
	"time"
	"unicode/utf8"
)

// Limits that every adapter enforces, as DynamoDB does.
const (
	MaxItemBytes     = 400 << 10 // a row: keys, document, token
	MaxTransactItems = 25        // ours; DynamoDB allows 100
	MaxTransactBytes = 4 << 20
	MaxPageBytes     = 1 << 20 // a page of a query ends after the row that passes this
	MaxKeyBytes      = 1024    // sort key; a partition key may have 2048
)

// Key names a row. Both parts are non-empty UTF-8.
type Key struct{ Partition, Sort string }

// Item is a row as stored.
type Item struct {
	Key
	Doc     []byte    // the row's content, JSON; kept byte by byte
	Token   string    // of the write that made this revision; non-empty
	Expires time.Time // zero: never; from then on the row does not exist for any reader or condition; milliseconds
}

// Condition on the stored row under which a write may happen.
type Condition struct {
	kind  conditionKind
	token string
}

type conditionKind uint8

const (
	always conditionKind = iota
	absent
	tokenIs
)

// Always writes whatever is stored.
func Always() Condition { return Condition{} }

// IfAbsent writes only where no row (or an expired one) is stored.
func IfAbsent() Condition { return Condition{kind: absent} }

// IfToken writes only over the revision that was read: the stored row bears
// this token and has not expired.
func IfToken(token string) Condition { return Condition{kind: tokenIs, token: token} }

// Unconditional reports whether the condition always holds.
func (c Condition) Unconditional() bool { return c.kind == always }

// WantsAbsent reports whether the condition asks for no row.
func (c Condition) WantsAbsent() bool { return c.kind == absent }

// Wanted gives the token that the stored row must bear; ok is false for the
// other conditions.
func (c Condition) Wanted() (token string, ok bool) { return c.token, c.kind == tokenIs }

// Write is one put or delete under a condition. For a delete only Item.Key
// counts; to delete what is not there succeeds. With Check set nothing is
// written, only the condition is tested; that needs a condition and a transaction.
type Write struct {
	Item   Item
	Delete bool
	Check  bool
	If     Condition
}

// Range selects rows of one partition by sort key, ascending unless Descending.
type Range struct {
	Partition  string
	From       string // inclusive; empty: from the start
	To         string // exclusive; empty: to the end
	After      string // exclusive cursor: the Next of the page before
	Limit      int    // rows read for a page at most, expired ones included; 0: as many as a page holds
	Descending bool
}

// Page of a query. Next is empty on the last page. A page may be short or empty
// and yet have a Next, and what a Next leads to may be empty: it says where to go
// on, not that there is more.
type Page struct {
	Items []Item
	Next  string
}

// Table is the store. All reads are strongly consistent and leave expired rows
// out. Errors are faults: Unavailable (throttled, unreachable; surely not
// applied or a read), Ambiguous (a write whose answer was lost), TooLarge (limits
// above), Invalid (empty keys and the like), Conflict as *Refused. An
// implementation retries what is surely not applied, transaction conflicts
// included, and never reports those as Refused.
type Table interface {
	// Get reads a row; ok is false when there is none.
	Get(ctx context.Context, key Key) (item Item, ok bool, err error)
	// BatchGet reads the rows that exist, each once, in no order, for any number of keys.
	BatchGet(ctx context.Context, keys []Key) ([]Item, error)
	// Query reads one page of a partition.
	Query(ctx context.Context, r Range) (Page, error)
	// Count counts the rows of a range (its Limit aside), at most `most`; more says
	// that there are further ones.
	Count(ctx context.Context, r Range, most int) (n int, more bool, err error)
	// Write does one put or delete. A condition that does not hold: *Refused.
	Write(ctx context.Context, w Write) error
	// BatchPut puts rows without condition, in any number, each on its own; of
	// several with one key the last stays. After a failure any of them may be stored.
	BatchPut(ctx context.Context, items []Item) error
	// Transact does all the writes or none, ≤ MaxTransactItems on distinct keys.
	// Conditions that do not hold: *Refused, naming each, in the order of the writes.
	Transact(ctx context.Context, writes []Write) error
}

// Prefix turns "all sort keys that begin with p" into the bounds of a Range. Keys
// are ordered by their bytes, which for UTF-8 is the order of code points.
func Prefix(p string) (from, to string) {
	for head := p; head != ""; {
		last, size := utf8.DecodeLastRuneInString(head)
		head = head[:len(head)-size]
		switch {
		case last == surrogates-1: // those are no characters; a bound must be UTF-8
			return p, head + string(surrogatesEnd)
		case last < utf8.MaxRune:
			return p, head + string(last+1)
		}
	}
	return p, ""
}

// Code points from surrogates to before surrogatesEnd cannot be encoded.
const (
	surrogates    = rune(0xD800)
	surrogatesEnd = rune(0xE000)
)
