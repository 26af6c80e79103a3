package push_test

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// strange replaces the team's key by one that does not show what the earlier one did.
func (w *world) strange() { w.connection.Fingerprint = "another" }

// waitsForWord fails the test unless the event waits for somebody to say what became of
// its write, and is looked for meanwhile.
func (w *world) waitsForWord(id string) {
	w.t.Helper()
	r := w.get(id)
	owner, exit, _ := r.Wait()
	_, tellable := r.Tellable(time.Now())
	if r.Listed == nil || r.Listed.Cause != delivery.Cause(delivery.Settling) || owner != delivery.OwnerAdmin || exit == "" || !tellable || r.Due.IsZero() {
		w.t.Fatalf("%s: %+v; owner %q", id, r, owner)
	}
	w.sound(id)
}

func TestAnUnheardEmailOfAReplacedKeyEndsByWord(t *testing.T) {
	for told, emails := range map[delivery.Told]int{delivery.Applied: 1, delivery.SendAgain: 2} {
		t.Run(string(told), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.asEmails()
				w.lose(ashbytest.LostAfter, "candidate.addEmailMessage")
				w.record(mailed("e1", "p1", 0), mailed("e2", "p1", time.Minute))
				w.drain()
				w.is("e1", delivery.Settling)
				if _, err := w.reviewer(w.table).Settle(t.Context(), "t1", "e1", "ann", told, ""); !fault.Is(err, fault.Conflict) {
					t.Fatalf("while it may still be on its way: %v", err)
				}
				w.strange()
				w.sweepFor(15 * time.Minute)
				w.is("e1", delivery.Settling)
				w.waitsForWord("e1")
				if got := w.order("e2"); len(got) > 0 {
					t.Errorf("%v went past it", got)
				}
				before := w.calls("candidate.addEmailMessage")
				if _, err := w.reviewer(w.table).Settle(t.Context(), "t1", "e1", "ann", told, ""); err != nil {
					t.Fatal(err)
				}
				w.sweepFor(2 * time.Minute)
				w.is("e1", delivery.Created)
				w.is("e2", delivery.Synced)
				if n := w.calls("candidate.addEmailMessage") - before; n != emails { // that of e2 aside
					t.Errorf("%d calls", n)
				}
				step, _ := w.get("e1").Step("email")
				if step.ToldBy != "ann" && told == delivery.Applied || step.Status != delivery.Done {
					t.Errorf("step %+v", step)
				}
				if _, err := w.reviewer(w.table).Settle(t.Context(), "t1", "e1", "ann", told, ""); !fault.Is(err, fault.Conflict) {
					t.Errorf("said again: %v", err)
				}
				if _, err := w.reviewer(w.table).Settle(t.Context(), "t1", "none", "ann", told, ""); !fault.Is(err, fault.NotFound) {
					t.Errorf("of no event: %v", err)
				}
			})
		})
	}
}

func TestAnUnheardNoteThatTheKeyDoesNotShowEndsByWord(t *testing.T) {
	for told, kind := range map[delivery.Told]ashbytest.FaultKind{
		delivery.Applied: ashbytest.LostAfter, delivery.SendAgain: ashbytest.LostBefore,
	} {
		t.Run(string(told), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.record(sent("e1", "p1", 0))
				w.drain()
				w.lose(kind, "candidate.createNote")
				w.record(sent("e2", "p1", time.Minute), sent("e3", "p1", 2*time.Minute))
				w.drain()
				w.fault(ashbytest.Fault{Kind: ashbytest.Broken, Endpoints: []string{"candidate.listNotes"}}) // it cannot be looked for
				w.sweepFor(20 * time.Minute)
				w.waitsForWord("e2")
				if _, err := w.reviewer(w.table).Settle(t.Context(), "t1", "e2", "ann", told, ""); err != nil {
					t.Fatal(err)
				}
				w.sweepFor(2 * time.Minute)
				for _, id := range []string{"e2", "e3"} {
					w.is(id, delivery.Synced)
					if n := w.notes(id); n != 1 {
						t.Errorf("%d notes of %s", n, id)
					}
				}
			})
		})
	}
}

func TestAnUnheardCreateOfAReplacedKeyEndsByWord(t *testing.T) {
	for name, c := range map[string]struct {
		kind ashbytest.FaultKind
		told delivery.Told
		code delivery.Code
	}{
		"it was made":                     {ashbytest.LostAfter, delivery.Applied, delivery.Created},
		"it was not made":                 {ashbytest.LostBefore, delivery.SendAgain, delivery.Created},
		"it was, but they say it was not": {ashbytest.LostAfter, delivery.SendAgain, delivery.Matched},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.lose(c.kind, "candidate.create")
				w.record(sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
				w.drain()
				w.strange()
				w.fault(ashbytest.Fault{Kind: ashbytest.Broken, Endpoints: []string{"candidate.list"}})
				w.sweepFor(15 * time.Minute)
				w.waitsForWord("e1")
				r, made := w.reviewer(w.table), ""
				if c.told == delivery.Applied {
					for _, bad := range []string{"", "nobody"} {
						if _, err := r.Settle(t.Context(), "t1", "e1", "ann", c.told, bad); !fault.Is(err, fault.Invalid) {
							t.Errorf("with the candidate %q: %v", bad, err)
						}
					}
					for _, one := range w.sim.Dump(w.made.Org)[0].Candidates {
						if one.Name == "Ada p1" {
							made = one.ID
						}
					}
				}
				if _, err := r.Settle(t.Context(), "t1", "e1", "ann", c.told, made); err != nil {
					t.Fatal(err)
				}
				// Somebody with the same address comes while it goes on: no second candidate.
				twin := sent("e3", "p2", time.Minute)
				twin.Person.Snapshot = sent("", "p1", 0).Person.Snapshot
				w.record(twin)
				w.sweepFor(5 * time.Minute)
				w.is("e2", delivery.Synced)
				if one, other := w.get("e1").Code, w.get("e3").Code; one != c.code && other != c.code || w.get("e3").State != delivery.Final {
					t.Errorf("%s and %s", one, other)
				}
				p := w.person("p1")
				if w.created() != 1 || p.Link.Kind != person.Synced || made != "" && p.Link.Candidate != made {
					t.Errorf("%d candidates, link %+v", w.created(), p.Link)
				}
				for _, id := range []string{"e1", "e2", "e3"} {
					if n := w.notes(id); n != 1 {
						t.Errorf("%d notes of %s", n, id)
					}
				}
			})
		})
	}
}
