package record_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/table/tabletest"
	"github.com/sourcewhale/ashby-sync/shared/usecase/record"
)

func TestARecordedEventIsPendingDueAndOnItsTimeline(t *testing.T) {
	w := newWorld()
	added := sent("e2")
	added.Type = event.CampaignAdded
	w.record(t, sent("e1"), added)
	w.announced(t, sent("e1"), added)
	got := w.stored(t, "e1")
	want := delivery.Record{
		Event: "e1", Person: "p1", Type: event.EmailSent, Order: "2026-03-02T11:00:00.000000000Z#2026-03-02T12:00:00.000000000Z#e1",
		OccurredAt: noon.Add(-time.Hour), AcceptedAt: noon, BodyHash: "hash of e1",
		Layers: []setting.Layer{{Level: setting.Team, ID: "t1", Version: 2}},
		State:  delivery.Pending, Due: noon, Class: delivery.Live, Changed: noon,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
	if r := w.stored(t, "e2"); r.Class != delivery.Bulk {
		t.Errorf("an add is of class %q", r.Class)
	}
	if diff := cmp.Diff([]string{"e2", "e1"}, w.timeline(t, "p1")); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

func TestASecondDeliveryHasNoSecondEffect(t *testing.T) {
	w := newWorld()
	w.record(t, sent("e1"), sent("e1"))
	first := w.stored(t, "e1")
	w.now = noon.Add(time.Minute)
	w.record(t, sent("e1"))
	if diff := cmp.Diff(first, w.stored(t, "e1")); diff != "" {
		t.Errorf("record (-first +now):\n%s", diff)
	}
	if line := w.timeline(t, "p1"); len(line) != 1 {
		t.Errorf("timeline %v", line)
	}
}

func TestOfTwoBodiesUnderOneIDTheFirstWinsAndTheConflictIsNoted(t *testing.T) {
	other := sent("e1")
	other.BodyHash, other.Type, other.Person.ID = "another", event.EmailReply, "p2"
	for _, days := range []int{0, 101} { // within the payload's life, and beyond
		t.Run(fmt.Sprint(days), func(t *testing.T) {
			w := newWorld()
			w.record(t, sent("e1"))
			w.now = noon.AddDate(0, 0, days)
			w.record(t, other)
			got := w.stored(t, "e1")
			if !got.Conflict || got.BodyHash != "hash of e1" || got.Type != event.EmailSent {
				t.Errorf("conflict %v, hash %q, type %q", got.Conflict, got.BodyHash, got.Type)
			}
			if line := w.timeline(t, "p2"); len(line) != 0 {
				t.Errorf("the second body is on a timeline: %v", line)
			}
			if e, ok, _ := w.store.Event(context.Background(), "t1", "e1"); ok && e.BodyHash == "another" {
				t.Error("the second body's payload is kept")
			}
		})
	}
}

func TestOfTwoBodiesInOneBatchTheOneThatWasAcceptedFirstWins(t *testing.T) {
	later := sent("e1")
	later.BodyHash, later.Type, later.AcceptedAt = "another", event.EmailReply, noon.Add(time.Microsecond)
	for name, batch := range map[string][]event.Event{
		"in order": {sent("e1"), later}, "messages that overtook each other": {later, sent("e1")},
		"among others": {sent("e0"), sent("e1"), sent("e2"), later, sent("e1")},
	} {
		for range 20 { // what runs at once may end in any order
			w := newWorld()
			w.record(t, batch...)
			got := w.stored(t, "e1")
			if !got.Conflict || got.BodyHash != "hash of e1" || got.Type != event.EmailSent {
				t.Fatalf("%s: conflict %v, hash %q, type %q", name, got.Conflict, got.BodyHash, got.Type)
			}
			if e, ok, _ := w.store.Event(context.Background(), "t1", "e1"); !ok || e.BodyHash != "hash of e1" {
				t.Fatalf("%s: payload %q, %v", name, e.BodyHash, ok)
			}
		}
	}
}

func TestTheSameEventTwiceInOneBatchIsNoConflict(t *testing.T) {
	w := newWorld()
	again := sent("e1")
	again.AcceptedAt = noon.Add(time.Microsecond)
	w.record(t, sent("e1"), again)
	got := w.stored(t, "e1")
	if got.Conflict || !got.AcceptedAt.Equal(noon) {
		t.Errorf("conflict %v, accepted at %v", got.Conflict, got.AcceptedAt)
	}
	if line := w.timeline(t, "p1"); len(line) != 1 {
		t.Errorf("timeline %v", line)
	}
}

// hiccup does not store the first payload that it is given.
type hiccup struct {
	record.Ledger
	over bool
}

func (h *hiccup) PutEvent(ctx context.Context, e event.Event) (event.Event, delivery.Revision, error) {
	if !h.over {
		h.over = true
		return event.Event{}, "", fault.New(fault.Unavailable, "store_unavailable", "down")
	}
	return h.Ledger.PutEvent(ctx, e)
}

func TestABodyDoesNotTakeThePlaceOfAnEarlierOneThatCouldNotBeStored(t *testing.T) {
	w := newWorld()
	later := sent("e1")
	later.BodyHash = "another"
	r := w.recorder()
	r.Ledger = &hiccup{Ledger: r.Ledger}
	for i, err := range r.Record(context.Background(), []event.Event{sent("e1"), later}) {
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("event %d: %v", i, err)
		}
	}
	w.record(t, sent("e1"), later)
	if got := w.stored(t, "e1"); !got.Conflict || got.BodyHash != "hash of e1" {
		t.Errorf("conflict %v, hash %q", got.Conflict, got.BodyHash)
	}
}

func TestSettingsAreFrozenAsTheyWereWhenTheEventWasAccepted(t *testing.T) {
	w := newWorld()
	trigger, unknown, no := "on_reply", "sometimes", false
	e := sent("e1")
	e.AcceptedAt = noon.Add(-time.Second)
	e.Overrides = []event.Override{
		{Level: event.ForPerson, Author: "u2", Trigger: &trigger},
		{Level: event.ForCampaign, Trigger: &unknown, OnlySynced: &no},
	}
	w.record(t, e)
	onReply := setting.OnReply
	want := []setting.Layer{
		{Level: setting.Person, ID: "p1", Author: "u2", Values: setting.Values{Trigger: &onReply}},
		{Level: setting.Campaign, ID: "c1", Values: setting.Values{OnlySynced: &no}},
		{Level: setting.Team, ID: "t1", Version: 1},
	}
	if diff := cmp.Diff(want, w.stored(t, "e1").Layers); diff != "" {
		t.Errorf("layers (-want +got):\n%s", diff)
	}
}

func TestTheActingUsersSettingsCountElseTheCampaignOwnersElseTheTeams(t *testing.T) {
	w := newWorld()
	owned, bare := sent("e2"), sent("e3")
	owned.Actor = event.Actor{}
	bare.Actor, bare.Campaign = event.Actor{}, nil
	for _, e := range []event.Event{sent("e1"), owned, bare} {
		w.record(t, e)
	}
	if diff := cmp.Diff([]string{"u1", "owner", ""}, w.layers.asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
}

func TestSettingsAreReadOnceForTheEventsOfARequest(t *testing.T) {
	w := newWorld()
	second := sent("e2")
	second.AcceptedAt = noon.Add(time.Microsecond)
	w.record(t, sent("e1"), second)
	if len(w.layers.asked) != 1 {
		t.Errorf("asked %d times", len(w.layers.asked))
	}
}

func TestEventsOfOneMomentAreOnTheTimelineInTheOrderOfTheirRequest(t *testing.T) {
	w := newWorld()
	first, second := sent("z"), sent("a")
	second.AcceptedAt = noon.Add(time.Microsecond)
	w.record(t, first, second)
	if diff := cmp.Diff([]string{"a", "z"}, w.timeline(t, "p1")); diff != "" { // newest first
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

func TestATeamIsRungOncePerBatch(t *testing.T) {
	w := newWorld()
	other := sent("e1")
	other.Team = "t2"
	w.record(t, sent("e1"), other, sent("e2"))
	if diff := cmp.Diff([]string{"t1", "t2"}, w.bell.rings); diff != "" {
		t.Errorf("rings (-want +got):\n%s", diff)
	}
}

func TestABellThatFailsLosesNothing(t *testing.T) {
	w := newWorld()
	w.bell.err = errors.New("the queue is down")
	w.record(t, sent("e1"))
	w.announced(t, sent("e1"))
}

func TestWhatTheStoreRefusesIsReportedForEachEventAndRingsNobody(t *testing.T) {
	w := newWorld()
	w.lose(tabletest.First(1, 1000, tabletest.Down))
	for i, err := range w.recorder().Record(context.Background(), []event.Event{sent("e1"), sent("e2")}) {
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("event %d: %v", i, err)
		}
	}
	if len(w.bell.rings) != 0 {
		t.Errorf("rings %v", w.bell.rings)
	}
}

func TestSettingsThatCannotBeReadFailTheEventAndNotTheBatchesOtherTeam(t *testing.T) {
	w := newWorld()
	w.layers.err = fault.New(fault.Unavailable, "store_unavailable", "down")
	if err := w.recorder().Record(context.Background(), []event.Event{sent("e1")})[0]; !fault.Is(err, fault.Unavailable) {
		t.Errorf("error %v", err)
	}
	w.layers.err = nil
	w.record(t, sent("e1"))
	w.announced(t, sent("e1"))
}

// A crash is a process whose writes fail from some point on.
func TestACrashAnywhereLeavesAtWorstAnEntryTooManyAndARedeliveryHeals(t *testing.T) {
	events := []event.Event{sent("e1"), sent("e2")}
	sound := newWorld()
	sound.record(t, events...)
	for n := 1; n <= sound.lossy.Writes(); n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			w := newWorld()
			w.lose(tabletest.First(n, 1000, tabletest.Down))
			if err := errors.Join(w.recorder().Record(context.Background(), events)...); err == nil {
				t.Error("nothing is reported")
			}
			w.announced(t, events...)
			w.lose(nil)
			w.now = noon.Add(time.Minute)
			w.record(t, events...)
			w.announced(t, events...)
			if line := w.timeline(t, "p1"); len(line) != 2 {
				t.Errorf("timeline %v", line)
			}
		})
	}
}

