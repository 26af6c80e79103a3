package push_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/port/table/tabletest"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
)

// couple links two people to one candidate, and lets the edits that follow go at once.
func (w *world) couple() (candidate string) {
	w.t.Helper()
	w.record(sent("e1", "p1", 0))
	w.drain()
	w.record(double("e2", "p2", "p1"))
	w.drain()
	w.one("p1", "p2")
	return w.person("p1").Link.Candidate
}

// works is a manual edit of where a person works.
func works(id, who, company string, at time.Duration) event.Event {
	e := edited(id, who, "Ada", at)
	e.Person.Snapshot = contact.Snapshot{contact.Company: {Text: company}}
	e.Person.Changed = []contact.Variable{contact.Company}
	return e
}

// writes are the calls that changed, or were to change, a candidate after the first
// few, by when they came.
func (w *world) writes(candidate string) []ashbytest.Call {
	var out []ashbytest.Call
	for _, c := range w.sim.Calls(ashbytest.CallFilter{}) {
		reads := strings.HasSuffix(c.Endpoint, ".info") || strings.HasSuffix(c.Endpoint, ".search") || strings.Contains(c.Endpoint, ".list")
		if c.Candidate == candidate && !reads {
			out = append(out, c)
		}
	}
	return out
}

func TestAWriteOfUnknownOutcomeClosesTheCandidateToEverybody(t *testing.T) {
	for _, kind := range unheard {
		t.Run(string(kind), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				candidate := w.couple()
				before := len(w.writes(candidate))
				w.lose(kind, "customField.setValues")
				w.record(works("e3", "p1", "Engines", time.Minute))
				w.sweepFor(time.Minute)
				w.is("e3", delivery.Settling)
				lost, _ := w.get("e3").Unknown()
				w.record(works("e4", "p2", "Looms", 2*time.Minute), sent("e5", "p2", 3*time.Minute))
				w.sweepFor(time.Minute)
				w.is("e4", delivery.Settling)
				if r := w.get("e4"); r.Detail == "" || r.Due.IsZero() || !r.Shared {
					t.Errorf("it waits without a reason or an end, or is not flagged: %+v", r)
				}
				w.sweepFor(20 * time.Minute)
				w.is("e3", delivery.Synced)
				w.is("e4", delivery.Synced)
				w.is("e5", delivery.Synced)
				if got := w.company(); got != "Looms" {
					t.Errorf("the company is %q, want the newer one", got)
				}
				for _, c := range w.writes(candidate)[before:] {
					if after := c.At.Sub(lost.IntentAt); after > 0 && after < 2*time.Minute+13*time.Second {
						t.Errorf("%s came %s after a write of unknown outcome", c.Endpoint, after)
					}
				}
			})
		})
	}
}

func TestAWriteOfUnknownOutcomeClosesTheCandidateWhenItsPersonIsForgotten(t *testing.T) {
	for name, together := range map[string]bool{"people of one candidate": true, "somebody who comes to it later": false} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.record(sent("e1", "p1", 0))
				w.drain()
				candidate := w.person("p1").Link.Candidate
				if together {
					w.record(double("e2", "p2", "p1"))
					w.drain()
				}
				before := len(w.writes(candidate))
				w.lose(ashbytest.LostLate, "customField.setValues")
				w.record(works("e3", "p1", "Engines", time.Minute))
				w.sweepFor(time.Minute)
				lost, unknown := w.get("e3").Unknown()
				if !unknown {
					t.Fatal("the write is not unknown")
				}
				if _, err := w.store.Forget(t.Context(), "t1", "p1", time.Now()); err != nil {
					t.Fatal(err)
				}
				w.record(double("e4", "p2", "p1"))
				w.sweepFor(20 * time.Minute)
				w.one("p2")
				calls := w.writes(candidate)[before:]
				if len(calls) < 2 {
					t.Fatalf("nothing was written for the other person: %v", calls)
				}
				for _, c := range calls {
					if after := c.At.Sub(lost.IntentAt); after > 0 && after < 2*time.Minute+13*time.Second {
						t.Errorf("%s came %s after a write of unknown outcome", c.Endpoint, after)
					}
				}
			})
		})
	}
}

func TestOfTwoPeopleOnOneCandidateTheLatestValueWins(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.couple()
		w.record(works("e3", "p1", "Engines", 10*time.Minute))
		w.sweepFor(time.Minute)
		w.record(works("e4", "p2", "Looms", 5*time.Minute)) // older, and later
		w.sweepFor(time.Minute)
		w.is("e3", delivery.Synced)
		w.is("e4", delivery.Synced)
		if got := w.company(); got != "Engines" {
			t.Errorf("the company is %q, want the later one", got)
		}
		w.record(works("e5", "p2", "Looms", 15*time.Minute))
		w.sweepFor(time.Minute)
		if got := w.company(); got != "Looms" {
			t.Errorf("the company is %q: both write", got)
		}
		if !w.get("e3").Shared || w.get("e1").Shared {
			t.Error("the flag says that a candidate is shared when it is, and not before")
		}
	})
}

