package mirror_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mirror"
)

func complete(s index.State) bool { return s.Live != nil && s.Run == nil && len(s.Old) == 0 }

func (w *world) fault(f ashbytest.Fault) {
	w.t.Helper()
	f.Endpoints = []string{"candidate.list"}
	if _, err := w.sim.AddFault(f); err != nil {
		w.t.Fatal(err)
	}
}

// recruiter does what recruiters do while their candidates are read.
func (w *world) recruiter(n int) {
	w.t.Helper()
	ids := w.made.Candidates
	at := func(i int) string { return ids[(n*37+i)%len(ids)] }
	_ = w.sim.Edit(at(0), func(c *ashbytest.Candidate) { c.Company, c.Tags = fmt.Sprint("Company ", n), nil })
	_ = w.sim.Edit(at(5), func(c *ashbytest.Candidate) {
		c.Emails = []ashbytest.Contact{{Value: fmt.Sprintf("new%d@example.com", n), IsPrimary: true}}
	})
	if n%5 == 0 {
		_ = w.sim.Delete(at(9)) // may be gone
	}
	if n%7 == 0 {
		_ = w.sim.Merge(at(11), at(12))
	}
	if n%3 == 0 {
		if _, err := w.sim.AddCandidate(w.made.Org, ashbytest.Candidate{Name: fmt.Sprint("Late ", n)}); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestTenThousandCandidatesEndAsAshbyHasThem(t *testing.T) {
	inWorld(t, 10_000, func(w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Throttled, Probability: 0.05, RetryAfterMs: 2000})
		w.fault(ashbytest.Fault{Kind: ashbytest.Unavailable, Probability: 0.05})
		w.fault(ashbytest.Fault{Kind: ashbytest.Cut, Probability: 0.02})
		w.fault(ashbytest.Fault{Kind: ashbytest.Refused, Code: "next_cursor_expired", Skip: 40, Count: 1})
		edits := 0
		for !complete(w.state()) {
			w.step(time.Hour)
			w.recruiter(edits)
			edits++
		}
		if edits < 100 {
			t.Fatalf("it took %d steps only", edits)
		}
		// No hook told of the deletions: everything is read again after a day.
		time.Sleep(mirror.Heal)
		w.fresh()
		w.mustBeEqual()
		w.step(0) // puts what was read into columns
		w.mustBeEqual()
		if s := w.state(); len(s.Live.Segments) != 1 || len(s.Live.Packed) != 0 {
			t.Errorf("segments %+v", s.Live)
		}
	})
}

func TestChangesAreReadByToken(t *testing.T) {
	inWorld(t, 250, func(w *world) {
		w.until("complete", complete)
		for n := range 40 {
			if n%5 != 0 && n%7 != 0 { // nothing is deleted
				w.recruiter(n)
			}
			w.fresh()
		}
		w.mustBeEqual()
		if lists := w.sim.Stats().Endpoints["candidate.list"]; w.state().Last != 1 || lists > 60 {
			t.Errorf("generation %d, %d pages read", w.state().Last, lists)
		}
	})
}

func TestATokenOfNoUseMeansReadingEverythingWhileTheOldCopyAnswers(t *testing.T) {
	for _, code := range []string{"sync_token_expired", "sync_token_invalid", "incremental_sync_too_large"} {
		inWorld(t, 250, func(w *world) {
			w.until("complete", complete)
			w.recruiter(1)
			w.fault(ashbytest.Fault{Kind: ashbytest.Refused, Code: code, Count: 1})
			w.until("being read anew", func(s index.State) bool { return s.Build != nil && s.Run.Pages == 1 })
			if s := w.state(); s.Live == nil || s.Live.Number != 1 || len(w.copied()) != 250 {
				t.Errorf("%s: the old copy does not answer: %+v", code, s)
			}
			w.fresh()
			if s := w.state(); s.Live.Number != 2 || s.Problem != "" {
				t.Errorf("%s: %+v", code, s)
			}
			w.mustBeEqual()
		})
	}
}

