package push

import (
	"context"
	"encoding/base64"
	"log/slog"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// What waits for a mandatory field has no due time: nothing is looked at again
// and again for weeks. Whoever changes what it may depend on puts an entry on the
// due list that is for no event (delivery.LookAtPerson, delivery.LookAtTeam), one
// before the change that is due a minute after it, and one behind it. So the
// change is noticed whatever crashes in between, and by the sweep alone.

// lackingAtOnce is how many waiting events one turn of spread puts on the due list.
const lackingAtOnce = 200

// spread takes up the team's terms anew and puts the events that wait for a
// mandatory field on the due list, a page at a time: where it goes on is in the
// next entry.
func (d *drain) spread(ctx context.Context, j job) (rest time.Time) {
	err := d.renewTerms(ctx)
	for _, entry := range j.work {
		if err == nil {
			err = d.spreadFrom(ctx, entry)
		}
	}
	if err == nil {
		return time.Time{}
	}
	d.Log.LogAttrs(ctx, slog.LevelError, "waiting events not looked at", slog.String("team", d.team), slog.String("error", fault.Of(err).Code()))
	return d.until
}

func (d *drain) spreadFrom(ctx context.Context, entry delivery.Work) error {
	cursor, err := base64.RawURLEncoding.DecodeString(entry.Event)
	if err != nil {
		return d.Ledger.DropDue(ctx, d.team, entry)
	}
	page, next, err := d.Ledger.Lacking(ctx, d.team, string(cursor), lackingAtOnce)
	if err != nil {
		return err
	}
	var more []delivery.Work
	for _, l := range page {
		more = append(more, delivery.Work{Class: delivery.Bulk, Due: entry.Due, Person: l.Person, Event: l.Event})
	}
	if next != "" {
		entry := entry
		entry.Event = base64.RawURLEncoding.EncodeToString([]byte(next))
		more = append(more, entry)
	}
	if err := d.Ledger.AddDue(ctx, d.team, more); err != nil {
		return err
	}
	return d.Ledger.DropDue(ctx, d.team, entry)
}

// looked takes the entries away whose looking is done.
func (w *worker) looked(ctx context.Context) error {
	for _, entry := range w.looks {
		if err := w.Ledger.DropDue(ctx, w.team, entry); err != nil {
			return err
		}
	}
	w.looks = nil
	return nil
}
