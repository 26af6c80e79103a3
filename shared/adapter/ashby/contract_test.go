package ashby

import (
	"context"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbyspec"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// described is Ashby's own description of its API.
var described = sync.OnceValues(ashbyspec.Load)

func description(t *testing.T) *ashbyspec.Spec {
	t.Helper()
	spec, err := described()
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// anAnswer gives, for each method, an answer of the documented shape, with every
// member that we read.
var anAnswer = map[string]string{
	"apiKey.info":               `{"success":true,"results":{"title":"Outreach","createdAt":"2026-01-02T03:04:05.000Z","scopes":["candidates:read"]}}`,
	"candidate.info":            one(ada),
	"candidate.create":          one(ada),
	"candidate.update":          one(ada),
	"candidate.addTag":          one(ada),
	"candidate.removeTag":       one(ada),
	"candidate.addProject":      one(ada),
	"candidate.list":            some(ada),
	"candidate.search":          `{"success":true,"results":[` + ada + `]}`,
	"candidate.createNote":      one(aNote),
	"candidate.listNotes":       some(aNote),
	"candidate.listProjects":    some(aProject),
	"candidate.addEmailMessage": one(anEmail),
	"candidateTag.create":       one(aTag),
	"candidateTag.list":         some(aTag),
	"customField.create":        one(aField),
	"customField.info":          one(aField),
	"customField.list":          some(aField),
	"customField.setValue":      one(aValue),
	"customField.setValues":     `{"success":true,"results":[` + aValue + `]}`,
	"source.list":               `{"success":true,"results":[` + aSource + `],"moreDataAvailable":false}`,
	"project.list":              some(aProject),
	"user.list":                 some(aUser),
	"user.search":               `{"success":true,"results":[` + aUser + `]}`,
	"webhook.create":            one(madeWebhook),
	"webhook.info":              one(aWebhook),
	"webhook.update":            one(madeWebhook),
	"webhook.delete":            one(`{"webhookId":"` + otherID + `"}`),
}

func one(result string) string { return `{"success":true,"results":` + result + `}` }

func some(result string) string {
	return `{"success":true,"results":[` + result + `],"moreDataAvailable":true,"nextCursor":"G8"}`
}

const (
	ada = `{"id":"` + candidateID + `","name":"Ada Lane","createdAt":"2026-03-01T10:00:00.000Z","updatedAt":"2026-03-02T10:00:00.000Z",
		"primaryEmailAddress":{"value":"ada@x.io","type":"Personal","isPrimary":true},
		"emailAddresses":[{"value":"old@x.io","type":"Work","isPrimary":false},{"value":"ada@x.io","type":"Personal","isPrimary":true}],
		"primaryPhoneNumber":{"value":"+442079460958","type":"Personal","isPrimary":true},"phoneNumbers":[],
		"socialLinks":[{"type":"LinkedIn","url":"https://linkedin.com/in/ada"}],"tags":[` + aTag + `],
		"position":"Engineer","company":"Acme","school":"MIT","applicationIds":["` + otherID + `"],"fileHandles":[],
		"customFields":[` + aValue + `],"profileUrl":"https://app.ashbyhq.com/x","source":` + aSource + `,"creditedToUser":` + aUser + `,
		"timezone":"Europe/London","fraudStatus":null,"location":{"id":"` + otherID + `","locationSummary":"Paris, France",
		"locationComponents":[{"type":"Country","name":"France"}]}}`
	aTag        = `{"id":"` + otherID + `","title":"Outreach","isArchived":false}`
	aProject    = `{"id":"` + otherID + `","title":"Pool","isArchived":true,"confidential":false,"authorId":"` + thirdID + `","createdAt":"2026-03-01T10:00:00.000Z","customFieldEntries":[]}`
	aSource     = `{"id":"` + thirdID + `","title":"LinkedIn","isArchived":false,"sourceType":{"id":"` + otherID + `","title":"Sourced","isArchived":false}}`
	aUser       = `{"id":"` + thirdID + `","firstName":"Bo","lastName":"Lee","email":"bo@x.io","globalRole":"Elevated Access","isEnabled":true,"updatedAt":"2026-03-01T10:00:00.000Z"}`
	aNote       = `{"id":"` + otherID + `","createdAt":"2026-03-01T10:00:00.000Z","isPrivate":true,"content":"Hi","author":{"id":"` + thirdID + `","firstName":"Bo","lastName":"Lee"}}`
	anEmail     = `{"id":"` + otherID + `","candidateId":"` + candidateID + `","emailProviderEmailId":"sw-1","subject":"Hi","from":"a@x.io","to":"b@y.io","body":"Hi","sentAt":"2026-03-01T10:00:00.000Z","threadId":"sw-1","isPrivate":false,"userIsSender":true,"cc":null}`
	aField      = `{"id":"` + otherID + `","title":"Mood","objectType":"Candidate","fieldType":"ValueSelect","isArchived":false,"isRequired":true,"isPrivate":true,"selectableValues":[{"label":"Good","value":"good","isArchived":true}]}`
	aValue      = `{"id":"` + otherID + `","title":"Mood","isPrivate":false,"value":"good","valueLabel":"Good"}`
	madeWebhook = `{"id":"` + otherID + `","enabled":true,"requestUrl":"https://x.io","secretToken":"whsec","webhookType":"candidateMerge"}`
	aWebhook    = `{"id":"` + otherID + `","enabled":true,"requestUrl":"https://x.io","webhookType":"candidateMerge"}`
)

var (
	adaRead = candidate.Candidate{
		ID: candidateID, Name: "Ada Lane",
		Emails:   []candidate.Address{{Value: "ada@x.io", Primary: true}, {Value: "old@x.io"}},
		Phones:   []candidate.Address{{Value: "+442079460958", Primary: true}},
		Links:    []candidate.Link{{Type: "LinkedIn", URL: "https://linkedin.com/in/ada"}},
		Tags:     []string{otherID},
		SourceID: thirdID, CreditedTo: thirdID, Location: "Paris, France", ProfileURL: "https://app.ashbyhq.com/x",
		Custom:    map[string]candidate.FieldValue{otherID: {JSON: `"good"`}},
		CreatedAt: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC), UpdatedAt: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC),
	}
	noteRead  = Note{otherID, "Hi", true, thirdID, time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)}
	fieldRead = Field{
		Field: field.Field{ID: otherID, Title: "Mood", Type: field.Select, Private: true, Options: []field.Option{
			{Value: "good", Label: "Good", Archived: true},
		}},
		ObjectType: "Candidate", Required: true,
	}
	tagRead     = field.Option{Value: otherID, Label: "Outreach"}
	projectRead = field.Option{Value: otherID, Label: "Pool", Archived: true}
	userRead    = User{thirdID, "Bo", "Lee", "bo@x.io", "Elevated Access", true}
	webhookRead = Webhook{otherID, "candidateMerge", "https://x.io", true}
)

