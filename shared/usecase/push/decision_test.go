package push_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/port/table/tabletest"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/usecase/record"
	"github.com/sourcewhale/ashby-sync/shared/usecase/request"
	"github.com/sourcewhale/ashby-sync/shared/usecase/review"
)

// Current has every candidate of the simulated Ashby.
func (w *world) Current(_ context.Context, _, id string) (string, bool, error) {
	for _, c := range w.sim.Dump(w.made.Org)[0].Candidates {
		if c.ID == id {
			return id, true, nil
		}
	}
	return "", false, nil
}

func (w *world) reviewer(over table.Table) *review.Reviewer {
	store := timeline.New(over, time.Now, w.token)
	return &review.Reviewer{Ledger: store, Events: store, Teams: w, Candidates: w, Bell: w, Now: time.Now}
}

// ask records a request, and gives its event's id.
func (w *world) ask(kind event.Type, who, key string) string {
	w.t.Helper()
	r := request.Requester{
		Recorder: &record.Recorder{
			Ledger: w.store, Hooks: w.store, Settings: w, Users: w, Bell: w, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		},
		People: w.store, Now: time.Now,
	}
	id, err := r.Ask(context.Background(), request.Asked{Team: "t1", Person: who, Kind: kind, By: event.Actor{ID: "ann"}, Key: key})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// twins puts two candidates with the person's address into Ashby.
func (w *world) twins(who string) (one, other string) {
	twin := ashbytest.Candidate{Name: "Ada " + who, Emails: []ashbytest.Contact{{Value: who + "@example.com", IsPrimary: true}}}
	return w.known(twin), w.known(twin)
}

func TestOneAnswerReleasesAllThatWaitsForItInOrder(t *testing.T) {
	for name, c := range map[string]struct {
		answer person.Answer
		codes  [3]delivery.Code
	}{
		"that one":   {person.LinkTo, [3]delivery.Code{delivery.Matched, delivery.Synced, delivery.Synced}},
		"create new": {person.CreateNew, [3]delivery.Code{delivery.Created, delivery.Synced, delivery.Synced}},
		"never":      {person.NeverLink, [3]delivery.Code{delivery.ReviewNever, delivery.ReviewNever, delivery.ReviewNever}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				_, other := w.twins("p1")
				w.record(sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
				w.drain()
				w.is("e1", delivery.NeedsReview)
				w.is("e2", delivery.NeedsReview)
				chosen := ""
				if c.answer == person.LinkTo {
					chosen = other
				}
				p, err := w.reviewer(w.table).Answer(t.Context(), "t1", "p1", "ann", c.answer, chosen)
				if err != nil || p.Review.Answer != c.answer {
					t.Fatalf("%+v, %v", p.Review, err)
				}
				w.drain()
				w.record(sent("e3", "p1", 2*time.Minute)) // it is remembered
				w.drain()
				for i, id := range []string{"e1", "e2", "e3"} {
					w.is(id, c.codes[i])
				}
				if c.answer == person.NeverLink {
					return
				}
				if diff := cmp.Diff([]string{"e1", "e2", "e3"}, w.order("e1", "e2", "e3")); diff != "" {
					t.Errorf("notes (-want +got):\n%s", diff)
				}
				if link := w.person("p1").Link; c.answer == person.LinkTo && link.Candidate != other {
					t.Errorf("link %+v, want %s", link, other)
				}
				if _, err := w.reviewer(w.table).Undo(t.Context(), "t1", "p1"); !fault.Is(err, fault.Conflict) {
					t.Errorf("taken back after the first write: %v", err)
				}
			})
		})
	}
}

func TestNeverIsTakenBackWithWhatItEnded(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.twins("p1")
		w.record(sent("e1", "p1", 0))
		w.drain()
		if _, err := w.reviewer(w.table).Answer(t.Context(), "t1", "p1", "ann", person.NeverLink, ""); err != nil {
			t.Fatal(err)
		}
		w.drain()
		w.is("e1", delivery.ReviewNever)
		if _, err := w.reviewer(w.table).Undo(t.Context(), "t1", "p1"); err != nil {
			t.Fatal(err)
		}
		w.drain()
		w.is("e1", delivery.NeedsReview)
	})
}

