package push_test

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

func TestPeopleWhoShareAnAddressOrAProfileShareACandidate(t *testing.T) {
	for name, shared := range map[string]contact.Snapshot{
		"address": {contact.Emails: {List: []string{"Shared@example.com", "own@example.com"}}},
		"profile": {contact.SocialLinks: {List: []string{"https://www.linkedin.com/in/shared"}}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.fault(ashbytest.Fault{Kind: ashbytest.Slow, DelayMs: 200}) // so that their calls overlap
				var events []event.Event
				for _, who := range []string{"p1", "p2", "p3", "p4"} {
					e := sent("e-"+who, who, 0)
					e.Person.Snapshot = contact.Snapshot{contact.Name: {Text: "Sam Shared"}}
					for v, value := range shared {
						e.Person.Snapshot[v] = value
					}
					events = append(events, e)
				}
				w.record(events...)
				w.drain()
				w.sweepFor(5 * time.Minute)
				if n := w.calls("candidate.create"); n != 1 {
					t.Errorf("%d candidates were made", n)
				}
				link := w.person("p1").Link.Candidate
				for _, e := range events {
					if r := w.get(e.ID); r.State != delivery.Final || w.person(e.Person.ID).Link.Candidate != link {
						t.Errorf("%s is %s %s, linked to another", e.ID, r.State, r.Code)
					}
				}
			})
		})
	}
}
