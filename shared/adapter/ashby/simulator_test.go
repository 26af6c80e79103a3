package ashby_test

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// simulator is a running Ashby with data, and an account with every permission.
type simulator struct {
	*ashbytest.Ashby
	made    ashbytest.Seeded
	client  *ashby.Client
	account *ashby.Account
}

func simulate(t *testing.T, config func(*ashbytest.Ashby) ashby.Config) simulator {
	t.Helper()
	sim := ashbytest.New(ashbytest.Config{})
	t.Cleanup(func() { _ = sim.Close() })
	made, err := sim.Seed(0)
	if err != nil {
		t.Fatal(err)
	}
	client, err := ashby.New(config(sim))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return simulator{sim, made, client, client.With(secret.NewValue(ashbytest.LocalKey))}
}

func inMemory(sim *ashbytest.Ashby) ashby.Config {
	return ashby.Config{BaseURL: "https://ashby.invalid", HTTP: sim.Transport()}
}

func overSockets(t *testing.T) func(*ashbytest.Ashby) ashby.Config {
	return func(sim *ashbytest.Ashby) ashby.Config {
		s := httptest.NewServer(sim)
		t.Cleanup(s.Close)
		return ashby.Config{BaseURL: s.URL}
	}
}

func must[T any](t *testing.T) func(ashby.Answer[T], error) T {
	t.Helper()
	return func(a ashby.Answer[T], err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if a.VersionStatus != "active" || a.Version != "2026-01-01" {
			t.Errorf("version %q is %q", a.Version, a.VersionStatus)
		}
		return a.Result
	}
}

func TestEveryMethodWorksAgainstARunningAshby(t *testing.T) {
	for name, config := range map[string]func(*ashbytest.Ashby) ashby.Config{"memory": inMemory, "sockets": overSockets(t)} {
		t.Run(name, func(t *testing.T) {
			s := simulate(t, config)
			id := s.candidateLives(t)
			s.notesAndEmails(t, id)
			s.catalogue(t)
			s.webhooks(t)
			called := map[string]bool{}
			for _, c := range s.Calls(ashbytest.CallFilter{}) {
				called[c.Endpoint] = true
			}
			for _, method := range ashby.Methods() {
				if !called[method] {
					t.Errorf("%s was not called", method)
				}
			}
		})
	}
}

// candidateLives makes, finds, changes and reads a candidate, and gives its id.
func (s simulator) candidateLives(t *testing.T) string {
	t.Helper()
	ctx, a := t.Context(), s.account
	made := must[candidate.Candidate](t)(a.CreateCandidate(ctx, ashby.CreateCandidate{
		Name: "Ada Lane", Email: "ada@x.example.com", AlternateEmails: []string{"old@x.example.com"}, Phone: "+12025550199",
		LinkedIn: "https://www.linkedin.com/in/ada-lane", SourceID: s.made.Sources["SourceWhale"],
		Location: &ashby.Place{City: "Oslo", Country: "Norway"},
	}))
	found := must[[]candidate.Candidate](t)(a.Search(ctx, "ada@x.example.com", "ada"))
	if len(found) != 1 || found[0].ID != made.ID {
		t.Fatalf("search found %+v", found)
	}
	newest := must[[]candidate.Candidate](t)(a.Candidates(ctx, ashby.CandidatesAsked{AddedAfter: time.Now().Add(-time.Minute)}))
	if len(newest) != 1 || newest[0].ID != made.ID {
		t.Errorf("the newest are %+v", newest)
	}
	tag, project, company := s.made.Tags["Outreach"], s.made.Projects["Nordic engineering pool"], s.made.Fields["Company"]
	must[ashby.Ack](t)(a.UpdateCandidate(ctx, ashby.UpdateCandidate{
		CandidateID: made.ID, Email: "new@x.example.com", AlternateEmail: "ada@x.example.com",
		Links: []ashby.Link{{Type: "LinkedIn", URL: "https://www.linkedin.com/in/ada-lane"}, {Type: "GitHub", URL: "https://github.com/ada"}},
	}))
	must[ashby.Ack](t)(a.AddTag(ctx, made.ID, s.made.Tags["Strong candidate"]))
	must[ashby.Ack](t)(a.AddTag(ctx, made.ID, tag))
	must[ashby.Ack](t)(a.RemoveTag(ctx, made.ID, s.made.Tags["Strong candidate"]))
	must[ashby.Ack](t)(a.AddProject(ctx, made.ID, project))
	if in := must[[]field.Option](t)(a.ProjectsOf(ctx, made.ID, ashby.Page{})); len(in) != 1 || in[0].Value != project {
		t.Errorf("in the projects %v", in)
	}
	must[ashby.Ack](t)(a.SetValue(ctx, ashby.SetValue{CandidateID: made.ID, FieldSetting: ashby.FieldSetting{FieldID: company, Value: ashby.TextField("Acme")}}))
	must[ashby.Ack](t)(a.SetValues(ctx, ashby.SetValues{CandidateID: made.ID, Values: s.values()}))
	must[ashby.Ack](t)(a.SetValues(ctx, ashby.SetValues{CandidateID: made.ID, Values: []ashby.FieldSetting{{FieldID: company, Value: ashby.ClearField()}}}))

	got := must[candidate.Candidate](t)(a.Candidate(ctx, made.ID))
	if got.PrimaryEmail() != "new@x.example.com" || got.Emails[0].Value != "new@x.example.com" || !got.HasEmail("ADA@x.example.com") {
		t.Errorf("emails %+v", got.Emails)
	}
	if !slices.Equal(got.Tags, []string{tag}) || len(got.Links) != 2 || got.SourceID != s.made.Sources["SourceWhale"] || got.Location == "" {
		t.Errorf("read %+v", got)
	}
	if _, there := got.Custom[company]; there {
		t.Error("the cleared field has a value")
	}
	if v := got.Custom[s.made.Fields["Languages"]].JSON; v != `["english","hindi"]` {
		t.Errorf("languages are %s", v)
	}
	if _, err := a.Candidate(ctx, "00000000-0000-4000-8000-000000000000"); fault.Of(err).Code() != ashby.CodeCandidateNotFound {
		t.Errorf("nobody: %v", err)
	}
	return made.ID
}