func TestALostWriteOrAnswerAnywhereLosesNothing(t *testing.T) {
	events := []event.Event{sent("e1"), sent("e2")}
	sound := newWorld()
	sound.record(t, events...)
	for _, loss := range tabletest.Losses() {
		for n := 1; n <= sound.lossy.Writes(); n++ {
			t.Run(fmt.Sprint(loss, n), func(t *testing.T) {
				w := newWorld()
				w.lose(tabletest.Nth(n, loss))
				errs := w.recorder().Record(context.Background(), events)
				w.lossy.Settle()
				w.announced(t, events...)
				if errors.Join(errs...) != nil { // SQS brings it again
					w.record(t, events...)
				}
				w.announced(t, events...)
				for _, e := range events {
					if r := w.stored(t, e.ID); r.State != delivery.Pending || r.Conflict {
						t.Errorf("%s: state %q, conflict %v", e.ID, r.State, r.Conflict)
					}
				}
				if line := w.timeline(t, "p1"); len(line) != 2 {
					t.Errorf("timeline %v", line)
				}
			})
		}
	}
}

func TestAPanicIsTheFailureOfOneEventOnly(t *testing.T) {
	w := newWorld()
	r := w.recorder()
	r.Ledger = poisoned{r.Ledger}
	errs := r.Record(context.Background(), []event.Event{sent("poison"), sent("e2")})
	if !fault.Is(errs[0], fault.Internal) || errs[1] != nil {
		t.Errorf("errors %v", errs)
	}
	w.announced(t, sent("e2"))
}
