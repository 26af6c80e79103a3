package ashby_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// scene is one event with the Ashby it meets.
type scene struct {
	In         plan.Input
	Candidates []candidate.Candidate
	Fields     []field.Field
	Sources    []field.Option
	Incomplete bool
}

// Read answers as an account with these candidates would.
func (s scene) Read(_ context.Context, q plan.Ask) (plan.Answer, error) {
	switch q.Kind {
	case plan.AskFields:
		return plan.Answer{Fields: s.Fields}, nil
	case plan.AskSources:
		return plan.Answer{Sources: s.Sources}, nil
	case plan.AskTags, plan.AskProjects, plan.AskUsers:
		return plan.Answer{Options: things}, nil
	case plan.AskUser:
		return plan.Answer{Options: things[:1]}, nil
	case plan.AskMember:
		return plan.Answer{Options: things[:len(q.Arg)%2]}, nil
	case plan.AskKeys:
		return plan.Answer{Candidates: s.Candidates, Incomplete: s.Incomplete}, nil
	}
	var out []candidate.Candidate
	for _, c := range s.Candidates {
		if q.Kind == plan.AskCandidate && c.ID == q.Arg || q.Kind == plan.AskEmail && c.HasEmail(q.Arg) {
			out = append(out, c)
		}
	}
	return plan.Answer{Candidates: out}, nil
}

// things are what Ashby has of tags, projects and users.
var things = []field.Option{{Value: uuidOf(60), Label: "Ada"}, {Value: uuidOf(61), Label: "Lane"}, {Value: uuidOf(62), Label: "lane"}, {Value: uuidOf(63), Label: "Ops", Archived: true}}

func uuidOf(n int) string { return fmt.Sprintf("%08d-0000-4000-8000-000000000000", n) }

const (
	company = contact.Variable("company")
	skills  = contact.Variable("skills")
)

var (
	when      = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	emails    = []string{"ada@x.io", "ADA@x.io", "b@x.io", "c@x.io", "@", "a..b@x.io", "\"q q\"@x.io", "é@x.io", " "}
	pages     = []string{"linkedin.com/in/ada", "https://www.linkedin.com/sales/lead/1", "https://x.com/ada?s=1", "https://github.com/ada", "ada.example", "https://a.example/é?q=é", "not a url", "https://a.example/%zz"}
	phones    = []string{"+44 20 7946 0000", "0044 20 7946 0000", "020", "none", "+1 212 555 0100\x00"}
	texts     = []string{"", " ", "Ada", "Lane", "5", "1,5", "true", "2026-11-02", "Ops", "https://a.example", "a\x00\xffb", "<b>$create.candidateId\"", "Website"}
	kinds     = []field.Type{field.String, field.LongText, field.Number, field.Boolean, field.Date, field.Select, field.MultiSelect, field.URL, field.EmailType, field.PhoneType, field.UUID, field.Place, "Currency"}
	policies  = []field.Policy{field.Never, field.OnlyIfBlank, field.Append, field.Always}
	variables = []contact.Variable{contact.FirstName, contact.LastName, contact.Name, contact.City, contact.State, contact.Country, contact.Location, contact.Source, company}
	existing  = []string{`"Ada"`, `"5"`, `5`, `true`, `["ops"]`, `["ops","old"]`, `[]`, `null`, `{"city":"Paris"}`, `"x`, ``}
)

func pick[T any](t *rapid.T, label string, of []T) T { return rapid.SampledFrom(of).Draw(t, label) }

func chance(t *rapid.T, label string) bool { return rapid.Bool().Draw(t, label) }

func some(t *rapid.T, label string, of []string) []string {
	return rapid.SliceOfN(rapid.SampledFrom(of), 0, 4).Draw(t, label)
}

func at(t *rapid.T, label string) time.Time {
	return when.Add(time.Duration(rapid.IntRange(-3, 3).Draw(t, label)) * time.Hour)
}

