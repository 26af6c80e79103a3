package timeline_test

import (
	"context"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

func TestWhoHasWorkAndIsNotInAshbyIsCounted(t *testing.T) {
	b := newBench(nil)
	ctx := context.Background()
	for id, link := range map[string]person.Link{"in": {Kind: person.Synced, Candidate: "c1"}, "gone": {Kind: person.Synced, Candidate: "c2", Gone: true}, "noted": {Kind: person.NoteOnly, Candidate: "c3"}} {
		_, err := b.SavePerson(ctx, "t1", delivery.PersonChange{From: delivery.Subject{Person: person.Person{Team: "t1", ID: id}}, To: person.Person{Team: "t1", ID: id, Link: link}})
		check(t, err)
	}
	var work []delivery.Work
	for _, id := range []string{"in", "gone", "noted", "new"} {
		for _, event := range []string{"1", "2"} {
			work = append(work, delivery.Work{Class: delivery.Live, Due: b.now, Person: id, Event: id + event})
		}
	}
	work = append(work, delivery.Work{Class: delivery.Bulk, Due: b.now.Add(time.Hour), Person: "later", Event: "later"}, delivery.LookAtTeam(b.now), delivery.LookAtPerson("in", b.now))
	check(t, b.AddDue(ctx, "t1", work))
	count, more, err := b.Outside(ctx, "t1", 100)
	if err != nil || count != 4 || more {
		t.Errorf("%d, more %v, %v", count, more, err)
	}
	if _, more, err = b.Outside(ctx, "t1", 3); err != nil || !more {
		t.Errorf("of three entries: more %v, %v", more, err)
	}
}
