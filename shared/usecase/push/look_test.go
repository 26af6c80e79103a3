package push_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/usecase/push"
)

func TestTwoCandidatesThatACreateMayHaveMadeAreAQuestion(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.lose(ashbytest.LostAfter, "candidate.create")
		w.record(sent("e1", "p1", 0))
		w.drain()
		byHand := w.known(ashbytest.Candidate{Name: "A. Lane", Emails: []ashbytest.Contact{{Value: "p1@example.com", IsPrimary: true}}})
		w.record(sent("e2", "p1", time.Minute))
		w.sweepFor(30 * time.Minute)
		w.is("e1", delivery.NeedsReview)
		w.is("e2", delivery.NeedsReview)
		review := w.person("p1").Review
		if len(review.Candidates) != 2 || !strings.Contains(strings.Join(review.Candidates, " "), byHand) || review.Answer != "" {
			t.Errorf("review %+v", review)
		}
		if n := w.created(); n != 1 || w.notes("e1") != 0 {
			t.Errorf("%d candidates, %d notes", n, w.notes("e1"))
		}
		if s, _ := w.get("e1").Step("create"); s.Status != delivery.Disputed {
			t.Errorf("step %+v", s)
		}
	})
}

func TestTheAnswerWhichCandidateACreateMadeLetsTheEventGoOn(t *testing.T) {
	for _, answer := range []person.Answer{person.Open, person.CreateNew} {
		t.Run(string(answer), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.lose(ashbytest.LostAfter, "candidate.create")
				w.record(sent("e1", "p1", 0))
				w.drain()
				byHand := w.known(ashbytest.Candidate{Name: "A. Lane", Emails: []ashbytest.Contact{{Value: "p1@example.com", IsPrimary: true}}})
				w.sweepFor(5 * time.Minute)
				if n := len(w.person("p1").Review.Candidates); n != 2 {
					t.Errorf("%d candidates to choose from", n)
				}
				want, made := delivery.Synced, 1
				if answer == person.CreateNew {
					want, made, byHand = delivery.Created, 2, ""
				}
				w.choose("p1", byHand, answer)
				w.sweepFor(5 * time.Minute)
				w.is("e1", want)
				if n := w.created(); n != made || w.notes("e1") != 1 {
					t.Errorf("%d candidates made, %d notes", n, w.notes("e1"))
				}
			})
		})
	}
}

// choose answers the question which candidate somebody is, and puts what waited
// for it back to work.
func (w *world) choose(who, candidate string, answer person.Answer) {
	w.t.Helper()
	subject, records, err := w.store.Load(context.Background(), "t1", who, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	p := subject.Person
	p.Review.Answer = answer
	if candidate != "" {
		p.Link = person.Link{Kind: person.Synced, Candidate: candidate, At: time.Now()}
	}
	change := &delivery.PersonChange{From: subject, To: p}
	for _, from := range records {
		to := from.Record
		to.State, to.Code, to.Due = delivery.Pending, "", time.Now()
		if _, _, err := w.store.Apply(context.Background(), delivery.Change{Team: "t1", From: from, To: to, Person: change}); err != nil {
			w.t.Fatal(err)
		}
		change = nil
	}
}

func TestAWriteAppliedBetweenTwoLooksIsNotSentAgain(t *testing.T) {
	for method, listing := range map[string]string{"candidate.create": "candidate.list", "candidate.createNote": "candidate.listNotes"} {
		t.Run(method, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.fault(ashbytest.Fault{Kind: ashbytest.LostLate, Endpoints: []string{method}, Count: 1, DelayMs: 200_000})
				w.record(sent("e1", "p1", 0))
				w.drain()
				before := w.calls(listing)
				w.sweepFor(3 * time.Minute)
				if n := w.calls(listing) - before; n != 1 {
					t.Fatalf("%d looks before it is applied", n)
				}
				w.sweepFor(5 * time.Minute)
				w.accounted(sent("e1", "p1", 0))
				if n := w.calls(method); n != 1 {
					t.Errorf("%d calls of %s", n, method)
				}
			})
		})
	}
}

