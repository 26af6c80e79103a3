package settingshttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/budget"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/usecase/bulk"
	"github.com/sourcewhale/ashby-sync/shared/usecase/inbox"
	"github.com/sourcewhale/ashby-sync/shared/usecase/push"
	"github.com/sourcewhale/ashby-sync/shared/usecase/record"
	"github.com/sourcewhale/ashby-sync/shared/usecase/request"
)

// happened records events of a team as intake and record would, and drains them.
func (r *rig) happened(team string, events ...string) {
	r.t.Helper()
	r.recorded(team, events...)
	pusher := &push.Pusher{
		Chores: r.foreman(), Ledger: r.people, Teams: r.config, Keys: r, Ashby: r, Bell: r, Now: time.Now, Token: token,
		Budgets: r.people, Limits: budget.Of(60_000),
		Jitter: func() float64 { return 0 }, Log: slog.New(slog.DiscardHandler),
	}
	if err := pusher.Drain(r.t.Context(), team, time.Now().Add(30*time.Second)); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) recorded(team string, events ...string) {
	r.t.Helper()
	request, err := contract.Open([]byte(`{"team":"` + team + `","events":[` + strings.Join(events, ",") + `]}`))
	if err != nil {
		r.t.Fatal(err)
	}
	var accepted []event.Event
	for _, v := range request.Events(time.Now(), "trace") {
		if !v.Accepted() {
			r.t.Fatal(v.Mistakes)
		}
		accepted = append(accepted, v.Event)
	}
	if err := errors.Join(r.recorder().Record(r.t.Context(), accepted)...); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) recorder() *record.Recorder {
	return &record.Recorder{
		Ledger: r.people, Hooks: r.people, Settings: r.config, Users: r.config, Bell: r, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	}
}

// foreman works on jobs as push has it.
func (r *rig) foreman() *bulk.Foreman {
	return &bulk.Foreman{
		Store: r.people, Ledger: r.people, Now: time.Now, Token: token,
		Requests: &request.Requester{Recorder: r.recorder(), People: r.people, Now: time.Now},
		Causes:   &inbox.Inbox{Store: r.people, Ledger: r.people, Bell: r, Now: time.Now},
	}
}

// Ring does nothing: the tests drain when they want to.
func (r *rig) Ring(context.Context, string) error { return nil }

// Key reads a team's key.
func (r *rig) Key(ctx context.Context, team, version string) (secret.Value, error) {
	key, _, err := r.secrets.Get(ctx, "dev/ashby-sync/team/"+team+"/ashby-key", version)
	return key, err
}

// Open opens an account at the running Ashby.
func (r *rig) Open(key secret.Value, _, fingerprint string, admit func(context.Context) error) push.Account {
	a := r.ashby.With(key)
	return pushing{a, ashby.NewReader(a, ashby.NewCatalogue(time.Now), fingerprint, admit)}
}

type pushing struct {
	account *ashby.Account
	*ashby.Reader
}

func (p pushing) Do(ctx context.Context, method string, body []byte) (push.Reply, error) {
	answer, err := p.account.Do(ctx, method, body)
	return push.Reply{RemoteID: answer.RecordID, RequestID: answer.RequestID, Warnings: answer.Warnings}, err
}

func (p pushing) Try(ctx context.Context, need connection.Permission) error {
	return p.account.Try(ctx, need)
}

func (p pushing) Probe(ctx context.Context) (bool, error) { return p.account.Probe(ctx) }

// outreach is an event of a person nobody in Ashby is yet.
func outreach(id, kind, person string, minute int) string {
	return fmt.Sprintf(`{"id":%q,"type":%q,"occurred_at":"2026-11-20T08:%02d:00Z","campaign":{"id":"camp-1","name":"Makers"},
		"person":{"id":%q,"stage":"Sourced","snapshot":{"firstName":"Zoe","lastName":"Quill","emails":["zoe.%s@example.net"],
		"phones":["+44 20 7946 0%03d"],"company":"Quill & Sons"}},
		"message":{"subject":"Hello","body":"Hello there","from":"us@example.org","to":"zoe@example.net"}}`, id, kind, minute, person, person, ownNumber(person))
}

