package push_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/port/table/tabletest"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/usecase/push"
)

// people are outreach events of so many people, one each.
func people(n int) []event.Event {
	var events []event.Event
	for i := range n {
		events = append(events, sent(fmt.Sprintf("e%03d", i), fmt.Sprintf("p%03d", i), 0))
	}
	return events
}

// edited is a manual edit of a person who is known.
func edited(id, who, first string, at time.Duration) event.Event {
	e := sent(id, who, at)
	e.Type, e.Origin, e.Message = event.ContactEdited, event.Manual, nil
	e.Person.Snapshot[contact.FirstName] = contact.Value{Text: first}
	return e
}

func TestToldToSlowDownTheDrainPausesAndGoesOn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Throttled, Endpoints: []string{"candidate.createNote"}, Count: 1, RetryAfterMs: 3000})
		events := people(8)
		w.record(events...)
		w.drain()
		if took := time.Since(start); took < 3*time.Second {
			t.Errorf("the drain took %s", took)
		}
		var told time.Time
		for _, c := range w.sim.Calls(ashbytest.CallFilter{}) {
			if c.Status == 429 {
				told = c.At
			} else if !told.IsZero() && c.At.After(told) && c.At.Before(told.Add(3*time.Second)) {
				t.Errorf("%s %s after being told to wait 3 s", c.Endpoint, c.At.Sub(told))
			}
		}
		for _, e := range events {
			w.is(e.ID, delivery.Created) // also the one whose plan was taken up again after its create
			if r := w.get(e.ID); w.notes(e.ID) != 1 || r.Retries != 0 {
				t.Errorf("%s: %d notes, %d retries", e.ID, w.notes(e.ID), r.Retries)
			}
		}
	})
}

func TestAPauseLongerThanTheDrainEndsItAndTheSweepGoesOn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Throttled, Count: 1, RetryAfterMs: 90_000})
		w.record(sent("e1", "p1", 0))
		w.rings = 0
		w.drain()
		if w.rings != 0 {
			t.Error("the drain rang although Ashby wants to be left alone")
		}
		w.pending("e1")
		w.sweepFor(3 * time.Minute)
		w.is("e1", delivery.Created)
	})
}

func TestARefusedKeyStopsTheDrainAtOnceAndLosesNothing(t *testing.T) {
	const most = 4 + 1 // one call for each that was under way, and the probe that a 403 asks for
	for _, key := range []string{"no_key_at_all", ashbytest.DisabledKey} {
		t.Run(key, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				events := people(40)
				w.record(events...)
				w.key = key
				w.drain()
				if n := w.calls(""); n > most {
					t.Errorf("%d calls", n)
				}
				if w.connection.Status != connection.Attention || w.connection.Reason != "key_refused" {
					t.Errorf("connection %+v", w.connection)
				}
				for _, e := range events {
					w.pending(e.ID)
				}
				before, probes := w.calls(""), w.calls("apiKey.info")
				w.sweepFor(time.Hour)
				if n := w.calls("") - before; n < 12 || n > 20 || w.calls("") != before+w.calls("apiKey.info")-probes {
					t.Errorf("%d calls with a refused key in an hour, want a probe every few minutes", n)
				}
				w.key = ashbytest.LocalKey
				w.sweepFor(5 * time.Minute)
				if w.connection.Status != connection.Connected {
					t.Errorf("connection %+v", w.connection)
				}
				for _, e := range events {
					w.is(e.ID, delivery.Created)
				}
			})
		})
	}
}

// unauthorised is an Ashby that takes its time and then refuses every call with
// a 401.
type unauthorised struct {
	push.Account
	reads *atomic.Int32
}

func (u unauthorised) Open(secret.Value, string, string, func(context.Context) error) push.Account {
	return u
}

func (u unauthorised) Read(context.Context, plan.Ask) (plan.Answer, error) {
	u.reads.Add(1)
	time.Sleep(time.Second)
	return plan.Answer{}, fault.New(fault.KeyRefused, "key_refused", "")
}

