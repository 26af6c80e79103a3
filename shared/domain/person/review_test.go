package person_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

var at = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func ambiguous() person.Person {
	return person.Person{ID: "p", Review: person.Review{Candidates: []string{"a", "b"}}}
}

func deleted() person.Person {
	return person.Person{ID: "p", Link: person.Link{Kind: person.Synced, Candidate: "a", Gone: true}, Location: "London"}
}

func TestEachQuestionTakesItsAnswersAndNoOthers(t *testing.T) {
	takes := map[string]map[person.Answer]bool{
		"ambiguous": {person.LinkTo: true, person.CreateNew: true, person.NeverLink: true},
		"deleted":   {person.Recreate: true, person.LinkTo: true, person.Stop: true},
		"nothing":   {},
	}
	for name, p := range map[string]person.Person{"ambiguous": ambiguous(), "deleted": deleted(), "nothing": {ID: "p"}} {
		for _, a := range []person.Answer{person.Open, person.LinkTo, person.CreateNew, person.NeverLink, person.Recreate, person.Stop, "?"} {
			chosen := ""
			if a == person.LinkTo {
				chosen = "b"
			}
			got, err := p.Decide(a, chosen, "ann", at)
			if (err == nil) != takes[name][a] {
				t.Errorf("%s, %q: %v", name, a, err)
			}
			if err != nil {
				continue
			}
			if got.Review.Answer != a || got.Review.By != "ann" || !got.Review.At.Equal(at) || got.Asked() != p.Asked() {
				t.Errorf("%s, %q: %+v asked %q", name, a, got.Review, got.Asked())
			}
			back, err := got.Undo()
			back.Location, p.Location = "", ""
			if diff := cmp.Diff(p, back); diff != "" || err != nil {
				t.Errorf("%s, %q taken back: %v %s", name, a, err, diff)
			}
			if _, err := got.Using().Undo(); !fault.Is(err, fault.Conflict) {
				t.Errorf("%s, %q was used and is taken back: %v", name, a, err)
			}
		}
	}
}

func TestAnAnswerMayBeChangedUntilItIsUsed(t *testing.T) {
	first, err := ambiguous().Decide(person.LinkTo, "a", "ann", at)
	if err != nil {
		t.Fatal(err)
	}
	second, err := first.Decide(person.LinkTo, "b", "ben", at.Add(time.Minute))
	if err != nil || second.Review.Chosen != "b" || second.Review.By != "ben" {
		t.Errorf("%+v, %v", second.Review, err)
	}
	if same, err := first.Decide(person.LinkTo, "a", "ben", at.Add(time.Hour)); err != nil || same.Review.By != "ann" {
		t.Errorf("the same answer again: %+v, %v", same.Review, err)
	}
	if _, err := first.Using().Decide(person.NeverLink, "", "ben", at); !fault.Is(err, fault.Conflict) {
		t.Errorf("another answer after the first was used: %v", err)
	}
}

func TestWhatTheAnswersMean(t *testing.T) {
	if p, _ := deleted().Decide(person.Stop, "", "ann", at); !p.Link.Stopped || !p.Link.Gone {
		t.Errorf("stop: %+v", p.Link)
	}
	if p, _ := deleted().Decide(person.LinkTo, "b", "ann", at); p.Link.Candidate != "b" || p.Link.Gone || p.Location != "" || !p.Chosen() || p.Replaced() != "a" {
		t.Errorf("another: %+v", p)
	}
	if p, _ := deleted().Decide(person.Recreate, "", "ann", at); !p.Review.Creates() || !p.Link.Gone || p.Replaced() != "a" {
		t.Errorf("recreate: %+v", p)
	}
	if p := deleted().LinkedTo("c", "ann", at); p.Link.Candidate != "c" || !p.Chosen() || p.Using().Chosen() {
		t.Errorf("by hand: %+v", p)
	}
	if p := deleted().Unlinked(); p.Link != (person.Link{}) || p.Asked() != person.NoQuestion {
		t.Errorf("unlinked: %+v", p)
	}
}

func TestAMergeLearntLaterHealsAndADeletionAsksAgain(t *testing.T) {
	p := deleted().Moved("a", "survivor", at)
	if p.Link.Gone || p.Link.Candidate != "survivor" || p.Asked() != person.NoQuestion {
		t.Errorf("%+v", p)
	}
	stopped, _ := deleted().Decide(person.Stop, "", "ann", at)
	back, err := stopped.Moved("a", "survivor", at).Undo()
	if err != nil || back.Link.Gone || back.Link.Candidate != "survivor" {
		t.Errorf("taken back after the merge: %+v, %v", back.Link, err)
	}
	used, _ := deleted().Decide(person.Recreate, "", "ann", at)
	if lost := used.Using().Lost(); lost.Asked() != person.Deleted || lost.Review.Answer != person.Open || lost.Review.Used {
		t.Errorf("deleted again: %+v", lost)
	}
}
