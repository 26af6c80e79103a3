package push_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// demand makes fields mandatory that users may give values for.
func (w *world) demand(ids ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.standing = setting.Standing{Displayed: ids, Shown: ids, Mandatory: ids}
}

// give gives a value for a person or a campaign.
func (w *world) give(scope given.Scope, id string, v given.Value) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.values == nil {
		w.values = map[string][]given.Value{}
	}
	v.At = time.Now()
	key := string(scope) + " " + id
	w.values[key] = append(w.values[key], v)
}

// due puts entries on the due list, as who changes something does.
func (w *world) due(entries ...delivery.Work) {
	w.t.Helper()
	if err := w.store.Touch(w.t.Context(), "t1"); err != nil {
		w.t.Fatal(err)
	}
	if err := w.store.AddDue(w.t.Context(), "t1", entries); err != nil {
		w.t.Fatal(err)
	}
}

// aTag is a tag of Ashby's.
func (w *world) aTag() string {
	return w.made.Tags[slices.Sorted(maps.Keys(w.made.Tags))[0]]
}

func TestWhatWaitsForAMandatoryFieldNamesItAndIsNotLookedAtAgain(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.demand("source", "tags")
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.MandatoryMissing)
		if r := w.get("e1"); r.Detail != "Source, Tags" || len(r.Missing) != 2 || !r.Due.IsZero() || r.Row != 9 {
			t.Errorf("record %+v", r)
		}
		before := w.calls("candidate.search")
		w.sweepFor(time.Hour)
		if after := w.calls("candidate.search"); after > before {
			t.Errorf("%d searches in an hour", after-before)
		}
	})
}

func TestAPersonsValueLetsTheirEventsGoInOrder(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.demand("source")
		w.record(sent("e1", "p1", 0), sent("e2", "p1", time.Second), sent("other", "p2", 0))
		w.drain()
		w.is("e2", delivery.MandatoryMissing)
		w.give(given.ForPerson, "p1", given.Value{Field: "source", Text: w.made.Sources["LinkedIn"]})
		w.due(delivery.LookAtPerson("p1", time.Now()))
		w.drain()
		w.is("e1", delivery.Created)
		w.is("e2", delivery.Synced)
		w.is("other", delivery.MandatoryMissing)
		if w.notes("e1") != 1 || w.notes("e2") != 1 {
			t.Errorf("notes %d, %d", w.notes("e1"), w.notes("e2"))
		}
		if !w.idle() {
			t.Error("the entry is still on the due list")
		}
	})
}

func TestAValueThatComesWithALaterEventLetsTheEarlierOnesGo(t *testing.T) {
	inWorld(t, func(_ *testing.T, w *world) {
		w.demand("source")
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.MandatoryMissing)
		later := sent("e2", "p1", time.Second)
		later.Values = []event.Given{{Field: "source", Text: w.made.Sources["LinkedIn"]}}
		w.record(later)
		w.drain()
		w.is("e2", delivery.Created)
		w.is("e1", delivery.Synced)
	})
}

func TestAChangeForTheWholeTeamLetsEverythingGoByTheSweepAlone(t *testing.T) {
	inWorld(t, func(_ *testing.T, w *world) {
		w.demand("source")
		for i := range 450 {
			w.record(sent(fmt.Sprintf("e%d", i), fmt.Sprintf("p%d", i), 0))
		}
		for range 3 {
			w.drain()
		}
		w.is("e449", delivery.MandatoryMissing)
		w.due(delivery.LookAtTeam(time.Now().Add(delivery.SavedBy))) // before the save; the ring after it is lost
		w.demand()
		w.sweepFor(5 * time.Minute)
		for i := range 450 {
			w.is(fmt.Sprintf("e%d", i), delivery.Created)
		}
	})
}