func TestA401NeedsNoProbe(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		events := people(40)
		w.record(events...)
		p, reads := w.process(&trip{}), atomic.Int32{}
		p.Ashby = unauthorised{reads: &reads} // without a Probe to call
		if err := p.Drain(t.Context(), "t1", time.Now().Add(30*time.Second)); err != nil {
			t.Fatal(err)
		}
		if n := reads.Load(); n > 4 || w.connection.Status != connection.Attention {
			t.Errorf("%d calls, connection %s", n, w.connection.Status)
		}
		for _, e := range events {
			w.pending(e.ID)
		}
	})
}

func TestAKeyRefusedInTheMiddleOfAWriteLeavesItToBeSent(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e0", "p1", 0))
		w.drain()
		w.record(sent("e1", "p1", time.Minute))
		if _, err := w.sim.ChangeKey(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Disabled = true }); err != nil {
			t.Fatal(err)
		}
		w.drain()
		w.pending("e1")
		if s, _ := w.get("e1").Step("note"); s.Status != delivery.NotSent {
			t.Errorf("step %+v", s)
		}
		if _, err := w.sim.ChangeKey(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Disabled = false }); err != nil {
			t.Fatal(err)
		}
		w.connection.Status = connection.Connected
		w.sweepFor(2 * time.Minute)
		w.is("e1", delivery.Synced)
		if s, _ := w.get("e1").Step("note"); s.Attempts != 2 || w.notes("e1") != 1 {
			t.Errorf("step %+v, %d notes", s, w.notes("e1"))
		}
	})
}

func TestAKeyThatIsGoneTurnsTheConnectionAndLosesNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e1", "p1", 0))
		w.key = ""
		w.drain()
		if w.connection.Status != connection.Attention || w.connection.Reason != "key_missing" {
			t.Errorf("connection %+v", w.connection)
		}
		w.pending("e1")
	})
}

func TestAMissingPermissionParksOnlyTheWorkThatNeedsIt(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e0", "p1", 0))
		w.drain()
		// Without reading, a new person cannot be looked up; a note to a linked one needs no read.
		if _, err := w.sim.ChangeKey(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Scopes = []string{ashbytest.CandidatesWrite} }); err != nil {
			t.Fatal(err)
		}
		w.record(sent("known", "p1", time.Minute), sent("new", "p2", 0), sent("newer", "p2", time.Minute))
		w.drain()
		w.is("known", delivery.Synced)
		w.is("new", delivery.Connection)
		w.pending("newer") // behind it, in order
		if detail := w.get("new").Detail; !strings.Contains(detail, "Candidates: read") {
			t.Errorf("detail %q names no box", detail)
		}
		if w.connection.Status != connection.Limited || !slices.Equal(w.connection.Missing, []connection.Permission{connection.CandidatesRead}) {
			t.Errorf("connection %+v", w.connection)
		}
		if _, err := w.sim.ChangeKey(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Scopes = ashbytest.AllScopes() }); err != nil {
			t.Fatal(err)
		}
		w.sweepFor(20 * time.Minute)
		w.is("new", delivery.Created)
		w.is("newer", delivery.Synced)
		if diff := cmp.Diff([]string{"new", "newer"}, w.order("new", "newer")); diff != "" {
			t.Errorf("notes (-want +got):\n%s", diff)
		}
	})
}

func TestACreateThatAshbyRejectsIsShownAndItsNoteIsNotSent(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Refused, Code: "some_rule", Endpoints: []string{"candidate.create"}, Count: 1})
		w.record(sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
		w.drain()
		w.is("e1", delivery.Rejected)
		if s, _ := w.get("e1").Step("create"); s.Status != delivery.Refused || s.Code != "some_rule" {
			t.Errorf("step %+v", s)
		}
		w.is("e2", delivery.Created) // a final rejection holds nobody back
		if n := w.calls("candidate.createNote"); n != 1 || w.notes("e2") != 1 {
			t.Errorf("%d notes tried, %d of the second event", n, w.notes("e2"))
		}
	})
}

