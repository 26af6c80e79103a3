package inbox

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Retry puts one event back to work, at once. One that was never recorded is
// NotFound; one that is done is Conflict "nothing_to_retry".
func (i *Inbox) Retry(ctx context.Context, team, event string) (delivery.Record, error) {
	r, err := i.again(ctx, team, event)
	if err != nil {
		return delivery.Record{}, err
	}
	_ = i.Bell.Ring(ctx, team) // the sweep makes up for it
	return r, nil
}

func (i *Inbox) again(ctx context.Context, team, event string) (r delivery.Record, err error) {
	for range rounds {
		if r, err = i.againOnce(ctx, team, event); !fault.Is(err, fault.Conflict) || fault.Of(err).Code() == nothingToRetry {
			break
		}
	}
	return r, err
}

const nothingToRetry = "nothing_to_retry"

func (i *Inbox) againOnce(ctx context.Context, team, event string) (delivery.Record, error) {
	from, ok, err := i.Ledger.Stored(ctx, team, event)
	if err != nil {
		return delivery.Record{}, err
	}
	if !ok {
		return delivery.Record{}, fault.New(fault.NotFound, "no_such_event", "no event of this id was recorded")
	}
	if !from.Redrivable() {
		return delivery.Record{}, fault.New(fault.Conflict, nothingToRetry, "the event is done with, and nothing of it is left to send again")
	}
	stored, _, err := i.Ledger.Apply(ctx, delivery.Change{Team: team, From: from, To: from.Again(i.Now())})
	return stored.Record, err
}

// One puts one event of many back to work, as Retry does, and rings nobody.
func (i *Inbox) One(ctx context.Context, team, event string) error {
	_, err := i.again(ctx, team, event)
	return err
}

// Count counts the events of a cause, up to Most.
func (i *Inbox) Count(ctx context.Context, team string, cause delivery.Cause) (n int, more bool, err error) {
	return i.Store.CountListed(ctx, team, cause, Most)
}

// Again puts a page of a cause's events back to work: those that were listed
// before then, so that what comes back is not sent again without end. next is empty
// after the last. The same page again does no harm.
func (i *Inbox) Again(
	ctx context.Context, team string, cause delivery.Cause, before time.Time, place string, limit int,
) (done int, next string, err error) {
	listed, next, err := i.Store.Listed(ctx, team, cause, place, limit)
	if err != nil {
		return 0, "", err
	}
	for _, l := range listed {
		if l.Since.After(before) {
			return done, "", nil
		}
		_, err := i.again(ctx, team, l.Event)
		switch {
		case err == nil:
			done++
		case fault.Is(err, fault.NotFound), fault.Is(err, fault.Conflict): // it moved on
		default:
			return done, "", err
		}
	}
	return done, next, nil
}