func TestAnOlderCandidateThatGotTheAddressIsNotTakenForTheNewOne(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		older := w.known(ashbytest.Candidate{Name: "A. Lane"})
		time.Sleep(time.Hour)
		w.lose(ashbytest.LostAfter, "candidate.create")
		w.record(sent("e1", "p1", 0))
		w.drain()
		account := w.client.With(secret.NewValue(ashbytest.LocalKey))
		if _, err := account.UpdateCandidate(t.Context(), ashby.UpdateCandidate{CandidateID: older, Email: "p1@example.com"}); err != nil {
			t.Fatal(err)
		}
		w.sweepFor(5 * time.Minute)
		w.accounted(sent("e1", "p1", 0))
		if w.person("p1").Link.Candidate == older {
			t.Error("the person was linked to an older candidate")
		}
	})
}

func TestACandidateThatSomebodyElseMadeMeanwhileIsNotTakenForAnother(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		nameOnly := sent("e1", "p1", 0)
		delete(nameOnly.Person.Snapshot, contact.Emails)
		w.lose(ashbytest.LostBefore, "candidate.create")
		w.record(nameOnly)
		w.drain()
		namesake := w.known(ashbytest.Candidate{Name: "Ada p1", Emails: []ashbytest.Contact{{Value: "namesake@example.com", IsPrimary: true}}})
		w.sweepFor(10 * time.Minute)
		w.accounted(nameOnly)
		if w.person("p1").Link.Candidate == namesake {
			t.Error("the person was linked to a namesake")
		}
	})
}

func TestACandidateDeletedWhileANoteIsUnknownIsAQuestion(t *testing.T) {
	for heard, looks := range map[bool]int{false: 2, true: 1} { // of Ashby's webhook
		t.Run(fmt.Sprint("heard ", heard), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.lose(ashbytest.LostAfter, "candidate.createNote")
				w.record(sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
				w.drain()
				if err := w.sim.Delete(w.person("p1").Link.Candidate); err != nil {
					t.Fatal(err)
				}
				answer := person.Open
				if heard {
					answer = person.CreateNew
					w.change("p1", func(p *person.Person) { p.Link.Gone, p.Review.Answer = true, answer })
				}
				w.sweepFor(15 * time.Minute)
				if n := w.calls("candidate.listNotes"); n != looks {
					t.Errorf("%d looks, want %d", n, looks)
				}
				if heard { // what was answered since stands, and both go by it
					w.is("e1", delivery.Created)
					w.is("e2", delivery.Synced)
					return
				}
				w.is("e1", delivery.RecordDeleted)
				w.is("e2", delivery.RecordDeleted)
				if p := w.person("p1"); !p.Link.Gone || w.calls("candidate.createNote") != 1 {
					t.Errorf("link %+v, %d notes tried", p.Link, w.calls("candidate.createNote"))
				}
			})
		})
	}
}

// noteless opens accounts that do not show any notes.
type noteless struct{ opener }

func (o noteless) Open(key secret.Value, team, fingerprint string, admit func(context.Context) error) push.Account {
	return withoutNotes{o.opener.Open(key, team, fingerprint, admit)}
}

type withoutNotes struct{ push.Account }

func (withoutNotes) NotesOf(context.Context, string) (map[string]string, error) {
	return map[string]string{}, nil
}

func TestNotesThatAreKnownToBeThereMustBeSeen(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e0", "p1", 0))
		w.drain()
		w.lose(ashbytest.LostBefore, "candidate.createNote")
		w.record(sent("e1", "p1", time.Minute))
		w.drain()
		blind := w.process(&trip{})
		blind.Ashby = noteless{opener{w, &trip{}}}
		for range 20 {
			time.Sleep(time.Minute)
			if err := blind.Drain(t.Context(), "t1", time.Now().Add(30*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
		w.is("e1", delivery.Settling)
		if w.get("e1").Detail == "" {
			t.Error("nothing says why")
		}
		w.sweepFor(30 * time.Minute)
		w.accounted(sent("e0", "p1", 0), sent("e1", "p1", time.Minute))
	})
}

func TestTwoLooksByDifferentKeysAreOneOfEach(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.lose(ashbytest.LostBefore, "candidate.createNote")
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.sweepFor(3 * time.Minute) // the first look
		w.connection.Fingerprint = "f2"
		w.sweepFor(10 * time.Minute)
		w.accounted(sent("e1", "p1", 0))
		if n := w.calls("candidate.listNotes"); n != 3 {
			t.Errorf("%d looks, want one by the old key and two by the new one", n)
		}
	})
}