func (s simulator) values() []ashby.FieldSetting {
	var out []ashby.FieldSetting
	for title, v := range map[string]ashby.FieldValue{
		"Title": ashby.TextField("Engineer"), "Open to work": ashby.BoolField(true), "Years of experience": ashby.NumberField(7.5),
		"Last contacted": ashby.DateField(time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC)), "Seniority": ashby.TextField("senior"),
		"Languages": ashby.OptionsField([]string{"english", "hindi"}), "Portfolio": ashby.TextField("https://ada.example.com"),
		"Preferred location": ashby.PlaceField(ashby.Place{Country: "Norway", City: "Oslo"}),
		"Current salary":     ashby.MoneyField(100000, "EUR"),
	} {
		out = append(out, ashby.FieldSetting{FieldID: s.made.Fields[title], Value: v})
	}
	return out
}

func (s simulator) notesAndEmails(t *testing.T, id string) {
	t.Helper()
	ctx, a := t.Context(), s.account
	at := time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC)
	note := must[ashby.Note](t)(a.CreateNote(ctx, ashby.CreateNote{CandidateID: id, Text: "<b>Hi</b>", HTML: true, CreatedAt: at}))
	must[ashby.Note](t)(a.CreateNote(ctx, ashby.CreateNote{CandidateID: id, Text: "secret", Private: true}))
	notes, err := ashby.Every(ctx, func(ctx context.Context, p ashby.Page) (ashby.Answer[[]ashby.Note], error) {
		p.Limit = 1
		return a.Notes(ctx, id, p)
	})
	if err != nil || len(notes) != 2 || !slices.ContainsFunc(notes, func(n ashby.Note) bool { return n.ID == note.ID && n.CreatedAt.Equal(at) }) {
		t.Errorf("%v, notes %+v", err, notes)
	}
	email := ashby.AddEmailMessage{CandidateID: id, ProviderID: "sw-1", Subject: "Hi", From: "a@x.example.com", To: "b@y.example.com", HTML: "Hi", SentAt: at}
	if e := must[ashby.EmailMessage](t)(a.AddEmailMessage(ctx, email)); e.ProviderID != "sw-1" {
		t.Errorf("email %+v", e)
	}
	if _, err := a.AddEmailMessage(ctx, email); !fault.Is(err, fault.Rejected) || !ashby.AlreadyExists(err) {
		t.Errorf("the same email again: %v", err)
	}
}