// result drops what an answer says about itself.
func result[T any](a Answer[T], err error) (any, error) { return a.Result, err }

// methods is every endpoint method, with the call it makes and what it reads.
var methods = []struct {
	name, method string
	call         func(ctx context.Context, a *Account) (any, error)
	want         any
}{
	{
		"KeyInfo", "apiKey.info", func(ctx context.Context, a *Account) (any, error) { return result(a.KeyInfo(ctx)) },
		KeyInfo{"Outreach", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), []string{"candidates:read"}},
	},
	{"Candidate", "candidate.info", func(ctx context.Context, a *Account) (any, error) { return result(a.Candidate(ctx, candidateID)) }, adaRead},
	{"Candidates", "candidate.list", func(ctx context.Context, a *Account) (any, error) {
		return result(a.Candidates(ctx, CandidatesAsked{Page{"c", "s", 50}, at}))
	}, []candidate.Candidate{adaRead}},
	{"Candidates, all", "candidate.list", func(ctx context.Context, a *Account) (any, error) {
		return result(a.Candidates(ctx, CandidatesAsked{}))
	}, []candidate.Candidate{adaRead}},
	{"Search, both", "candidate.search", func(ctx context.Context, a *Account) (any, error) {
		return result(a.Search(ctx, "ada@x.io", "Ada"))
	}, []candidate.Candidate{adaRead}},
	{"Search, email", "candidate.search", func(ctx context.Context, a *Account) (any, error) {
		return result(a.Search(ctx, "ada@x.io", ""))
	}, []candidate.Candidate{adaRead}},
	{"CreateCandidate", "candidate.create", func(ctx context.Context, a *Account) (any, error) {
		return result(a.CreateCandidate(ctx, CreateCandidate{Name: "Ada Lane"}))
	}, adaRead},
	{"UpdateCandidate", "candidate.update", func(ctx context.Context, a *Account) (any, error) {
		return result(a.UpdateCandidate(ctx, UpdateCandidate{CandidateID: candidateID, Name: "Ada Lane"}))
	}, Ack{}},
	{"AddTag", "candidate.addTag", func(ctx context.Context, a *Account) (any, error) {
		return result(a.AddTag(ctx, candidateID, otherID))
	}, Ack{}},
	{"RemoveTag", "candidate.removeTag", func(ctx context.Context, a *Account) (any, error) {
		return result(a.RemoveTag(ctx, candidateID, otherID))
	}, Ack{}},
	{"AddProject", "candidate.addProject", func(ctx context.Context, a *Account) (any, error) {
		return result(a.AddProject(ctx, candidateID, otherID))
	}, Ack{}},
	{"CreateNote", "candidate.createNote", func(ctx context.Context, a *Account) (any, error) {
		return result(a.CreateNote(ctx, CreateNote{CandidateID: candidateID, Text: "Hi"}))
	}, noteRead},
	{"Notes", "candidate.listNotes", func(ctx context.Context, a *Account) (any, error) {
		return result(a.Notes(ctx, candidateID, Page{Cursor: "c"}))
	}, []Note{noteRead}},
	{"AddEmailMessage", "candidate.addEmailMessage", func(ctx context.Context, a *Account) (any, error) {
		return result(a.AddEmailMessage(ctx, AddEmailMessage{CandidateID: candidateID, ProviderID: "sw-1", Subject: "Hi", From: "a@x.io", To: "b@y.io", HTML: "Hi"}))
	}, EmailMessage{otherID, "sw-1"}},
	{"Tags", "candidateTag.list", func(ctx context.Context, a *Account) (any, error) { return result(a.Tags(ctx, Page{})) }, []field.Option{tagRead}},
	{"CreateTag", "candidateTag.create", func(ctx context.Context, a *Account) (any, error) { return result(a.CreateTag(ctx, "Outreach")) }, tagRead},
	{"Fields", "customField.list", func(ctx context.Context, a *Account) (any, error) { return result(a.Fields(ctx, Page{Limit: 100})) }, []Field{fieldRead}},
	{"Field", "customField.info", func(ctx context.Context, a *Account) (any, error) { return result(a.Field(ctx, otherID)) }, fieldRead},
	{"CreateField", "customField.create", func(ctx context.Context, a *Account) (any, error) {
		return result(a.CreateField(ctx, CreateField{Title: "Role", Type: "String"}))
	}, fieldRead},
	{"SetValue", "customField.setValue", func(ctx context.Context, a *Account) (any, error) {
		return result(a.SetValue(ctx, SetValue{candidateID, FieldSetting{otherID, BoolField(true)}}))
	}, Ack{}},
	{"SetValues", "customField.setValues", func(ctx context.Context, a *Account) (any, error) {
		return result(a.SetValues(ctx, SetValues{candidateID, []FieldSetting{{otherID, NumberField(2)}}}))
	}, Ack{}},
	{
		"Sources", "source.list", func(ctx context.Context, a *Account) (any, error) { return result(a.Sources(ctx)) },
		[]Source{{field.Option{Value: thirdID, Label: "LinkedIn"}, "Sourced"}},
	},
	{"Projects", "project.list", func(ctx context.Context, a *Account) (any, error) { return result(a.Projects(ctx, Page{})) }, []field.Option{projectRead}},
	{"ProjectsOf", "candidate.listProjects", func(ctx context.Context, a *Account) (any, error) {
		return result(a.ProjectsOf(ctx, candidateID, Page{Cursor: "c"}))
	}, []field.Option{projectRead}},
	{"Users", "user.list", func(ctx context.Context, a *Account) (any, error) { return result(a.Users(ctx, Page{})) }, []User{userRead}},
	{"UsersByEmail", "user.search", func(ctx context.Context, a *Account) (any, error) { return result(a.UsersByEmail(ctx, "bo@x.io")) }, []User{userRead}},
	{"CreateWebhook", "webhook.create", func(ctx context.Context, a *Account) (any, error) {
		return result(a.CreateWebhook(ctx, CreateWebhook{"candidateMerge", "https://x.io", secret.NewValue("whsec")}))
	}, webhookRead},
	{"Webhook", "webhook.info", func(ctx context.Context, a *Account) (any, error) { return result(a.Webhook(ctx, otherID)) }, webhookRead},
	{"UpdateWebhook", "webhook.update", func(ctx context.Context, a *Account) (any, error) {
		return result(a.UpdateWebhook(ctx, UpdateWebhook{ID: otherID, Enabled: &on}))
	}, Ack{}},
	{"DeleteWebhook", "webhook.delete", func(ctx context.Context, a *Account) (any, error) { return result(a.DeleteWebhook(ctx, otherID)) }, Ack{}},
}

