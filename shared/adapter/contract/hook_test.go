package contract_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// flat is a thin hook with everything at the top.
const flat = `{"event":"candidateUpdated","id":4711,"firstName":"Ada","headline":"","company":null,"email":"ada@example.com",
	"emails":["old@example.com","ADA@example.com"],"phone":"+1","gender":"x","hairColour":"y","salutation":true,
	"experience":[{"title":"CTO","dominantRace":"z"}],"campaignId":"c1","campaignName":"Founders","stage":"replied",
	"lastContacted":1772400000,"updatedAt":1772445000,"more":{"gender":"x"}}`

func TestAThinHookIsReadWhereverItsContactLies(t *testing.T) {
	want := event.Hook{
		Kind: event.CandidateUpdated, Team: "t1", PersonID: "4711", Stage: event.Replied, StageRaw: "replied",
		LastContacted: time.Unix(1772400000, 0).UTC(), OccurredAt: time.Unix(1772445000, 0).UTC(),
		Campaign: &event.Campaign{ID: "c1", Name: "Founders"},
		Snapshot: contact.Snapshot{
			"firstName": {Text: "Ada"}, "headline": {}, "emails": {List: []string{"ada@example.com", "old@example.com"}},
			"phones": {List: []string{"+1"}}, "experience": {Raw: `[{"title":"CTO"}]`},
		},
		Dropped: 3, AcceptedAt: at, Trace: "trace-1",
	}
	inner := strings.Replace(flat, `"event":"candidateUpdated",`, ``, 1)
	for name, body := range map[string]string{
		"flat":         flat,
		"type":         strings.Replace(flat, `"event"`, `"type"`, 1),
		"in candidate": `{"type":"candidateUpdated","candidate":` + inner + `}`,
		"in data":      `{"id":"hook-1","source":"sourcewhale","type":"candidateUpdated","data":` + inner + `}`,
		"two deep":     `{"type":"candidateUpdated","data":{"candidate":` + inner + `}}`,
		"as text":      strings.NewReplacer("1772400000", `"1772400000"`, "1772445000", `"2026-03-02T09:50:00Z"`, "4711", `"4711"`).Replace(flat),
		"milliseconds": strings.Replace(flat, "1772400000", "1772400000000", 1),
		"campaign": strings.Replace(flat, `"campaignId":"c1","campaignName":"Founders"`,
			`"campaign":{"id":"c1","name":"Founders","x":1}`, 1),
	} {
		got, err := contract.Hook([]byte(body), "t1", at, "trace-1")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(got.BodyHash) != 64 {
			t.Errorf("%s: hash %q", name, got.BodyHash)
		}
		got.BodyHash = ""
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAThinHookWithLittleInIt(t *testing.T) {
	got, err := contract.Hook([]byte(`{"type":"candidateCreated","_id":"p1","stage":"Snoozed","campaign":"Founders","createdAt":99,
		"emails":"one@example.com","phones":[1],"lastContacted":"soon"}`), "t1", at, "")
	if err != nil {
		t.Fatal(err)
	}
	want := event.Hook{
		Kind: event.CandidateCreated, Team: "t1", PersonID: "p1", StageRaw: "Snoozed", OccurredAt: at, AcceptedAt: at,
		Campaign: &event.Campaign{ID: got.Campaign.ID, Name: "Founders"},
		Snapshot: contact.Snapshot{"emails": {List: []string{"one@example.com"}}}, BodyHash: got.BodyHash,
	}
	if diff := cmp.Diff(want, got); diff != "" || !strings.HasPrefix(got.Campaign.ID, "name-") {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAHookFromTheFutureHappenedNow(t *testing.T) {
	for told, want := range map[string]time.Time{
		"1772445600": at, "1772445601": at, "1772445599": at.Add(-time.Second), "99999999999": at, "1": at,
	} {
		h, err := contract.Hook([]byte(strings.Replace(flat, "1772445000", told, 1)), "t1", at, "")
		if err != nil || !h.OccurredAt.Equal(want) {
			t.Errorf("%s: %v %v", told, h.OccurredAt, err)
		}
	}
}

func TestHooksThatCannotBeUsed(t *testing.T) {
	for _, c := range []struct {
		name, body string
		kind       fault.Kind
		ok         bool
	}{
		{"unknown kind", `{"type":"candidateDeleted","id":"p1"}`, 0, true},
		{"no kind", `{"id":"p1"}`, 0, true},
		{"no person", `{"type":"candidateCreated"}`, fault.Invalid, false},
		{"a person that would break a key", `{"type":"candidateCreated","id":"a#b"}`, fault.Invalid, false},
		{"no JSON", `{`, fault.Invalid, false},
		{"a list", `[]`, fault.Invalid, false},
		{"too large", `{"a":"` + strings.Repeat("x", contract.MaxBody) + `"}`, fault.TooLarge, false},
		{
			"too large for a message", `{"type":"candidateCreated","id":"p","skills":["` + strings.TrimSuffix(
				strings.Repeat(strings.Repeat("\u2028", 600)+`","`, 60), `","`) + `"]}`, fault.TooLarge, false,
		},
	} {
		h, err := contract.Hook([]byte(c.body), "t1", at, "")
		if (err == nil) != c.ok || (err != nil && !fault.Is(err, c.kind)) {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.ok && (h.PersonID != "" || h.Team != "t1") {
			t.Errorf("%s: %+v", c.name, h)
		}
	}
}

func TestAshbysHooks(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       event.CandidateHook
		code       string
	}{
		{
			"delete", `{"webhookActionId":"a1","action":"candidateDelete","data":{"candidate":{"id":"c1","name":"x"}}}`,
			event.CandidateHook{ActionID: "a1", Action: event.CandidateDelete, Deleted: "c1"},
			"",
		},
		{
			"merge", `{"webhookActionId":"a1","action":"candidateMerge","data":{"deletedCandidate":{"id":"c1"},"mergedCandidate":{"id":"c2"}}}`,
			event.CandidateHook{ActionID: "a1", Action: event.CandidateMerge, Deleted: "c1", Survivor: "c2"},
			"",
		},
		{"other", `{"webhookActionId":"a1","action":"candidateHire"}`, event.CandidateHook{ActionID: "a1", Action: "candidateHire"}, ""},
		{"delete of nobody", `{"webhookActionId":"a1","action":"candidateDelete","data":{}}`, event.CandidateHook{}, "bad_hook"},
		{"merge into nobody", `{"action":"candidateMerge","data":{"deletedCandidate":{"id":"c1"}}}`, event.CandidateHook{}, "bad_hook"},
		{"merge of nobody", `{"action":"candidateMerge","data":{"mergedCandidate":{"id":"c1"}}}`, event.CandidateHook{}, "bad_hook"},
		{"no data", `{"action":"candidateDelete"}`, event.CandidateHook{}, "bad_hook"},
		{"no JSON", `x`, event.CandidateHook{}, "malformed_json"},
	} {
		got, err := contract.CandidateHook([]byte(c.body), "t1", at, "tr")
		if c.code != "" {
			if err == nil || fault.Of(err).Code() != c.code {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		c.want.Team, c.want.AcceptedAt, c.want.Trace = "t1", at, "tr"
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", c.name, err, diff)
		}
	}
}

func TestAHookWithoutAnActionIDIsToldByItsBody(t *testing.T) {
	id := func(candidate string) string {
		h, err := contract.CandidateHook([]byte(`{"action":"candidateDelete","data":{"candidate":{"id":"`+candidate+`"}}}`), "t1", at, "")
		if err != nil {
			t.Fatal(err)
		}
		return h.ActionID
	}
	first, again, other := id("c1"), id("c1"), id("c2")
	if first == "" || first != again || first == other {
		t.Errorf("%q %q %q", first, again, other)
	}
}
