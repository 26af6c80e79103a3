package push

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
)

// keepOld sees to it that what a paused or refused connection holds up outlasts its
// payload's time, however long that takes: each write of an old event says that it
// is kept (delivery.KeepAfter), so its entry of the due list is moved to now. In
// the same breath it is out of the way of those not looked at yet. Young events
// cost nothing.
func (d *drain) keepOld(ctx context.Context) error {
	if !d.expiries.due(d.team, d.Now()) {
		return nil
	}
	before := d.Now().Add(-delivery.KeepAfter)
	for _, class := range []delivery.Class{delivery.Live, delivery.Bulk} {
		for moved := 1; moved > 0 && d.running(); {
			old, err := d.due(ctx, class, before, bulkAtOnce)
			if err != nil {
				return err
			}
			moved = 0
			for _, j := range old {
				n, err := d.keepOf(ctx, j, before)
				if err != nil {
					return err
				}
				moved += n
			}
		}
	}
	if !d.running() {
		d.expiries.again(d.team) // there may be more
	}
	return nil
}

// keepOf moves the old entries of a person to now, with what they are for.
func (d *drain) keepOf(ctx context.Context, j job, before time.Time) (moved int, err error) {
	w := &worker{drain: d, id: j.person, unlock: func() {}}
	if _, err := w.load(ctx, j); err != nil {
		return 0, err
	}
	now := d.Now().UTC()
	for _, look := range w.looks {
		later := look
		later.Due = now
		if err := d.Ledger.AddDue(ctx, d.team, []delivery.Work{later}); err != nil {
			return moved, err
		}
		if err := d.Ledger.DropDue(ctx, d.team, look); err != nil {
			return moved, err
		}
		moved++
	}
	for _, from := range w.records {
		if work, open := from.Work(); !open || work.Due.After(before) {
			continue
		}
		to := from.Record
		to.Due = now
		if _, _, err := d.Ledger.Apply(ctx, delivery.Change{Team: d.team, From: from, To: to}); err != nil {
			return moved, err
		}
		moved++
	}
	return moved, nil
}