func (s simulator) catalogue(t *testing.T) {
	t.Helper()
	ctx, a := t.Context(), s.account
	if info := must[ashby.KeyInfo](t)(a.KeyInfo(ctx)); info.Title != "Local run" || !slices.Contains(info.Scopes, "candidates:write") {
		t.Errorf("key %+v", info)
	}
	fields, err := ashby.Every(ctx, a.Fields)
	if err != nil || len(fields) < 20 {
		t.Fatalf("%v, %d fields", err, len(fields))
	}
	seniority := fields[slices.IndexFunc(fields, func(f ashby.Field) bool { return f.Title == "Seniority" })]
	if !seniority.OfCandidate() || seniority.Type != field.Select || len(seniority.Options) != 5 || !seniority.Options[4].Archived {
		t.Errorf("seniority %+v", seniority)
	}
	if slices.IndexFunc(fields, func(f ashby.Field) bool { return !f.OfCandidate() }) < 0 {
		t.Error("no field of a job among all fields")
	}
	one := must[ashby.Field](t)(a.CreateField(ctx, ashby.CreateField{Title: "Mood", Type: "ValueSelect", Options: []ashby.Option{{Label: "Good", Value: "good"}}}))
	if again := must[ashby.Field](t)(a.Field(ctx, one.ID)); again.Title != "Mood" || len(again.Options) != 1 {
		t.Errorf("the field that was made reads as %+v", again)
	}
	tag := must[field.Option](t)(a.CreateTag(ctx, "Outreach"))
	tags, err := ashby.Every(ctx, a.Tags)
	if err != nil || tag.Value != s.made.Tags["Outreach"] || !slices.Contains(tags, tag) {
		t.Errorf("%v, tag %+v, tags %+v", err, tag, tags)
	}
	sources := must[[]ashby.Source](t)(a.Sources(ctx))
	if !slices.ContainsFunc(sources, func(o ashby.Source) bool { return o.Label == "LinkedIn" && o.Type == "Inbound" }) {
		t.Errorf("sources %+v", sources)
	}
	projects, err := ashby.Every(ctx, a.Projects)
	if err != nil || len(projects) != 2 {
		t.Errorf("%v, projects %+v", err, projects)
	}
	users, err := ashby.Every(ctx, a.Users)
	if err != nil || len(users) != 3 {
		t.Fatalf("%v, users %+v", err, users)
	}
	if u := must[[]ashby.User](t)(a.UsersByEmail(ctx, users[0].Email)); len(u) != 1 || u[0] != users[0] {
		t.Errorf("user %+v", u)
	}
	if u := must[[]ashby.User](t)(a.UsersByEmail(ctx, "nobody@x.example.com")); len(u) != 0 {
		t.Errorf("nobody is %+v", u)
	}
}

func (s simulator) webhooks(t *testing.T) {
	t.Helper()
	ctx, a, off := t.Context(), s.account, false
	hook := ashby.CreateWebhook{Type: "candidateMerge", URL: "http://127.0.0.1:1/hook", Secret: secret.NewValue("whsec")}
	made := must[ashby.Webhook](t)(a.CreateWebhook(ctx, hook))
	if _, err := a.CreateWebhook(ctx, hook); !fault.Is(err, fault.Rejected) || !ashby.AlreadyExists(err) {
		t.Errorf("the same webhook again: %v", err)
	}
	must[ashby.Ack](t)(a.UpdateWebhook(ctx, ashby.UpdateWebhook{ID: made.ID, Enabled: &off}))
	if got := must[ashby.Webhook](t)(a.Webhook(ctx, made.ID)); got.Enabled || got.URL != hook.URL {
		t.Errorf("webhook %+v", got)
	}
	must[ashby.Ack](t)(a.DeleteWebhook(ctx, made.ID))
	if _, err := a.Webhook(ctx, made.ID); fault.Of(err).Code() != ashby.CodeWebhookNotFound {
		t.Errorf("deleted: %v", err)
	}
}