func TestADeletedCandidateIsGoneAtOnceAndDoesNotComeBack(t *testing.T) {
	inWorld(t, 250, func(w *world) {
		ctx := context.Background()
		for w.state().Run == nil || w.state().Run.Pages < 2 {
			w.step(time.Hour)
		}
		read, unread := w.made.Candidates[10], w.made.Candidates[240]
		for _, id := range []string{read, unread} {
			if err := w.sim.Delete(id); err != nil {
				t.Fatal(err)
			}
			if err := w.mirror.Gone(ctx, team, id); err != nil {
				t.Fatal(err)
			}
		}
		w.until("complete", complete)
		w.mustBeEqual()
		known, err := w.store.Known(ctx, team, []string{read})
		if err != nil || !known[read].Gone || known[read].Name != "" {
			t.Errorf("kept %+v, %v", known, err)
		}
	})
}

func TestASurvivorOfAMergeIsReadAnew(t *testing.T) {
	inWorld(t, 250, func(w *world) {
		ctx := context.Background()
		w.until("complete", complete)
		away, into := w.made.Candidates[1], w.made.Candidates[2]
		if err := w.sim.Merge(away, into); err != nil {
			t.Fatal(err)
		}
		if err := w.mirror.Gone(ctx, team, away); err != nil {
			t.Fatal(err)
		}
		if err := w.mirror.Look(ctx, team, into, w.reader); err != nil {
			t.Fatal(err)
		}
		w.mustBeEqual()
	})
}

func TestAPageReadBeforeALaterWriteDoesNotUndoIt(t *testing.T) {
	inWorld(t, 25, func(w *world) {
		ctx := context.Background()
		w.until("complete", complete)
		id := w.made.Candidates[3]
		stale, _, err := w.reader.One(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if err := w.sim.Edit(id, func(c *ashbytest.Candidate) { c.Name = "Newer Name" }); err != nil {
			t.Fatal(err)
		}
		if err := w.mirror.Look(ctx, team, id, w.reader); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if err := w.mirror.Look(ctx, team, id, old{w.reader, stale}); err != nil {
			t.Fatal(err)
		}
		w.mustBeEqual()
	})
}

func TestACandidateThatCannotBeReadIsCountedAndTheOthersStay(t *testing.T) {
	inWorld(t, 25, func(w *world) {
		odd := spoilt{w.reader, w.made.Candidates[4]}
		for !complete(w.state()) {
			if _, _, err := w.mirror.Step(context.Background(), team, key, odd); err != nil {
				t.Fatal(err)
			}
		}
		if s := w.state(); s.Unreadable != 2 || len(w.copied()) != 24 {
			t.Errorf("%d unreadable, %d copied", s.Unreadable, len(w.copied()))
		}
	})
}

func TestAnotherKeyMeansReadingEverything(t *testing.T) {
	inWorld(t, 25, func(w *world) {
		w.until("complete", complete)
		if s := w.state(); !s.Complete(key) || s.Complete("another") {
			t.Errorf("%+v", s)
		}
		for !w.state().Complete("another") {
			if _, _, err := w.mirror.Step(context.Background(), team, "another", w.reader); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestAMissingPermissionIsShownAndTriedAgainLater(t *testing.T) {
	inWorld(t, 25, func(w *world) {
		change := func(scopes []string) {
			if _, err := w.sim.ChangeKey(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Scopes = scopes }); err != nil {
				t.Fatal(err)
			}
		}
		change([]string{ashbytest.HiringProcessMetadataRead})
		if _, _, err := w.mirror.Step(context.Background(), team, key, w.reader); err == nil {
			t.Fatal("no error")
		}
		s := w.state()
		if s.Problem != "missing_endpoint_permission" || s.Failures != 1 || time.Until(s.NextAt) < 10*time.Minute {
			t.Errorf("%+v", s)
		}
		calls := len(w.sim.Calls(ashbytest.CallFilter{}))
		if _, _, err := w.mirror.Step(context.Background(), team, key, w.reader); err != nil || len(w.sim.Calls(ashbytest.CallFilter{})) != calls {
			t.Errorf("it did not wait: %v", err)
		}
		change(nil)
		change(ashbytest.AllScopes())
		w.fresh()
		if s := w.state(); s.Problem != "" || s.Failures != 0 {
			t.Errorf("%+v", s)
		}
	})
}