func TestAnUpdateThatAshbyRejectsIsShownAndTheNoteStillGoes(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		id, err := w.sim.AddCandidate(w.made.Org, ashbytest.Candidate{
			Name: "A. Lane", Emails: []ashbytest.Contact{{Value: "p1@example.com", IsPrimary: true}},
		})
		if err != nil {
			t.Fatal(err)
		}
		w.fault(ashbytest.Fault{Kind: ashbytest.Refused, Code: "some_rule", Endpoints: []string{"candidate.update"}})
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.Matched)
		r := w.get("e1")
		if s, _ := r.Step("update"); s.Status != delivery.Refused || r.Detail == "" {
			t.Errorf("step %+v, detail %q", s, r.Detail)
		}
		if n := w.notes("e1"); n != 1 || w.person("p1").Link.Candidate != id {
			t.Errorf("%d notes, link %+v", n, w.person("p1").Link)
		}
	})
}

func TestWhatAshbyRejectedIsNotTriedAgainWhenThePlanIsTakenUpAgain(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		if _, err := w.sim.AddCandidate(w.made.Org, ashbytest.Candidate{
			Name: "A. Lane", Emails: []ashbytest.Contact{{Value: "p1@example.com", IsPrimary: true}},
		}); err != nil {
			t.Fatal(err)
		}
		w.fault(ashbytest.Fault{Kind: ashbytest.Refused, Code: "some_rule", Endpoints: []string{"candidate.update"}})
		w.fault(ashbytest.Fault{Kind: ashbytest.Throttled, Endpoints: []string{"candidate.createNote"}, Count: 1, RetryAfterMs: 2000})
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.Matched)
		if u, n := w.calls("candidate.update"), w.notes("e1"); u != 1 || n != 1 {
			t.Errorf("%d updates, %d notes", u, n)
		}
	})
}

func TestASecondWorkerLeavesACallInFlightAlone(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e0", "p1", 0))
		w.drain()
		w.fault(ashbytest.Fault{Kind: ashbytest.Slow, Endpoints: []string{"candidate.createNote"}, DelayMs: 5000})
		w.record(sent("e1", "p1", time.Minute))
		go func() {
			time.Sleep(time.Second)
			w.drain()
			if s, _ := w.get("e1").Step("note"); w.get("e1").State != delivery.Pending || s.Status != delivery.Intent {
				t.Errorf("while the call is in flight: %s, step %+v", w.get("e1").State, s)
			}
		}()
		w.drain()
		w.is("e1", delivery.Synced)
	})
}

func TestADeletedCandidateEndsTheLinkAndTheEventWaits(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e0", "p1", 0))
		w.drain()
		if err := w.sim.Delete(w.person("p1").Link.Candidate); err != nil {
			t.Fatal(err)
		}
		w.record(sent("e1", "p1", time.Minute), sent("e2", "p1", 2*time.Minute))
		w.drain()
		w.is("e1", delivery.RecordDeleted)
		w.is("e2", delivery.RecordDeleted)
		if !w.person("p1").Link.Gone {
			t.Errorf("link %+v", w.person("p1").Link)
		}
		if n := w.calls("candidate.createNote"); n != 2 { // e0's and e1's; the second event asks nothing
			t.Errorf("%d notes tried", n)
		}
		if !w.idle() {
			t.Error("what waits for a person's answer is on the due list")
		}
	})
}

func TestADeletionThatAWriteLearnsOfOpensTheQuestionAgain(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e0", "p1", 0))
		w.drain()
		w.change("p1", func(p *person.Person) { p.Review.Answer = person.CreateNew }) // to an earlier question
		if err := w.sim.Delete(w.person("p1").Link.Candidate); err != nil {
			t.Fatal(err)
		}
		w.record(sent("e1", "p1", time.Minute), sent("e2", "p1", 2*time.Minute))
		w.drain()
		w.is("e1", delivery.RecordDeleted)
		w.is("e2", delivery.RecordDeleted)
		if answer := w.person("p1").Review.Answer; answer != person.Open || w.created() != 1 {
			t.Errorf("answer %q, %d candidates", answer, w.created())
		}
	})
}

