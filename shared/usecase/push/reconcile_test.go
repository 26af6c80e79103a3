package push_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
)

// unheard are the faults after which nobody knows whether a write was applied.
var unheard = []ashbytest.FaultKind{
	ashbytest.LostBefore, ashbytest.LostAfter, ashbytest.LostLate, ashbytest.ResetBefore, ashbytest.ResetAfter,
	ashbytest.Unavailable, ashbytest.Broken, ashbytest.BrokenAfter, ashbytest.Cut, ashbytest.Garbage,
}

// lose makes the next call of a method one whose outcome nobody hears of; applied
// late, it is so after 90 seconds.
func (w *world) lose(kind ashbytest.FaultKind, method string) {
	w.t.Helper()
	f := ashbytest.Fault{Kind: kind, Endpoints: []string{method}, Count: 1}
	if kind == ashbytest.LostLate {
		f.DelayMs = 90_000
	}
	w.fault(f)
}

// known puts a candidate with the person's address into Ashby, and gives its id.
func (w *world) known(c ashbytest.Candidate) string {
	w.t.Helper()
	id, err := w.sim.AddCandidate(w.made.Org, c)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) candidate(id string) ashbytest.Candidate {
	w.t.Helper()
	for _, c := range w.sim.Dump(w.made.Org)[0].Candidates {
		if c.ID == id {
			return c
		}
	}
	w.t.Fatalf("no candidate %s", id)
	return ashbytest.Candidate{}
}

func (w *world) key1(change func(*ashbytest.Key)) {
	w.t.Helper()
	if _, err := w.sim.ChangeKey(ashbytest.LocalKey, change); err != nil {
		w.t.Fatal(err)
	}
}

func TestEveryUnheardWriteComesToOneEffect(t *testing.T) {
	for _, kind := range unheard {
		for _, method := range []string{"candidate.create", "candidate.createNote"} {
			t.Run(string(kind)+" "+method, func(t *testing.T) {
				inWorld(t, func(_ *testing.T, w *world) {
					w.lose(kind, method)
					w.record(crowd()...)
					w.sweepFor(15 * time.Minute)
					w.accounted(crowd()...)
				})
			})
		}
	}
}

func TestUnheardWritesOfFieldsLeaveWhatTheyWereToSet(t *testing.T) {
	for _, kind := range unheard {
		for _, method := range []string{"candidate.update", "customField.setValues"} {
			t.Run(string(kind)+" "+method, func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					id := w.known(ashbytest.Candidate{Name: "Ada p1", Emails: []ashbytest.Contact{{Value: "p1@example.com", IsPrimary: true}}})
					first := sent("e1", "p1", 0)
					first.Person.Snapshot[contact.Phones] = contact.Value{List: []string{"+44 20 7946 0000"}}
					first.Person.Snapshot[contact.Company] = contact.Value{Text: "Engines"}
					w.lose(kind, method)
					w.record(first, sent("e2", "p1", time.Minute))
					w.sweepFor(15 * time.Minute)
					w.is("e1", delivery.Matched)
					w.is("e2", delivery.Synced)
					if n := w.notes("e1"); n != 1 || w.notes("e2") != 1 {
						t.Errorf("%d and %d notes", n, w.notes("e2"))
					}
					c := w.candidate(id)
					if len(c.Phones) != 1 || !strings.HasSuffix(c.Phones[0].Value, "0000") {
						t.Errorf("phones %+v", c.Phones)
					}
					if len(c.Fields) != 1 || !strings.Contains(fmt.Sprint(c.Fields[0]), "Engines") {
						t.Errorf("fields %+v", c.Fields)
					}
				})
			})
		}
	}
}

func TestALateUpdateDoesNotUndoANewerValue(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e0", "p1", 0))
		w.drain()
		w.lose(ashbytest.LostLate, "candidate.update")
		w.record(edited("e1", "p1", "Older", time.Minute))
		w.drain()
		w.record(edited("e2", "p1", "Newer", 2*time.Minute))
		w.sweepFor(10 * time.Minute)
		if name := w.candidate(w.person("p1").Link.Candidate).Name; !strings.HasPrefix(name, "Newer") {
			t.Errorf("the candidate is called %q", name)
		}
		w.is("e1", delivery.Synced)
		w.is("e2", delivery.Synced)
		if n := w.calls("candidate.update"); n != 2 {
			t.Errorf("%d updates: one that is seen to be applied is not repeated", n)
		}
	})
}

func TestAnOlderEventThatComesLateWaitsForAnUnknownStepToo(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.lose(ashbytest.LostLate, "candidate.create")
		w.record(sent("e2", "p1", time.Minute))
		w.drain()
		w.record(sent("e1", "p1", 0))
		w.sweepFor(2 * time.Minute)
		if n := w.calls("candidate.create"); n != 1 {
			t.Errorf("%d candidates were begun", n)
		}
		w.sweepFor(10 * time.Minute)
		w.accounted(sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
	})
}

