package push_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// scene draws a team, its Ashby, a person and what happens to them.
type scene struct {
	*world
	r          *rand.Rand
	candidates []string
}

func draw[T any](s *scene, of ...T) T { return of[s.r.IntN(len(of))] }

// in reports true once in n times.
func (s *scene) in(n int) bool { return s.r.IntN(n) == 0 }

var (
	addresses = []string{"ada@example.com", "ADA@example.com", "lane@example.com", "third@example.com", "a..b@example.com"}
	profiles  = []string{"linkedin.com/in/ada", "https://github.com/ada", "https://x.com/ada?s=1", "https://medium.com/@ada", "not a url", "https://www.linkedin.com/sales/lead/1"}
	numbers   = []string{"+44 20 7946 0000", "0044 20 7946 0000", "+1 212 555 0100", "none"}
	words     = []string{"", " ", "Ada", "Lane", "5", "1,5", "yes", "2026-11-02", "Senior", "English, Hindi", "Klingon", "https://ada.example.com", "<b>&\"", "Careers page", "LinkedIn", "Oslo, Norway"}
	plain     = []contact.Variable{
		contact.FirstName, contact.LastName, contact.Name, contact.City, contact.Country, contact.Location, contact.Source, contact.Company, contact.Role,
		"headline", "customVariable", "customVariable2",
	}
)

func some(s *scene, of []string, most int) []string {
	var out []string
	for range s.r.IntN(most + 1) {
		out = append(out, draw(s, of...))
	}
	return out
}

func (s *scene) snapshot() contact.Snapshot {
	out := contact.Snapshot{}
	for _, v := range plain {
		if s.in(2) {
			out[v] = contact.Value{Text: draw(s, words...)}
		}
	}
	for v, of := range map[contact.Variable][]string{contact.Phones: numbers, contact.SocialLinks: profiles, "skills": words} {
		if s.in(2) {
			out[v] = contact.Value{List: some(s, of, 3)}
		}
	}
	if !s.in(4) {
		out[contact.Emails] = contact.Value{List: some(s, addresses, 3)}
	}
	return out
}

// furnish puts candidates into Ashby and draws what the team configured.
func (s *scene) furnish() {
	fields := s.made.Fields
	for range s.r.IntN(4) {
		c := ashbytest.Candidate{Name: draw(s, "Ada", "Ada Lane", "Someone Else")}
		for j, e := range some(s, addresses[:4], 2) {
			if !slices.ContainsFunc(c.Emails, func(o ashbytest.Contact) bool { return o.Value == e }) {
				c.Emails = append(c.Emails, ashbytest.Contact{Value: e, Type: "Personal", IsPrimary: j == 0})
			}
		}
		if s.in(2) {
			c.Phones = []ashbytest.Contact{{Value: draw(s, numbers[:3]...), Type: "Personal", IsPrimary: true}}
		}
		if s.in(2) {
			c.Links = []ashbytest.SocialLink{{Type: "LinkedIn", URL: "https://www.linkedin.com/in/" + draw(s, "ada", "other")}}
		}
		if s.in(2) {
			c.Location = &ashbytest.Location{City: "Oslo", Country: "Norway"}
		}
		for title, value := range map[string]any{"Company": "Ada", "Seniority": "senior", "Languages": []any{"english"}, "Years of experience": 5.0, "Open to work": true, "Private rating": 3.0} {
			if s.in(2) {
				c.Fields = append(c.Fields, ashbytest.Value{Field: fields[title], Value: value})
			}
		}
		if s.in(3) {
			c.Source, c.Tags = s.made.Sources["Careers page"], []string{s.made.Tags["Outreach"]}
		}
		s.candidates = append(s.candidates, s.known(c))
	}
	s.connection.SeesPrivate = s.in(2)
	sees := s.connection.SeesPrivate || s.in(3) // a switch that nobody looked at since
	s.key1(func(k *ashbytest.Key) { k.Private = sees })
	s.layer = &setting.Layer{Level: setting.Team, Version: 1, Values: setting.Values{
		Trigger: new(draw(s, setting.Triggers()...)), OnlySynced: new(s.in(2)), Manual: new(!s.in(5)), NoteTypes: new(event.NoteTypes()),
	}}
	if s.in(4) {
		s.layer.Values.NoteTypes = nil
	}
	s.standing = setting.Standing{NativeEmail: s.in(2), PrivateNotes: s.in(2), Backfill: s.in(2)}
	if s.in(2) {
		s.standing.Shown = []string{field.Tags, field.Projects, field.Source, field.Location, fields["Seniority"], fields["Languages"], fields["Summary"]}
		s.standing.Displayed = s.standing.Shown
	}
	if s.in(5) {
		s.standing.Mandatory = []string{draw(s, field.Email, field.Phone, fields["Seniority"])}
	}
	s.mapped()
}

