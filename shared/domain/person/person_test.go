package person

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func at(minutes int, phone string, stage event.Stage) event.Event {
	return event.Event{
		ID: stage2id(stage, minutes), Type: event.StageChanged, OccurredAt: noon.Add(time.Duration(minutes) * time.Minute),
		Person: event.Person{Stage: stage, Snapshot: contact.Snapshot{contact.Phones: {List: []string{phone}}}},
	}
}

func stage2id(s event.Stage, m int) string { return string(s) + time.Duration(m).String() }

func TestMarksAreSticky(t *testing.T) {
	p := Person{}.After(at(0, "1", event.Interested)).After(at(1, "1", event.NotInterested))
	if !p.Interested.Reached() || !p.Responded.Reached() || p.Stage != event.NotInterested {
		t.Errorf("%+v", p)
	}
	if p.Interested.At != noon {
		t.Error("the mark keeps the time at which it was first reached")
	}
}

func TestAnOlderEventChangesNothingNewer(t *testing.T) {
	p := Person{}.After(at(5, "new", event.Replied)).After(at(1, "old", event.Sourced))
	if got := p.Snapshot().Items(contact.Phones); got[0] != "new" || p.Stage != event.Replied {
		t.Errorf("phone %v, stage %s", got, p.Stage)
	}
}

func TestAfterLeavesTheOriginalAlone(t *testing.T) {
	p := Person{}.After(at(0, "a", event.Sourced))
	_ = p.After(at(1, "b", event.Replied))
	if p.Snapshot().Items(contact.Phones)[0] != "a" || p.Responded.Reached() {
		t.Errorf("%+v", p)
	}
}

func TestAbsentVariablesSayNothing(t *testing.T) {
	p := Person{}.After(at(0, "a", event.Sourced))
	e := at(1, "", event.Sourced)
	e.Person.Snapshot = contact.Snapshot{contact.Name: {Text: "Ada"}}
	if s := p.After(e).Snapshot(); s.Items(contact.Phones)[0] != "a" || s.Text(contact.Name) != "Ada" {
		t.Errorf("%+v", s)
	}
}

func TestALostCandidateOpensTheQuestionAgain(t *testing.T) {
	p := Person{Link: Link{Kind: Synced, Candidate: "c1"}, Review: Review{Answer: CreateNew}}.Lost()
	if !p.Link.Gone || p.Review.Answer != Open || p.Link.Candidate != "c1" {
		t.Errorf("%+v", p)
	}
}