func TestADrainThatIsUnderWayTakesUpTheNewTerms(t *testing.T) {
	inWorld(t, func(_ *testing.T, w *world) {
		w.demand("source")
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.record(sent("e2", "p2", 0)) // the drain begins for this
		go func() {
			time.Sleep(50 * time.Millisecond)
			w.demand()
			w.due(delivery.LookAtTeam(time.Now()))
		}()
		w.fault(ashbytest.Fault{Kind: ashbytest.Slow, Endpoints: []string{"candidate.search"}, DelayMs: 1200, Count: 1})
		w.drain()
		w.is("e1", delivery.Created)
		w.is("e2", delivery.Created)
	})
}

func TestANoteThatGoesAloneIsNotWrittenAgainWithTheLink(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.demand("tags")
		w.trigger, w.toggle = setting.OnReply, new(bool)
		w.known(ashbytest.Candidate{Name: "Ada p1", Emails: []ashbytest.Contact{{Value: "p1@example.com", IsPrimary: true}}})
		e := sent("e1", "p1", 0)
		e.Person.Stage = event.Replied
		w.record(e)
		w.drain()
		w.is("e1", delivery.MandatoryMissing)
		if p := w.person("p1"); w.notes("e1") != 1 || p.Link.Kind != person.NoteOnly {
			t.Fatalf("%d notes, link %+v", w.notes("e1"), p.Link)
		}
		w.give(given.ForPerson, "p1", given.Value{Field: "tags", List: []string{w.aTag()}})
		w.due(delivery.LookAtPerson("p1", time.Now()))
		w.drain()
		w.is("e1", delivery.Matched)
		if p := w.person("p1"); w.notes("e1") != 1 || p.Link.Kind != person.Synced || w.calls("candidate.addTag") != 1 {
			t.Errorf("%d notes, link %+v, %d tags added", w.notes("e1"), p.Link, w.calls("candidate.addTag"))
		}
	})
}

func TestALostAnswerToATagIsSettledByLooking(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.standing = setting.Standing{Displayed: []string{"tags"}, Shown: []string{"tags"}}
		w.give(given.ForPerson, "p1", given.Value{Field: "tags", List: []string{w.aTag()}})
		w.lose(ashbytest.LostAfter, "candidate.addTag")
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.Settling)
		w.sweepFor(5 * time.Minute)
		w.is("e1", delivery.Created)
		if n := w.calls("candidate.addTag"); n != 1 || w.notes("e1") != 1 {
			t.Errorf("%d tags added, %d notes", n, w.notes("e1"))
		}
	})
}

func TestARefusedTagIsShownAndTheNoteStillGoes(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.standing = setting.Standing{Displayed: []string{"tags"}, Shown: []string{"tags"}}
		w.give(given.ForPerson, "p1", given.Value{Field: "tags", List: []string{w.aTag()}})
		w.fault(ashbytest.Fault{Kind: ashbytest.Refused, Code: "tag_not_found", Endpoints: []string{"candidate.addTag"}, Count: 1})
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.Created)
		if r := w.get("e1"); r.Detail == "" || w.notes("e1") != 1 {
			t.Errorf("%+v, %d notes", r, w.notes("e1"))
		}
	})
}

func TestATeamWithoutAConnectionIsNotLeftWithEntriesForNoEvent(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.demand("source")
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.MandatoryMissing)
		connected := w.connection
		w.connection = connection.Connection{Status: connection.NotConnected}
		w.due(delivery.LookAtTeam(time.Now()), delivery.LookAtPerson("p1", time.Now()),
			delivery.Work{Class: delivery.Bulk, Due: time.Now(), Person: "p1", Event: "e1"})
		time.Sleep(31 * 24 * time.Hour)
		w.sweep()
		if !w.idle() {
			t.Error("entries are left")
		}
		w.is("e1", delivery.MandatoryMissing)
		w.demand()
		w.connection = connected
		w.due(delivery.LookAtTeam(time.Now())) // as an activation does
		w.drain()
		w.is("e1", delivery.Created)
	})
}
