package pushhandler_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/repository/candidates"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
)

func (s *service) copies() *candidates.Store { return candidates.New(s.candidates, time.Now, s.token) }

func (s *service) mirror() index.State {
	s.t.Helper()
	state, _, err := s.copies().State(s.t.Context(), "t1")
	if err != nil {
		s.t.Fatal(err)
	}
	return state
}

func (s *service) record1(id string) delivery.Record {
	s.t.Helper()
	r, ok, err := timeline.New(s.timelines, time.Now, s.token).Record(s.t.Context(), "t1", id)
	if err != nil || !ok {
		s.t.Fatalf("%s: %v, %v", id, ok, err)
	}
	return r
}

// minutes lets time pass, with a sweep and its drains every minute.
func (s *service) minutes(n int) {
	s.t.Helper()
	for range n {
		time.Sleep(time.Minute)
		if _, err := s.sweep.Sweep(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
		for len(s.work.sent) > 0 {
			s.drain()
		}
	}
}

func (s *service) people(n int) {
	s.t.Helper()
	for i := range n {
		if _, err := s.sim.AddCandidate(s.made.Org, ashbytest.Candidate{
			Name: fmt.Sprintf("Person %d", i), Emails: []ashbytest.Contact{{Value: fmt.Sprintf("person-%d@example.com", i), IsPrimary: true}},
			Links: []ashbytest.SocialLink{{Type: "LinkedIn", URL: fmt.Sprintf("https://www.linkedin.com/in/person-%d", i)}},
		}); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *service) ring() {
	s.t.Helper()
	if err := s.work.Send(s.t.Context(), queue.Message{Body: `{"team":"t1"}`}); err != nil {
		s.t.Fatal(err)
	}
}

func TestADrainWithNothingElseToDoReadsAshbyAndThenAgain(t *testing.T) {
	inService(t, func(s *service) {
		s.people(450)
		s.accept(booked("e1"))
		s.drain()
		first := s.mirror()
		if first.Live == nil || first.Run != nil || s.notes("e1") != 1 {
			t.Fatalf("%+v, %d notes", first, s.notes("e1"))
		}
		lists := s.sim.Stats().Endpoints["candidate.list"]
		if lists != 5 {
			t.Errorf("%d pages read", lists)
		}
		s.minutes(12)
		second := s.mirror()
		if !second.FreshAsOf.After(first.FreshAsOf) || second.Live.Number != 1 {
			t.Errorf("not read again: %+v", second)
		}
		if again := s.sim.Stats().Endpoints["candidate.list"] - lists; again != 1 {
			t.Errorf("%d pages read again", again)
		}
	})
}

func TestAMirrorThatWasCutOffGoesOnWhereItStopped(t *testing.T) {
	inService(t, func(s *service) {
		s.people(950)
		if _, err := s.sim.AddFault(ashbytest.Fault{Kind: ashbytest.Throttled, Endpoints: []string{"candidate.list"}, Skip: 4, Count: 1, RetryAfterMs: 40_000}); err != nil {
			t.Fatal(err)
		}
		s.accept(booked("e1"))
		s.drain()
		if state := s.mirror(); state.Run == nil || state.Run.Pages != 4 {
			t.Fatalf("%+v", state.Run)
		}
		s.minutes(3)
		if state := s.mirror(); state.Live == nil || s.sim.Stats().Endpoints["candidate.list"] > 12 {
			t.Errorf("%+v after %d pages", state, s.sim.Stats().Endpoints["candidate.list"])
		}
	})
}

func unaddressed(id, slug string) event.Event {
	e := booked(id)
	e.Person.ID = "p-" + slug
	e.Person.Snapshot = contact.Snapshot{
		contact.FirstName: {Text: "Nobody"}, contact.LastName: {Text: "Known"},
		contact.SocialLinks: {List: []string{"https://linkedin.com/in/" + slug}},
	}
	return e
}

func TestPeopleWithoutAnAddressWaitForTheIndexAndAreThenFoundInIt(t *testing.T) {
	inService(t, func(s *service) {
		s.people(2500) // more than is looked through without an index
		s.accept(unaddressed("e1", "person-2400"), unaddressed("e2", "new-in-town"))
		s.drain()
		for len(s.work.sent) > 0 || s.mirror().Live == nil {
			s.ring()
			s.drain()
		}
		s.minutes(2)
		if r := s.record1("e1"); r.Code != delivery.Matched {
			t.Errorf("one who is in Ashby: %s %s", r.State, r.Code)
		}
		if r := s.record1("e2"); r.Code != delivery.Created {
			t.Errorf("one who is not: %s %s", r.State, r.Code)
		}
		if n := s.notes("e1") + s.notes("e2"); n != 2 {
			t.Errorf("%d notes", n)
		}
	})
}

func TestADeletionAndAMergeReachTheCopyAtOnce(t *testing.T) {
	inService(t, func(s *service) {
		s.people(10)
		s.accept(booked("e1"))
		s.drain()
		all := s.sim.Dump(s.made.Org)[0].Candidates
		gone, away, into := all[2].ID, all[3].ID, all[4].ID // persons 1 to 3
		if err := s.sim.Delete(gone); err != nil {
			t.Fatal(err)
		}
		if err := s.sim.Merge(away, into); err != nil {
			t.Fatal(err)
		}
		calls := s.sim.Stats().Endpoints["candidate.list"]
		for _, h := range []event.CandidateHook{
			{Team: "t1", ActionID: "a1", Action: event.CandidateDelete, Deleted: gone, AcceptedAt: time.Now()},
			{Team: "t1", ActionID: "a2", Action: event.CandidateMerge, Deleted: away, Survivor: into, AcceptedAt: time.Now()},
		} {
			if err := s.record.Candidate(s.t.Context(), h); err != nil {
				t.Fatal(err)
			}
		}
		s.drain()
		known, err := s.copies().Known(s.t.Context(), "t1", []string{gone, away, into})
		if err != nil || !known[gone].Gone || !known[away].Gone || known[into].Gone {
			t.Errorf("%+v, %v", known, err)
		}
		bearers, err := s.copies().Bearers(s.t.Context(), "t1", "mail:person-2@example.com")
		if err != nil || len(bearers) != 1 || bearers[0] != into {
			t.Errorf("bearers of what was merged: %v, %v", bearers, err)
		}
		if again := s.sim.Stats().Endpoints["candidate.list"]; again != calls {
			t.Errorf("%d pages were read for it", again-calls)
		}
	})
}

func TestADeletionThatNoHookToldOfIsNoticedADayLater(t *testing.T) {
	inService(t, func(s *service) {
		s.people(10)
		s.accept(booked("e1"))
		s.drain()
		s.minutes(30) // a reading has listed the candidate that was made
		people := timeline.New(s.timelines, time.Now, s.token)
		p, _, err := people.Person(s.t.Context(), "t1", "p1")
		if err != nil || p.Link.Candidate == "" {
			t.Fatalf("%+v, %v", p.Link, err)
		}
		if err := s.sim.Delete(p.Link.Candidate); err != nil {
			t.Fatal(err)
		}
		s.minutes(25 * 60)
		if p, _, err = people.Person(s.t.Context(), "t1", "p1"); err != nil || !p.Link.Gone {
			t.Errorf("%+v, %v", p.Link, err)
		}
	})
}
