package push_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// double is an event of another person with the same address.
func double(id, who, as string) event.Event {
	e := sent(id, who, 0)
	e.Person.Snapshot[contact.Emails] = contact.Value{List: []string{as + "@example.com"}}
	return e
}

// one fails the test unless both people have the one candidate that was made.
func (w *world) one(people ...string) {
	w.t.Helper()
	if n := w.created(); n != 1 {
		w.t.Errorf("%d candidates for one address", n)
	}
	for _, who := range people {
		if l := w.person(who).Link; l.Kind != person.Synced || l.Candidate != w.person(people[0]).Link.Candidate {
			w.t.Errorf("%s is linked to %+v", who, l)
		}
	}
}

func TestTwoDrainsMakeOneCandidateForAnAddressWhereverTheFirstOneIsFrozen(t *testing.T) {
	setUp := func(w *world) { w.record(sent("e1", "p1", 0)) }
	total := operations(t, setUp)
	for lag := range 2 { // of Ashby's search, which a second drain meets
		for n := 1; n <= total; n++ {
			t.Run(fmt.Sprint(lag, n), func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					w.lags(time.Duration(lag) * 30 * time.Minute)
					setUp(w)
					frozen := w.process(&trip{at: n, other: func() {
						w.record(double("e2", "p2", "p1"))
						w.drain()
					}})
					_ = frozen.Drain(context.Background(), "t1", time.Now().Add(30*time.Second))
					w.sweepFor(20 * time.Minute)
					w.one("p1", "p2")
					for _, id := range []string{"e1", "e2"} {
						if r := w.get(id); r.State != delivery.Final || w.notes(id) != 1 {
							t.Errorf("%s is %s %s (%s), %d notes", id, r.State, r.Code, r.Detail, w.notes(id))
						}
					}
				})
			})
		}
	}
}

func TestAStaleDrainLeavesThePlanOfACreateThatNobodyKnowsTheOutcomeOf(t *testing.T) {
	setUp := func(w *world) { w.record(sent("e1", "p1", 0)) }
	total := operations(t, setUp)
	for n := 1; n <= total; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				setUp(w)
				stale := w.process(&trip{at: n, other: func() {
					w.lose(ashbytest.Garbage, "candidate.create")
					w.drain()
				}})
				_ = stale.Drain(context.Background(), "t1", time.Now().Add(30*time.Second))
				w.sweepFor(20 * time.Minute)
				w.one("p1")
				if r := w.get("e1"); r.State != delivery.Final || w.notes("e1") != 1 {
					t.Errorf("%s %s (%s), %d notes", r.State, r.Code, r.Detail, w.notes("e1"))
				}
			})
		})
	}
}

func TestWhoFindsAKeyClaimedWaitsForTheOtherCreateAndThenLinks(t *testing.T) {
	for _, kind := range unheard {
		t.Run(string(kind), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.lags(30 * time.Minute)
				w.lose(kind, "candidate.create")
				w.record(sent("e1", "p1", 0))
				w.drain()
				w.is("e1", delivery.Settling)
				w.record(double("e2", "p2", "p1"))
				w.drain()
				w.is("e2", delivery.Settling)
				if r := w.get("e2"); r.Detail == "" || r.Due.IsZero() || len(r.Steps) != 0 {
					t.Errorf("it waits without a reason or an end, or announced a write: %+v", r)
				}
				w.sweepFor(20 * time.Minute)
				w.one("p1", "p2")
				w.is("e2", delivery.Matched)
				if tries := w.get("e2").Tries; tries != 0 {
					t.Errorf("%d tries were used up by waiting", tries)
				}
			})
		})
	}
}

func TestAClaimOfACreateThatMadeNothingIsGivenUp(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Refused, Code: "some_rule", Endpoints: []string{"candidate.create"}, Count: 1})
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.Rejected)
		if stand, err := w.store.Claims(t.Context(), "t1", []string{"p1@example.com"}); err != nil || len(stand) != 0 {
			t.Errorf("claims stand: %+v, %v", stand, err)
		}
		w.record(double("e2", "p2", "p1"))
		w.drain()
		w.is("e2", delivery.Created)
		stand, err := w.store.Claims(t.Context(), "t1", []string{"p1@example.com"})
		if err != nil || len(stand) != 1 || stand[0].Person != "p2" || stand[0].Candidate != w.person("p2").Link.Candidate {
			t.Errorf("claims after the create: %+v, %v", stand, err)
		}
	})
}

func TestAClaimWhoseEventWasTakenAwayHoldsNobodyUp(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		dead := delivery.Claim{Key: "p1@example.com", Person: "p9", Event: "e9", At: time.Now()}
		work := delivery.Record{Event: "e8", Person: "p8", State: delivery.Final, Code: delivery.Created}
		change := delivery.Change{Team: "t1", To: work, Claims: []delivery.ClaimChange{{To: &dead}}}
		if _, _, err := w.store.Apply(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.Created)
	})
}

func TestAnAddressThatWasTakenOffACandidateIsNoMoreItsOwn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e1", "p1", 0))
		w.drain()
		if err := w.sim.Delete(w.person("p1").Link.Candidate); err != nil {
			t.Fatal(err)
		}
		w.record(double("e2", "p2", "p1"))
		w.drain()
		w.is("e2", delivery.Created)
		if w.created() != 2 {
			t.Errorf("%d candidates", w.created())
		}
	})
}

// lags keeps new candidates and addresses from Ashby's search for a while.
func (w *world) lags(d time.Duration) {
	w.t.Helper()
	if err := w.sim.SetModes(func(m *ashbytest.Modes) { m.SearchLag = ashbytest.Ms(d) }); err != nil {
		w.t.Fatal(err)
	}
}

func TestACreateThatWasNotSentHoldsUpNobodyWhoSharesAKey(t *testing.T) {
	for name, late := range map[string]event.Event{"an older event of the same person": sent("e0", "p1", -time.Minute), "another person": double("e0", "p2", "p1")} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.fault(ashbytest.Fault{Kind: ashbytest.Throttled, Endpoints: []string{"candidate.create"}, Count: 1, RetryAfterMs: 60_000})
				w.record(sent("e1", "p1", 0))
				w.drain()
				if s, _ := w.get("e1").Step("create"); s.Status != delivery.NotSent {
					t.Fatalf("step %+v", s)
				}
				w.record(late)
				w.sweepFor(10 * time.Minute)
				for _, id := range []string{"e0", "e1"} {
					if r := w.get(id); r.State != delivery.Final || w.notes(id) != 1 {
						t.Errorf("%s is %s %s (%s), %d notes", id, r.State, r.Code, r.Detail, w.notes(id))
					}
				}
				w.one("p1", late.Person.ID)
			})
		})
	}
}
