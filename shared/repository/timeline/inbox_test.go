package timeline_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/port/table/tabletest"
)

// moved moves a record to a code.
func (b *bench) moved(t *testing.T, from delivery.Stored, code delivery.Code, change ...func(*delivery.Record)) delivery.Stored {
	t.Helper()
	to, err := from.Move(code, b.now)
	check(t, err)
	to.Due = time.Time{}
	for _, f := range change {
		f(&to)
	}
	stored, _, err := b.Apply(context.Background(), delivery.Change{Team: "t1", From: from, To: to})
	check(t, err)
	return stored
}

// inbox tells the causes with their counts and the events of each.
func (b *bench) inbox(t *testing.T) []string {
	t.Helper()
	ctx := context.Background()
	out := []string{}
	for _, c := range must[[]delivery.CauseCount](t)(b.Inbox(ctx, "t1", 3)) {
		line := fmt.Sprintf("%s %d %v", c.Cause, c.Count, c.More)
		listed, _, err := b.Listed(ctx, "t1", c.Cause, "", 100)
		check(t, err)
		if !listed[0].Since.Equal(c.First) || !listed[len(listed)-1].Since.Equal(c.Last) {
			t.Errorf("%s from %v to %v", c.Cause, c.First, c.Last)
		}
		for _, l := range listed {
			line += " " + l.Event
		}
		out = append(out, line)
	}
	return out
}

func wantInbox(t *testing.T, b *bench, want ...string) {
	t.Helper()
	if got := b.inbox(t); !slices.Equal(got, want) {
		t.Errorf("inbox %q, want %q", got, want)
	}
}

func TestTheInboxShowsWhatNeedsAPersonAsLongAsItDoes(t *testing.T) {
	b := newBench(nil)
	from := b.create(t, record("e1", noon))
	wantInbox(t, b)
	from = b.moved(t, from, delivery.NeedsReview)
	wantInbox(t, b, "needs_review 1 false e1")
	b.now = noon.Add(time.Hour)
	from = b.moved(t, from, delivery.NeedsReview)
	if !from.Listed.Since.Equal(noon) {
		t.Errorf("a second look made it new: since %v", from.Listed.Since)
	}
	from = b.moved(t, from, delivery.MandatoryMissing, func(r *delivery.Record) { r.Missing = []string{"field-b", "field-a"} })
	wantInbox(t, b, "mandatory:field-b 1 false e1")
	from = b.moved(t, from, delivery.Rejected)
	wantInbox(t, b, "rejected 1 false e1")
	stored, _, err := b.Apply(context.Background(), delivery.Change{Team: "t1", From: from, To: from.Again(b.now)})
	check(t, err)
	wantInbox(t, b)
	b.moved(t, stored, delivery.Synced)
	wantInbox(t, b)
}

func TestCausesAreFoundWhateverLiesBetweenThemAndCountsAreBounded(t *testing.T) {
	b := newBench(nil)
	for i := range 5 {
		b.now = noon.Add(time.Duration(i) * time.Minute)
		b.moved(t, b.create(t, record(fmt.Sprintf("r%d", i), noon)), delivery.Rejected)
	}
	b.moved(t, b.create(t, record("h", noon)), delivery.Held)
	b.moved(t, b.create(t, record("m", noon)), delivery.MandatoryMissing, func(r *delivery.Record) { r.Missing = []string{"f1"} })
	b.moved(t, b.create(t, record("q", noon)), delivery.Quarantined)
	wantInbox(t, b, "held 1 false h", "mandatory:f1 1 false m", "quarantined 1 false q", "rejected 3 true r0 r1 r2 r3 r4")
	page, next, err := b.Listed(context.Background(), "t1", "rejected", "", 2)
	check(t, err)
	if len(page) != 2 || next == "" {
		t.Fatalf("%d and %q", len(page), next)
	}
	page, _, err = b.Listed(context.Background(), "t1", "rejected", next, 2)
	check(t, err)
	if len(page) != 2 || page[0].Event != "r2" || page[0].Person != "p1" {
		t.Errorf("second page %v", page)
	}
	b.now = noon.Add(100 * 24 * time.Hour)
	wantInbox(t, b, "held 1 false h", "mandatory:f1 1 false m") // what is final is shown for 90 days
}

