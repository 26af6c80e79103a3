package timeline_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// counted counts the rows that are read one by one and in batches.
type counted struct {
	table.Table
	rows int
}

func (c *counted) BatchGet(ctx context.Context, keys []table.Key) ([]table.Item, error) {
	c.rows += len(keys)
	return c.Table.BatchGet(ctx, keys)
}

// done creates that many events of a person that are done with, one a minute from then on.
func (b *bench) done(t *testing.T, from time.Time, n int) {
	t.Helper()
	for i := range n {
		r := record(fmt.Sprintf("d%04d", i), from.Add(time.Duration(i)*time.Minute))
		r.State, r.Code, r.Due = delivery.Final, delivery.Synced, time.Time{}
		b.create(t, r)
	}
}

// unknown is an event with a write of which nobody knows the outcome.
func unknown(id string, occurred time.Time) delivery.Record {
	r := record(id, occurred)
	r.State, r.Code, r.Due = delivery.Waiting, delivery.Settling, noon.Add(time.Hour)
	return r.WithStep(delivery.Step{ID: "note", Token: "attempt", Status: delivery.Uncertain, IntentAt: noon})
}

func (b *bench) loaded(t *testing.T, event string) (delivery.Stored, int, bool) {
	t.Helper()
	_, records, err := b.Load(context.Background(), "t1", "p1", nil)
	check(t, err)
	i := slices.IndexFunc(records, func(r delivery.Stored) bool { return r.Event == event })
	if i < 0 {
		return delivery.Stored{}, len(records), false
	}
	return records[i], len(records), true
}

func TestAnUnknownStepIsSeenHoweverManyEventsCameAfterIt(t *testing.T) {
	b := newBench(nil)
	b.create(t, unknown("old", noon.Add(-time.Hour)))
	b.done(t, noon, 500)
	for range 40 { // looks that take older events for done with must not take this one
		if _, n, ok := b.loaded(t, "old"); !ok {
			t.Fatalf("among %d records the unknown one is missing", n)
		}
	}
	if _, n, _ := b.loaded(t, "old"); n > 220 {
		t.Errorf("%d records are read of somebody with 500 events that are done with", n)
	}
}

func TestOfALongHistoryOnlyTheLatestAndWhatIsOpenAreRead(t *testing.T) {
	var c *counted
	b := newBench(func(inner table.Table) table.Table { c = &counted{Table: inner}; return c })
	b.done(t, noon, 1000)
	for range 40 {
		b.loaded(t, "")
	}
	c.rows = 0
	b.loaded(t, "")
	if c.rows > 220 {
		t.Errorf("%d rows are read", c.rows)
	}
	few := newBench(func(inner table.Table) table.Table { c = &counted{Table: inner}; return c })
	few.done(t, noon, 8)
	few.loaded(t, "")
	if c.rows != 8 {
		t.Errorf("%d rows are read of somebody with 8 events", c.rows)
	}
}

func TestAnOldEventThatIsSentAgainIsSeenAgain(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	b.done(t, noon, 300)
	for range 40 {
		b.loaded(t, "")
	}
	if _, _, ok := b.loaded(t, "d0003"); ok {
		t.Fatal("an old event that is done with is still read")
	}
	from, ok, err := b.Stored(ctx, "t1", "d0003")
	check(t, err)
	if !ok {
		t.Fatal("it is gone")
	}
	_, _, err = b.Apply(ctx, delivery.Change{Team: "t1", From: from, To: from.Again(noon)})
	check(t, err)
	r, _, ok := b.loaded(t, "d0003")
	if !ok || r.State != delivery.Pending {
		t.Fatalf("after it was sent again: seen %v, %+v", ok, r.Record)
	}
	sent := r.Record.WithStep(delivery.Step{ID: "note", Token: "a", Status: delivery.Intent, IntentAt: noon})
	_, _, err = b.Apply(ctx, delivery.Change{Team: "t1", From: r, To: sent})
	check(t, err)
	for range 3 {
		if _, _, ok := b.loaded(t, "d0003"); !ok {
			t.Fatal("its unknown step is not seen")
		}
	}
}

func TestRecordsComeFromALookAsTheyAreStored(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	b.done(t, noon, 300)
	_, records, err := b.Load(ctx, "t1", "p1", []string{"d0001"})
	check(t, err)
	i := slices.IndexFunc(records, func(r delivery.Stored) bool { return r.Event == "d0001" })
	stored, _, err := b.Stored(ctx, "t1", "d0001")
	check(t, err)
	if i < 0 || records[i].Revision != stored.Revision {
		t.Fatalf("read %v, stored %v", records[max(i, 0)].Revision, stored.Revision)
	}
	again := records[i].Record.Again(noon)
	if _, _, err := b.Apply(ctx, delivery.Change{Team: "t1", From: records[i], To: again, Person: &delivery.PersonChange{To: person.Person{Team: "t1", ID: "p1"}}}); err != nil {
		t.Errorf("a change over what was read: %v", err)
	}
}
