package push

import (
	"context"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// awaitsNews reports whether an event waits for what is known of its person, or
// was given for them.
func awaitsNews(r delivery.Record) bool {
	return r.State == delivery.Waiting && (r.Code == delivery.NameMissing || r.Code == delivery.IndexBuilding || r.Lacks())
}

// tell puts an entry on the due list before news of the person is written that
// events wait for. They have no due time of their own: were the news written
// first, nobody would come back to them when the process died or another event
// held the person up in between.
func (w *worker) tell(ctx context.Context, now person.Person) error {
	awaited := func(r delivery.Stored) bool { return r.Event != w.current().Event && awaitsNews(r.Record) }
	if len(w.looks) > 0 || !person.News(w.subject.Person, now) || !slices.ContainsFunc(w.records, awaited) {
		return nil
	}
	look := delivery.LookAtPerson(w.id, w.Now().UTC())
	if err := w.Ledger.AddDue(ctx, w.team, []delivery.Work{look}); err != nil {
		return err
	}
	w.looks = append(w.looks, look)
	return nil
}
