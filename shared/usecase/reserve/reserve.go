// Package reserve lets people in the settings call Ashby beside their team's drain,
// within the part of the key's budget that is theirs.
package reserve

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/budget"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Book keeps what is spent. Errors are faults; a Conflict of SaveReserve means that
// another call came between.
type Book interface {
	Reserve(ctx context.Context, team string) (budget.Reserve, delivery.Revision, error)
	SaveReserve(ctx context.Context, team string, r budget.Reserve, read delivery.Revision) error
	// EverybodyPaused says until when no team may call.
	EverybodyPaused(ctx context.Context) (time.Time, error)
}

// Keeper gives leave for calls.
type Keeper struct {
	Book  Book
	Token func() string // unique
	Now   func() time.Time
}

const (
	patience = 10 * time.Second // for a turn
	giveBack = 2 * time.Second  // to give leave back; else its lease ends
)

// Admit waits for leave for one call of a team, to be given back when it is over.
// Errors: Throttled "rate_limited", with how long to wait, when there is none
// soon; those of the book: where it cannot be told what was spent, nothing is.
func (k *Keeper) Admit(ctx context.Context, team string) (release func(), err error) {
	until, err := k.Book.EverybodyPaused(ctx)
	if err != nil {
		return nil, err
	}
	if wait := until.Sub(k.Now()); wait > 0 {
		return nil, spent(wait)
	}
	holder, deadline := k.Token(), k.Now().Add(patience)
	for {
		wait, err := k.turn(ctx, team, holder)
		switch {
		case err != nil:
			return nil, err
		case wait == 0:
			return func() { k.free(ctx, team, holder) }, nil
		case k.Now().Add(wait).After(deadline):
			return nil, spent(wait)
		case !sleep(ctx, wait):
			return nil, fault.New(fault.Unavailable, "cancelled", "the call was given up").Because(ctx.Err())
		}
	}
}

// turn takes a turn, or says how long to wait for one.
func (k *Keeper) turn(ctx context.Context, team, holder string) (wait time.Duration, err error) {
	r, revision, err := k.Book.Reserve(ctx, team)
	if err != nil {
		return 0, err
	}
	next, wait := r.Take(k.Now().UTC(), holder)
	if wait > 0 {
		return wait, nil
	}
	err = k.Book.SaveReserve(ctx, team, next, revision)
	if fault.Is(err, fault.Conflict) {
		return raced, nil
	}
	return 0, err
}

// raced is how soon to try again after another call came between.
const raced = 20 * time.Millisecond

// free gives a turn back. Where that fails its lease ends it.
func (k *Keeper) free(ctx context.Context, team, holder string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveBack)
	defer cancel()
	for {
		r, revision, err := k.Book.Reserve(ctx, team)
		if err != nil {
			return
		}
		next, ours := r.Free(holder)
		if !ours || !fault.Is(k.Book.SaveReserve(ctx, team, next, revision), fault.Conflict) {
			return
		}
	}
}

func spent(wait time.Duration) error {
	return fault.New(fault.Throttled, "rate_limited",
		"the calls to Ashby that people may make in a minute are used up; try again in a moment").After(wait)
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