// mapped draws the mapping: every type of field, and fields that cannot be written.
func (s *scene) mapped() {
	m := mapping.Default()
	m.Rules = map[string]mapping.Rule{}
	for _, title := range []string{
		"Company", "Title", "Summary", "Open to work", "Available from", "Years of experience", "Seniority", "Languages", "Portfolio",
		"External id", "Second email", "Assistant phone", "Preferred location", "Private rating", "Old score", "Pipeline key", "Current salary",
	} {
		if s.in(3) {
			m = m.With(mapping.Entry{From: []contact.Variable{draw(s, plain[7:]...)}, To: s.made.Fields[title]})
		}
	}
	if s.in(2) {
		m = m.With(mapping.Entry{From: []contact.Variable{"skills"}, To: s.made.Fields["Languages"], Take: mapping.Joined})
	}
	for _, id := range []string{"00000000-0000-4000-8000-00000000dead", "school"} {
		if s.in(4) {
			m = m.With(mapping.Entry{From: []contact.Variable{contact.Company}, To: id})
		}
	}
	for _, e := range m.Entries {
		if s.in(2) {
			p := draw(s, field.Never, field.OnlyIfBlank, field.Append, field.Always, field.Always)
			m.Rules[e.To] = mapping.Rule{Policy: p, Clear: p == field.Always && s.in(2)}
		}
	}
	s.mapping = &m
}

// somebody puts the person into the store, as something of the past left them.
func (s *scene) somebody() {
	p := person.Person{Team: "t1", ID: "p1", Held: s.in(25)}
	if s.in(2) {
		before := time.Now().Add(-time.Hour)
		p = p.After(event.Event{OccurredAt: before, Person: event.Person{ID: "p1", Stage: draw(s, event.Sourced, event.Sourced, event.Replied, event.Interested), Snapshot: s.snapshot()}})
		p.Applied = map[contact.Variable]time.Time{}
		for _, v := range append(slices.Clone(plain), contact.Emails, contact.Phones) {
			if s.in(4) {
				p.Applied[v] = before.Add(time.Duration(s.r.IntN(3)-1) * time.Hour)
			}
		}
		p.Location = draw(s, "", "Oslo, Norway")
	}
	if len(s.candidates) > 0 && s.in(2) {
		p.Link = person.Link{
			Kind: draw(s, person.Synced, person.Synced, person.NoteOnly), Candidate: draw(s, s.candidates...), Gone: s.in(5), Stopped: false, At: time.Now(),
		}
	}
	p.Review.Answer = draw(s, person.Open, person.Open, person.Open, person.Open, person.CreateNew, person.NeverLink)
	if p.Link.Kind != person.NotLinked && p.Review.Answer == person.NeverLink {
		p.Review.Answer = person.Open
	}
	if _, err := s.store.SavePerson(context.Background(), "t1", delivery.PersonChange{To: p}); err != nil {
		s.t.Fatal(err)
	}
}

// happens draws one to five events of the person, each some seconds after the one
// before.
func (s *scene) happens() []event.Event {
	var out []event.Event
	at := time.Duration(0)
	for i := range 1 + s.r.IntN(5) {
		at += time.Duration(s.r.IntN(9_000)) * time.Millisecond
		e := mailed(fmt.Sprintf("e%d", i), "p1", at)
		e.AcceptedAt = time.Now().Add(time.Duration(i) * time.Microsecond)
		e.Type = draw(s, append(event.NoteTypes(), event.ContactRemoved)...)
		e.Person.Snapshot = s.snapshot()
		e.Person.Stage = draw(s, "", "", "", event.Replied, event.Interested)
		if s.in(3) {
			e.Type, e.Origin, e.Message = event.ContactEdited, draw(s, event.Manual, event.Manual, event.Manual, event.Manual, event.API), nil
			e.Person.Changed = draw(s, nil, []contact.Variable{contact.Company, contact.Phones}, nil)
			if s.in(5) {
				e.Person.UpdatedAt = e.OccurredAt.Add(-2 * time.Hour)
			}
		}
		if !e.Type.Outreach() || s.in(6) {
			e.Message = nil
		}
		if s.in(12) {
			e.Campaign = nil
		}
		if s.in(3) {
			e.Values = []event.Given{s.gives()}
		}
		if e.Message != nil && s.in(4) {
			e.Message.Subject = ""
		}
		if s.in(15) && i == 0 {
			e = event.Event{ID: e.ID, Team: "t1", Type: event.PushRequested, OccurredAt: e.OccurredAt, AcceptedAt: e.AcceptedAt, Person: event.Person{ID: "p1"}, BodyHash: "hash"}
		}
		out = append(out, e)
	}
	if s.in(10) {
		return s.wavers(out[0])
	}
	return out
}

// wavers are two edits of which the second takes the first back.
func (s *scene) wavers(e event.Event) []event.Event {
	e.Type, e.Origin, e.Message, e.Values = event.ContactEdited, event.Manual, nil, nil
	back := e
	e.Person.Snapshot, back.Person.Snapshot = at("Looms"), at(s.person("p1").Snapshot().Text(contact.Company))
	back.ID, back.OccurredAt = "e1", e.OccurredAt.Add(3*time.Second)
	return []event.Event{e, back}
}

func (s *scene) gives() event.Given {
	return draw(s,
		event.Given{Field: field.Tags, List: []string{"Outreach", "Strong candidate"}}, event.Given{Field: field.Tags, List: []string{"No such tag"}},
		event.Given{Field: field.Projects, List: []string{"Nordic engineering pool"}}, event.Given{Field: field.Source, Text: "Careers page"},
		event.Given{Field: s.made.Fields["Seniority"], Text: "Junior"}, event.Given{Field: s.made.Fields["Languages"], List: []string{"English", "Spanish"}},
		event.Given{Field: field.Location, Text: "Oslo, Norway"}, event.Given{Field: s.made.Fields["Title"], Text: "Not displayed"},
	)
}
