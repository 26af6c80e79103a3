package record_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/port/table/tabletest"
	"github.com/sourcewhale/ashby-sync/shared/usecase/record"
)

// poisoned panics on the event named poison.
type poisoned struct{ record.Ledger }

func (p poisoned) PutEvent(ctx context.Context, e event.Event) (event.Event, delivery.Revision, error) {
	if e.ID == "poison" {
		panic("poison")
	}
	return p.Ledger.PutEvent(ctx, e)
}

func hook(stage event.Stage, at time.Duration) event.Hook {
	return event.Hook{
		Kind: event.CandidateUpdated, Team: "t1", PersonID: "p1", Stage: stage, StageRaw: string(stage), OccurredAt: noon.Add(at),
		AcceptedAt: noon.Add(at), Snapshot: contact.Snapshot{contact.Company: {Text: "Engines"}}, BodyHash: string(stage),
	}
}

func (w *world) hook(t *testing.T, h event.Hook) {
	t.Helper()
	if err := w.recorder().Hook(context.Background(), h); err != nil {
		t.Fatal(err)
	}
}

// types gives the types of a person's events, oldest first.
func (w *world) types(t *testing.T) []event.Type {
	t.Helper()
	_, records, err := w.store.Load(context.Background(), "t1", "p1", nil)
	if err != nil {
		t.Fatal(err)
	}
	var types []event.Type
	for _, r := range records {
		types = append(types, r.Type)
	}
	return types
}

