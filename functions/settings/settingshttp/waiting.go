package settingshttp

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/bell"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
)

// waiting lets events that wait for a mandatory field be looked at again when
// something changes that it may depend on.
type waiting struct {
	people *timeline.Store
	bell   bell.Bell
	now    func() time.Time
}

// Expect puts an entry on the due list for when the change has surely been made,
// or never will be. It is the one that counts.
func (w waiting) Expect(ctx context.Context, team, person string) error {
	return w.look(ctx, team, delivery.LookAtPerson(person, w.now().UTC().Add(delivery.SavedBy)))
}

// Release makes it soon, where anything waits.
func (w waiting) Release(ctx context.Context, team, person string) error {
	if waits, err := w.any(ctx, team); err != nil || !waits {
		return err
	}
	if err := w.look(ctx, team, delivery.LookAtPerson(person, w.now().UTC())); err != nil {
		return err
	}
	return w.bell.Ring(ctx, team)
}

// Ring tells the team's drain that there is work, after the key or what it may do
// has changed, and the mapping with it perhaps.
func (w waiting) Ring(ctx context.Context, team string) error {
	waits, err := w.any(ctx, team)
	if err == nil && waits {
		err = w.look(ctx, team, delivery.LookAtTeam(w.now().UTC()))
	}
	if err != nil {
		return err
	}
	return w.bell.Ring(ctx, team)
}

// any reports whether anything of the team waits for a mandatory field.
func (w waiting) any(ctx context.Context, team string) (bool, error) {
	page, _, err := w.people.Lacking(ctx, team, "", 1)
	return len(page) > 0, err
}

func (w waiting) look(ctx context.Context, team string, entry delivery.Work) error {
	if err := w.people.Touch(ctx, team); err != nil {
		return err
	}
	return w.people.AddDue(ctx, team, []delivery.Work{entry})
}
