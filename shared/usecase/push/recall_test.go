package push_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

func TestEventsOfOnePersonThatGoOnWaitingAreLookedUpOnce(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.demand("source")
		for i := range 8 {
			w.record(sent(fmt.Sprintf("e%d", i), "p1", time.Duration(i)*time.Second))
		}
		before := w.calls("candidate.search")
		w.drain()
		for i := range 8 {
			w.is(fmt.Sprintf("e%d", i), delivery.MandatoryMissing)
		}
		if n := w.calls("candidate.search") - before; n != 1 {
			t.Errorf("%d searches", n)
		}
		w.demand()
		w.due(delivery.LookAtPerson("p1", time.Now()))
		before = w.calls("candidate.search")
		w.drain()
		w.is("e0", delivery.Created)
		w.is("e7", delivery.Synced)
		if n := w.calls("candidate.search") - before; n != 1 {
			t.Errorf("%d searches with a create", n)
		}
	})
}

// bearing is an event whose person has that address by then.
func bearing(address string, e event.Event) event.Event {
	e.Person.Snapshot[contact.Emails] = contact.Value{List: []string{address}}
	return e
}

func TestALaterEventThatLinksAPersonLetsEarlierOnesThatWaitForAReviewGoBeforeWhatFollowsIt(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.twins("p1")
		w.known(ashbytest.Candidate{Name: "Ada p1", Emails: []ashbytest.Contact{{Value: "one@example.com", IsPrimary: true}}})
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.NeedsReview)
		later := []event.Event{
			bearing("one@example.com", sent("e2", "p1", time.Minute)), bearing("one@example.com", sent("e3", "p1", 2*time.Minute)),
		}
		w.record(later...)
		w.drain()
		w.is("e1", delivery.Synced)
		w.is("e2", delivery.Matched)
		w.is("e3", delivery.Synced)
		if diff := cmp.Diff([]string{"e2", "e1", "e3"}, w.order("e1", "e2", "e3")); diff != "" {
			t.Errorf("notes (-want +got):\n%s", diff)
		}
		if !w.idle() {
			t.Error("there is still work")
		}
	})
}

func TestAPreviewLetsWhatWaitedForAReviewGoWhereThePushDoes(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.twins("p1")
		w.known(ashbytest.Candidate{Name: "Ada p1", Emails: []ashbytest.Contact{{Value: "one@example.com", IsPrimary: true}}})
		events := []event.Event{
			sent("e1", "p1", 0), bearing("one@example.com", sent("e2", "p1", time.Minute)), bearing("one@example.com", sent("e3", "p1", 2*time.Minute)),
		}
		foreseen := w.foreseen(events)
		w.seen = len(w.sim.Calls(ashbytest.CallFilter{}))
		w.record(events...)
		w.drain()
		if diff := cmp.Diff(w.promised(foreseen, events), w.wrote()); diff != "" {
			t.Errorf("foreseen (-), done (+):\n%s", diff)
		}
	})
}
