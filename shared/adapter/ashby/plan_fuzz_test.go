package ashby_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbyspec"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// odd are texts that people, programs and strangers write.
var odd = []string{
	"", " ", "Ada Lane", "a\x00b\xff", "\u202eevil", "<script>alert(1)</script>", "<pre><b>x", "&amp;&#0;", "$create.candidateId", "{\"a\":1}",
	"ada@example.com", "Ada <ada@example.com>, b@example.com", "\"q q\"@x.io", "é@x.io", "https://a.example/é?q=é", "https://a.example:8443/x?q=1#y",
	"javascript:alert(1)", "http://[::1", "1,000.5", "1e309", "-0", "0x10", "2026-02-30", "9999-12-31T23:59:59-10:00", "yes", "Ops, ops", "+44 (0)20 7946 0000",
	"On Monday, Ada wrote:\n> quoted", "line\r\nline\rline", strings.Repeat("<", 30_000), strings.Repeat("wort ", 9_000), strings.Repeat("\n", 25_000) + "end",
}

// linkedTo is an input about a person who is linked to the first candidate.
func linkedTo(e event.Event) plan.Input {
	e.Campaign = &event.Campaign{ID: "c", Name: "Makers"}
	e.Team, e.OccurredAt, e.AcceptedAt = "t", when, when
	return plan.Input{
		Event: e, Settings: setting.Resolve(nil, setting.Lock{}), Mapping: mapping.Default(),
		Person: person.Person{Team: "t", ID: "p", Link: person.Link{Kind: person.Synced, Candidate: uuidOf(1)}},
	}
}

// FuzzEveryNoteAndEmailIsTakenByAshby writes a message as note and as email and
// holds both to Ashby's description, to their length, and to what Ashby keeps.
func FuzzEveryNoteAndEmailIsTakenByAshby(f *testing.F) {
	spec, err := ashbyspec.Load()
	if err != nil {
		f.Fatal(err)
	}
	for i, s := range odd {
		next := odd[(i+7)%len(odd)]
		f.Add("evt-"+s, s, next, "ada@example.com", "b@example.com", next, s, int64(i), true)
		f.Add(next, "Hello", s, s, next, s, next, int64(-i), false)
	}
	f.Fuzz(func(t *testing.T, id, subject, body, from, to, url, header string, duration int64, html bool) {
		if html {
			body = "<p>" + body
		}
		if id = field.Printable(id); id == "" {
			id = "evt" // no other comes in
		}
		e := event.Event{ID: id, Type: event.EmailSent, Message: &event.Message{
			Channel: event.Email, Subject: subject, Body: body, From: from, To: to, URL: url, Header: header, Thread: header, Duration: time.Duration(duration),
		}}
		for _, native := range []bool{false, true} {
			in := linkedTo(e)
			in.Standing = setting.Standing{NativeEmail: native, PrivateNotes: html}
			in.Key.SeesPrivate = html
			in.Event.Campaign.Name = subject
			out, _, err := plan.Drive(context.Background(), in, scene{})
			if err != nil || len(out.Steps) != 1 {
				t.Fatalf("%v: %+v", err, out)
			}
			if err := taken(spec, out); err != nil {
				t.Fatal(err)
			}
			if n := utf8.RuneCountInString(textOf(t, out.Steps[0].Body)); n == 0 || n > plan.MaxNote {
				t.Fatalf("%d characters", n)
			}
		}
	})
}

// textOf gives what a note or an email says.
func textOf(t *testing.T, body string) string {
	t.Helper()
	var b struct {
		Note struct{ Value string }
		Body string
	}
	if err := json.Unmarshal([]byte(body), &b); err != nil {
		t.Fatal(err)
	}
	return b.Note.Value + b.Body
}

// FuzzEveryConversionIsTakenByAshby maps a text to every type of field, of a new
// candidate and of one who has values, and holds every call to Ashby's description.
func FuzzEveryConversionIsTakenByAshby(f *testing.F) {
	spec, err := ashbyspec.Load()
	if err != nil {
		f.Fatal(err)
	}
	for i, s := range odd {
		f.Add(s, odd[(i+3)%len(odd)], i%2 == 0, i%3 == 0)
	}
	s := scene{Candidates: []candidate.Candidate{{ID: uuidOf(1), Name: "Ada", Custom: map[string]candidate.FieldValue{}}}}
	m := mapping.Default()
	for i, kind := range kinds {
		s.Fields = append(s.Fields, field.Field{ID: uuidOf(100 + i), Type: kind, Options: []field.Option{{Value: "ops", Label: "Ops"}, {Value: "old", Archived: true}}})
		s.Candidates[0].Custom[uuidOf(100+i)] = candidate.FieldValue{JSON: existing[i%len(existing)]}
		m.Entries = append(m.Entries, mapping.Entry{From: []contact.Variable{company}, To: uuidOf(100 + i)})
	}
	f.Fuzz(func(t *testing.T, text, other string, create, union bool) {
		in := linkedTo(event.Event{ID: "e", Type: event.PushRequested})
		in.Event.Campaign = nil
		in.Mapping = m
		in.Mapping.Rules = map[string]mapping.Rule{}
		if union {
			for _, e := range m.Entries {
				in.Mapping.Rules[e.To] = mapping.Rule{Policy: field.Append}
			}
		}
		if create {
			in.Person.Link, in.Person.Review.Answer = person.Link{}, person.CreateNew
		}
		in.Event.Person.Snapshot = contact.Snapshot{company: {Text: text}, contact.Source: {Text: other}}
		for _, v := range []contact.Variable{contact.FirstName, contact.LastName, contact.City, contact.Country} {
			in.Event.Person.Snapshot[v] = contact.Value{Text: other}
		}
		for _, v := range []contact.Variable{contact.Emails, contact.Phones, contact.SocialLinks, contact.Links} {
			in.Event.Person.Snapshot[v] = contact.Value{List: []string{text, other}}
		}
		out, _, err := plan.Drive(context.Background(), in, s)
		if err != nil {
			t.Fatal(err)
		}
		if err := taken(spec, out); err != nil {
			t.Fatal(err)
		}
	})
}