func TestTwoDrainsNeverWriteToOneCandidateAtOnce(t *testing.T) {
	setUp := func(w *world) string {
		candidate := w.couple()
		w.fault(ashbytest.Fault{Kind: ashbytest.Slow, DelayMs: 1000, Writes: true})
		w.record(works("e3", "p1", "Engines", time.Minute))
		time.Sleep(11 * time.Second)
		return candidate
	}
	total := operations(t, func(w *world) { setUp(w) })
	for n := 1; n <= total; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				candidate := setUp(w)
				before := len(w.writes(candidate))
				frozen := w.process(&trip{at: n, other: func() {
					w.record(works("e4", "p2", "Looms", 2*time.Minute))
					time.Sleep(11 * time.Second)
					w.drain()
				}})
				_ = frozen.Drain(context.Background(), "t1", time.Now().Add(30*time.Second))
				w.sweepFor(20 * time.Minute)
				w.is("e3", delivery.Synced)
				w.is("e4", delivery.Synced)
				if got := w.company(); got != "Looms" {
					t.Errorf("the company is %q, want the newer one", got)
				}
				calls := w.writes(candidate)[before:]
				for i := range calls[1:] {
					if gap := calls[i+1].At.Sub(calls[i].At); gap < time.Second {
						t.Errorf("%s came %s after %s", calls[i+1].Endpoint, gap, calls[i].Endpoint)
					}
				}
			})
		})
	}
}

func TestAnUnknownUpdateRestsOnAFreshReadWhenItIsSentAgain(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e1", "p1", 0))
		w.drain()
		candidate := w.person("p1").Link.Candidate
		w.lose(ashbytest.LostBefore, "candidate.update")
		w.record(edited("e2", "p1", "Augusta", time.Minute))
		w.sweepFor(time.Minute)
		w.is("e2", delivery.Settling)
		if err := w.sim.Edit(candidate, func(c *ashbytest.Candidate) { c.Name = "Gussie p1" }); err != nil {
			t.Fatal(err)
		}
		w.sweepFor(10 * time.Minute)
		w.is("e2", delivery.Synced)
		x, ok, err := w.store.Explanation(t.Context(), "t1", w.get("e2"))
		if err != nil || !ok {
			t.Fatal(err)
		}
		for _, f := range x.Outcome.Fields {
			if f.Field == field.Name && (f.Before != "Gussie p1" || f.After != "Augusta p1") {
				t.Errorf("explained as %+v", f)
			}
		}
		if s, _ := w.get("e2").Step("update"); s.Attempts != 2 || s.Status != delivery.Done {
			t.Errorf("step %+v", s)
		}
	})
}

func TestAnEditThatWasNotSentIsNotTakenForDone(t *testing.T) {
	for _, kind := range unheard {
		inWorld(t, func(t *testing.T, w *world) {
			w.record(sent("e1", "p1", 0))
			w.drain()
			w.lose(kind, "candidate.update")
			e := works("e2", "p1", "Engines", time.Minute)
			e.Person.Snapshot[contact.FirstName] = contact.Value{Text: "Augusta"}
			e.Person.Changed = append(e.Person.Changed, contact.FirstName)
			w.record(e)
			w.sweepFor(20 * time.Minute)
			w.is("e2", delivery.Synced)
			if got := w.company(); got != "Engines" {
				t.Errorf("%s: the company is %q", kind, got)
			}
			for _, c := range w.sim.Dump(w.made.Org)[0].Candidates {
				if c.ID == w.person("p1").Link.Candidate && c.Name != "Augusta p1" {
					t.Errorf("%s: the name is %q", kind, c.Name)
				}
			}
		})
	}
}

func TestAStoreThatLosesAnyWriteOrAnswerCostsNothing(t *testing.T) {
	events := func() []event.Event { return append(crowd(), double("e4", "p3", "p1")) }
	writes := 0
	lossy := func(w *world, plan func(int) tabletest.Loss) *tabletest.Lossy {
		over := tabletest.NewLossy(w.table, plan)
		p := w.process(&trip{})
		p.Limits.StartOff, p.Limits.InFlight, p.Ledger = 1, 1, timeline.New(over, time.Now, w.token)
		_ = p.Drain(context.Background(), "t1", time.Now().Add(30*time.Second))
		over.Settle()
		return over
	}
	inWorld(t, func(_ *testing.T, w *world) {
		w.record(events()...)
		writes = lossy(w, nil).Writes()
	})
	for _, loss := range tabletest.Losses() {
		for _, many := range []int{0, 5} { // one, or so many that nothing gets through
			for n := 1; n <= writes; n++ {
				t.Run(fmt.Sprint(loss, n, many), func(t *testing.T) {
					inWorld(t, func(t *testing.T, w *world) {
						w.record(events()...)
						lossy(w, tabletest.First(n, n+many, loss))
						w.rings = 0
						w.sweepFor(25 * time.Minute)
						for _, e := range events() {
							if r := w.get(e.ID); r.State != delivery.Final || w.notes(e.ID) != 1 {
								t.Errorf("%s is %s %q (%s) with %d notes; steps %+v", e.ID, r.State, r.Code, r.Detail, w.notes(e.ID), r.Steps)
							}
						}
						if n := w.created(); n != 2 {
							t.Errorf("%d candidates for three people of two addresses", n)
						}
					})
				})
			}
		}
	}
}
