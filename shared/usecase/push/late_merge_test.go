package push_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/usecase/record"
)

// told is Ashby's webhook of a candidate that is no more; no survivor: it was deleted.
func (w *world) told(gone, into string) {
	w.t.Helper()
	r := record.Recorder{
		Ledger: w.store, Hooks: w.store, Settings: w, Users: w, Bell: w, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	}
	if err := r.Candidate(w.t.Context(), event.CandidateHook{ActionID: "h1", Action: event.CandidateMerge, Team: "t1", Deleted: gone, Survivor: into, AcceptedAt: time.Now()}); err != nil {
		w.t.Fatal(err)
	}
}

// moves is an edit of a person's company, which does not say that it changes it.
func moves(id, who, company string, at time.Duration) event.Event {
	e := edited(id, who, "Ada", at)
	e.Person.Snapshot[contact.Company] = contact.Value{Text: company}
	return e
}

func TestEditsOfSomebodyWhoseCandidateWasMergedGoToTheSurvivorWhenTheHookIsLate(t *testing.T) {
	for name, c := range map[string]struct{ first event.Event }{
		"an edit finds out": {moves("e2", "p1", "Analytical Engines", time.Minute)},
		"a note finds out":  {sent("e2", "p1", time.Minute)},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.record(sent("e1", "p1", 0))
				w.drain()
				first, second := w.person("p1").Link.Candidate, w.known(ashbytest.Candidate{Name: "Ada"})
				if err := w.sim.Merge(first, second); err != nil {
					t.Fatal(err)
				}
				c.first.AcceptedAt = time.Now()
				w.record(c.first)
				w.sweepFor(2 * time.Minute)
				w.is("e2", delivery.RecordDeleted)
				e := moves("e3", "p1", "Difference Engines", 2*time.Minute)
				e.AcceptedAt = time.Now()
				w.record(e)
				w.sweepFor(2 * time.Minute)
				w.told(first, second)
				w.sweepFor(2 * time.Minute)
				for _, id := range []string{"e2", "e3"} {
					w.is(id, delivery.Synced)
				}
				if got := w.company(); got != "Difference Engines" {
					t.Errorf("company %q", got)
				}
			})
		})
	}
}

func TestAnEditThatAHoldKeptBackSaysWhatItChangedWhenItGoes(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e1", "p1", 0))
		w.drain()
		if _, err := w.reviewer(w.table).Hold(t.Context(), "t1", "p1"); err != nil {
			t.Fatal(err)
		}
		later := sent("e3", "p1", 2*time.Minute)
		later.Person.Snapshot[contact.Company] = contact.Value{Text: "Engines"}
		w.record(moves("e2", "p1", "Engines", time.Minute), later)
		w.sweepFor(time.Minute)
		w.is("e2", delivery.Held)
		if _, err := w.reviewer(w.table).Release(t.Context(), "t1", "p1"); err != nil {
			t.Fatal(err)
		}
		w.sweepFor(time.Minute)
		w.is("e2", delivery.Synced)
		if got := w.company(); got != "Engines" {
			t.Errorf("company %q", got)
		}
	})
}

func TestAnEditOfADeletedCandidateIsNotCarriedTwiceWhenSomebodyHasItMadeAgain(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e1", "p1", 0))
		w.drain()
		gone := w.person("p1").Link.Candidate
		if err := w.sim.Delete(gone); err != nil {
			t.Fatal(err)
		}
		w.told(gone, "")
		w.record(moves("e2", "p1", "Engines", time.Minute))
		w.sweepFor(time.Minute)
		w.is("e2", delivery.NoLink) // as table 3.2a says
		w.record(sent("e3", "p1", 2*time.Minute))
		w.drain()
		w.is("e3", delivery.RecordDeleted)
		if _, err := w.reviewer(w.table).Answer(t.Context(), "t1", "p1", "ann", person.Recreate, ""); err != nil {
			t.Fatal(err)
		}
		w.atWrite("candidate.createNote", func() { // a recruiter corrects it before the drain looks again
			id := w.person("p1").Link.Candidate
			err := w.sim.Edit(id, func(c *ashbytest.Candidate) {
				c.Fields = []ashbytest.Value{{Field: w.made.Fields["Company"], Value: "Looms"}}
			})
			if err != nil {
				t.Error(err)
			}
		})
		w.sweepFor(5 * time.Minute)
		w.is("e3", delivery.Created)
		if got := w.company(); got != "Looms" {
			t.Errorf("company %q", got)
		}
	})
}
