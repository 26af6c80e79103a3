package push_test

import (
	"context"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// changeKey gives the team another key.
func (w *world) changeKey(key, fingerprint string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.key = key
	w.connection.Fingerprint, w.connection.KeySince = fingerprint, time.Now()
}

// hide makes a candidate one that only keys with the switch for confidential ones
// see, and takes the switch from the second key.
func (w *world) hide(candidate string) {
	w.t.Helper()
	if err := w.sim.Edit(candidate, func(c *ashbytest.Candidate) { c.Confidential = true }); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.sim.ChangeKey(ashbytest.SecondKey, func(k *ashbytest.Key) { k.Confidential = false }); err != nil {
		w.t.Fatal(err)
	}
}

// behindANewKey puts p1 into Ashby, by the event e1, and gives the team a key that does
// not see them.
func (w *world) behindANewKey() {
	w.t.Helper()
	w.record(sent("e1", "p1", 0))
	w.drain()
	w.is("e1", delivery.Created)
	time.Sleep(time.Second)
	w.hide(w.person("p1").Link.Candidate)
	w.changeKey(ashbytest.SecondKey, "f2")
}

func TestACandidateThatANewKeyDoesNotSeeIsNotTakenForDeleted(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.behindANewKey()
		w.record(sent("e2", "p1", time.Second))
		w.drain()
		w.is("e2", delivery.Connection)
		if w.person("p1").Link.Gone {
			t.Error("the person lost their candidate")
		}
		w.sweepFor(3 * time.Hour) // alone in Ashby: nothing else shows that the key sees anybody
		w.is("e2", delivery.Connection)
		time.Sleep(time.Second)
		w.changeKey(ashbytest.LocalKey, "f1")
		w.checked()
		w.is("e2", delivery.Synced)
	})
}

func TestAWriteOfUnknownOutcomeUnderANewKeyDoesNotTakeAHiddenCandidateForDeleted(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.behindANewKey()
		w.lose(ashbytest.LostBefore, "candidate.createNote")
		w.record(sent("e2", "p1", time.Second))
		w.drain()
		w.sweepFor(30 * time.Minute)
		w.is("e2", delivery.Settling)
		if w.person("p1").Link.Gone {
			t.Error("the person lost their candidate")
		}
		if _, err := w.sim.ChangeKey(ashbytest.SecondKey, func(k *ashbytest.Key) { k.Confidential = true }); err != nil {
			t.Fatal(err)
		}
		w.sweepFor(time.Hour)
		w.is("e2", delivery.Synced)
	})
}

func TestOnceTheKeySeesOthersACandidateThatIsNotFoundIsGone(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e1", "p1", 0), sent("other", "p2", 0))
		w.drain()
		time.Sleep(time.Second)
		w.changeKey(ashbytest.SecondKey, "f2")
		if err := w.sim.Delete(w.person("p1").Link.Candidate); err != nil {
			t.Fatal(err)
		}
		w.record(sent("e2", "p1", time.Second))
		w.drain()
		w.is("e2", delivery.Connection) // just after the change
		w.sweepFor(90 * time.Minute)
		w.is("e2", delivery.RecordDeleted)
		if !w.person("p1").Link.Gone {
			t.Error("the person is not asked about")
		}
	})
}

func TestACandidateThatTheNewKeyMadeItselfIsGoneWhenItIsNotFound(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.changeKey(ashbytest.SecondKey, "f2")
		time.Sleep(time.Second)
		w.record(sent("e1", "p1", 0))
		w.drain()
		if err := w.sim.Delete(w.person("p1").Link.Candidate); err != nil {
			t.Fatal(err)
		}
		w.record(sent("e2", "p1", time.Second))
		w.drain()
		w.is("e2", delivery.RecordDeleted)
	})
}

func TestAfterAFreshStartPeopleAreMatchedAnewInTheOtherOrganisation(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e1", "p1", 0), sent("deleted", "p2", 0))
		w.drain()
		old := w.person("p1").Link.Candidate
		if err := w.sim.Delete(w.person("p2").Link.Candidate); err != nil {
			t.Fatal(err)
		}
		w.record(sent("asked", "p2", time.Second))
		w.drain()
		w.is("asked", delivery.RecordDeleted)
		w.fault(ashbytest.Fault{Kind: ashbytest.LostAfter, Endpoints: []string{"candidate.createNote"}, Count: 1})
		w.record(sent("unknown", "p1", time.Second))
		w.drain()
		w.is("unknown", delivery.Settling)

		w.changeKey(ashbytest.OtherKey, "f3")
		w.mu.Lock()
		w.connection.Generation = 1
		w.mu.Unlock()
		w.record(sent("e2", "p1", 2*time.Second))
		w.look("p2") // as the answer does with all about whom something is asked
		w.sweepFor(time.Hour)
		for id, code := range map[string]delivery.Code{
			"unknown": delivery.Created, "e2": delivery.Synced, "asked": delivery.Created,
		} {
			w.is(id, code)
		}
		p := w.person("p1")
		if p.Generation != 1 || p.Link.Candidate == old || p.Link.Kind != person.Synced {
			t.Errorf("linked %+v, generation %d", p.Link, p.Generation)
		}
		if people, err := w.store.PeopleOf(t.Context(), "t1", old); err != nil || len(people) > 0 {
			t.Errorf("the old candidate still has %v, %v", people, err)
		}
		linked, err := w.store.Linked(t.Context(), "t1", 1, 3)
		if err != nil || len(linked) != 2 {
			t.Errorf("links to try a key on: %v, %v", linked, err)
		}
	})
}

// look has a person looked at for no event.
func (w *world) look(id string) {
	w.t.Helper()
	if err := w.store.AddDue(context.Background(), "t1", []delivery.Work{delivery.LookAtPerson(id, time.Now())}); err != nil {
		w.t.Fatal(err)
	}
}

func TestALinkByHandAfterAFreshStartIsOfTheNewOrganisation(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.mu.Lock()
		w.connection.Generation = 1
		w.mu.Unlock()
		there := w.known(ashbytest.Candidate{Name: "Ada Lane"})
		if _, err := w.reviewer(w.table).Link(t.Context(), "t1", "p1", "ann", there); err != nil {
			t.Fatal(err)
		}
		w.record(sent("e2", "p1", time.Second))
		w.drain()
		w.is("e2", delivery.Synced)
		if l := w.person("p1").Of(1).Link; l.Candidate != there {
			t.Errorf("linked to %+v", l)
		}
	})
}
