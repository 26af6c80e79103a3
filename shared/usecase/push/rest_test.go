package push_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// sweepUntil lets time pass, with a sweep every day and at the end.
func (w *world) sweepUntil(at time.Time) {
	w.t.Helper()
	for time.Now().Before(at) {
		time.Sleep(min(24*time.Hour, time.Until(at)))
		w.sweep()
	}
}

func TestWhatRestsEndsOnItsNinetiethDayAndNoBackfillBringsItAfterwards(t *testing.T) {
	for _, c := range []struct {
		trigger setting.Trigger
		toggle  bool
		code    delivery.Code
		row     int
	}{
		{setting.OnReply, true, delivery.WithheldUntilMarked, 5},
		{setting.OnInterested, false, delivery.NoRecordYet, 13},
		{setting.Never, true, delivery.TriggerNever, 4},
	} {
		t.Run(string(c.code), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.trigger, w.toggle = c.trigger, &c.toggle
				w.record(sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
				w.drain()
				time.Sleep(24 * time.Hour)
				w.record(sent("late", "p1", 24*time.Hour))
				w.drain()
				w.sweepUntil(start.Add(delivery.RestLife - time.Second))
				w.is("e1", c.code)
				if !w.idle() {
					t.Error("something is due for what rests")
				}
				w.sweepUntil(start.Add(delivery.RestLife))
				w.is("e1", delivery.ExpiredWithheld)
				w.is("e2", delivery.ExpiredWithheld)
				w.is("late", c.code) // accepted a day later
				if r := w.get("e1"); r.Row != c.row || !r.Changed.Equal(start.Add(delivery.RestLife)) {
					t.Errorf("row %d, ended %s", r.Row, r.Changed)
				}
				w.ask(event.BackfillRequested, "p1", "job1")
				w.sweepFor(time.Minute)
				w.is("late", delivery.Synced)
				w.is("e1", delivery.ExpiredWithheld)
				if w.notes("e1") != 0 || w.notes("late") != 1 {
					t.Errorf("%d and %d notes", w.notes("e1"), w.notes("late"))
				}
			})
		})
	}
}

// What waits has no end of its own: however late the answer, the value or the release
// comes, all of it goes, with what it was to say.
func TestWhatWaitsForSomebodyWaitsForAsLongAsTheyTake(t *testing.T) {
	for _, days := range []int{89, 95, 120, 500} {
		t.Run(fmt.Sprint(days), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				_, other := w.twins("p1")
				w.record(sent("reviewed", "p1", 0))
				w.drain()
				w.is("reviewed", delivery.NeedsReview)
				w.demand("source")
				w.record(sent("lacks", "p2", time.Minute))
				w.drain()
				w.is("lacks", delivery.MandatoryMissing)
				w.standing = setting.Standing{}
				w.record(sent("deleted", "p3", 0))
				w.drain()
				if err := w.sim.Delete(w.person("p3").Link.Candidate); err != nil {
					t.Fatal(err)
				}
				w.record(sent("deleted2", "p3", time.Minute))
				w.drain()
				w.is("deleted2", delivery.RecordDeleted)
				w.demand("source")
				w.record(sent("linked", "p4", 0))
				w.standing.Mandatory = nil
				w.drain()
				if _, err := w.reviewer(w.table).Hold(t.Context(), "t1", "p4"); err != nil {
					t.Fatal(err)
				}
				w.record(sent("held", "p4", time.Minute))
				w.drain()
				w.demand("source")
				w.sweepUntil(start.Add(time.Duration(days) * 24 * time.Hour))
				for id, code := range map[string]delivery.Code{
					"reviewed": delivery.NeedsReview, "lacks": delivery.MandatoryMissing, "deleted2": delivery.RecordDeleted, "held": delivery.Held,
				} {
					w.is(id, code)
				}
				w.standing.Mandatory = nil
				for who, a := range map[string]person.Answer{"p1": person.LinkTo, "p3": person.Recreate} {
					chosen := ""
					if a == person.LinkTo {
						chosen = other
					}
					if _, err := w.reviewer(w.table).Answer(t.Context(), "t1", who, "ann", a, chosen); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := w.reviewer(w.table).Release(t.Context(), "t1", "p4"); err != nil {
					t.Fatal(err)
				}
				w.give(given.ForPerson, "p2", given.Value{Field: "source", Text: w.made.Sources["Careers page"]})
				w.due(delivery.LookAtPerson("p2", time.Now()))
				w.sweepFor(2 * time.Minute)
				for _, id := range []string{"reviewed", "lacks", "deleted2", "held"} {
					if r := w.get(id); r.State != delivery.Final || w.notes(id) != 1 {
						t.Errorf("%s is %s %s (%s), %d notes", id, r.State, r.Code, r.Detail, w.notes(id))
					}
				}
			})
		})
	}
}