func TestAfterADeletionSomebodyDecides(t *testing.T) {
	for name, c := range map[string]struct {
		answer person.Answer
		code   delivery.Code
		notes  int
	}{
		"recreate": {person.Recreate, delivery.Created, 1},
		"another":  {person.LinkTo, delivery.Synced, 1},
		"stop":     {person.Stop, delivery.LinkStopped, 0},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.record(sent("e1", "p1", 0))
				w.drain()
				if err := w.sim.Delete(w.person("p1").Link.Candidate); err != nil {
					t.Fatal(err)
				}
				w.record(sent("e2", "p1", time.Minute), sent("e3", "p1", 2*time.Minute))
				w.drain()
				w.is("e2", delivery.RecordDeleted)
				chosen := ""
				if c.answer == person.LinkTo {
					chosen = w.known(ashbytest.Candidate{Name: "Ada"})
				}
				if _, err := w.reviewer(w.table).Answer(t.Context(), "t1", "p1", "ann", c.answer, chosen); err != nil {
					t.Fatal(err)
				}
				w.sweepFor(2 * time.Minute)
				w.is("e2", c.code)
				if n := w.notes("e2") + w.notes("e3"); n != 2*c.notes {
					t.Errorf("%d notes", n)
				}
				if p := w.person("p1"); c.answer == person.LinkTo && (p.Link.Candidate != chosen || w.calls("candidate.update") != 1) {
					t.Errorf("link %+v, %d updates: what is known of the person goes to the one that was chosen", p.Link, w.calls("candidate.update"))
				}
			})
		})
	}
}

func TestAChosenCandidateThatIsNoMoreIsAQuestionAgain(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		one, other := w.twins("p1")
		w.record(sent("e1", "p1", 0))
		w.drain()
		if _, err := w.reviewer(w.table).Answer(t.Context(), "t1", "p1", "ann", person.LinkTo, other); err != nil {
			t.Fatal(err)
		}
		if err := w.sim.Delete(other); err != nil {
			t.Fatal(err)
		}
		w.drain()
		w.is("e1", delivery.Matched)
		if link := w.person("p1").Link; link.Candidate != one {
			t.Errorf("link %+v, want the twin that is left", link)
		}
		if _, err := w.reviewer(w.table).Link(t.Context(), "t1", "p1", "ann", "nobody"); !fault.Is(err, fault.Invalid) {
			t.Errorf("linked to nobody: %v", err)
		}
	})
}

func TestADecisionThatCrashesOrIsNotHeardLosesNothing(t *testing.T) {
	writes := 0
	decide := func(w *world, over *tabletest.Lossy) error {
		_, err := w.reviewer(over).Answer(context.Background(), "t1", "p1", "ann", person.CreateNew, "")
		over.Settle()
		return err
	}
	waiting := func(w *world) {
		w.twins("p1")
		w.record(sent("e1", "p1", 0), sent("e2", "p1", time.Minute), sent("e3", "p1", 2*time.Minute))
		w.drain()
	}
	inWorld(t, func(t *testing.T, w *world) {
		waiting(w)
		over := tabletest.NewLossy(w.table, nil)
		if err := decide(w, over); err != nil {
			t.Fatal(err)
		}
		writes = over.Writes()
	})
	for _, loss := range tabletest.Losses() {
		for n := 1; n <= writes; n++ {
			t.Run(fmt.Sprint(loss, n), func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					waiting(w)
					err := decide(w, tabletest.NewLossy(w.table, tabletest.First(n, n+3, loss)))
					if w.rings = 0; err != nil && w.person("p1").Review.Answer == person.Open {
						if err := decide(w, tabletest.NewLossy(w.table, nil)); err != nil { // as the one who asked would
							t.Fatal(err)
						}
					}
					w.sweepFor(10 * time.Minute) // every ring is lost
					w.is("e1", delivery.Created)
					w.is("e2", delivery.Synced)
					w.is("e3", delivery.Synced)
					if diff := cmp.Diff([]string{"e1", "e2", "e3"}, w.order("e1", "e2", "e3")); diff != "" {
						t.Errorf("notes (-want +got):\n%s", diff)
					}
				})
			})
		}
	}
}

func TestAHeldPersonsWorkWaitsAndGoesOnWhenReleased(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e1", "p1", 0))
		w.drain()
		if _, err := w.reviewer(w.table).Hold(t.Context(), "t1", "p1"); err != nil {
			t.Fatal(err)
		}
		w.record(sent("e2", "p1", time.Minute), sent("e3", "p1", 2*time.Minute))
		w.drain()
		w.is("e2", delivery.Held)
		w.is("e3", delivery.Held)
		if _, err := w.reviewer(w.table).Release(t.Context(), "t1", "p1"); err != nil {
			t.Fatal(err)
		}
		w.sweepFor(time.Minute)
		w.is("e2", delivery.Synced)
		w.is("e3", delivery.Synced)
	})
}

func TestAnAskedForPushCountsAsOnAddAndIsOnTheTimeline(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.trigger = setting.Never
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.TriggerNever)
		id := w.ask(event.PushRequested, "p1", "job1")
		if again := w.ask(event.PushRequested, "p1", "job1"); again != id {
			t.Errorf("the same request is %s and %s", id, again)
		}
		w.drain()
		w.is(id, delivery.Created)
		w.is("e1", delivery.TriggerNever) // nobody asked for a backfill
		if n := w.created(); n != 1 || w.calls("candidate.createNote") != 0 {
			t.Errorf("%d candidates, %d notes", n, w.calls("candidate.createNote"))
		}
	})
}