// ownNumber gives people of the same name different numbers.
func ownNumber(person string) int {
	n := 0
	for _, b := range []byte(person) {
		n = (n*31 + int(b)) % 1000
	}
	return n
}

func previewed(r *rig, as, event string) reply {
	r.t.Helper()
	got := r.do(as, http.MethodPost, "/v1/preview", `{"event":`+event+`}`)
	if list, ok := got.body["events"].([]any); ok && len(list) == 1 {
		got.body, _ = list[0].(map[string]any)
	}
	return got
}

func TestThePushMakesTheCallsThatThePreviewShowed(t *testing.T) {
	for _, trigger := range []string{"on_add", "on_interested"} {
		t.Run(trigger, func(t *testing.T) {
			r := newRig(t)
			r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
			r.do(admin, http.MethodPatch, team, `{"trigger":"`+trigger+`"}`, "If-Match", `"0"`).want(t, 200, "")
			r.wire.writes()
			for i, kind := range []string{"email_sent", "meeting_booked", "email_reply"} {
				e := outreach(fmt.Sprintf("e%d", i), kind, "zoe", i)
				shown := previewed(r, member, e).want(t, 200, "")
				if wrote := r.wire.writes(); len(wrote) > 0 {
					t.Fatalf("the preview wrote %v", wrote)
				}
				r.happened("acme", e)
				calls := shown.body["calls"].([]any)
				pushed := r.wire.writes()
				if len(calls) != len(pushed) || trigger == "on_add" && len(calls) == 0 {
					t.Fatalf("%s: %d calls shown, %d made", kind, len(calls), len(pushed))
				}
				story := r.do(viewer, http.MethodGet, fmt.Sprintf("/v1/events/e%d", i), "").want(t, 200, "")
				candidate := ""
				for _, s := range story.body["steps"].([]any) {
					if step := s.(map[string]any); step["id"] == "create" {
						candidate = step["remote_id"].(string)
					}
				}
				for j, c := range calls {
					call := c.(map[string]any)
					body := strings.ReplaceAll(call["body"].(string), "$create.candidateId", candidate)
					if call["method"] != pushed[j].method || body != pushed[j].body {
						t.Errorf("%s: shown %s %s\n made %s %s", kind, call["method"], body, pushed[j].method, pushed[j].body)
					}
				}
				if story.body["code"] != shown.body["code"] {
					t.Errorf("%s: previewed %v, became %v", kind, shown.body["code"], story.body["code"])
				}
			}
		})
	}
}

func TestAnEventIsExplained(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	r.do(admin, http.MethodPatch, team, `{"trigger":"on_add"}`, "If-Match", `"0"`).want(t, 200, "")
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1))
	got := r.do(viewer, http.MethodGet, "/v1/events/e1", "").want(t, 200, "")
	if got.body["state"] != "final" || got.body["code"] != "created" || got.body["row"] != 9.0 || got.body["person"] != "zoe" {
		t.Errorf("got %s", got.text)
	}
	for _, said := range []string{"message", "rule"} {
		if s, _ := got.body[said].(string); !strings.HasSuffix(s, ".") {
			t.Errorf("%s: %q", said, s)
		}
	}
	trigger := got.body["settings"].(map[string]any)["trigger"].(map[string]any)
	if trigger["value"] != "on_add" || trigger["level"] != "team" || trigger["version"] != 1.0 {
		t.Errorf("trigger %v", trigger)
	}
	plan := got.body["plan"].(map[string]any)
	fields := map[string]map[string]any{}
	for _, f := range plan["fields"].([]any) {
		fields[f.(map[string]any)["field"].(string)] = f.(map[string]any)
	}
	if name := fields["name"]; name["action"] != "write" || name["after"] != "Zoe Quill" || name["step"] != "create" {
		t.Errorf("name %v", name)
	}
	if link := fields["link.GitHub"]; link["action"] != "skip" || link["code"] != "no_value" || !strings.Contains(link["message"].(string), "no value") {
		t.Errorf("link %v", link)
	}
	var ids []string
	for _, s := range got.body["steps"].([]any) {
		step := s.(map[string]any)
		ids = append(ids, step["id"].(string))
		if step["status"] != "done" || step["attempts"] != 1.0 || step["intent_at"] == nil || step["done_at"] == nil || step["message"] == "" {
			t.Errorf("step %v", step)
		}
	}
	if !slices.Contains(ids, "create") || ids[len(ids)-1] != "note" {
		t.Errorf("steps %v", ids)
	}
	if len(plan["reads"].([]any)) == 0 || plan["key_fingerprint"] == "" {
		t.Errorf("plan %v", plan)
	}
}

