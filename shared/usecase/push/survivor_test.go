package push_test

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

func TestAMergeWhoseHookCameTooEarlyIsFollowedWhenTheCandidateIsNotThere(t *testing.T) {
	for name, at := range map[string]int{"a note": 0, "an edit": 1} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.record(sent("e1", "p1", 0))
				w.drain()
				first := w.person("p1").Link.Candidate
				second := w.known(ashbytest.Candidate{Name: "Ada"})
				third := w.known(ashbytest.Candidate{Name: "Ada"})
				for _, m := range [][2]string{{first, second}, {second, third}} {
					if err := w.sim.Merge(m[0], m[1]); err != nil {
						t.Fatal(err)
					}
					// The rows of the merges, and nobody who was told of them.
					if err := w.store.EndCandidate(t.Context(), "t1", m[0], m[1], time.Now()); err != nil {
						t.Fatal(err)
					}
				}
				e := sent("e2", "p1", time.Minute)
				if at == 1 {
					e = edited("e2", "p1", "Augusta", time.Minute)
				}
				w.record(e)
				w.sweepFor(5 * time.Minute)
				w.is("e2", delivery.Synced)
				if link := w.person("p1").Link; link.Candidate != third || link.Gone {
					t.Errorf("link %+v, want the survivor %s", link, third)
				}
				if notes := w.notes("e2"); notes != 1-at {
					t.Errorf("%d notes", notes)
				}
			})
		})
	}
}

func TestANoteThatWasBegunForACandidateThatWentIntoAnotherGoesThere(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Throttled, Endpoints: []string{"candidate.createNote"}, Count: 1, RetryAfterMs: 90_000})
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.pending("e1") // its candidate is made, its note is to go again
		first := w.person("p1").Link.Candidate
		second := w.known(ashbytest.Candidate{Name: "Ada"})
		if err := w.sim.Merge(first, second); err != nil {
			t.Fatal(err)
		}
		w.change("p1", func(p *person.Person) { *p = p.Moved(first, second, time.Now()) })
		w.sweepFor(5 * time.Minute)
		w.is("e1", delivery.Created)
		if link := w.person("p1").Link; link.Candidate != second || link.Gone || w.notes("e1") != 1 {
			t.Errorf("link %+v, %d notes", link, w.notes("e1"))
		}
	})
}

func TestAMergeThatWasToldOfIsFollowedThoughTheKeyIsNewAndShowsNobodyElse(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e1", "p1", 0))
		w.drain()
		first := w.person("p1").Link.Candidate
		second := w.known(ashbytest.Candidate{Name: "Ada"})
		if err := w.sim.Merge(first, second); err != nil {
			t.Fatal(err)
		}
		if err := w.store.EndCandidate(t.Context(), "t1", first, second, time.Now()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		w.changeKey(ashbytest.SecondKey, "f2")
		w.record(sent("e2", "p1", time.Second))
		w.sweepFor(5 * time.Minute)
		w.is("e2", delivery.Synced)
		if link := w.person("p1").Link; link.Candidate != second || link.Gone {
			t.Errorf("link %+v, want the survivor %s", link, second)
		}
	})
}
