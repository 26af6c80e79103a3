// Package wire_test carries events through the real bootstrap files, deployed as template.yaml says, over AWS's wire and into a simulated Ashby.
package wire_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/campaign"
	"github.com/sourcewhale/ashby-sync/infra/local/deployment/deploytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

func TestEventsReachAshbyOnceThroughTheBootstrapFiles(t *testing.T) {
	t.Parallel()
	s := deploy(t, deploytest.Config{})
	s.Broken = func(err error) { s.Error(err) } // no function may fail as a whole
	s.showThePage()
	s.activate()
	s.putPeopleIntoAshbyWhenAdded()
	s.flow("record")

	autumn := campaign.Campaign{Team: team, Name: "autumn", People: 1, Now: time.Now()}
	s.loseTheRingsOf(autumn)
	s.sweep()
	s.flow("push")
	s.settled(campaign.PerPerson, people(autumn)...)
	s.writtenOnce(autumn)

	spring := campaign.Campaign{Team: team, Name: "spring", People: 5, Now: time.Now()}
	s.play(spring)
	s.writtenOnce(spring)
	s.explained(spring)
	s.repeat(spring)
	s.setAside("this is no event")
	s.refusedNothing()
	s.followDeletion(spring.PersonID(1))
	s.Watch.AllowedAll(t, map[string]int{"settings": 10, "intake": 5, "record": 10, "push": 10, "sweep": 2})
}

func (s *service) showThePage() {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), http.MethodGet, s.URL+"/", nil)
	if err != nil {
		s.Fatal(err)
	}
	answer, err := client.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer answer.Body.Close()
	if kind := answer.Header.Get("Content-Type"); answer.StatusCode != http.StatusOK || !strings.HasPrefix(kind, "text/html") {
		s.Errorf("console answered %d %s", answer.StatusCode, kind)
	}
}

// activate connects the team with a key that may do everything.
func (s *service) activate() {
	s.Helper()
	var connection struct{ Status string }
	status := s.call(http.MethodPut, "/v1/connection", nil, map[string]string{"key": ashbytest.LocalKey}, &connection)
	if status != http.StatusOK || connection.Status != "connected" {
		s.Fatalf("activation answered %d %q", status, connection.Status)
	}
}

func (s *service) putPeopleIntoAshbyWhenAdded() {
	s.Helper()
	var settings struct{ Version int }
	status := s.call(http.MethodPatch, "/v1/settings/team", map[string]string{"If-Match": `"0"`}, map[string]string{"trigger": "on_add"}, &settings)
	if status != http.StatusOK || settings.Version != 1 {
		s.Fatalf("settings answered %d, version %d", status, settings.Version)
	}
}

// loseTheRingsOf has a campaign recorded and takes the rings before anybody hears
// them.
func (s *service) loseTheRingsOf(c campaign.Campaign) {
	s.Helper()
	s.send(c.Name, c.Events()...)
	s.eventually("everything is recorded", func() bool { return s.empty("EventsQueue") })
	if rings := s.take("WorkQueue"); len(rings) == 0 {
		s.Error("record rang nobody")
	}
	for _, person := range people(c) {
		recorded := s.timeline(person)
		if len(recorded) != campaign.PerPerson {
			s.Errorf("%d events of %s are recorded", len(recorded), person)
		}
		for _, e := range recorded {
			if e.State != "pending" {
				s.Errorf("%s is %s although nobody was rung", e.Event, e.State)
			}
		}
	}
}

// play sends a campaign; that people were added comes first, so that it is known
// which event puts them into Ashby.
func (s *service) play(c campaign.Campaign) {
	s.Helper()
	added, rest := c.Events()[:c.People], c.Events()[c.People:]
	s.send(c.Name+"-added", added...)
	s.settled(1, people(c)...)
	for i, request := range campaign.Requests(rest) { // some events come twice
		s.send(fmt.Sprintf("%s-%d", c.Name, i), request...)
	}
	s.settled(campaign.PerPerson, people(c)...)
}

// repeat sends a campaign again under another message id, as a sender does that
// got no answer, and wants nothing written.
func (s *service) repeat(c campaign.Campaign) {
	s.Helper()
	before := s.Ashby.Stats().Applied
	for i, request := range campaign.Requests(c.Events()) {
		s.send(fmt.Sprintf("%s-again-%d", c.Name, i), request...)
	}
	// Record rings before it acknowledges, push before it leaves: in this order empty means done.
	for _, id := range []string{"EventsQueue", "WorkQueue"} {
		s.eventually(id+" is empty", func() bool { return s.empty(id) })
	}
	if after := s.Ashby.Stats().Applied; !maps.Equal(before, after) {
		s.Errorf("a second delivery changed Ashby: writes %v, then %v", before, after)
	}
	for _, person := range people(c) {
		if n := len(s.timeline(person)); n != campaign.PerPerson {
			s.Errorf("%s has %d events on the timeline", person, n)
		}
	}
}

// explained wants to be told why an event became a note, and which.
func (s *service) explained(c campaign.Campaign) {
	s.Helper()
	person := c.PersonID(0)
	for step, code := range map[int]string{1: "created", 2: "synced", 7: "synced", 8: "synced"} {
		told := s.explain(fmt.Sprintf("%s-%d", person, step))
		if told.State != "final" || told.Code != code || told.Message == "" || told.Rule == "" {
			s.Errorf("%s: %+v, want %s with its reasons", told.Event, told, code)
		}
		if t := told.Settings.Trigger; t.Value != "on_add" || t.Level != "team" {
			s.Errorf("%s was decided with trigger %+v", told.Event, t)
		}
	}
	told, notes := s.explain(person+"-2"), s.state().Notes[s.candidate(person)]
	written := slices.ContainsFunc(notes, func(n ashbytest.Note) bool { return len(told.Steps) == 1 && n.ID == told.Steps[0].Remote })
	if !written || told.Steps[0].Method != "candidate.createNote" || told.Steps[0].Status != "done" {
		s.Errorf("%s names another step than its note: %+v", told.Event, told.Steps)
	}
}

// setAside wants what cannot be read among the dead letters.
func (s *service) setAside(body string) {
	s.Helper()
	if err := sqs.New(s.Account.Queues, s.Ref("EventsQueue")).Send(s.Context(), queue.Message{Body: body, Group: team}); err != nil {
		s.Fatal(err)
	}
	var dead []string
	s.eventually("the body is among the dead letters", func() bool {
		dead = append(dead, s.take("EventsDeadLetters")...)
		return len(dead) > 0 && s.empty("EventsQueue")
	})
	if !slices.Equal(dead, []string{body}) {
		s.Errorf("dead letters: %q", dead)
	}
}

// followDeletion wants that Ashby's own webhook, which activation registered, ends
// the writing to a candidate that is gone.
func (s *service) followDeletion(person string) {
	s.Helper()
	if err := s.Ashby.Delete(s.candidate(person)); err != nil {
		s.Fatal(err)
	}
	s.eventually(person+" is known to be gone", func() bool { return s.link(person).Gone })
}

// refusedNothing wants that no call to Ashby was one that it does not take.
func (s *service) refusedNothing() {
	s.Helper()
	for _, call := range s.Ashby.Calls(ashbytest.CallFilter{}) {
		greeting := call.Endpoint == "" // without a key, to have a connection open
		if !call.Success && !greeting {
			s.Errorf("call %d, %s: %d %s", call.Seq, call.Endpoint, call.Status, call.Code)
		}
	}
}
