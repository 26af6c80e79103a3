package push

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

// What a backfill brings: the person's events of the last ninety days, and no
// more than two hundred of them.
const (
	backfillLife = 90 * 24 * time.Hour
	backfillMost = 200
)

// giveBack puts the person's withheld events back to work, if the current one ends
// as a backfill that put the person into Ashby or found them there, or if it is
// what puts them there now and the team wants a backfill then. It comes before that
// end is written: after a crash in between they are withheld again, and given back
// again.
func (w *worker) giveBack(ctx context.Context, end delivery.Record) error {
	withheld := w.restingSince(w.Now().Add(-backfillLife))
	if len(withheld) == 0 || !carried(end.Code) {
		return nil
	}
	if end.Type != event.BackfillRequested {
		standing, err := w.terms().standing(ctx, "")
		if err != nil || !standing.Backfill || end.Code == delivery.Synced {
			return err
		}
	}
	asked := w.at
	defer func() { w.at = asked }()
	for _, i := range withheld {
		w.at = i
		if err := w.reopen(ctx, delivery.Bulk); err != nil {
			return err
		}
		w.withheld = append(w.withheld, i)
	}
	return nil
}

// restingSince lists the person's withheld events since then, in order.
func (w *worker) restingSince(since time.Time) []int {
	var out []int
	for i := max(0, len(w.records)-backfillMost); i < len(w.records); i++ {
		if w.records[i].State == delivery.Resting && !w.records[i].OccurredAt.Before(since) {
			out = append(out, i)
		}
	}
	return out
}

// carried reports whether a code says that the person has a synced candidate.
func carried(c delivery.Code) bool {
	return c == delivery.Synced || c == delivery.Matched || c == delivery.Created
}

// reopen gives the current event back to work, to be planned anew.
func (w *worker) reopen(ctx context.Context, class delivery.Class) error {
	to, err := w.current().Freed(w.Now(), w.subject.Person)
	if err != nil {
		return err
	}
	to.Class = class
	return w.write(ctx, to, w.subject.Person)
}