// What happened at Ashby and what we believe must agree: a write that was applied
// is never called repeatable, and one that is called done was applied.
func TestWhatAFaultOfTheNetworkMeans(t *testing.T) {
	for _, c := range []struct {
		fault   ashbytest.Fault
		read    fault.Kind
		write   fault.Kind
		code    string
		applied bool
	}{
		{ashbytest.Fault{Kind: ashbytest.ResetBefore}, fault.Unavailable, fault.Ambiguous, ashby.CodeConnectionLost, false},
		{ashbytest.Fault{Kind: ashbytest.ResetAfter}, fault.Unavailable, fault.Ambiguous, ashby.CodeConnectionLost, true},
		{ashbytest.Fault{Kind: ashbytest.LostBefore}, fault.Unavailable, fault.Ambiguous, ashby.CodeTimeout, false},
		{ashbytest.Fault{Kind: ashbytest.LostAfter}, fault.Unavailable, fault.Ambiguous, ashby.CodeTimeout, true},
		{ashbytest.Fault{Kind: ashbytest.LostLate, DelayMs: 20_000}, fault.Unavailable, fault.Ambiguous, ashby.CodeTimeout, true},
		{ashbytest.Fault{Kind: ashbytest.Unavailable}, fault.Unavailable, fault.Ambiguous, ashby.CodeAshbyDown, false},
		{ashbytest.Fault{Kind: ashbytest.Broken}, fault.Unavailable, fault.Ambiguous, ashby.CodeAshbyDown, false},
		{ashbytest.Fault{Kind: ashbytest.BrokenAfter}, fault.Unavailable, fault.Ambiguous, ashby.CodeAshbyDown, true},
		{ashbytest.Fault{Kind: ashbytest.Cut}, fault.Unavailable, fault.Ambiguous, ashby.CodeAnswerCut, true},
		{ashbytest.Fault{Kind: ashbytest.Garbage}, fault.Unavailable, fault.Ambiguous, ashby.CodeAnswerUnread, true},
		{ashbytest.Fault{Kind: ashbytest.Oversized}, fault.Unavailable, fault.Ambiguous, ashby.CodeAnswerTooLarge, true},
		{ashbytest.Fault{Kind: ashbytest.Slow, DelayMs: 9_000}, fault.Unavailable, fault.Ambiguous, ashby.CodeTimeout, true},
		{ashbytest.Fault{Kind: ashbytest.Throttled, RetryAfterMs: 7_000}, fault.Throttled, fault.Throttled, ashby.CodeRateLimited, false},
		{ashbytest.Fault{Kind: ashbytest.Throttled, Scope: "integration-partner"}, fault.Throttled, fault.Throttled, ashby.CodePartnerLimited, false},
		{ashbytest.Fault{Kind: ashbytest.Refused, Code: "tag_not_found"}, fault.Rejected, fault.Rejected, "tag_not_found", false},
		{ashbytest.Fault{Kind: ashbytest.Refused, Code: "sync_token_expired"}, fault.Rejected, fault.Rejected, ashby.CodeSyncTokenExpired, false},
	} {
		t.Run(string(c.fault.Kind)+"/"+c.code, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulate(t, inMemory)
				if _, err := s.AddFault(c.fault); err != nil {
					t.Fatal(err)
				}
				id := s.made.Candidates[0]
				begun := time.Now()
				_, err := s.account.Candidate(t.Context(), id)
				expect(t, "read", err, c.read, c.code)
				_, err = s.account.CreateNote(t.Context(), ashby.CreateNote{CandidateID: id, Text: "Ref SW-1"})
				expect(t, "write", err, c.write, c.code)
				if took := time.Since(begun); took > 2*ashby.DefaultTimeout {
					t.Errorf("two calls took %v", took)
				}
				if wait := fault.Of(err).RetryAfter(); wait != c.fault.RetryAfterMs.Duration() {
					t.Errorf("told to wait %v, want %v", wait, c.fault.RetryAfterMs.Duration())
				}
				s.ClearFaults("")
				<-time.After(time.Minute) // a late write has come by now
				notes, err := ashby.Every(t.Context(), func(ctx context.Context, p ashby.Page) (ashby.Answer[[]ashby.Note], error) {
					return s.account.Notes(ctx, id, p)
				})
				if err != nil {
					t.Fatal(err)
				}
				if there := len(notes) == 1; there != c.applied || len(notes) > 1 {
					t.Errorf("%d notes, want applied %v", len(notes), c.applied)
				}
			})
		})
	}
}

func expect(t *testing.T, what string, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.Of(err).Code() != code {
		t.Errorf("%s: %v, want %s, %s", what, err, kind, code)
	}
}