func TestATimelineIsPagedNewestFirst(t *testing.T) {
	r := newRig(t)
	for i := range 5 {
		r.recorded("acme", outreach(fmt.Sprintf("e%d", i), "email_sent", "zoe", i))
	}
	var seen []string
	cursor := ""
	for pages := 0; ; pages++ {
		if pages > 5 {
			t.Fatal("the timeline does not end")
		}
		got := r.do(viewer, http.MethodGet, "/v1/people/zoe/timeline?limit=2&cursor="+cursor, "").want(t, 200, "")
		for _, e := range got.body["events"].([]any) {
			entry := e.(map[string]any)
			seen = append(seen, entry["event"].(string))
			if entry["state"] != "pending" || entry["message"] == "" {
				t.Errorf("entry %v", entry)
			}
		}
		next, more := got.body["next"].(string)
		if !more {
			break
		}
		cursor = next
	}
	if want := []string{"e4", "e3", "e2", "e1", "e0"}; !slices.Equal(seen, want) {
		t.Errorf("seen %v", seen)
	}
}

func TestAPersonsLinkAndMarksAreShown(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	r.happened("acme", outreach("e1", "meeting_booked", "zoe", 1))
	got := r.do(viewer, http.MethodGet, "/v1/people/zoe/timeline", "").want(t, 200, "")
	person := got.body["person"].(map[string]any)
	link, ok := person["link"].(map[string]any)
	if !ok || link["kind"] != "synced" || link["candidate"] == "" || person["interested_at"] == nil || person["responded_at"] == nil {
		t.Errorf("person %v", person)
	}
}

func TestWhatBelongsToAnotherTeamIsNotThere(t *testing.T) {
	r := newRig(t)
	r.recorded("acme", outreach("e1", "email_sent", "zoe", 1))
	r.do(viewer, http.MethodGet, "/v1/events/e1", "").want(t, 200, "")
	var answers []string
	for _, path := range []string{
		"/v1/events/e1", "/v1/events/nothing", "/v1/people/zoe/timeline", "/v1/people/nobody/timeline",
		"/v1/events/" + strings.Repeat("e", 300), "/v1/people/..%2Facme%23p%23zoe/timeline", "/v1/events/acme%23e%23e1", "/v1/people/%00/timeline",
	} {
		got := r.do(admin2, http.MethodGet, path, "").want(t, 404, "")
		if strings.Contains(got.text, "acme") {
			t.Errorf("%s: %s", path, got.text)
		}
		answers = append(answers, got.text)
	}
	if answers[0] != answers[1] || answers[2] != answers[3] {
		t.Errorf("what is another's answers otherwise than what is nobody's: %v", answers)
	}
}

