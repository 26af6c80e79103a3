package plan_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// say is a text variable's value.
func say(v contact.Variable, text string) map[contact.Variable]contact.Value {
	return map[contact.Variable]contact.Value{v: {Text: text}}
}

// burst makes an input of edits, each a second after the one before.
func burst(edits ...func(*plan.Input)) plan.Input {
	in := situation(linked(person.Synced))
	in.Person = in.Person.After(in.Event)
	for i, change := range edits {
		one := situation()
		change(&one)
		e := one.Event
		e.ID, e.OccurredAt = string(rune('a'+i)), noon.Add(time.Hour+time.Duration(i)*time.Second)
		if i < len(edits)-1 {
			in.Earlier = append(in.Earlier, e)
		} else {
			in.Event = e
		}
	}
	return in
}

func TestEditsThatGoAsOneWriteWhatIsDifferentInTheEnd(t *testing.T) {
	phone := map[contact.Variable]contact.Value{contact.Phones: {List: []string{"+44 20 7946 0000"}}}
	for name, c := range map[string]struct {
		edits []func(*plan.Input)
		code  delivery.Code
		wrote []string
	}{
		"both changes go in one call":               {[]func(*plan.Input){edited(phone), edited(say(contact.City, "Oslo"))}, delivery.Synced, []string{field.Phone, field.Location}},
		"the last value wins":                       {[]func(*plan.Input){edited(say(contact.City, "Oslo")), edited(say(contact.City, "Bergen"))}, delivery.Synced, []string{field.Location}},
		"back to what it was":                       {[]func(*plan.Input){edited(say(contact.LastName, "Byron")), edited(say(contact.LastName, "Lane"))}, delivery.NoNetChange, nil},
		"back to what it was, though named":         {[]func(*plan.Input){edited(say(contact.LastName, "Byron"), contact.LastName), edited(say(contact.LastName, "Lane"), contact.LastName)}, delivery.NoNetChange, nil},
		"one of two comes back":                     {[]func(*plan.Input){edited(say(contact.LastName, "Byron")), edited(phone), edited(say(contact.LastName, "Lane"))}, delivery.Synced, []string{field.Phone}},
		"named and never different is a change":     {[]func(*plan.Input){edited(say(contact.LastName, "Lane"), contact.LastName), edited(phone)}, delivery.Synced, []string{field.Name, field.Phone}},
		"nothing changed by any":                    {[]func(*plan.Input){edited(say(contact.LastName, "Lane")), edited(say(contact.FirstName, "Ada"))}, delivery.NoNetChange, nil},
		"new and cleared again comes to nothing":    {[]func(*plan.Input){edited(say(contact.City, "Oslo")), edited(say(contact.City, ""))}, delivery.Synced, nil},
		"one edit that changes nothing is just one": {[]func(*plan.Input){edited(say(contact.LastName, "Lane"))}, delivery.Synced, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c0 := ada()
			c0.Name = "Ada Corrected" // by a recruiter
			out, asks := drive(burst(c.edits...), ashby{candidates: []candidate.Candidate{c0}})
			var wrote []string
			for _, f := range out.Fields {
				if f.Action != field.Skip {
					wrote = append(wrote, f.Field)
				}
			}
			if out.Code != c.code || !slices.Equal(wrote, c.wrote) || len(out.Steps) > 1 {
				t.Errorf("code %s, wrote %v in %v", out.Code, wrote, methods(out))
			}
			if len(c.wrote) == 0 && len(asks) > 0 {
				t.Errorf("nothing to write, and yet read: %v", asks)
			}
		})
	}
}

func TestAnOlderEditOfSeveralOverwritesNoNewerOne(t *testing.T) {
	in := burst(edited(say(contact.City, "Oslo")), edited(say(contact.City, "Bergen")))
	in.Earlier[0].Person.UpdatedAt = noon.Add(2 * time.Hour)
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{ada()}})
	if len(out.Steps) != 1 || !strings.Contains(out.Steps[0].Body, "Oslo") {
		t.Errorf("steps %+v", out.Steps)
	}
}

func TestValuesGivenWithSeveralEditsAreTheLatestOfEach(t *testing.T) {
	in := burst(edited(say(contact.City, "Oslo")), edited(say(contact.City, "Bergen")))
	in.Earlier[0].Values = []event.Given{{Field: "x", Text: "old"}, {Field: "y", Text: "only"}}
	in.Event.Values = []event.Given{{Field: "x", Text: "new"}}
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{ada()}})
	var given []string
	for _, f := range out.Fields {
		if len(f.From) == 0 {
			given = append(given, f.Field)
		}
	}
	if !slices.Equal(given, []string{"x", "y"}) {
		t.Errorf("given %v", given)
	}
}

func TestOnlyQuickEditsOfALinkedPersonGoTogether(t *testing.T) {
	edit := func(change ...func(*plan.Input)) plan.Input {
		at := func(in *plan.Input) { in.Event.OccurredAt = noon }
		return situation(append([]func(*plan.Input){linked(person.Synced), edited(say(contact.City, "Oslo")), at}, change...)...)
	}
	later := func(d time.Duration) func(*plan.Input) {
		return func(in *plan.Input) { in.Event.OccurredAt = noon.Add(d) }
	}
	off := func(in *plan.Input) { in.Settings.Manual = false }
	for name, c := range map[string]struct {
		first, next plan.Input
		want        bool
	}{
		"within ten seconds":        {edit(), edit(later(plan.Gather)), true},
		"after an answered review":  {edit(func(in *plan.Input) { in.Person.Review.Answer = person.CreateNew }), edit(), true},
		"later":                     {edit(), edit(later(plan.Gather + 1)), false},
		"of another origin":         {edit(), edit(func(in *plan.Input) { in.Event.Origin = event.API }), false},
		"no edit":                   {edit(), edit(of(event.EmailReply)), false},
		"the first with manual off": {edit(off), edit(), false},
		"the next with manual off":  {edit(), edit(off), false},
		"of a person not linked":    {edit(func(in *plan.Input) { in.Person.Link = person.Link{} }), edit(), false},
		"note-only":                 {edit(linked(person.NoteOnly)), edit(), false},
		"gone":                      {edit(func(in *plan.Input) { in.Person.Link.Gone = true }), edit(), false},
		"held":                      {edit(func(in *plan.Input) { in.Person.Held = true }), edit(), false},
	} {
		if got := plan.Together(c.first, c.next); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
