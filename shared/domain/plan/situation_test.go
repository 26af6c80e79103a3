package plan_test

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// ashby answers the planner's questions from a fixed world and counts them.
type ashby struct {
	candidates []candidate.Candidate
	fields     []field.Field
	sources    []field.Option
	tags       []field.Option
	projects   []field.Option
	users      []field.Option
	members    map[string][]field.Option // projects by candidate
	incomplete bool
	index      []candidate.Candidate // what the index has, which may be behind
}

func (a ashby) Read(_ context.Context, q plan.Ask) (plan.Answer, error) {
	switch q.Kind {
	case plan.AskFields:
		return plan.Answer{Fields: a.fields}, nil
	case plan.AskSources:
		return plan.Answer{Sources: a.sources}, nil
	case plan.AskTags:
		return plan.Answer{Options: a.tags}, nil
	case plan.AskProjects:
		return plan.Answer{Options: a.projects}, nil
	case plan.AskUsers:
		return plan.Answer{Options: a.users}, nil
	case plan.AskUser:
		return plan.Answer{}, nil
	case plan.AskMember:
		return plan.Answer{Options: a.members[q.Arg]}, nil
	case plan.AskIndex:
		return plan.Answer{Candidates: a.index, Incomplete: a.index == nil}, nil
	case plan.AskKeys:
		return plan.Answer{Candidates: a.candidates, Incomplete: a.incomplete}, nil
	}
	var out []candidate.Candidate
	for _, c := range a.candidates {
		if q.Kind == plan.AskCandidate && c.ID == q.Arg || q.Kind == plan.AskEmail && c.HasEmail(q.Arg) {
			out = append(out, c)
		}
	}
	return plan.Answer{Candidates: out}, nil
}

// situation makes an input: a reply of Ada in a campaign, the trigger on add.
func situation(change ...func(*plan.Input)) plan.Input {
	in := plan.Input{
		Event: event.Event{
			ID: "evt-1", Team: "t1", Type: event.EmailReply, OccurredAt: noon, AcceptedAt: noon,
			Campaign: &event.Campaign{ID: "c1", Name: "Backend Q4", Step: "2"},
			Person: event.Person{ID: "p1", Snapshot: contact.Snapshot{
				contact.FirstName: {Text: "Ada"}, contact.LastName: {Text: "Lane"},
				contact.Emails: {List: []string{"ada@example.com"}},
			}},
			Message: &event.Message{Channel: event.Email, Direction: event.Inbound, Subject: "Re: Role", Body: "Yes, tell me more."},
		},
		Person:   person.Person{Team: "t1", ID: "p1"},
		Settings: setting.Resolve([]setting.Layer{{Level: setting.Team, Values: setting.Values{Trigger: new(setting.OnAdd)}}}, setting.Lock{}),
		Mapping:  mapping.Default(),
	}
	for _, c := range change {
		c(&in)
	}
	return in
}

func trigger(t setting.Trigger, onlySynced bool) func(*plan.Input) {
	return func(in *plan.Input) { in.Settings.Trigger, in.Settings.OnlySynced = t, onlySynced }
}

func of(t event.Type) func(*plan.Input) {
	return func(in *plan.Input) {
		in.Event.Type = t
		if !t.Reply() {
			in.Event.Message = nil
		}
	}
}

func linked(kind person.LinkKind) func(*plan.Input) {
	return func(in *plan.Input) { in.Person.Link = person.Link{Kind: kind, Candidate: "cand-1"} }
}

func edited(changed map[contact.Variable]contact.Value, names ...contact.Variable) func(*plan.Input) {
	return func(in *plan.Input) {
		in.Person = in.Person.After(in.Event) // what was known before the edit
		in.Event.ID, in.Event.Type, in.Event.Origin, in.Event.Message = "evt-2", event.ContactEdited, event.Manual, nil
		in.Event.OccurredAt = noon.Add(time.Hour)
		in.Event.Person.Snapshot, in.Event.Person.Changed = changed, names
	}
}

func ada() candidate.Candidate {
	return candidate.Candidate{
		ID: "cand-1", Name: "Ada Lane", ProfileURL: "https://app.ashbyhq.com/x",
		Emails: []candidate.Address{{Value: "ADA@example.com", Primary: true}},
	}
}

func drive(in plan.Input, a plan.Reader) (plan.Outcome, []plan.Ask) {
	out, asks, err := plan.Drive(context.Background(), in, a)
	if err != nil {
		panic(err)
	}
	return out, asks
}

func methods(out plan.Outcome) []string {
	var m []string
	for _, s := range out.Steps {
		m = append(m, s.Method)
	}
	return m
}