func TestANoteThatIsFoundEndsItsEventAsItWasDecided(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e0", "p1", 0))
		w.drain()
		w.lose(ashbytest.LostAfter, "candidate.createNote")
		w.record(sent("e1", "p1", time.Minute))
		w.drain()
		w.change("p1", func(p *person.Person) { p.Held = true })
		w.sweepFor(5 * time.Minute)
		w.is("e1", delivery.Synced)
		if r := w.get("e1"); r.Row != 1 || r.Ends != "" {
			t.Errorf("row %d, ends %q", r.Row, r.Ends)
		}
	})
}

func TestANoteWhoseCandidateWasMergedIsLookedForAtTheSurvivor(t *testing.T) {
	for kind, calls := range map[ashbytest.FaultKind]int{ashbytest.LostAfter: 1, ashbytest.LostBefore: 2} {
		t.Run(string(kind), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				survivor := w.known(ashbytest.Candidate{Name: "A. Lane"})
				w.lose(kind, "candidate.createNote")
				w.record(sent("e1", "p1", 0))
				w.drain()
				if err := w.sim.Merge(w.person("p1").Link.Candidate, survivor); err != nil {
					t.Fatal(err)
				}
				w.relink("p1", survivor) // as the webhook says
				w.sweepFor(15 * time.Minute)
				w.accounted(sent("e1", "p1", 0))
				if n := w.calls("candidate.createNote"); n != calls {
					t.Errorf("%d notes tried", n)
				}
			})
		})
	}
}

func TestANoteIsLookedForWhereItWentAlsoWhenThePersonWasLinkedAnew(t *testing.T) {
	inWorld(t, func(_ *testing.T, w *world) {
		other := w.known(ashbytest.Candidate{Name: "A. Lane"})
		w.lose(ashbytest.LostAfter, "candidate.createNote")
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.relink("p1", other)
		w.sweepFor(15 * time.Minute)
		w.accounted(sent("e1", "p1", 0))
	})
}

// relink gives a person another candidate.
func (w *world) relink(who, candidate string) {
	w.t.Helper()
	w.change(who, func(p *person.Person) { p.Link.Candidate = candidate })
}

// change writes a person anew, as somebody else than the drain does.
func (w *world) change(who string, change func(*person.Person)) {
	w.t.Helper()
	subject, err := w.store.Subject(context.Background(), "t1", who)
	if err != nil {
		w.t.Fatal(err)
	}
	to := subject.Person
	change(&to)
	if _, err := w.store.SavePerson(context.Background(), "t1", delivery.PersonChange{From: subject, To: to}); err != nil {
		w.t.Fatal(err)
	}
}

// panicking opens accounts that break in a look.
type panicking struct{ opener }

func (o panicking) Open(key secret.Value, team, fingerprint string, admit func(context.Context) error) push.Account {
	return breaking{o.opener.Open(key, team, fingerprint, admit)}
}

type breaking struct{ push.Account }

func (breaking) NotesOf(context.Context, string) (map[string]string, error) { panic("a bug") }

func TestABugInALookLosesNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.lose(ashbytest.LostBefore, "candidate.createNote")
		w.record(sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
		w.drain()
		p := w.process(&trip{})
		p.Ashby = panicking{opener{w, &trip{}}}
		for range 120 {
			time.Sleep(time.Minute)
			if err := p.Drain(t.Context(), "t1", time.Now().Add(30*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
		w.is("e1", delivery.Settling)
		if r := w.get("e1"); !r.Due.After(time.Now()) || r.Retries > 20 {
			t.Errorf("due %s, %d retries", r.Due, r.Retries)
		}
		w.sweepFor(40 * time.Minute)
		w.accounted(sent("e1", "p1", 0), sent("e2", "p1", time.Minute))
	})
}