func TestQueriesThatAreRefused(t *testing.T) {
	r := newRig(t)
	r.recorded("acme", outreach("e1", "email_sent", "zoe", 1))
	for query, c := range map[string]struct {
		status int
		code   string
	}{
		"limit=0": {422, "invalid_request"}, "limit=101": {422, "invalid_request"}, "limit=many": {422, "invalid_request"}, "page=2": {422, "invalid_request"},
		"cursor=!": {400, "cursor_malformed"}, "cursor=cm93": {400, "cursor_malformed"}, // "row"
		"cursor=" + strings.Repeat("dCMx", 500): {400, "cursor_malformed"},
	} {
		got := r.do(viewer, http.MethodGet, "/v1/people/zoe/timeline?"+query, "").want(t, c.status, c.code)
		if strings.Contains(got.text, "many") || strings.Contains(got.text, "101") {
			t.Errorf("%s is repeated: %s", query, got.text)
		}
	}
}

func TestAPreviewNeedsAnEventOfTheContract(t *testing.T) {
	r := newRig(t)
	for name, c := range map[string]struct {
		body, code string
		status     int
		mistakes   []string
	}{
		"no JSON":                      {`{"event":`, "malformed_json", 400, nil},
		"no event":                     {`{}`, "invalid_request", 422, []string{"event required"}},
		"null, and a team":             {`{"event":null,"team":"globex"}`, "invalid_request", 422, []string{"team unknown_field", "event required"}},
		"no object":                    {`{"event":[]}`, "invalid_request", 422, []string{"event wrong_type"}},
		"several mistakes":             {`{"event":{"id":"e#1","type":"fax_sent","person":{}}}`, "invalid_request", 422, nil},
		"more than a request may have": {`{"event":{"id":"` + strings.Repeat("e", 300<<10) + `"}}`, "body_too_large", 413, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := r.do(member, http.MethodPost, "/v1/preview", c.body).want(t, c.status, c.code)
			if c.mistakes != nil && !slices.Equal(got.mistakes(), c.mistakes) {
				t.Errorf("mistakes %v, want %v", got.mistakes(), c.mistakes)
			}
			if name == "several mistakes" {
				if m := got.mistakes(); len(m) < 3 || !strings.HasPrefix(m[0], "event.") {
					t.Errorf("mistakes %v", m)
				}
			}
		})
	}
}

func TestAPreviewWithoutAConnectionAnswersWhatNeedsNoAshby(t *testing.T) {
	r := newRig(t)
	got := previewed(r, member, outreach("e1", "email_sent", "zoe", 1)).want(t, 200, "") // not marked yet: withheld, whatever is in Ashby
	if got.body["code"] != "withheld_until_marked" || got.body["state"] != "resting" || len(got.body["calls"].([]any)) != 0 {
		t.Errorf("got %s", got.text)
	}
	previewed(r, member, outreach("e1", "meeting_booked", "zoe", 1)).want(t, 409, "not_connected")
}

func TestAPreviewTellsOfAshbysTroubleAsItIs(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	e := outreach("e1", "meeting_booked", "zoe", 1)
	r.fault(ashbytest.Fault{Kind: ashbytest.Throttled, Count: 1})
	if got := previewed(r, member, e).want(t, 429, ""); got.header.Get("Retry-After") == "" {
		t.Error("it is not said when to try again")
	}
	r.fault(ashbytest.Fault{Kind: ashbytest.Unavailable, Count: 1})
	previewed(r, member, e).want(t, 503, "")
	r.key(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Disabled = true })
	previewed(r, member, e).want(t, 422, "")
}

func TestTheExampleEventOfTheDescriptionCanBePreviewed(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	description := r.do("", http.MethodGet, "/v1/openapi.json", "").want(t, 200, "")
	at := description.body
	for _, step := range []string{"paths", "/v1/preview", "post", "requestBody", "content", "application/json"} {
		at = at[step].(map[string]any)
	}
	example, err := json.Marshal(at["example"])
	if err != nil {
		t.Fatal(err)
	}
	r.do(member, http.MethodPost, "/v1/preview", string(example)).want(t, 200, "")
}