func TestEveryEndpointSendsAndReadsWhatAshbyDescribes(t *testing.T) {
	spec := description(t)
	for _, m := range methods {
		t.Run(m.name, func(t *testing.T) {
			var called []string
			a := account(t, Config{BaseURL: "https://ashby.invalid", HTTP: roundTrip(func(r *http.Request) (*http.Response, error) {
				method := strings.TrimPrefix(r.URL.Path, "/")
				called = append(called, method)
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Fatal(err)
				}
				if err := spec.CheckRequest(method, body); err != nil {
					t.Errorf("sends %s: %v", body, err)
				}
				return answering(200, anAnswer[method], nil)(r)
			})})
			got, err := m.call(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(m.want, got); diff != "" {
				t.Error(diff)
			}
			if !slices.Equal(called, []string{m.method}) {
				t.Errorf("called %v, want %s", called, m.method)
			}
		})
	}
}

func TestEveryMethodOfTheTableIsDescribedAndCovered(t *testing.T) {
	spec := description(t)
	for method, answer := range anAnswer {
		if err := spec.CheckResponse(method, []byte(answer)); err != nil {
			t.Errorf("the example is not what Ashby sends: %v", err)
		}
	}
	covered := map[string]bool{}
	for _, m := range methods {
		covered[m.method] = true
	}
	if got := slices.Sorted(maps.Keys(covered)); !slices.Equal(got, Methods()) {
		t.Errorf("endpoint methods cover %v, the table has %v", got, Methods())
	}
}

