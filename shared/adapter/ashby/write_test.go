package ashby

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

const (
	candidateID = "11111111-1111-4111-8111-111111111111"
	otherID     = "22222222-2222-4222-8222-222222222222"
	thirdID     = "33333333-3333-4333-8333-333333333333"
)

var (
	at = time.Date(2026, 3, 1, 10, 0, 0, 5e6, time.FixedZone("", 3600))
	on = true
)

// bodies are the exact bytes of each write, once with everything and once with
// as little as it may have. A preview shows these and a push sends these.
var bodies = []struct {
	name  string
	write Write
	want  string
}{
	{
		"create, all",
		CreateCandidate{
			Name: "Ada Lane", Email: "ada@x.io", Phone: "+442079460958", LinkedIn: "https://linkedin.com/in/ada",
			GitHub: "https://github.com/ada", Website: "https://ada.io/?a=1&b=2", AlternateEmails: []string{"a@y.io"},
			SourceID: otherID, CreditedToUserID: thirdID, Location: &Place{"Paris", "", "France"},
		},
		`{"name":"Ada Lane","email":"ada@x.io","phoneNumber":"+442079460958","linkedInUrl":"https://linkedin.com/in/ada",` +
			`"githubUrl":"https://github.com/ada","website":"https://ada.io/?a=1&b=2","alternateEmailAddresses":["a@y.io"],` +
			`"sourceId":"` + otherID + `","creditedToUserId":"` + thirdID + `","location":{"city":"Paris","country":"France"}}`,
	},
	{"create, least", CreateCandidate{Name: "Ada Lane"}, `{"name":"Ada Lane"}`},
	{
		"update, all",
		UpdateCandidate{
			CandidateID: candidateID, Name: "Ada Lane", Email: "ada@x.io", Phone: "1", LinkedIn: "https://linkedin.com/in/ada",
			GitHub: "https://github.com/ada", Website: "https://ada.io", AlternateEmail: "a@y.io",
			Links: []Link{{"LinkedIn", "https://linkedin.com/in/ada"}}, SourceID: otherID, CreditedToUserID: thirdID,
			Location: &Place{"Paris", "IDF", "France"},
		},
		`{"candidateId":"` + candidateID + `","name":"Ada Lane","email":"ada@x.io","phoneNumber":"1",` +
			`"linkedInUrl":"https://linkedin.com/in/ada","githubUrl":"https://github.com/ada","websiteUrl":"https://ada.io",` +
			`"alternateEmail":"a@y.io","socialLinks":[{"type":"LinkedIn","url":"https://linkedin.com/in/ada"}],` +
			`"sourceId":"` + otherID + `","creditedToUserId":"` + thirdID + `",` +
			`"location":{"city":"Paris","region":"IDF","country":"France"},"sendNotifications":false}`,
	},
	{"update, least", UpdateCandidate{CandidateID: candidateID}, `{"candidateId":"` + candidateID + `","sendNotifications":false}`},
	{"add tag", AddTag{candidateID, otherID}, `{"candidateId":"` + candidateID + `","tagId":"` + otherID + `"}`},
	{"remove tag", RemoveTag{candidateID, otherID}, `{"candidateId":"` + candidateID + `","tagId":"` + otherID + `"}`},
	{"add project", AddProject{candidateID, otherID}, `{"candidateId":"` + candidateID + `","projectId":"` + otherID + `"}`},
	{
		"note, all",
		CreateNote{CandidateID: candidateID, Text: "<b>Hi & bye</b>\u2028", HTML: true, Private: true, CreatedAt: at},
		`{"candidateId":"` + candidateID + `","note":{"type":"text/html","value":"<b>Hi & bye</b>\u2028"},"sendNotifications":false,` +
			`"isPrivate":true,"createdAt":"2026-03-01T09:00:00.005Z"}`,
	},
	{
		"note, least",
		CreateNote{CandidateID: candidateID, Text: "Hi"},
		`{"candidateId":"` + candidateID + `","note":{"type":"text/plain","value":"Hi"},"sendNotifications":false}`,
	},
	{
		"email, all",
		AddEmailMessage{
			CandidateID: candidateID, ProviderID: "sw-1", Subject: "Hi", From: "a@x.io", To: "b@y.io", HTML: "<p>Hi</p>", UserID: otherID,
			SentAt: at, CC: "c@z.io", URL: "https://mail.example.com/1", Header: "<1@x.io>", ThreadID: "t1", Private: true,
		},
		`{"candidateId":"` + candidateID + `","emailProviderEmailId":"sw-1","subject":"Hi","from":"a@x.io","to":"b@y.io","body":"<p>Hi</p>",` +
			`"userId":"` + otherID + `","sentAt":"2026-03-01T09:00:00.005Z","cc":"c@z.io","messageUrl":"https://mail.example.com/1",` +
			`"messageIdHeader":"<1@x.io>","threadId":"t1","isPrivate":true}`,
	},
	{
		"email, least",
		AddEmailMessage{CandidateID: candidateID, ProviderID: "sw-1", Subject: "Hi", From: "a@x.io", To: "b@y.io", HTML: "Hi"},
		`{"candidateId":"` + candidateID + `","emailProviderEmailId":"sw-1","subject":"Hi","from":"a@x.io","to":"b@y.io","body":"Hi"}`,
	},
	{"create tag", CreateTag{"Outreach"}, `{"title":"Outreach"}`},
	{
		"create field, all",
		CreateField{Title: "Mood", Type: "ValueSelect", Description: "How", Options: []Option{{"Good", "good"}}},
		`{"fieldType":"ValueSelect","objectType":"Candidate","title":"Mood","description":"How","selectableValues":[{"label":"Good","value":"good"}]}`,
	},
	{"create field, least", CreateField{Title: "Role", Type: "String"}, `{"fieldType":"String","objectType":"Candidate","title":"Role"}`},
	{
		"set value",
		SetValue{candidateID, FieldSetting{otherID, TextField("x")}},
		`{"objectId":"` + candidateID + `","objectType":"Candidate","fieldId":"` + otherID + `","fieldValue":"x"}`,
	},
	{
		"set values of every type",
		SetValues{candidateID, []FieldSetting{
			{otherID, TextField("<x>")},
			{otherID, BoolField(false)},
			{otherID, NumberField(1e6)},
			{otherID, DateField(at)},
			{otherID, OptionsField([]string{"a", "b"})},
			{otherID, OptionsField(nil)},
			{otherID, PlaceField(Place{City: "Rome"})},
			{otherID, MoneyField(12.5, "EUR")},
		}},
		`{"objectId":"` + candidateID + `","objectType":"Candidate","values":[` + strings.Join([]string{
			`{"fieldId":"` + otherID + `","fieldValue":"<x>"}`, `{"fieldId":"` + otherID + `","fieldValue":false}`,
			`{"fieldId":"` + otherID + `","fieldValue":1000000}`, `{"fieldId":"` + otherID + `","fieldValue":"2026-03-01T09:00:00.005Z"}`,
			`{"fieldId":"` + otherID + `","fieldValue":["a","b"]}`, `{"fieldId":"` + otherID + `","fieldValue":[]}`,
			`{"fieldId":"` + otherID + `","fieldValue":{"city":"Rome"}}`,
			`{"fieldId":"` + otherID + `","fieldValue":{"value":12.5,"currencyCode":"EUR"}}`,
		}, ",") + `]}`,
	},
	{
		"clear a value",
		SetValues{candidateID, []FieldSetting{{otherID, ClearField()}}},
		`{"objectId":"` + candidateID + `","objectType":"Candidate","values":[{"fieldId":"` + otherID + `","fieldValue":null}]}`,
	},
	{
		"create webhook",
		CreateWebhook{"candidateMerge", "https://x.io/h?a=1&b=2", secret.NewValue("whsec")},
		`{"webhookType":"candidateMerge","requestUrl":"https://x.io/h?a=1&b=2","secretToken":"whsec"}`,
	},
	{
		"update webhook, all",
		UpdateWebhook{otherID, &on, "https://x.io", secret.NewValue("whsec")},
		`{"webhookId":"` + otherID + `","enabled":true,"requestUrl":"https://x.io","secretToken":"whsec"}`,
	},
	{"update webhook, least", UpdateWebhook{ID: otherID}, `{"webhookId":"` + otherID + `"}`},
	{"delete webhook", DeleteWebhook{otherID}, `{"webhookId":"` + otherID + `"}`},
}