func TestAnotherKeyProvesAnAbsenceOnlyWhereItSeesWhatIsKnown(t *testing.T) {
	for _, method := range []string{"candidate.create", "candidate.createNote"} {
		for _, sees := range []bool{true, false} {
			t.Run(fmt.Sprint(method, sees), func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					process := w.process(&trip{}) // one that stays, as a warm function does
					drain := func() {
						if err := process.Drain(context.Background(), "t1", time.Now().Add(30*time.Second)); err != nil {
							t.Fatal(err)
						}
					}
					w.record(sent("e0", "p0", 0))
					drain()
					w.lose(ashbytest.LostBefore, method)
					w.record(sent("e1", "p1", time.Minute))
					time.Sleep(time.Second)
					drain()
					w.is("e1", delivery.Settling)
					w.connection.Fingerprint = "f2"
					if !sees { // the new key is of another organisation
						w.key = ashbytest.OtherKey
					}
					for range 30 {
						time.Sleep(time.Minute)
						drain()
					}
					if sees {
						w.accounted(sent("e0", "p0", 0), sent("e1", "p1", time.Minute))
						return
					}
					w.is("e1", delivery.Settling)
					if n := w.calls(method); n != 2 {
						t.Errorf("%d calls of %s, want those of the two events", n, method)
					}
					if r := w.get("e1"); r.Detail == "" || !r.Due.After(time.Now()) {
						t.Errorf("detail %q, due %s", r.Detail, r.Due)
					}
				})
			})
		}
	}
}

func TestWithoutThePermissionToLookAStepStaysUnknown(t *testing.T) {
	for _, kind := range []ashbytest.FaultKind{ashbytest.LostBefore, ashbytest.LostAfter} {
		for _, method := range []string{"candidate.create", "candidate.createNote"} {
			t.Run(string(kind)+" "+method, func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					w.lose(kind, method)
					w.record(sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
					w.drain()
					w.key1(func(k *ashbytest.Key) { k.Scopes = []string{ashbytest.CandidatesWrite} })
					w.sweepFor(time.Hour)
					w.is("e1", delivery.Settling)
					w.pending("e2")
					if r := w.get("e1"); !strings.Contains(r.Detail, "Candidates: read") || r.Tries != 0 {
						t.Errorf("detail %q, %d tries", r.Detail, r.Tries)
					}
					if n := w.calls(method); n != 1 {
						t.Errorf("%d calls of %s", n, method)
					}
					w.key1(func(k *ashbytest.Key) { k.Scopes = ashbytest.AllScopes() })
					w.sweepFor(30 * time.Minute)
					w.accounted(sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
				})
			})
		}
	}
}

func TestALookThatFailsProvesNothing(t *testing.T) {
	for _, kind := range []ashbytest.FaultKind{ashbytest.Unavailable, ashbytest.Throttled, ashbytest.Cut, ashbytest.LostBefore} {
		for method, look := range map[string]string{"candidate.create": "candidate.list", "candidate.createNote": "candidate.listNotes"} {
			t.Run(string(kind)+" "+method, func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					w.lose(ashbytest.LostBefore, method)
					w.record(sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
					w.drain()
					w.fault(ashbytest.Fault{Kind: kind, Endpoints: []string{look}})
					w.sweepFor(30 * time.Minute)
					w.is("e1", delivery.Settling)
					if n := w.calls(method); n != 1 {
						t.Errorf("%d calls of %s", n, method)
					}
					w.sim.ClearFaults("")
					w.sweepFor(30 * time.Minute)
					w.accounted(sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
				})
			})
		}
	}
}

func TestAKeyRefusedWhileAStepIsUnknownOnlyDelaysTheLook(t *testing.T) {
	inWorld(t, func(_ *testing.T, w *world) {
		w.lose(ashbytest.LostAfter, "candidate.createNote")
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.key1(func(k *ashbytest.Key) { k.Disabled = true })
		w.sweepFor(time.Hour)
		w.is("e1", delivery.Settling)
		w.key1(func(k *ashbytest.Key) { k.Disabled = false })
		w.connection.Status = connection.Connected
		w.sweepFor(5 * time.Minute)
		w.accounted(sent("e1", "p1", 0))
	})
}

func TestACrashAtAnyOperationOfALookLosesNothingAndRepeatsNothing(t *testing.T) {
	for _, kind := range []ashbytest.FaultKind{ashbytest.LostBefore, ashbytest.LostAfter, ashbytest.LostLate} {
		for _, method := range []string{"candidate.create", "candidate.createNote"} {
			for look := 1; look <= 2; look++ {
				t.Run(fmt.Sprint(kind, method, look), func(t *testing.T) {
					for _, after := range []bool{false, true} {
						for n, total := 1, 1; n <= total; n++ {
							inWorld(t, func(_ *testing.T, w *world) {
								total = w.crashInLook(kind, method, look, &trip{at: n, after: after}, total)
							})
						}
					}
				})
			}
		}
	}
}

// crashInLook lets a process die in the first or the second look for an unknown
// step, and gives how many operations that process had.
func (w *world) crashInLook(kind ashbytest.FaultKind, method string, look int, trip *trip, total int) int {
	w.t.Helper()
	w.lose(kind, method)
	w.record(crowd()...)
	w.drain()
	for range look - 1 {
		time.Sleep(3 * time.Minute)
		w.drain()
	}
	time.Sleep(3 * time.Minute)
	p := w.process(trip)
	p.Limits.StartOff, p.Limits.InFlight = 1, 1
	_ = p.Drain(context.Background(), "t1", time.Now().Add(30*time.Second))
	w.rings = 0
	w.sweepFor(25 * time.Minute)
	w.accounted(crowd()...)
	if w.t.Failed() {
		w.t.Fatalf("at operation %d, after %v", trip.at, trip.after)
	}
	return max(total, trip.n)
}

func TestTheSettleTimeCanBeSet(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.lose(ashbytest.ResetAfter, "candidate.createNote")
		w.record(sent("e1", "p1", 0))
		p := w.process(&trip{})
		p.Settle = time.Second
		for range 2 {
			if err := p.Drain(t.Context(), "t1", time.Now().Add(30*time.Second)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(14 * time.Second) // 5 to begin the call, 8 for it to end, 1 to settle
		}
		w.accounted(sent("e1", "p1", 0))
	})
}
