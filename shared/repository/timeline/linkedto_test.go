package timeline_test

import (
	"maps"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

func TestTheLastPersonOfACandidateIsFoundAndAnotherWhenTheyLeave(t *testing.T) {
	b := newBench(nil)
	link := func(id, from, to string) {
		t.Helper()
		subject, err := b.Subject(t.Context(), "t1", id)
		if err != nil || subject.Person.Link.Candidate != from {
			t.Fatalf("%+v, %v", subject, err)
		}
		next := subject.Person
		next.Link = person.Link{Kind: person.Synced, Candidate: to}
		if to == "" {
			next.Link = person.Link{}
		}
		if _, err := b.SavePerson(t.Context(), "t1", delivery.PersonChange{From: subject, To: next}); err != nil {
			t.Fatal(err)
		}
	}
	want := func(what string, want map[string]string) {
		t.Helper()
		got, _, err := b.LinkedTo(t.Context(), "t1", []string{"c1", "c2", "c3"})
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%s: got %v, want %v, %v", what, got, want, err)
		}
	}
	want("nobody", nil)
	link("p1", "", "c1")
	link("p2", "", "c1")
	link("p3", "", "c2")
	want("the last one", map[string]string{"c1": "p2", "c2": "p3"})
	link("p2", "c1", "c2")
	want("one has moved", map[string]string{"c1": "p1", "c2": "p2"})
	link("p1", "c1", "")
	want("all have left", map[string]string{"c2": "p2"})
	if others, _, err := b.LinkedTo(t.Context(), "t2", []string{"c1", "c2"}); err != nil || len(others) > 0 {
		t.Errorf("another team's: %v, %v", others, err)
	}
	if err := b.EndCandidate(t.Context(), "t1", "c2", "", time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, ended, err := b.LinkedTo(t.Context(), "t1", []string{"c1", "c2"}); err != nil || !ended["c2"] || ended["c1"] {
		t.Errorf("ended %v, %v", ended, err)
	}
}
