package push_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/usecase/push"
)

func TestNoCallStartsWithTooLittleTimeLeftAndNoneIsInFlightAtTheEnd(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		const slow = 7500
		w.fault(ashbytest.Fault{Kind: ashbytest.Slow, DelayMs: slow})
		events := people(40)
		w.record(events...)
		w.rings = 0
		until := time.Now().Add(30 * time.Second)
		if err := w.process(&trip{}).Drain(context.Background(), "t1", until); err != nil {
			t.Fatal(err)
		}
		ended := time.Now()
		if ended.After(until.Add(-push.Margin)) {
			t.Errorf("it ended %s before the deadline", until.Sub(ended))
		}
		for _, c := range w.sim.Calls(ashbytest.CallFilter{}) {
			if left := until.Sub(c.At); left < 11*time.Second {
				t.Errorf("%s began with %s left", c.Endpoint, left)
			}
		}
		before := w.calls("")
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := w.calls("") - before; n != 0 {
			t.Errorf("%d calls after the end", n)
		}
		if w.rings != 1 {
			t.Errorf("%d rings for what is left", w.rings)
		}
		for _, e := range events {
			if r := w.get(e.ID); r.State != delivery.Final {
				w.pending(e.ID)
				if _, unknown := r.Unknown(); unknown {
					t.Errorf("%s is unknown", e.ID)
				}
			}
		}
	})
}

func TestAnIntentThatTookTooLongIsNotSent(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e0", "p1", 0))
		w.drain()
		w.record(sent("e1", "p1", time.Minute))
		p := w.process(&trip{})
		p.Ledger = slowLedger{p.Ledger, 4 * time.Second}
		if err := p.Drain(context.Background(), "t1", time.Now().Add(30*time.Second)); err != nil {
			t.Fatal(err)
		}
		if s, _ := w.get("e1").Step("note"); s.Status != delivery.NotSent || w.notes("e1") != 0 {
			t.Errorf("step %+v, %d notes", s, w.notes("e1"))
		}
		w.drain()
		w.is("e1", delivery.Synced)
	})
}

// sharedAddress is one that several people of the team bear.
var sharedAddress = contact.Value{List: []string{"shared@example.com"}}

// slowLedger takes its time to write.
type slowLedger struct {
	push.Ledger
	by time.Duration
}

func (s slowLedger) Apply(ctx context.Context, c delivery.Change) (delivery.Stored, delivery.Subject, error) {
	defer time.Sleep(s.by)
	return s.Ledger.Apply(ctx, c)
}

func TestACancelledDrainEndsItsCallsAndWritesDownWhatCameOfThem(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e0", "p1", 0))
		w.drain()
		w.fault(ashbytest.Fault{Kind: ashbytest.Slow, DelayMs: 5000})
		w.record(sent("e1", "p1", time.Minute), sent("e2", "p1", 2*time.Minute))
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			time.Sleep(time.Second)
			cancel()
		}()
		if err := w.process(&trip{}).Drain(ctx, "t1", time.Now().Add(30*time.Second)); err != nil {
			t.Fatal(err)
		}
		w.is("e1", delivery.Synced)
		w.pending("e2")
	})
}

func TestLiveWorkGoesBeforeBulk(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Slow, DelayMs: 200})
		added := people(300)
		for i := range added {
			added[i].Type, added[i].Message = event.CampaignAdded, nil
		}
		w.record(added...)
		replied := sent("reply", "pr", 0)
		replied.Type = event.EmailReply
		var waited time.Duration
		go func() {
			time.Sleep(3 * time.Second)
			w.record(replied)
			recorded := time.Now()
			for {
				if n := w.notes("reply"); n == 1 {
					waited = time.Since(recorded)
					return
				}
				time.Sleep(50 * time.Millisecond)
				if time.Since(recorded) > time.Minute {
					return
				}
			}
		}()
		w.drain()
		done := 0
		for _, e := range added {
			if w.get(e.ID).State == delivery.Final {
				done++
			}
		}
		if done == 0 || done == len(added) {
			t.Fatalf("%d of %d adds done: the test shows nothing", done, len(added))
		}
		w.is("reply", delivery.Created)
		synctest.Wait()
		if waited == 0 || waited > 3*time.Second {
			t.Errorf("the reply waited %s behind its own team's adds", waited)
		}
	})
}

func TestAtMostAWindowOfCallsIsInFlightAndPeopleOfOneCandidateTakeTurns(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		if _, err := w.sim.AddCandidate(w.made.Org, ashbytest.Candidate{
			Name: "Ada Shared", Emails: []ashbytest.Contact{{Value: "shared@example.com", IsPrimary: true}},
		}); err != nil {
			t.Fatal(err)
		}
		w.fault(ashbytest.Fault{Kind: ashbytest.Slow, DelayMs: 1000})
		var events []event.Event
		for i := range 4 {
			e := sent(fmt.Sprintf("e%d", i), fmt.Sprintf("p%d", i), 0)
			e.Person.Snapshot["emails"] = sharedAddress
			events = append(events, e)
		}
		w.record(events...)
		w.drain()
		writing := map[string]time.Time{}
		for _, c := range w.sim.Calls(ashbytest.CallFilter{}) {
			if c.Endpoint == "candidate.update" || c.Endpoint == "candidate.createNote" {
				if last, ok := writing[c.Candidate]; ok && c.At.Sub(last) < time.Second {
					t.Errorf("%s began %s after another write to the candidate", c.Endpoint, c.At.Sub(last))
				}
				writing[c.Candidate] = c.At
			}
		}
		if len(writing) != 1 {
			t.Errorf("writes to %d candidates", len(writing))
		}
	})
}

func TestATeamWithoutAnActiveConnectionIsLeftAlone(t *testing.T) {
	key := connection.Connection{Team: "t1", Fingerprint: "f1", SecretVersion: "v1"}
	paused, foreign := key, key
	paused.PausedAt, foreign.Foreign = start, true
	for name, c := range map[string]connection.Connection{
		"not connected": {Team: "t1", Status: connection.NotConnected}, "disconnected": {Team: "t1", Status: connection.Disconnected},
		"paused": paused.Settled(), "of another organisation": foreign.Settled(),
	} {
		inWorld(t, func(t *testing.T, w *world) {
			w.record(sent("e1", "p1", 0))
			w.connection = c
			w.drain()
			w.sweepFor(time.Hour)
			if n := w.calls("") - w.calls("apiKey.info"); n != 0 {
				t.Errorf("%s: %d calls", name, n)
			}
			w.pending("e1")
			w.connection = key.Settled()
			w.sweepFor(2 * time.Minute)
			w.is("e1", delivery.Created)
		})
	}
}