func TestALookedUpWriteNeedsNobodyUntilTheLooksTakeLong(t *testing.T) {
	b := newBench(nil)
	from := b.create(t, record("e1", noon))
	unknown := func(r *delivery.Record) {
		*r = r.WithStep(delivery.Step{ID: "note", Status: delivery.Uncertain, IntentAt: noon})
		r.Due = b.now.Add(time.Minute)
	}
	from = b.moved(t, from, delivery.Settling, unknown)
	wantInbox(t, b)
	b.now = noon.Add(10 * time.Minute)
	b.moved(t, from, delivery.Settling, unknown)
	wantInbox(t, b, "settling 1 false e1")
}

func TestAPartThatAshbyRefusedIsShownAlthoughTheRestWent(t *testing.T) {
	b := newBench(nil)
	b.moved(t, b.create(t, record("e1", noon)), delivery.Synced, func(r *delivery.Record) {
		*r = r.WithStep(delivery.Step{ID: "fields", Status: delivery.Refused}).WithStep(delivery.Step{ID: "note", Status: delivery.Done})
	})
	wantInbox(t, b, "rejected 1 false e1")
}

func TestWhatWaitsForAPersonDoesNotExpire(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	_, _, err := b.PutEvent(ctx, event.Event{ID: "e1", Team: "t1", Person: event.Person{ID: "p1"}})
	check(t, err)
	from := b.moved(t, b.create(t, record("e1", noon)), delivery.NeedsReview)
	b.now = noon.Add(500 * 24 * time.Hour)
	if _, ok, err := b.Event(ctx, "t1", "e1"); !ok || err != nil {
		t.Fatalf("the payload: %v, %v", ok, err)
	}
	got, ok, err := b.Stored(ctx, "t1", "e1")
	check(t, err)
	if !ok || got.Revision != from.Revision {
		t.Fatal("the record is gone")
	}
	again, _, err := b.Apply(ctx, delivery.Change{Team: "t1", From: got, To: got.Again(b.now)})
	check(t, err)
	b.now = b.now.Add(101 * 24 * time.Hour)
	if _, ok, _ := b.Event(ctx, "t1", "e1"); !ok {
		t.Error("it went before it was carried out")
	}
	b.moved(t, again, delivery.Synced)
	b.now = b.now.Add(101 * 24 * time.Hour)
	if _, ok, _ := b.Event(ctx, "t1", "e1"); ok {
		t.Error("it stays for ever")
	}
}

func TestTheInboxAgreesWithTheRecordWhicheverWriteIsLost(t *testing.T) {
	for _, loss := range tabletest.Losses() {
		for _, code := range []delivery.Code{delivery.Held, delivery.Rejected, delivery.Synced} {
			t.Run(fmt.Sprint(loss, " ", code), func(t *testing.T) {
				ctx := context.Background()
				var lossy *tabletest.Lossy
				plan := func(int) tabletest.Loss { return tabletest.None }
				b := newBench(func(inner table.Table) table.Table {
					lossy = tabletest.NewLossy(inner, func(n int) tabletest.Loss { return plan(n) })
					return lossy
				})
				from := b.moved(t, b.create(t, record("e1", noon)), delivery.NameMissing)
				plan = tabletest.Nth(lossy.Writes()+1, loss)
				to, err := from.Move(code, b.now)
				check(t, err)
				_, _, err = b.Apply(ctx, delivery.Change{
					Team: "t1", From: from, To: to,
					Person: &delivery.PersonChange{To: person.Person{Team: "t1", ID: "p1"}},
				})
				check(t, err)
				lossy.Settle()
				want := []string{string(code) + " 1 false e1"}
				if code == delivery.Synced {
					want = nil
				}
				wantInbox(t, b, want...)
			})
		}
	}
}
