package push

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
)

// renew takes up a person of an earlier generation of links: an admin chose to
// start fresh with another organisation. What was begun for the old one is
// forgotten and planned anew, and so is what waited for an answer about it. The
// person is written last, with a record, so that a crash on the way repeats all.
func (w *worker) renew(ctx context.Context) error {
	generation := w.connection.Generation
	if w.subject.Person.Generation == generation {
		return nil
	}
	last := -1
	for i, r := range w.records {
		if r.State == delivery.Final {
			continue
		}
		last = i
		w.at = i
		if to, changed := afresh(r.Record); changed {
			if err := w.write(ctx, to, w.subject.Person); err != nil {
				return err
			}
		}
	}
	if last < 0 {
		return nil // nothing is to be done for them
	}
	w.at = last
	return w.write(ctx, w.current().Record, w.subject.Person.Of(generation))
}

// afresh frees an open record of what was done in, or waited for, another
// organisation.
func afresh(r delivery.Record) (to delivery.Record, changed bool) {
	asked := r.Code == delivery.RecordDeleted || r.Code == delivery.NeedsReview || r.Code == delivery.LinkInconsistent
	if !asked && len(r.Steps) == 0 && !r.Frozen {
		return r, false
	}
	r.Frozen, r.Ends, r.Steps = false, "", nil
	if r.State == delivery.Waiting {
		r.State, r.Code, r.Detail, r.Row = delivery.Pending, "", "", 0
		if r.Due.IsZero() {
			r.Due = r.Changed
		}
	}
	return r, true
}
