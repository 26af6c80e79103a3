package table

import (
	"context"
	"errors"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Refusal is one condition that did not hold, with the row that stood there.
type Refusal struct {
	Index int  // of the write in the call; 0 for a single write
	Found bool // a (live) row is stored
	Old   Item // that row, when Found
}

// Refused is the error of a conditional write whose condition did not hold.
// Nothing of the call was written.
type Refused struct{ Refusals []Refusal }

// Error names no keys: they may carry ids of people.
func (*Refused) Error() string { return "conditional write refused" }

// Unwrap makes every refusal a fault of kind Conflict.
func (*Refused) Unwrap() error {
	return fault.New(fault.Conflict, "stale", "the row was changed by another writer")
}

// AsRefused finds the refusal in an error chain.
func AsRefused(err error) (*Refused, bool) { return errors.AsType[*Refused](err) }

// attempts is how often a write whose answer was lost is tried in all.
const attempts = 3

// Put writes and settles lost answers: an Ambiguous or Unavailable failure is
// tried again with the same token, and a refusal by a row that bears our token
// is our own earlier success.
func Put(ctx context.Context, t Table, w Write) error {
	return settle(ctx, []Write{w}, func() error { return t.Write(ctx, w) })
}

// Transact does the same for a transaction.
func Transact(ctx context.Context, t Table, writes []Write) error {
	return settle(ctx, writes, func() error { return t.Transact(ctx, writes) })
}

func settle(ctx context.Context, writes []Write, try func() error) error {
	var err error
	for range attempts {
		if err = try(); err == nil {
			return nil
		}
		if refused, ok := AsRefused(err); ok {
			if refused.own(writes) {
				return nil
			}
			return err
		}
		if ctx.Err() != nil || !fault.Is(err, fault.Ambiguous) && !fault.Is(err, fault.Unavailable) {
			return err
		}
	}
	return err
}

// own reports whether the refusal shows our own tokens in place of every put
// that was refused: a transaction is all or nothing, so one of ours is all.
func (r *Refused) own(writes []Write) bool {
	for _, f := range r.Refusals {
		if w := writes[f.Index]; !w.Delete && !w.Check && f.Found && f.Old.Token == w.Item.Token {
			return true
		}
	}
	return false
}