var scenes = rapid.Custom(func(t *rapid.T) scene {
	s := scene{Incomplete: chance(t, "incomplete")}
	for i := range rapid.IntRange(0, 3).Draw(t, "candidates") {
		s.Candidates = append(s.Candidates, drawCandidate(t, i+1))
	}
	for i := range 3 {
		s.Fields = append(s.Fields, field.Field{
			ID: uuidOf(100 + i), Type: pick(t, "type", kinds), Archived: rapid.IntRange(0, 5).Draw(t, "archived") == 0,
			Private: rapid.IntRange(0, 3).Draw(t, "private") == 0, Reason: pick(t, "reason", []string{"", "", "", "read-only"}),
			Options: []field.Option{{Value: "ops", Label: "Ops"}, {Value: "ada", Label: "Ada"}, {Value: "old", Label: "Lane", Archived: true}},
		})
	}
	if chance(t, "sources") {
		s.Sources = []field.Option{{Value: uuidOf(50), Label: "Website"}, {Value: uuidOf(51), Label: "Ada"}, {Value: uuidOf(52), Label: "ada"}}
	}
	s.In = drawInput(t)
	return s
})

func drawCandidate(t *rapid.T, n int) candidate.Candidate {
	c := candidate.Candidate{ID: uuidOf(n), Name: pick(t, "its name", []string{"", "Ada", "Ada Lane"}), Custom: map[string]candidate.FieldValue{}}
	for i, e := range some(t, "its emails", emails[:4]) {
		c.Emails = append(c.Emails, candidate.Address{Value: e, Primary: i == 0})
	}
	for i, p := range some(t, "its phones", phones[:2]) {
		c.Phones = append(c.Phones, candidate.Address{Value: p, Primary: i == 0})
	}
	for _, l := range []candidate.Link{{Type: "LinkedIn", URL: "https://linkedin.com/in/ada"}, {Type: "GitHub", URL: "https://github.com/old"}, {Type: "Website"}} {
		if chance(t, "its link") {
			c.Links = append(c.Links, l)
		}
	}
	c.Location = pick(t, "its location", []string{"", "Paris, France"})
	for i := range 3 {
		c.Custom[uuidOf(100+i)] = candidate.FieldValue{JSON: pick(t, "its field", existing)}
	}
	return c
}

func drawSnapshot(t *rapid.T) contact.Snapshot {
	s := contact.Snapshot{}
	for _, v := range variables {
		if chance(t, "has "+string(v)) {
			s[v] = contact.Value{Text: pick(t, string(v), texts)}
		}
	}
	if chance(t, "has emails") {
		s[contact.Emails] = contact.Value{List: some(t, "emails", emails)}
	}
	if chance(t, "has phones") {
		s[contact.Phones] = contact.Value{List: some(t, "phones", phones)}
	}
	if chance(t, "has links") {
		s[contact.SocialLinks] = contact.Value{List: some(t, "links", pages)}
	}
	if chance(t, "has skills") {
		s[skills] = contact.Value{List: some(t, "skills", texts)}
	}
	return s
}

func drawInput(t *rapid.T) plan.Input {
	in := plan.Input{Event: drawEvent(t), Person: drawPerson(t), Mapping: drawMapping(t)}
	in.Settings = setting.Resolve(nil, setting.Lock{})
	in.Settings.Trigger, in.Settings.OnlySynced = pick(t, "trigger", setting.Triggers()), chance(t, "only synced")
	in.Settings.Manual = rapid.IntRange(0, 3).Draw(t, "manual") > 0
	if chance(t, "all note types") {
		in.Settings.NoteTypes = event.NoteTypes()
	}
	in.Key.SeesPrivate = chance(t, "sees private")
	if chance(t, "displays") {
		drawGiven(t, &in)
	}
	return in
}

// drawGiven lets users give values, and fields be mandatory and protected.
func drawGiven(t *rapid.T, in *plan.Input) {
	ids := []string{field.Source, field.CreditedTo, field.Tags, field.Projects, field.Location, uuidOf(100), uuidOf(101), uuidOf(102)}
	values := slices.Concat(texts, []string{uuidOf(50), uuidOf(60), uuidOf(63), "ada@x.io", "ops"})
	in.Standing.Shown = some(t, "shown", ids)
	in.Standing.Displayed = in.Standing.Shown
	if rapid.IntRange(0, 3).Draw(t, "demands") == 0 {
		in.Standing.Mandatory = some(t, "mandatory", ids)
	}
	in.Standing.Protected = some(t, "protected", ids)
	for range rapid.IntRange(0, 4).Draw(t, "given") {
		v := given.Value{Field: pick(t, "given field", ids), Text: pick(t, "given text", values), At: at(t, "given at")}
		if chance(t, "a list is given") {
			v.Text, v.List = "", some(t, "given list", values)
		}
		if chance(t, "for the person") {
			in.Given.Person = append(in.Given.Person, v)
		} else {
			in.Given.Campaign = append(in.Given.Campaign, v)
		}
		if chance(t, "pushed before") {
			in.Person.Given = map[string]time.Time{v.Field: at(t, "pushed at")}
		}
	}
}