func TestEveryBodyIsWhatAshbyDescribes(t *testing.T) {
	spec := description(t)
	for _, c := range bodies {
		body, err := Body(c.write)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if err := spec.CheckRequest(c.write.Method(), body); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestACandidateWithLittleInItIsRead(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want candidate.Candidate
	}{
		"id only":      {`{"id":"c1"}`, candidate.Candidate{ID: "c1"}},
		"nulls":        {`{"id":"c1","name":null,"emailAddresses":null,"primaryEmailAddress":null,"source":null,"creditedToUser":null,"location":null,"customFields":null,"tags":null}`, candidate.Candidate{ID: "c1"}},
		"odd date":     {`{"id":"c1","createdAt":"yesterday","updatedAt":17}`, candidate.Candidate{ID: "c1"}},
		"null value":   {`{"id":"c1","customFields":[{"id":"f1","value":null},{"id":"f2"}]}`, candidate.Candidate{ID: "c1"}},
		"new members":  {`{"id":"c1","shoeSize":43}`, candidate.Candidate{ID: "c1"}},
		"primary only": {`{"id":"c1","primaryEmailAddress":{"value":"a@x.io","isPrimary":true},"emailAddresses":[]}`, candidate.Candidate{ID: "c1", Emails: []candidate.Address{{Value: "a@x.io", Primary: true}}}},
		"mark missing": {`{"id":"c1","primaryEmailAddress":{"value":"b@x.io"},"emailAddresses":[{"value":"a@x.io"},{"value":"b@x.io"},{"value":""}]}`, candidate.Candidate{ID: "c1", Emails: []candidate.Address{{Value: "b@x.io", Primary: true}, {Value: "a@x.io"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			a := account(t, Config{BaseURL: "https://ashby.invalid", HTTP: answering(200, one(c.body), nil)})
			got, err := a.Candidate(t.Context(), "c1")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.Result); diff != "" {
				t.Error(diff)
			}
		})
	}
}
