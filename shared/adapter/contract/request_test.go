package contract_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

var at = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// full is an event that uses everything in the contract.
const full = `{
	"id":"e1","type":"email_reply","occurred_at":"2026-03-02T10:59:00+01:00","origin":"campaign",
	"actor":{"id":"u1","email":"u1@agency.example","name":"Robin","admin":true},
	"campaign":{"id":"c1","name":"Founders","owner":{"id":"u2"},"step":2},
	"person":{"id":"p1","stage":"booked","updated_at":"2026-03-02T09:00:00Z",
		"snapshot":{"firstName":"Ada","headline":null,"emails":["ada@example.com",""],"phones":null,"skills":[],
			"experience":[{"title":"CTO","years":3}],"gender":"x","dominantRace":["y"]},
		"changed":["firstName","gender"]},
	"message":{"channel":"email","direction":"inbound","automatic":true,"subject":"Re: hi","body":"<p>a & b</p>","from":"ada@example.com",
		"to":"u1@agency.example","provider_id":"pm1","message_id_header":"<m@x>","thread":"t1","url":"https://x.example","duration_seconds":1.5},
	"overrides":[{"level":"person","author":"u1","trigger":"on_reply","only_synced":false},{"level":"campaign"}],
	"values":[{"field":"tags","value":["a","b"],"by":"u1"},{"field":"f1","value":12.50},{"field":"f2","value":false},{"field":"source","value":"Agency"}]
}`

func request(events ...string) []byte {
	return []byte(`{"team":"t1","events":[` + strings.Join(events, ",") + `]}`)
}

func verdicts(t *testing.T, body []byte) []event.Verdict {
	t.Helper()
	r, err := contract.Open(body)
	if err != nil {
		t.Fatal(err)
	}
	if r.Team() != "t1" {
		t.Errorf("team %q", r.Team())
	}
	return r.Events(at, "trace-1")
}

