package push_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

func TestAnUnknownStepHoldsBackMoreEventsThanAreLookedAtTogether(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.limits.StartOff = 1
		w.record(sent("link", "p1", 0))
		w.drain()
		w.lose(ashbytest.LostBefore, "candidate.createNote")
		w.record(sent("lost", "p1", time.Minute))
		w.drain()
		w.is("lost", delivery.Settling)
		var later []event.Event
		ids := []string{"lost"}
		for i := range 310 {
			e := sent(fmt.Sprintf("n%03d", i), "p1", time.Duration(i+2)*time.Minute)
			later, ids = append(later, e), append(ids, e.ID)
		}
		for batch := range slices.Chunk(later, 25) {
			w.record(batch...)
		}
		w.drain()
		if got := w.order(ids...); len(got) > 0 {
			t.Fatalf("%d went past the unknown one, %s first", len(got), got[0])
		}
		w.sweepFor(30 * time.Minute)
		if got := w.order(ids...); !slices.Equal(got, ids) {
			t.Errorf("%d of %d notes, not in their order", len(got), len(ids))
		}
	})
}