func TestABackfillWritesWhatWasWithheldInOrderWithItsOwnTimes(t *testing.T) {
	for _, crash := range []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16} {
		t.Run(fmt.Sprint(crash), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.trigger = setting.OnInterested
				old := sent("e0", "p1", 0)
				old.OccurredAt = time.Now().Add(-91 * 24 * time.Hour)
				w.record(old, sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
				w.drain()
				w.is("e1", delivery.WithheldUntilMarked)
				id := w.ask(event.BackfillRequested, "p1", "job1")
				p := w.process(&trip{at: crash, after: crash%2 == 0})
				_ = p.Drain(context.Background(), "t1", time.Now().Add(30*time.Second))
				w.sweepFor(20 * time.Minute)
				if r := w.get(id); r.State != delivery.Final || r.Code != delivery.Created && r.Code != delivery.Synced {
					t.Errorf("the backfill is %s %s", r.State, r.Code)
				}
				w.is("e0", delivery.WithheldUntilMarked)
				w.is("e1", delivery.Synced)
				w.is("e2", delivery.Synced)
				if diff := cmp.Diff([]string{"e1", "e2"}, w.order("e0", "e1", "e2")); diff != "" || w.created() != 1 {
					t.Errorf("%d candidates, notes (-want +got):\n%s", w.created(), diff)
				}
				for _, notes := range w.sim.Dump(w.made.Org)[0].Notes {
					for _, n := range notes {
						if n.CreatedAt.After(start.Add(time.Minute)) && n.CreatedAt.Year() == 2000 {
							t.Errorf("a note of %s", n.CreatedAt)
						}
					}
				}
			})
		})
	}
}

func TestPuttingAPersonInLateBringsWhatWasWithheldOnlyWhereTheTeamWantsIt(t *testing.T) {
	for _, wanted := range []bool{false, true} {
		t.Run(fmt.Sprint(wanted), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.trigger, w.standing.Backfill = setting.OnReply, wanted
				w.record(sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
				w.drain()
				reply := sent("e3", "p1", 2*time.Minute)
				reply.Type, reply.Message.Direction = event.EmailReply, event.Inbound
				w.record(reply)
				w.sweepFor(time.Minute)
				w.is("e3", delivery.Created)
				code, notes := delivery.WithheldUntilMarked, 0
				if wanted {
					code, notes = delivery.Synced, 1
				}
				for _, id := range []string{"e1", "e2"} {
					if w.is(id, code); w.notes(id) != notes {
						t.Errorf("%d notes of %s", w.notes(id), id)
					}
				}
			})
		})
	}
}

func TestWhatWasWithheldGoesBeforeWhatFollowsWhatGaveItBack(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.trigger, w.standing.Backfill = setting.OnReply, true
		w.record(sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
		w.drain()
		reply := sent("e3", "p1", 2*time.Minute)
		reply.Type, reply.Message.Direction = event.EmailReply, event.Inbound
		w.record(reply, sent("e4", "p1", 3*time.Minute), sent("e5", "p1", 4*time.Minute))
		w.sweepFor(time.Minute)
		if diff := cmp.Diff([]string{"e3", "e1", "e2", "e4", "e5"}, w.order("e1", "e2", "e3", "e4", "e5")); diff != "" {
			t.Errorf("notes (-want +got):\n%s", diff)
		}
	})
}

func TestWhatEndedBadlyIsTriedAgainByHandWithoutRepeatingADoneStep(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Refused, Code: "invalid_input", Endpoints: []string{"candidate.createNote"}, Count: 1})
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.Rejected)
		from, _, err := w.store.Stored(t.Context(), "t1", "e1")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.store.Apply(t.Context(), delivery.Change{Team: "t1", From: from, To: from.Again(time.Now())}); err != nil {
			t.Fatal(err)
		}
		w.drain()
		w.accounted(sent("e1", "p1", 0))
	})
}

func TestWhatWasBegunBeforeAHoldIsFinishedAfterIt(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.LostAfter, Endpoints: []string{"candidate.create"}, Count: 1})
		e := sent("e1", "p1", 0)
		e.Person.Snapshot[contact.Company] = contact.Value{Text: "Analytical Engines"}
		w.record(e)
		w.drain()
		w.is("e1", delivery.Settling)
		if _, err := w.reviewer(w.table).Hold(t.Context(), "t1", "p1"); err != nil {
			t.Fatal(err)
		}
		w.sweepFor(10 * time.Minute)
		w.is("e1", delivery.Held)
		if _, err := w.reviewer(w.table).Release(t.Context(), "t1", "p1"); err != nil {
			t.Fatal(err)
		}
		w.sweepFor(10 * time.Minute)
		w.is("e1", delivery.Created)
		if w.notes("e1") != 1 || w.calls("customField.setValues") != 1 {
			t.Errorf("%d notes, %d writes of fields", w.notes("e1"), w.calls("customField.setValues"))
		}
	})
}
