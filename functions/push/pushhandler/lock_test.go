package pushhandler_test

import (
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
)

// choose saves settings of the team, or of a user when one is named.
func (s *service) choose(user string, change func(*setting.Document)) {
	s.t.Helper()
	store := config.New(s.configs, time.Now, s.token)
	d, err := store.Settings(s.t.Context(), "t1", user)
	if err != nil {
		s.t.Fatal(err)
	}
	d.Author = user
	change(&d)
	if _, err := store.SaveSettings(s.t.Context(), "t1", user, d); err != nil {
		s.t.Fatal(err)
	}
}

func trigger(t setting.Trigger) func(*setting.Document) {
	return func(d *setting.Document) { d.Values.Trigger = &t }
}

func lock(d *setting.Document)   { d.Locked = &setting.Locked{By: "ann", At: time.Now()} }
func unlock(d *setting.Document) { d.Locked = nil }

// seen tells what a token said of a user.
func (s *service) seen(user string, admin bool) {
	s.t.Helper()
	store := config.New(s.configs, time.Now, s.token)
	seen := caller.Sighting{User: user, Role: caller.Member, Admin: admin, At: time.Now()}
	if err := store.SeeUser(s.t.Context(), "t1", seen); err != nil {
		s.t.Fatal(err)
	}
}

// added is somebody added to a campaign, by a user.
func added(id, actor string, overrides ...event.Override) event.Event {
	e := booked(id)
	e.Type, e.Message = event.CampaignAdded, nil
	e.Actor, e.Person.ID, e.Overrides = event.Actor{ID: actor}, "person-"+id, overrides
	e.Person.Snapshot[contact.Emails] = contact.Value{List: []string{id + "@example.com"}}
	return e
}

func (s *service) is(id string, code delivery.Code) delivery.Record {
	s.t.Helper()
	r, ok, err := timeline.New(s.timelines, time.Now, s.token).Record(s.t.Context(), "t1", id)
	if err != nil || !ok || r.Code != code {
		s.t.Errorf("%s is %q (%v, %v), want %q", id, r.Code, ok, err, code)
	}
	return r
}

func TestUnderTheLockOnlyAdminsChoicesCountThroughWhateverDoorTheyCome(t *testing.T) {
	onAdd := string(setting.OnAdd)
	by := func(level event.OverrideLevel, author string) event.Override {
		return event.Override{Level: level, Author: author, Trigger: &onAdd}
	}
	for name, c := range map[string]struct {
		event  event.Event
		counts bool
	}{
		"a member's own":                {added("e", "mel"), false},
		"an admin's own":                {added("e", "ann"), true},
		"a demoted admin's own":         {added("e", "dan"), false},
		"a person's by a member":        {added("e", "", by(event.ForPerson, "mel")), false},
		"a person's by an admin":        {added("e", "", by(event.ForPerson, "ann")), true},
		"a campaign's by a member":      {added("e", "", by(event.ForCampaign, "mel")), false},
		"a campaign's by an admin":      {added("e", "", by(event.ForCampaign, "ann")), true},
		"a person's by a demoted admin": {added("e", "", by(event.ForPerson, "dan")), false},
		"a person's by a stranger":      {added("e", "", by(event.ForPerson, "who")), false},
		"a person's by nobody known":    {added("e", "", by(event.ForPerson, "")), false},
	} {
		for _, locked := range []bool{true, false} {
			inService(t, func(s *service) {
				s.choose("", trigger(setting.Never))
				for _, user := range []string{"mel", "ann", "dan"} {
					s.choose(user, trigger(setting.OnAdd))
				}
				s.seen("ann", true)
				s.seen("mel", false)
				s.seen("dan", true)
				if locked {
					s.choose("", lock)
				}
				time.Sleep(time.Second)
				s.accept(c.event)
				s.seen("dan", false) // between acceptance and planning
				s.drain()
				want := delivery.TriggerNever
				if c.counts || !locked {
					want = delivery.Created
				}
				r := s.is("e", want)
				x, kept, err := timeline.New(s.timelines, time.Now, s.token).Explanation(s.t.Context(), "t1", r)
				if err != nil {
					t.Fatal(err)
				}
				if forced := x.Effective.Forced(); slices.Contains(forced, setting.TriggerName) == (c.counts || !locked) {
					t.Errorf("%s, locked %v: explanation kept %v, forced %v", name, locked, kept, forced)
				}
			})
		}
	}
}

func TestASignedEventTellsWhoIsAnAdmin(t *testing.T) {
	inService(t, func(s *service) {
		s.choose("", trigger(setting.Never))
		s.choose("", lock)
		s.choose("ann", trigger(setting.OnAdd))
		time.Sleep(time.Second)
		told := added("e1", "ann")
		told.Actor.Admin, told.Actor.AdminSaid = true, true
		s.accept(told)
		s.drain()
		s.is("e1", delivery.Created)

		time.Sleep(time.Second)
		s.accept(added("e2", "ann")) // says nothing, and changes nothing
		s.drain()
		s.is("e2", delivery.Created)

		time.Sleep(time.Second)
		told = added("e3", "ann")
		told.Actor.AdminSaid = true
		s.accept(told)
		s.drain()
		s.is("e3", delivery.TriggerNever)
	})
}

func TestLiftingTheLockBringsTheKeptChoicesBack(t *testing.T) {
	inService(t, func(s *service) {
		s.choose("", trigger(setting.Never))
		s.choose("mel", trigger(setting.OnAdd))
		s.choose("", lock)
		time.Sleep(time.Second)
		s.accept(added("e1", "mel"))
		s.drain()
		s.is("e1", delivery.TriggerNever)
		s.accept(added("e2", "mel"))
		s.choose("", unlock) // before e2 is planned
		s.drain()
		s.is("e2", delivery.Created)
	})
}

func TestSettingsThatAreFlippedWhileEventsWaitCountForLaterEventsOnly(t *testing.T) {
	inService(t, func(s *service) {
		s.choose("", trigger(setting.OnAdd))
		s.choose("mel", trigger(setting.OnAdd))
		time.Sleep(time.Second)
		team, user := added("e1", ""), added("e2", "mel") // accepted, still in the queue
		time.Sleep(time.Second)
		s.choose("", trigger(setting.Never))
		s.choose("mel", trigger(setting.Never))
		time.Sleep(time.Second)
		s.accept(team, user, added("e3", ""), added("e4", "mel"))
		s.drain()
		for id, version := range map[string]int{"e1": 1, "e2": 1, "e3": 2, "e4": 2} {
			code := delivery.Created
			if version == 2 {
				code = delivery.TriggerNever
			}
			for _, l := range s.is(id, code).Layers {
				if l.Version != version {
					t.Errorf("%s rests on version %d of the %s's", id, l.Version, l.Level)
				}
			}
		}
	})
}

func TestAnotherTeamsUserOfTheSameIdChoosesNothingHere(t *testing.T) {
	inService(t, func(s *service) {
		store := config.New(s.configs, time.Now, s.token)
		never := setting.Never
		other := setting.Document{Author: "mel", Values: setting.Values{Trigger: &never}}
		if _, err := store.SaveSettings(t.Context(), "t2", "mel", other); err != nil {
			t.Fatal(err)
		}
		s.choose("", trigger(setting.OnAdd))
		time.Sleep(time.Second)
		s.accept(added("e1", "mel"))
		s.drain()
		s.is("e1", delivery.Created)
	})
}
