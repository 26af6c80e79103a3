package push_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// sound fails the test unless each event of a person is where somebody or something
// comes for it: what is pending, or waits for time, has its due time and its entry;
// what waits for somebody names them and the way out.
func (w *world) sound(ids ...string) {
	w.t.Helper()
	for _, id := range ids {
		r := w.get(id)
		work, due := r.Work()
		timed := r.State == delivery.Pending || r.State == delivery.Waiting && (r.Code == delivery.Settling || r.Code == delivery.Connection)
		if timed && !due {
			w.t.Errorf("%s is %s %s without a due time", id, r.State, r.Code)
		}
		if r.State == delivery.Waiting {
			if owner, exit, ok := delivery.WaitFor(r.Code); !ok || owner == "" || exit == "" {
				w.t.Errorf("%s waits for %s, which nobody ends", id, r.Code)
			}
		}
		if !due {
			continue
		}
		entries, err := w.store.Due(context.Background(), "t1", r.Class, r.Due, 1000)
		if err != nil {
			w.t.Fatal(err)
		}
		found := false
		for _, e := range entries {
			e.Row = ""
			found = found || e == work
		}
		if !found {
			w.t.Errorf("%s is %s %s, due at %s, without an entry", id, r.State, r.Code, r.Due)
		}
	}
}

// unheardSweeps lets time pass in which every ring is lost but those of the sweep,
// and looks after each that nothing is without an end.
func (w *world) unheardSweeps(d time.Duration, ids ...string) {
	w.t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); {
		time.Sleep(time.Minute)
		w.mu.Lock()
		w.rings = 0
		w.mu.Unlock()
		w.sweep()
		w.sound(ids...)
	}
}

func TestTheSweepAloneSufficesWhateverHappens(t *testing.T) {
	for seed := range 6 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				for i, kind := range unheard {
					w.fault(ashbytest.Fault{Kind: kind, Writes: true, Skip: seed*3 + i*4, Count: 1, DelayMs: 90_000})
				}
				w.fault(ashbytest.Fault{Kind: ashbytest.Throttled, Skip: 7 + seed, Count: 2, RetryAfterMs: 2000})
				w.fault(ashbytest.Fault{Kind: ashbytest.Unavailable, Skip: 11 + seed, Count: 3})
				w.twins("p7")
				var events []event.Event
				var ids []string
				for n := range 8 {
					who := fmt.Sprintf("p%d", n)
					for i := range 3 {
						events = append(events, sent(fmt.Sprintf("%s-%d", who, i), who, time.Duration(i)*time.Minute))
						ids = append(ids, events[len(events)-1].ID)
					}
				}
				events = append(events, double("q0", "q", "p0"), works("p1-edit", "p1", "Looms", 4*time.Minute))
				ids = append(ids, "q0", "p1-edit")
				w.record(events...)
				w.unheardSweeps(12*time.Minute, ids...)
				w.setStatus(connection.Paused)
				late := sent("late", "p2", 5*time.Minute)
				w.record(late)
				ids = append(ids, "late")
				w.unheardSweeps(5*time.Minute, ids...)
				w.pending("late")
				w.setStatus(connection.Connected)
				if _, err := w.reviewer(w.table).Answer(t.Context(), "t1", "p7", "ann", person.CreateNew, ""); err != nil {
					t.Fatal(err)
				}
				w.unheardSweeps(30*time.Minute, ids...)
				for _, id := range ids {
					if r := w.get(id); r.State != delivery.Final || w.notes(id) != 1 && id != "p1-edit" {
						t.Errorf("%s is %s %s (%s) with %d notes", id, r.State, r.Code, r.Detail, w.notes(id))
					}
				}
				if n := w.created(); n != 8 {
					t.Errorf("%d candidates for eight addresses", n)
				}
			})
		})
	}
}

func (w *world) setStatus(s connection.Status) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.connection.Status = s
}
