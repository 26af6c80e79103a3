package timeline

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// BenchmarkLedger writes and reads the row of an event with its one step, as every
// note has it.
func BenchmarkLedger(b *testing.B) {
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	yes, trigger := true, setting.OnAdd
	r := delivery.Record{
		Event: "evt-0001", Person: "person-0001", Order: "2026-03-02T10:00:00Z#evt-0001", Type: event.EmailReply, State: delivery.Pending,
		OccurredAt: at, AcceptedAt: at, Layers: []setting.Layer{{Level: setting.Team, Values: setting.Values{OnlySynced: &yes, Trigger: &trigger}}},
		Steps: []delivery.Step{{ID: "note", Status: delivery.Done, IntentAt: at, CallBy: at, DoneAt: at}},
	}
	key := table.Key{Partition: "t1#e#evt-0001", Sort: "led"}
	row, err := item(key, r, "token", at)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := item(key, r, "token", at); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(row.Size()), "B/row")
	})
	s := New(nil, time.Now, nil)
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.recordOf(row); err != nil {
				b.Fatal(err)
			}
		}
	})
}