func TestTheFirstHookIsABaselineAndTheNextATransition(t *testing.T) {
	w := newWorld()
	w.hook(t, hook(event.Messaged, 0))
	w.hook(t, hook(event.Replied, time.Minute))
	want := []event.Type{event.ContactEdited, event.StageChanged}
	if diff := cmp.Diff(want, w.types(t)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestTheSameHookAgainMeansNothingNew(t *testing.T) {
	w := newWorld()
	for range 3 {
		w.hook(t, hook(event.Messaged, 0))
	}
	if types := w.types(t); len(types) != 1 {
		t.Errorf("events %v", types)
	}
}

func TestAStageThatASignedEventToldIsNoTransitionForAHook(t *testing.T) {
	w := newWorld()
	w.hook(t, hook(event.Messaged, 0))
	nobody, err := w.store.Subject(context.Background(), "t1", "p1")
	if err != nil {
		t.Fatal(err)
	}
	told := person.Person{Team: "t1", ID: "p1", Stage: event.Replied, StageAt: noon.Add(time.Second)}
	if _, err := w.store.SavePerson(context.Background(), "t1", delivery.PersonChange{From: nobody, To: told}); err != nil {
		t.Fatal(err)
	}
	w.hook(t, hook(event.Replied, time.Minute))
	if types := w.types(t); len(types) != 1 {
		t.Errorf("events %v", types)
	}
}

func TestAContactThatChangesBackAndForthIsFollowed(t *testing.T) {
	w := newWorld()
	for i, stage := range []event.Stage{event.Messaged, event.Replied, event.Messaged, event.Replied} {
		w.hook(t, hook(stage, time.Duration(i)*time.Minute)) // the last has the second's derived id
	}
	state, err := w.store.HookState(context.Background(), "t1", "p1")
	if err != nil {
		t.Fatal(err)
	}
	if state.Last.Stage != event.Replied || len(w.types(t)) != 3 {
		t.Errorf("stage %q, events %v", state.Last.Stage, w.types(t))
	}
}

func TestACrashInAHookLosesNoTransition(t *testing.T) {
	sound := newWorld()
	sound.hook(t, hook(event.Messaged, 0))
	before := sound.lossy.Writes()
	sound.hook(t, hook(event.Replied, time.Minute))
	for _, loss := range tabletest.Losses() {
		for n := before + 1; n <= sound.lossy.Writes(); n++ {
			t.Run(fmt.Sprint(loss, n), func(t *testing.T) {
				w := newWorld()
				w.lose(tabletest.Nth(n, loss))
				w.hook(t, hook(event.Messaged, 0))
				err := w.recorder().Hook(context.Background(), hook(event.Replied, time.Minute))
				w.lossy.Settle()
				if err != nil {
					w.hook(t, hook(event.Replied, time.Minute))
				}
				want := []event.Type{event.ContactEdited, event.StageChanged}
				if diff := cmp.Diff(want, w.types(t)); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
				_, records, _ := w.store.Load(context.Background(), "t1", "p1", nil)
				for _, r := range records {
					w.announced(t, event.Event{ID: r.Event})
				}
			})
		}
	}
}

// linked makes p1 a person of the candidate, with an event that waits because
// the candidate is gone.
func (w *world) linked(t *testing.T, candidate string) {
	t.Helper()
	ctx := context.Background()
	w.record(t, sent("e1"))
	from, _, err := w.store.Stored(ctx, "t1", "e1")
	if err != nil {
		t.Fatal(err)
	}
	subject, err := w.store.Subject(ctx, "t1", "p1")
	if err != nil {
		t.Fatal(err)
	}
	to, err := from.Record.Move(delivery.RecordDeleted, noon)
	if err != nil {
		t.Fatal(err)
	}
	to.Due, to.Frozen = time.Time{}, true
	to.Steps = []delivery.Step{{ID: "note", Status: delivery.Refused, Code: delivery.CandidateNotFound}}
	p := person.Person{Team: "t1", ID: "p1", Link: person.Link{Kind: person.Synced, Candidate: candidate, Gone: true}}
	change := delivery.Change{Team: "t1", From: from, To: to, Person: &delivery.PersonChange{From: subject, To: p}}
	if _, _, err := w.store.Apply(ctx, change); err != nil {
		t.Fatal(err)
	}
	w.bell.rings = nil
}

func merge(into string) event.CandidateHook {
	h := event.CandidateHook{Team: "t1", ActionID: "a1", Action: event.CandidateMerge, Deleted: "gone", Survivor: into, AcceptedAt: noon}
	if into == "" {
		h.Action = event.CandidateDelete
	}
	return h
}

func TestAMergeRepointsTheLinkAndWakesWhatWaitedForTheCandidate(t *testing.T) {
	w := newWorld()
	w.linked(t, "gone")
	if err := w.recorder().Candidate(context.Background(), merge("kept")); err != nil {
		t.Fatal(err)
	}
	p, _, _ := w.store.Person(context.Background(), "t1", "p1")
	if p.Link.Candidate != "kept" || p.Link.Gone {
		t.Errorf("link %+v", p.Link)
	}
	r := w.stored(t, "e1")
	step, _ := r.Step("note")
	if r.State != delivery.Pending || r.Frozen || step.Status != delivery.NotSent {
		t.Errorf("state %q, frozen %v, step %q", r.State, r.Frozen, step.Status)
	}
	w.announced(t, sent("e1"))
	people, _ := w.store.PeopleOf(context.Background(), "t1", "kept")
	if len(people) != 1 || len(w.bell.rings) != 1 {
		t.Errorf("people of the survivor %v, rings %v", people, w.bell.rings)
	}
}

func TestADeletionEndsTheLinkAndRepeatsChangeNothing(t *testing.T) {
	w := newWorld()
	w.linked(t, "gone")
	for range 2 {
		if err := w.recorder().Candidate(context.Background(), merge("")); err != nil {
			t.Fatal(err)
		}
	}
	p, _, _ := w.store.Person(context.Background(), "t1", "p1")
	if !p.Link.Gone || p.Link.Candidate != "gone" || len(w.bell.rings) != 1 {
		t.Errorf("link %+v, rings %v", p.Link, w.bell.rings)
	}
}

func TestACrashInAMergeIsMadeUpForByTheRepeat(t *testing.T) {
	sound := newWorld()
	sound.linked(t, "gone")
	before := sound.lossy.Writes()
	if err := sound.recorder().Candidate(context.Background(), merge("kept")); err != nil {
		t.Fatal(err)
	}
	total := sound.lossy.Writes() - before
	for n := 1; n <= total; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			w := newWorld()
			w.linked(t, "gone")
			w.lose(tabletest.First(n, 1000, tabletest.Down))
			if err := w.recorder().Candidate(context.Background(), merge("kept")); err == nil {
				t.Fatal("the crash is not reported")
			}
			w.lose(nil)
			if err := w.recorder().Candidate(context.Background(), merge("kept")); err != nil {
				t.Fatal(err)
			}
			p, _, _ := w.store.Person(context.Background(), "t1", "p1")
			if r := w.stored(t, "e1"); r.State != delivery.Pending || p.Link.Candidate != "kept" {
				t.Errorf("state %q, link %+v", r.State, p.Link)
			}
			w.announced(t, sent("e1"))
		})
	}
}