func TestWhatSurelyWasNotSentIsSentLater(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Unavailable, Endpoints: []string{"candidate.search"}, Count: 3})
		w.record(sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
		w.drain()
		r := w.get("e1")
		if r.Retries != 1 || !r.Due.After(time.Now().Add(2*time.Second)) || len(r.Steps) != 0 {
			t.Errorf("retries %d, due in %s, steps %v", r.Retries, time.Until(r.Due), r.Steps)
		}
		w.pending("e1")
		w.pending("e2")
		w.sweepFor(5 * time.Minute)
		w.is("e1", delivery.Created)
		w.is("e2", delivery.Synced)
		if r := w.get("e1"); r.Retries != 0 {
			t.Errorf("%d retries after it worked", r.Retries)
		}
	})
}

func TestPoisonIsQuarantinedAndHoldsNobodyUp(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("poison", "p1", 0), sent("after", "p1", time.Minute), sent("other", "p2", 0))
		for range 60 {
			p := w.process(&trip{})
			p.Drive = func(ctx context.Context, in plan.Input, read plan.Reader) (plan.Outcome, []plan.Ask, error) {
				if in.Event.ID == "poison" {
					panic("poison")
				}
				return plan.Drive(ctx, in, read)
			}
			if err := p.Drain(t.Context(), "t1", time.Now().Add(30*time.Second)); err != nil {
				t.Fatal(err)
			}
			if w.get("other").State != delivery.Final {
				t.Fatal("another person was held up")
			}
			time.Sleep(time.Minute)
		}
		w.is("poison", delivery.Quarantined)
		w.is("after", delivery.Created)
		if r := w.get("poison"); r.Tries != 8 || r.Detail == "" {
			t.Errorf("%d tries, detail %q", r.Tries, r.Detail)
		}
	})
}

func TestAnEditThatBringsANameReleasesWhatWaitedForOne(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		nameless := sent("e1", "p1", 0)
		nameless.Person.Snapshot = contact.Snapshot{}
		w.record(nameless)
		w.drain()
		w.is("e1", delivery.NameMissing)
		w.record(edited("e2", "p1", "Ada", time.Minute))
		w.gathered()
		w.is("e2", delivery.NoLink)
		w.is("e1", delivery.Created)
		if n := w.notes("e1"); n != 1 {
			t.Errorf("%d notes", n)
		}
	})
}

func TestAnotherBodyUnderTheIDDuringTheCallDoesNotLoseTheAnswer(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		other := sent("e1", "p1", 0)
		other.BodyHash = "another"
		w.fault(ashbytest.Fault{Kind: ashbytest.Slow, Endpoints: []string{"candidate.createNote"}, DelayMs: 2000})
		w.record(sent("e1", "p1", 0))
		go func() {
			time.Sleep(time.Second)
			w.record(other)
		}()
		w.drain()
		w.is("e1", delivery.Created)
		if !w.get("e1").Conflict || w.notes("e1") != 1 {
			t.Errorf("conflict %v, %d notes", w.get("e1").Conflict, w.notes("e1"))
		}
	})
}

func TestALostWriteOrAnswerOfTheStoreAnywhereLosesNothing(t *testing.T) {
	writes := func(w *world, plan func(int) tabletest.Loss) *tabletest.Lossy {
		lossy := tabletest.NewLossy(w.table, plan)
		p := w.process(&trip{})
		p.Ledger, p.Limits.StartOff, p.Limits.InFlight = timeline.New(lossy, time.Now, w.token), 1, 1
		_ = p.Drain(context.Background(), "t1", time.Now().Add(30*time.Second))
		lossy.Settle()
		return lossy
	}
	total := 0
	inWorld(t, func(_ *testing.T, w *world) {
		w.record(crowd()...)
		total = writes(w, nil).Writes()
	})
	for _, loss := range tabletest.Losses() {
		for n := 1; n <= total; n++ {
			t.Run(fmt.Sprint(loss, n), func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					w.record(crowd()...)
					writes(w, tabletest.Nth(n, loss))
					w.sweepFor(20 * time.Minute)
					for _, e := range crowd() { // a single loss is settled on the spot: nothing is left unknown
						if r := w.get(e.ID); r.State != delivery.Final || w.notes(e.ID) != 1 {
							t.Errorf("%s: %s %q, %d notes; steps %+v", e.ID, r.State, r.Code, w.notes(e.ID), r.Steps)
						}
					}
				})
			})
		}
	}
}