func TestABodyIsTheSameBytesEveryTime(t *testing.T) {
	for _, c := range bodies {
		t.Run(c.name, func(t *testing.T) {
			for range 3 {
				got, err := Body(c.write)
				if err != nil {
					t.Fatal(err)
				}
				if string(got) != c.want {
					t.Fatalf("body\n%s\nwant\n%s", got, c.want)
				}
			}
		})
	}
}

func TestEveryWriteOfTheTableHasABuilder(t *testing.T) {
	built := map[string]bool{}
	for _, c := range bodies {
		built[c.write.Method()] = true
		if !Writes(c.write.Method()) {
			t.Errorf("%s is no write by the table", c.write.Method())
		}
	}
	for _, method := range Methods() {
		if Writes(method) != built[method] {
			t.Errorf("%s: a write %v, with a builder %v", method, Writes(method), built[method])
		}
	}
}

func TestAValueThatIsNoneCannotBeSent(t *testing.T) {
	for name, v := range map[string]FieldValue{
		"never made": {}, "not a number": NumberField(math.NaN()), "infinite": NumberField(math.Inf(1)), "endless money": MoneyField(math.Inf(-1), "EUR"),
	} {
		for _, w := range []Write{SetValue{candidateID, FieldSetting{otherID, v}}, SetValues{candidateID, []FieldSetting{{otherID, v}}}} {
			if b, err := Body(w); !fault.Is(err, fault.Internal) {
				t.Errorf("%s: %s, %v", name, b, err)
			}
		}
	}
}