func drawEvent(t *rapid.T) event.Event {
	e := event.Event{
		ID: rapid.String().Draw(t, "id"), Team: "t", Type: pick(t, "event", append(event.Types(), event.ContactEdited, event.ContactEdited, event.ContactEdited, event.PushRequested, event.BackfillRequested)),
		Origin: pick(t, "origin", []event.Origin{event.Manual, event.Manual, event.Manual, event.API}), OccurredAt: at(t, "occurred"),
	}
	e.Person = event.Person{ID: "p", Stage: pick(t, "stage", []event.Stage{"", "", event.Replied, event.Interested}), Snapshot: drawSnapshot(t)}
	if chance(t, "names what changed") {
		e.Person.Changed = []contact.Variable{pick(t, "changed", append(variables, contact.Emails, skills))}
	}
	if rapid.IntRange(0, 5).Draw(t, "in a campaign") > 0 {
		e.Campaign = &event.Campaign{ID: "c", Name: rapid.String().Draw(t, "campaign")}
	}
	if chance(t, "message") {
		e.Message = &event.Message{Channel: event.Email, Automatic: chance(t, "automatic"), Subject: rapid.String().Draw(t, "subject"), Body: rapid.String().Draw(t, "body")}
	}
	if chance(t, "given") {
		e.Values = []event.Given{{Field: field.Tags, List: []string{"x"}}}
	}
	return e
}

func drawPerson(t *rapid.T) person.Person {
	p := person.Person{Team: "t", ID: "p", Held: rapid.IntRange(0, 15).Draw(t, "held") == 0}
	p.Link.Kind = pick(t, "link", []person.LinkKind{person.NotLinked, person.NotLinked, person.Synced, person.NoteOnly})
	if p.Link.Kind != person.NotLinked {
		p.Link.Candidate = uuidOf(rapid.IntRange(1, 3).Draw(t, "linked to"))
		p.Link.Gone = rapid.IntRange(0, 3).Draw(t, "gone") == 0
	}
	p.Review.Answer = pick(t, "answer", []person.Answer{person.Open, person.Open, person.Open, person.CreateNew, person.NeverLink})
	if chance(t, "known before") {
		p.Known, p.Applied = map[contact.Variable]person.Known{}, map[contact.Variable]time.Time{}
		for v, value := range drawSnapshot(t) {
			p.Known[v] = person.Known{Value: value, At: when}
		}
		for _, v := range append(variables, contact.Emails, contact.Phones) {
			if rapid.IntRange(0, 3).Draw(t, "applied") == 0 {
				p.Applied[v] = at(t, "applied at")
			}
		}
		p.Location = pick(t, "sent location", []string{"", "Ada"})
	}
	return p
}

func drawMapping(t *rapid.T) mapping.Mapping {
	m := mapping.Default()
	from := [][]contact.Variable{{company}, {skills}, {contact.SocialLinks}, {contact.Emails}, nil}
	for i := range 4 { // the last is a field that is no longer there
		m = m.With(mapping.Entry{
			From: pick(t, "from", from), To: uuidOf(100 + i),
			Take: pick(t, "take", []mapping.Take{mapping.Whole, mapping.First, mapping.Rest, mapping.All, mapping.Joined}),
		})
	}
	m.Rules = map[string]mapping.Rule{}
	for _, e := range m.Entries {
		if chance(t, "rule") {
			p := pick(t, "policy", policies)
			m.Rules[e.To] = mapping.Rule{Policy: p, Clear: p == field.Always && chance(t, "clear")}
		}
	}
	return m
}
