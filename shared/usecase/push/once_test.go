package push_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/usecase/push"
	"github.com/sourcewhale/ashby-sync/shared/usecase/record"
)

// crowd are the events of the tests below: two people, one with two events.
func crowd() []event.Event {
	reply := sent("e2", "p1", time.Minute)
	reply.Type, reply.Message.Direction = event.EmailReply, event.Inbound
	return []event.Event{sent("e1", "p1", 0), reply, sent("e3", "p2", 0)}
}

// operations counts what a sound process does to the store and to Ashby, in a world
// that is set up so.
func operations(t *testing.T, setUp func(*world), tune ...func(*push.Pusher)) int {
	t.Helper()
	n := 0
	inWorld(t, func(t *testing.T, w *world) {
		setUp(w)
		counted := &trip{}
		p := w.process(counted)
		for _, f := range tune {
			f(p)
		}
		if err := p.Drain(context.Background(), "t1", time.Now().Add(30*time.Second)); err != nil {
			t.Fatal(err)
		}
		n = counted.n
	})
	return n
}

// ofCrowd counts them for the crowd, with one call at a time.
func ofCrowd(t *testing.T) int {
	t.Helper()
	return operations(t, func(w *world) { w.record(crowd()...) }, func(p *push.Pusher) { p.Limits.StartOff, p.Limits.InFlight = 1, 1 })
}

// accounted fails the test unless every event has ended with one note, for one
// candidate of each person.
func (w *world) accounted(events ...event.Event) {
	w.t.Helper()
	people := map[string]bool{}
	for _, e := range events {
		people[e.Person.ID] = true
		if r := w.get(e.ID); r.State != delivery.Final || w.notes(e.ID) != 1 {
			w.t.Errorf("%s is %s %q (%s) with %d notes; steps %+v", e.ID, r.State, r.Code, r.Detail, w.notes(e.ID), r.Steps)
		}
	}
	if n := w.created(); n != len(people) {
		w.t.Errorf("%d candidates for %d people", n, len(people))
	}
}

// settling counts the events that wait for what became of a step.
func (w *world) settling(events ...event.Event) int {
	n := 0
	for _, e := range events {
		if w.get(e.ID).Code == delivery.Settling {
			n++
		}
	}
	return n
}

func (w *world) created() int {
	n := 0
	for _, c := range w.sim.Calls(ashbytest.CallFilter{Endpoint: "candidate.create"}) {
		if c.Applied {
			n++
		}
	}
	return n
}

func TestACrashAtAnyOperationLosesNothingAndRepeatsNothing(t *testing.T) {
	total := ofCrowd(t)
	unknown := 0
	for _, after := range []bool{false, true} {
		for n := 1; n <= total; n++ {
			t.Run(fmt.Sprintf("%d %v", n, after), func(t *testing.T) {
				inWorld(t, func(_ *testing.T, w *world) {
					w.record(crowd()...)
					p := w.process(&trip{at: n, after: after})
					p.Limits.StartOff, p.Limits.InFlight = 1, 1
					_ = p.Drain(context.Background(), "t1", time.Now().Add(30*time.Second))
					w.rings = 0 // every ring is lost: the sweep alone recovers
					w.sweepFor(time.Minute)
					unknown += w.settling(crowd()...)
					w.sweepFor(20 * time.Minute)
					w.accounted(crowd()...)
				})
			})
		}
	}
	if unknown == 0 {
		t.Error("no crash left a step unknown: the crashes missed the calls")
	}
	t.Logf("%d operations, each before and after; %d left a step unknown", total, unknown)
}

func TestTwoWorkersInterleavedAtAnyOperationHaveOneEffect(t *testing.T) {
	for n := 1; n <= ofCrowd(t); n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.record(crowd()...)
				p := w.process(&trip{at: n, other: w.drain})
				_ = p.Drain(context.Background(), "t1", time.Now().Add(30*time.Second))
				w.sweepFor(20 * time.Minute)
				for _, e := range crowd() {
					if r := w.get(e.ID); r.State != delivery.Final || w.notes(e.ID) != 1 {
						t.Errorf("%s: %s %q, %d notes; steps %+v", e.ID, r.State, r.Code, w.notes(e.ID), r.Steps)
					}
				}
			})
		})
	}
}

func TestASecondDeliveryAtAnyOperationHasNoSecondEffect(t *testing.T) {
	for n := 1; n <= ofCrowd(t); n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.record(crowd()...)
				p := w.process(&trip{at: n, other: func() { w.record(crowd()...) }})
				if err := p.Drain(context.Background(), "t1", time.Now().Add(30*time.Second)); err != nil {
					t.Fatal(err)
				}
				w.record(crowd()...)
				w.sweepFor(2 * time.Minute)
				for _, e := range crowd() {
					if r := w.get(e.ID); r.State != delivery.Final || w.notes(e.ID) != 1 {
						t.Errorf("%s: %s %q, %d notes", e.ID, r.State, r.Code, w.notes(e.ID))
					}
				}
				if !w.idle() {
					t.Error("superfluous due entries stay")
				}
			})
		})
	}
}