// The same over sockets, where a connection can really break.
func TestABrokenConnectionIsAmbiguousForAWrite(t *testing.T) {
	for _, kind := range []ashbytest.FaultKind{ashbytest.ResetBefore, ashbytest.ResetAfter, ashbytest.Cut, ashbytest.Garbage, ashbytest.Oversized} {
		t.Run(string(kind), func(t *testing.T) {
			s := simulate(t, overSockets(t))
			if _, err := s.AddFault(ashbytest.Fault{Kind: kind, Count: 1}); err != nil {
				t.Fatal(err)
			}
			id := s.made.Candidates[0]
			if _, err := s.account.CreateNote(t.Context(), ashby.CreateNote{CandidateID: id, Text: "Hi"}); !fault.Is(err, fault.Ambiguous) {
				t.Errorf("%v, want ambiguous", err)
			}
			if n := len(s.Calls(ashbytest.CallFilter{Endpoint: "candidate.createNote"})); n != 1 {
				t.Errorf("sent %d times", n)
			}
		})
	}
}

func TestWhatAKeyMayNotDoIsToldApart(t *testing.T) {
	for _, shape := range []ashbytest.Shape{ashbytest.ShapeBoth, ashbytest.ShapeObjects, ashbytest.ShapeStrings} {
		t.Run(string(shape), func(t *testing.T) {
			s := simulate(t, inMemory)
			if err := s.SetModes(func(m *ashbytest.Modes) { m.Shape, m.ForbiddenShape = shape, shape }); err != nil {
				t.Fatal(err)
			}
			limited := s.client.With(secret.NewValue(ashbytest.LimitedKey))
			_, err := limited.CreateTag(t.Context(), "New")
			if ashby.MissingPermission(err) != connection.HiringMetadataWrite || !strings.Contains(fault.Of(err).Message(), "Hiring process metadata") {
				t.Errorf("lacks %q: %v", ashby.MissingPermission(err), err)
			}
			if alive, err := limited.Probe(t.Context()); !alive || err != nil {
				t.Errorf("a key with few permissions: alive %v, %v", alive, err)
			}
			disabled := s.client.With(secret.NewValue(ashbytest.DisabledKey))
			_, err = disabled.Candidates(t.Context(), ashby.CandidatesAsked{})
			expect(t, "disabled", err, fault.KeyRefused, ashby.CodeForbidden)
			if alive, err := disabled.Probe(t.Context()); alive || err != nil {
				t.Errorf("a disabled key: alive %v, %v", alive, err)
			}
			_, err = s.account.Candidate(t.Context(), "00000000-0000-4000-8000-000000000000")
			expect(t, "nobody", err, fault.Rejected, ashby.CodeCandidateNotFound)
		})
	}
}

func TestAListIsReadFromItsStartAndThenWhatChanged(t *testing.T) {
	s := simulate(t, inMemory)
	ctx := t.Context()
	var token string
	list := func(ctx context.Context, p ashby.Page) (ashby.Answer[[]candidate.Candidate], error) {
		p.Limit, p.SyncToken = 10, token
		answer, err := s.account.Candidates(ctx, ashby.CandidatesAsked{Page: p})
		if answer.SyncToken != "" { // on the last page only
			token = answer.SyncToken
		}
		return answer, err
	}
	all, err := ashby.Every(ctx, list)
	if err != nil || len(all) != len(s.made.Candidates) || token == "" {
		t.Fatalf("%v, %d candidates, token %q", err, len(all), token)
	}
	must[ashby.Ack](t)(s.account.UpdateCandidate(ctx, ashby.UpdateCandidate{CandidateID: all[3].ID, Name: "Ada Lane"}))
	changed, err := ashby.Every(ctx, list)
	if err != nil || len(changed) != 1 || changed[0].ID != all[3].ID || changed[0].Name != "Ada Lane" {
		t.Errorf("%v, changed %+v", err, changed)
	}
	token = "nonsense"
	if _, err := ashby.Every(ctx, list); !ashby.RestartSync(err) {
		t.Errorf("with a token that is none: %v", err)
	}
	token = ""
	recent := must[[]candidate.Candidate](t)(s.account.Candidates(ctx, ashby.CandidatesAsked{AddedAfter: all[len(all)-3].CreatedAt}))
	if len(recent) == 0 || len(recent) >= len(all) {
		t.Errorf("%d recent ones of %d", len(recent), len(all))
	}
}
