package push_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
)

func TestAnAcceptedEventBecomesANoteInAshby(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.Created)
		if n := w.notes("e1"); n != 1 {
			t.Errorf("%d notes", n)
		}
		r := w.get("e1")
		for _, s := range r.Steps {
			if s.Status != delivery.Done || s.RemoteID == "" || s.Fingerprint != "f1" || s.Attempts != 1 {
				t.Errorf("step %+v", s)
			}
		}
		create, _ := r.Step("create")
		if p := w.person("p1"); p.Link.Candidate != create.RemoteID || p.Link.Profile == "" || p.Link.By != "e1" {
			t.Errorf("link %+v", p.Link)
		}
		x, ok, err := w.store.Explanation(t.Context(), "t1", r)
		if err != nil || !ok || len(x.Outcome.Steps) != 2 || len(x.Asks) == 0 || x.KeyFingerprint != "f1" {
			t.Errorf("explanation %+v, %v, %v", x, ok, err)
		}
		if !w.idle() {
			t.Error("a due entry is left over")
		}
	})
}

func TestEventsOfAPersonGoInTheOrderInWhichTheyHappened(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e3", "p1", 3*time.Minute), sent("e1", "p1", time.Minute), sent("e2", "p1", 2*time.Minute))
		w.drain()
		if diff := cmp.Diff([]string{"e1", "e2", "e3"}, w.order("e1", "e2", "e3")); diff != "" {
			t.Errorf("notes (-want +got):\n%s", diff)
		}
	})
}