func TestAnUnknownStepIsNotRepeatedBeforeItWasLookedForTwice(t *testing.T) {
	for _, kind := range unheard {
		for _, method := range []string{"candidate.create", "candidate.createNote"} {
			t.Run(string(kind)+" "+method, func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					w.fault(ashbytest.Fault{Kind: kind, Endpoints: []string{method}, Count: 1})
					events := []event.Event{sent("e1", "p1", 0), sent("e2", "p1", time.Minute)}
					w.record(events...)
					w.sweepFor(2 * time.Minute)
					w.is("e1", delivery.Settling)
					w.pending("e2") // held back, in order
					if due := w.get("e2").Due; !due.After(time.Now()) {
						t.Errorf("what waits behind it is due since %s", time.Since(due))
					}
					w.sweepFor(2 * time.Minute)
					if n := w.calls(method); w.get("e1").Code == delivery.Settling && n != 1 {
						t.Errorf("%d calls of %s while it is unknown", n, method)
					}
					w.record(sent("e3", "p1", 2*time.Minute), sent("e4", "p2", 0))
					w.sweepFor(10 * time.Minute)
					w.accounted(append(events, sent("e3", "p1", 2*time.Minute), sent("e4", "p2", 0))...)
					if diff := cmp.Diff([]string{"e1", "e2", "e3"}, w.order("e1", "e2", "e3")); diff != "" {
						t.Errorf("notes (-want +got):\n%s", diff)
					}
					if tries := w.get("e1").Tries; tries != 0 {
						t.Errorf("%d tries", tries)
					}
				})
			})
		}
	}
}

func TestALostRingIsHealedByTheSweep(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(crowd()...)
		w.rings = 0
		w.sweepFor(2 * time.Minute)
		w.accounted(crowd()...)
		for _, e := range crowd() {
			if r := w.get(e.ID); r.State != delivery.Final {
				t.Errorf("%s is %s", e.ID, r.State)
			}
		}
	})
}

func TestADueEntryWithoutItsEventIsLeftUntilNobodyCanBeRecordingIt(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		orphan := delivery.Work{Class: delivery.Live, Due: time.Now(), Person: "p1", Event: "e1"}
		if err := w.store.Touch(t.Context(), "t1"); err != nil {
			t.Fatal(err)
		}
		if err := w.store.AddDue(t.Context(), "t1", []delivery.Work{orphan}); err != nil {
			t.Fatal(err)
		}
		w.sweepFor(9 * time.Minute)
		if w.idle() {
			t.Error("the entry went before its event could be recorded")
		}
		w.sweepFor(3 * time.Minute)
		if !w.idle() {
			t.Error("the entry stays for ever")
		}
		w.sweepFor(20 * time.Minute)
		if _, ok, _ := w.store.Mark(t.Context(), "t1"); !ok {
			t.Error("the team's row is gone, although its key is to be looked at")
		}
		w.connection = connection.Connection{Team: "t1", Status: connection.Disconnected}
		w.sweepFor(20 * time.Minute)
		if _, ok, _ := w.store.Mark(t.Context(), "t1"); ok {
			t.Error("the team's row stays for ever")
		}
	})
}

func TestAnEventThatWasBeingRecordedIsTakenByTheSameDrain(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Slow, DelayMs: 200})
		w.record(people(20)...)
		// What recording an event does first; the drain sees that and nothing else.
		begun := delivery.Work{Class: delivery.Live, Due: time.Now().Add(-time.Second), Person: "pr", Event: "reply"}
		if err := w.store.AddDue(t.Context(), "t1", []delivery.Work{begun}); err != nil {
			t.Fatal(err)
		}
		go func() {
			time.Sleep(time.Second)
			w.record(sent("reply", "pr", 0))
		}()
		w.drain()
		w.is("reply", delivery.Created)
	})
}

// shy is a ledger whose process dies before it puts anything on a timeline.
type shy struct{ *timeline.Store }

func (shy) AddEntries(context.Context, string, []delivery.Record) error { return errDead }

func TestAnEventThatIsNotYetOnItsTimelineHoldsBackTheOthersOfItsPersonToo(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e0", "p1", 0))
		w.drain()
		r := record.Recorder{
			Ledger: shy{w.store}, Hooks: w.store, Settings: w, Users: w, Bell: w, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		}
		_ = r.Record(t.Context(), []event.Event{sent("e2", "p1", time.Hour)})
		w.fault(ashbytest.Fault{Kind: ashbytest.LostAfter, Endpoints: []string{"candidate.createNote"}, Count: 1})
		w.drain()
		w.is("e2", delivery.Settling)
		w.record(sent("e1", "p1", time.Minute))
		w.drain()
		if n := w.calls("candidate.createNote"); n != 2 {
			t.Errorf("%d notes were sent while nobody knows of one", n)
		}
		w.sweepFor(15 * time.Minute)
		for _, id := range []string{"e0", "e1", "e2"} {
			if n := w.notes(id); n != 1 {
				t.Errorf("%s has %d notes", id, n)
			}
		}
	})
}
