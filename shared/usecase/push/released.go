package push

import (
	"context"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// earlyAtOnce bounds how much of what is not due yet is looked through for events
// that a check of the connection released; the others go when they are due.
const earlyAtOnce = 500

// released lists, once in a drain, the people of whom something is due so soon
// that it may wait for a permission, if the connection was checked since any of
// that can have been parked. Whose events do not is left to their due times.
func (d *drain) released(ctx context.Context) ([]job, error) {
	if d.Now().Sub(d.connection.CheckedAt) >= recheckKey {
		return nil, nil
	}
	var early []job
	for _, class := range []delivery.Class{delivery.Live, delivery.Bulk} {
		jobs, err := d.due(ctx, class, d.Now().Add(recheckKey), earlyAtOnce)
		if err != nil {
			return nil, err
		}
		early = merge(early, jobs)
	}
	return early, nil
}

// freed reports whether an event waits for a permission that may have been given
// since: the connection was checked after it was parked.
func (d *drain) freed(r delivery.Record) bool {
	return r.State == delivery.Waiting && r.Code == delivery.Connection && r.Changed.Before(d.connection.CheckedAt)
}

// pathPermission is the path of a fault's detail whose code is the permission
// that the key lacks.
const pathPermission = "permission"

// lacked gives the permission that an error names; ok is false when it names none.
func lacked(f *fault.Error) (use connection.Use, ok bool) {
	for _, d := range f.Details() {
		if d.Path != pathPermission {
			continue
		}
		uses := connection.Uses()
		if i := slices.IndexFunc(uses, func(u connection.Use) bool { return string(u.Permission) == d.Code }); i >= 0 {
			return uses[i], true
		}
	}
	return connection.Use{}, false
}

// limited notes the permission on the connection, so that the page names its box.
// It was seen with the key as it stood when the drain began.
func (w *worker) limited(ctx context.Context, f *fault.Error) error {
	use, ok := lacked(f)
	if !ok || slices.Contains(w.connection.Missing, use.Permission) {
		return nil
	}
	return w.Teams.MarkMissing(ctx, w.team, w.connection.Fingerprint, use.Permission, w.began.UTC().Round(0))
}
