package timeline_test

import (
	"context"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

func TestRecordsThatEndWithAnotherAreWrittenWithItOrNotAtAll(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	first, last := b.create(t, record("e1", noon)), b.create(t, record("e2", noon.Add(time.Second)))
	change := func() delivery.Change {
		ended, carrier := first.Record, last.Record
		ended.State, ended.Code, ended.CarriedBy, ended.Due = delivery.Final, delivery.Coalesced, "e2", time.Time{}
		carrier.State, carrier.Code, carrier.Due = delivery.Final, delivery.Synced, time.Time{}
		return delivery.Change{Team: "t1", From: last, To: carrier, Also: []delivery.EndChange{{From: first, To: ended}}}
	}
	stale := change()
	stale.Also[0].From.Revision = "another"
	if _, _, err := b.Apply(ctx, stale); !fault.Is(err, fault.Conflict) {
		t.Fatalf("over another revision: %v", err)
	}
	if r, _, _ := b.Record(ctx, "t1", "e2"); r.State != delivery.Pending {
		t.Errorf("half of it was written: %+v", r)
	}
	stored, _, err := b.Apply(ctx, change())
	check(t, err)
	for _, id := range []string{"e1", "e2"} {
		r, _, err := b.Stored(ctx, "t1", id)
		check(t, err)
		if r.State != delivery.Final || r.Revision != stored.Revision {
			t.Errorf("%s: %+v, revision %q, want %q", id, r.Record, r.Revision, stored.Revision)
		}
	}
	if due := b.due(t, delivery.Live); len(due) > 0 {
		t.Errorf("due %v", due)
	}
}