func TestEverythingInTheContractReachesTheDomain(t *testing.T) {
	v := verdicts(t, request(full))[0]
	if !v.Accepted() || v.ID != "e1" {
		t.Fatalf("refused: %+v", v.Mistakes)
	}
	trigger, toggle := "on_reply", false
	want := event.Event{
		ID: "e1", Team: "t1", Type: event.EmailReply, OccurredAt: time.Date(2026, 3, 2, 9, 59, 0, 0, time.UTC), AcceptedAt: at,
		Origin: event.CampaignRun, Actor: event.Actor{ID: "u1", Email: "u1@agency.example", Name: "Robin", Admin: true, AdminSaid: true},
		Campaign: &event.Campaign{ID: "c1", Name: "Founders", Owner: event.Actor{ID: "u2"}, Step: "2"},
		Person: event.Person{
			ID: "p1", Stage: event.MeetingStage, UpdatedAt: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
			Snapshot: contact.Snapshot{
				"firstName": {Text: "Ada"}, "headline": {}, "emails": {List: []string{"ada@example.com", ""}}, "phones": {List: []string{}},
				"skills": {List: []string{}}, "experience": {Raw: `[{"title":"CTO","years":3}]`},
			},
			Changed: []contact.Variable{"firstName"},
		},
		Message: &event.Message{
			Channel: event.Email, Direction: event.Inbound, Automatic: true, Subject: "Re: hi", Body: "<p>a & b</p>",
			From: "ada@example.com", To: "u1@agency.example", ProviderID: "pm1", Header: "<m@x>", Thread: "t1",
			URL: "https://x.example", Duration: 1500 * time.Millisecond,
		},
		Overrides: []event.Override{
			{Level: event.ForPerson, Author: "u1", Trigger: &trigger, OnlySynced: &toggle}, {Level: event.ForCampaign},
		},
		Values: []event.Given{
			{Field: "tags", List: []string{"a", "b"}, By: "u1"},
			{Field: "f1", Text: "12.50"},
			{Field: "f2", Text: "false"},
			{Field: "source", Text: "Agency"},
		},
		Dropped: 3, Trace: "trace-1", BodyHash: v.Event.BodyHash,
	}
	if diff := cmp.Diff(want, v.Event); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatIsAbsentHasItsDefault(t *testing.T) {
	for _, c := range []struct {
		typ       event.Type
		channel   event.Channel
		direction event.Direction
	}{
		{event.EmailSent, event.Email, event.Outbound},
		{event.EmailBounced, event.Email, event.Inbound},
		{event.LinkedInInMailReply, event.LinkedIn, event.Inbound},
		{event.LinkedInConnectionAccepted, event.LinkedIn, event.Inbound},
		{event.SMSSent, event.SMS, event.Outbound},
		{event.WhatsAppReply, event.WhatsApp, event.Inbound},
		{event.VoicemailLeft, event.Phone, event.Outbound},
		{event.MeetingBooked, event.Meeting, event.Outbound},
		{event.TaskCompleted, event.Task, ""},
		{event.OptedOut, "", ""},
	} {
		v := verdicts(t, request(fmt.Sprintf(
			`{"id":"e","type":%q,"occurred_at":"2026-03-01T00:00:00Z","person":{"id":"p"},"message":{},"actor":null,"campaign":null}`, c.typ)))[0]
		if !v.Accepted() {
			t.Errorf("%s: %+v", c.typ, v.Mistakes)
			continue
		}
		e := v.Event
		if e.Message.Channel != c.channel || e.Message.Direction != c.direction || e.Origin != event.CampaignRun {
			t.Errorf("%s: %s %s %s", c.typ, e.Message.Channel, e.Message.Direction, e.Origin)
		}
		if e.Campaign != nil || e.Person.Stage != "" || e.Person.Snapshot != nil {
			t.Errorf("%s: %+v", c.typ, e)
		}
	}
}

func TestClocks(t *testing.T) {
	for _, c := range []struct {
		occurred, updated string
		wantOccurred      time.Time
		wantUpdated       time.Time
		clamped           bool
		code              string
	}{
		{"2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z", at, at, false, ""},
		{"2026-03-02T10:05:00Z", "2026-03-02T10:05:00Z", at.Add(5 * time.Minute), at.Add(5 * time.Minute), false, ""},
		{"2026-03-02T10:05:01Z", "2026-03-02T09:00:00Z", at, at.Add(-time.Hour), true, ""},
		{"2026-03-02T10:00:00Z", "2226-03-02T10:00:00Z", at, at, true, ""},
		{"2021-03-02T10:00:00Z", "2001-03-02T10:00:00Z", at.AddDate(-5, 0, 0), at.AddDate(-25, 0, 0), false, ""},
		{"2021-03-02T09:59:59Z", "2021-03-02T09:59:59Z", at, at, false, "too_old"},
		{"0001-01-01T00:00:00Z", "2021-03-02T09:59:59Z", at, at, false, "bad_time"},
		{"2026-03-02 10:00:00", "2021-03-02T09:59:59Z", at, at, false, "bad_time"},
	} {
		v := verdicts(t, request(fmt.Sprintf(
			`{"id":"e","type":"email_sent","occurred_at":%q,"person":{"id":"p","updated_at":%q}}`, c.occurred, c.updated)))[0]
		if c.code != "" {
			if len(v.Mistakes) != 1 || v.Mistakes[0].Code != c.code || v.Mistakes[0].Path != "events[0].occurred_at" {
				t.Errorf("%s: %+v", c.occurred, v.Mistakes)
			}
			continue
		}
		e := v.Event
		if !e.OccurredAt.Equal(c.wantOccurred) || !e.Person.UpdatedAt.Equal(c.wantUpdated) || e.Has(event.TimeClamped) != c.clamped {
			t.Errorf("%s, %s: %v %v %v %+v", c.occurred, c.updated, e.OccurredAt, e.Person.UpdatedAt, e.Flags, v.Mistakes)
		}
	}
}

func TestEveryMistakeIsToldByPathAndCode(t *testing.T) {
	long := strings.Repeat("x", 100_001)
	deep := strings.Repeat(`[`, 20) + strings.Repeat(`]`, 20)
	for _, c := range []struct{ old, new, path, code string }{
		{`"id":"e1",`, ``, "id", "required"},
		{`"id":"e1"`, `"id":null`, "id", "required"},
		{`"id":"e1"`, `"id":7`, "id", "type"},
		{`"id":"e1"`, `"id":"a#b"`, "id", "bad_id"},
		{`"id":"e1"`, `"id":"a\u0000b"`, "id", "bad_id"},
		{`"id":"e1"`, `"id":"a\ufffeb"`, "id", "bad_id"},
		{`"id":"e1"`, `"id":"` + strings.Repeat("é", 65) + `"`, "id", "bad_id"},
		{`"id":"e1"`, `"id":"e1","id":"e2"`, "id", "repeated_key"},
		{`"type":"email_reply"`, `"type":"email_read"`, "type", "unknown_type"},
		{`"type":"email_reply",`, ``, "type", "required"},
		{`"type":"email_reply"`, `"type":["email_reply"]`, "type", "type"},
		{`"occurred_at":"2026-03-02T10:59:00+01:00",`, ``, "occurred_at", "required"},
		{`"occurred_at":"2026-03-02T10:59:00+01:00"`, `"occurred_at":1767000000`, "occurred_at", "type"},
		{`"origin":"campaign"`, `"origin":"robot"`, "origin", "unknown_origin"},
		{`"actor":{"id":"u1",`, `"actor":{`, "actor.id", "required"},
		{`"admin":true`, `"admin":1`, "actor.admin", "type"},
		{`"name":"Robin"`, `"name":"` + long[:501] + `"`, "actor.name", "too_long"},
		{`"campaign":{"id":"c1"`, `"campaign":{"id":"#"`, "campaign.id", "bad_id"},
		{`"owner":{"id":"u2"}`, `"owner":{"id":"u2","role":"x"}`, "campaign.owner.role", "unknown_key"},
		{`"step":2`, `"step":true`, "campaign.step", "type"},
		{`"step":2`, `"step":` + strings.Repeat("9", 40), "campaign.step", "too_long"},
		{`"person":{"id":"p1"`, `"person":{"id":""`, "person.id", "required"},
		{`"stage":"booked"`, `"stage":"Snoozed"`, "person.stage", "unknown_stage"},
		{`"stage":"booked"`, `"stage":""`, "person.stage", "unknown_stage"},
		{`"updated_at":"2026-03-02T09:00:00Z"`, `"updated_at":"x"`, "person.updated_at", "bad_time"},
		{`"firstName":"Ada"`, `"firstName":"Ada","hair":"x"`, "person.snapshot.hair", "unknown_variable"},
		{`"firstName":"Ada"`, `"firstName":{"a":1}`, "person.snapshot.firstName", "type"},
		{`"firstName":"Ada"`, `"firstName":"` + long[:10_001] + `"`, "person.snapshot.firstName", "too_long"},
		{`"firstName":"Ada"`, `"firstName":"Ada","firstName":"B"`, "person.snapshot.firstName", "repeated_key"},
		{`"emails":["ada@example.com",""]`, `"emails":["a",5]`, "person.snapshot.emails[1]", "type"},
		{`"emails":["ada@example.com",""]`, `"emails":[` + strings.Repeat(`"a",`, 200) + `"a"]`, "person.snapshot.emails", "too_many"},
		{`"emails":["ada@example.com",""]`, `"emails":["` + long[:2001] + `"]`, "person.snapshot.emails[0]", "too_long"},
		{`[{"title":"CTO","years":3}]`, `["CTO"]`, "person.snapshot.experience[0]", "type"},
		{`[{"title":"CTO","years":3}]`, `[{"t":"` + long[:50_001] + `"}]`, "person.snapshot.experience", "too_long"},
		{`[{"title":"CTO","years":3}]`, `[{"t":` + deep + `}]`, "person.snapshot.experience", "too_deep"},
		{`"changed":["firstName","gender"]`, `"changed":["firstName","hair"]`, "person.changed[1]", "unknown_variable"},
		{`"channel":"email"`, `"channel":"pigeon"`, "message.channel", "unknown_channel"},
		{`"direction":"inbound"`, `"direction":"up"`, "message.direction", "unknown_direction"},
		{`"duration_seconds":1.5`, `"duration_seconds":-1`, "message.duration_seconds", "bad_number"},
		{`"duration_seconds":1.5`, `"duration_seconds":604801`, "message.duration_seconds", "bad_number"},
		{`"duration_seconds":1.5`, `"duration_seconds":1e400`, "message.duration_seconds", "bad_number"},
		{`"duration_seconds":1.5`, `"duration_seconds":"1"`, "message.duration_seconds", "type"},
		{`"level":"person"`, `"level":"user"`, "overrides[0].level", "unknown_level"},
		{`"level":"person"`, `"level":"campaign"`, "overrides[1].level", "repeated_level"},
		{`{"level":"campaign"}`, `{}`, "overrides[1].level", "required"},
		{`{"level":"campaign"}`, `7`, "overrides[1]", "type"},
		{`{"level":"campaign"}`, `{"level":"campaign"},{"level":"person"}`, "overrides", "too_many"},
		{`"trigger":"on_reply"`, `"trigger":"on_open"`, "overrides[0].trigger", "unknown_trigger"},
		{`"field":"f1",`, ``, "values[1].field", "required"},
		{`"value":12.50`, `"value":{}`, "values[1].value", "type"},
		{`"value":12.50`, `"value":null`, "values[1].value", "required"},
		{`"value":12.50`, `"value":` + strings.Repeat("1", 40), "values[1].value", "too_long"},
		{`"value":["a","b"]`, `"value":["a",null]`, "values[0].value[1]", "type"},
		{`"by":"u1"`, `"by":"a#b"`, "values[0].by", "bad_id"},
		{`"origin":"campaign"`, `"origin":"campaign","Extra":1`, "Extra", "unknown_key"},
		{`"origin":"campaign"`, `"origin":` + deep, "origin", "type"},
		{`"actor":{`, `"acto":{`, "acto", "unknown_key"},
	} {
		if !strings.Contains(full, c.old) {
			t.Fatalf("the sample has no %s", c.old)
		}
		changed := strings.Replace(full, c.old, c.new, 1)
		good := strings.Replace(full, `"e1"`, `"e0"`, 1)
		all := verdicts(t, request(good, changed))
		if !all[0].Accepted() {
			t.Errorf("%s: the good event beside it was refused: %+v", c.path, all[0].Mistakes)
		}
		got := all[1].Mistakes
		if len(got) != 1 || got[0].Path != "events[1]."+c.path || got[0].Code != c.code || got[0].Message == "" {
			t.Errorf("%.80s: %+v, want %s %s", c.new, got, c.path, c.code)
		}
		if !cmp.Equal(all[1].Event, event.Event{}) {
			t.Errorf("%s: a refused event has content", c.path)
		}
	}
}

func TestAllMistakesOfAnEventAreToldAtOnce(t *testing.T) {
	v := verdicts(t, request(`{"type":"contact_edited","occurred_at":"x","person":{"stage":"y","snapshot":{"z":1}},"odd":1,
		"overrides":[{"level":"campaign","trigger":"w"}]}`))[0]
	var got []string
	for _, m := range v.Mistakes {
		got = append(got, strings.TrimPrefix(m.Path, "events[0].")+" "+m.Code)
	}
	slices.Sort(got)
	want := []string{
		"id required", "occurred_at bad_time", "odd unknown_key", "origin required", "overrides[0].level no_campaign",
		"overrides[0].trigger unknown_trigger", "person.id required", "person.snapshot.z unknown_variable", "person.stage unknown_stage",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFloodOfMistakesIsCutAndSaysSo(t *testing.T) {
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, `,"k%d":1`, i)
	}
	v := verdicts(t, request(`{"id":"e"`+b.String()+`}`))[0]
	if n := len(v.Mistakes); n != 21 || v.Mistakes[n-1].Code != "more" {
		t.Errorf("%d mistakes, last %+v", n, v.Mistakes[n-1])
	}
}

func TestAnEventThatNoMessageCanCarryIsRefused(t *testing.T) {
	// U+2028 takes three bytes in the request and six in a message.
	values := strings.Repeat(`{"field":"f","value":"`+strings.Repeat("\u2028", 3300)+`"},`, 12)
	v := verdicts(t, request(`{"id":"e","type":"email_sent","occurred_at":"2026-03-01T00:00:00Z","person":{"id":"p"},"values":[`+
		strings.TrimSuffix(values, ",")+`]}`))[0]
	if len(v.Mistakes) != 1 || v.Mistakes[0].Code != "too_large" || v.Mistakes[0].Path != "events[0]" {
		t.Errorf("%+v", v.Mistakes)
	}
}

func TestABodyOfAnyLengthIsAcceptedAndCutAtACharacter(t *testing.T) {
	for _, long := range []string{strings.Repeat("a", 200_000), "a" + strings.Repeat("é", 60_000)} {
		v := verdicts(t, request(strings.Replace(full, "<p>a & b</p>", long, 1)))[0]
		if !v.Accepted() {
			t.Fatalf("%+v", v.Mistakes)
		}
		body := v.Event.Message.Body
		if !strings.HasPrefix(long, body) || !utf8.ValidString(body) || len(body) < 99_990 || len(body) > 100_000 {
			t.Errorf("%d bytes are kept", len(body))
		}
		comesBack(t, []event.Event{v.Event})
	}
}

func TestCharactersThatAQueueDoesNotCarryAreReplaced(t *testing.T) {
	fit := strings.NewReplacer(`"Re: hi"`, `"a\ufffe\uffffb\u0001"`, `"title"`, `"ti\uffff"`).Replace(full)
	v := verdicts(t, request(fit))[0]
	if !v.Accepted() || v.Event.Message.Subject != "a\ufffd\ufffdb\u0001" {
		t.Fatalf("%+v %+v", v.Mistakes, v.Event.Message)
	}
	comesBack(t, []event.Event{v.Event})
}

func TestARepeatedSensitiveVariableIsCountedEachTime(t *testing.T) {
	v := verdicts(t, request(strings.Replace(full, `"gender":"x"`, `"gender":"x","gender":"y","gender":"z"`, 1)))[0]
	if !v.Accepted() || v.Event.Dropped != 5 {
		t.Errorf("dropped %d, %+v", v.Event.Dropped, v.Mistakes)
	}
}

func TestEventsAreAcceptedInTheOrderOfTheRequest(t *testing.T) {
	again := strings.Replace(full, `"e1"`, `"e0"`, 1)
	for i, v := range verdicts(t, request(full, again, `{"id":"refused"}`, full)) {
		if !v.Accepted() {
			continue
		}
		if want := at.Add(time.Duration(i) * time.Microsecond); !v.Event.AcceptedAt.Equal(want) {
			t.Errorf("event %d is accepted at %v, want %v", i, v.Event.AcceptedAt, want)
		}
	}
}

func TestThingsThatAreNoEvents(t *testing.T) {
	for i, v := range verdicts(t, request(`1`, `"e"`, `null`, `[]`, `{}`)) {
		if v.Accepted() {
			t.Errorf("event %d was accepted", i)
		}
	}
}

func TestEnvelopes(t *testing.T) {
	small := `{"id":"e","type":"email_sent","occurred_at":"2026-03-01T00:00:00Z","person":{"id":"p"}}`
	for _, c := range []struct {
		name, body string
		kind       fault.Kind
		code       string
		paths      string
	}{
		{"nothing", ``, fault.Invalid, "malformed_json", ""},
		{"no JSON", `{"team":"t1","events":[`, fault.Invalid, "malformed_json", ""},
		{"two values", string(request(small)) + `{}`, fault.Invalid, "malformed_json", ""},
		{"a comma too many", `{"team":"t1","events":[1,]}`, fault.Invalid, "malformed_json", ""},
		{"a list", `[]`, fault.Invalid, "malformed_json", ""},
		{"no UTF-8", "{\"team\":\"t\xff\",\"events\":[1]}", fault.Invalid, "invalid_utf8", ""},
		{"a byte order mark", "\ufeff" + string(request(small)), fault.Invalid, "invalid_utf8", ""},
		{"UTF-16", "\xff\xfe{\x00}\x00", fault.Invalid, "invalid_utf8", ""},
		{"nested beyond reason", strings.Repeat("[", 20_000), fault.Invalid, "malformed_json", ""},
		{"no team", `{"events":[` + small + `]}`, fault.Invalid, "no_team", ""},
		{"an empty team", `{"team":"","events":[` + small + `]}`, fault.Invalid, "no_team", ""},
		{"a team that is no text", `{"team":["t1"],"events":[` + small + `]}`, fault.Invalid, "no_team", ""},
		{"a team that is no word", `{"team":"ü","events":[` + small + `]}`, fault.Invalid, "bad_envelope", "team"},
		{"all else wrong", `{"team":"ü","events":{},"x":1}`, fault.Invalid, "bad_envelope", "team events x"},
		{"teams", `{"team":"t1","team":"t2","events":[1]}`, fault.Invalid, "bad_envelope", "team"},
		{"no events", `{"team":"t1"}`, fault.Invalid, "no_events", ""},
		{"empty events", `{"team":"t1","events":[]}`, fault.Invalid, "no_events", ""},
		{"too many", `{"team":"t1","events":[` + strings.Repeat("1,", 100) + `1]}`, fault.TooLarge, "too_many_events", ""},
		{"too large", `{"team":"t1","events":["` + strings.Repeat("x", contract.MaxBody) + `"]}`, fault.TooLarge, "body_too_large", ""},
	} {
		_, err := contract.Open([]byte(c.body))
		if err == nil {
			t.Errorf("%s: opened", c.name)
			continue
		}
		f := fault.Of(err)
		var paths []string
		for _, d := range f.Details() {
			paths = append(paths, d.Path)
		}
		if f.Kind() != c.kind || f.Code() != c.code || strings.Join(paths, " ") != c.paths {
			t.Errorf("%s: %v %s %v", c.name, f.Kind(), f.Code(), paths)
		}
	}
	if _, err := contract.Open([]byte(`{"team":"t1","events":[` + strings.Repeat("1,", 99) + `1]}`)); err != nil {
		t.Errorf("a hundred events: %v", err)
	}
}

func TestOnlyARequestWithoutATeamIsJudgedBeforeItsSignature(t *testing.T) {
	for body, team := range map[string]string{
		`{"team":"t1","events":[]}`: "t1", `{"team":"t1"}`: "t1", `{"team":"t1","events":7,"x":1}`: "t1", `{"team":"ü","events":[1]}`: "ü",
		`{"team":"t1","team":"t2","events":[1]}`: "t1", `{"team":"t1","events":[` + strings.Repeat("1,", 100) + `1]}`: "t1",
	} {
		r, err := contract.Receive([]byte(body))
		if err != nil {
			t.Errorf("%.40s: %v", body, err)
			continue
		}
		if r.Team() != team || r.Wrong() == nil {
			t.Errorf("%.40s: team %q, wrong: %v", body, r.Team(), r.Wrong())
		}
	}
	for _, body := range []string{`{"team":`, `[]`, `{}`, `{"team":1,"events":[1]}`, "\ufeff{}", strings.Repeat(" ", contract.MaxBody) + "{}"} {
		if _, err := contract.Receive([]byte(body)); err == nil {
			t.Errorf("%.40s: received", body)
		}
	}
	r, err := contract.Receive(request(full))
	if err != nil || r.Wrong() != nil {
		t.Errorf("a good request: %v, %v", err, r.Wrong())
	}
}

func TestTheHashIsOfTheEventWhateverItsSpelling(t *testing.T) {
	hash := func(text string) string { return verdicts(t, request(text))[0].Event.BodyHash }
	var tree map[string]any
	if err := json.Unmarshal([]byte(strings.Replace(full, "12.50", `"12.50"`, 1)), &tree); err != nil {
		t.Fatal(err)
	}
	reordered, err := json.MarshalIndent(tree, "", "  ") // sorted keys, other white space
	if err != nil {
		t.Fatal(err)
	}
	same := hash(full)
	if len(same) != 64 {
		t.Errorf("hash %q", same)
	}
	if got := hash(strings.Replace(string(reordered), `"12.50"`, "12.50", 1)); got != same {
		t.Error("another order of keys is another hash")
	}
	if got := hash(strings.NewReplacer(`"gender":"x",`, ``, `,"gender"]`, `]`, `,"gender":"x"`, ``, `,"dominantRace":["y"]`, ``).Replace(full)); got != same {
		t.Error("sensitive variables are part of the hash")
	}
	if hash(strings.Replace(full, "Re: hi", "Re: ho", 1)) == same {
		t.Error("another body is the same hash")
	}
}
