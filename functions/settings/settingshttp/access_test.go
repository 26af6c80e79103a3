package settingshttp_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// operations are all that need a token, with a body that would pass.
var operations = []struct{ method, path, body string }{
	{http.MethodGet, "/v1/connection", ""},
	{http.MethodPut, "/v1/connection", `{"key":"abc"}`},
	{http.MethodPost, "/v1/connection/check", ""},
	{http.MethodDelete, "/v1/connection", ""},
	{http.MethodGet, "/v1/settings/team", ""},
	{http.MethodPatch, "/v1/settings/team", `{"trigger":"on_add"}`},
	{http.MethodPost, "/v1/settings/team/rollback", `{"version":0}`},
	{http.MethodGet, "/v1/settings/me", ""},
	{http.MethodPatch, "/v1/settings/me", `{"trigger":"on_add"}`},
	{http.MethodPost, "/v1/settings/me/rollback", `{"version":0}`},
	{http.MethodGet, "/v1/settings/effective", ""},
	{http.MethodGet, "/v1/settings/history", ""},
	{http.MethodGet, "/v1/fields", ""},
	{http.MethodPost, "/v1/fields", `{"for":["company"]}`},
	{http.MethodGet, "/v1/fields/source/options", ""},
	{http.MethodGet, "/v1/values/campaigns/c1", ""},
	{http.MethodPut, "/v1/values/campaigns/c1", `{"values":{}}`},
	{http.MethodGet, "/v1/values/people/p1", ""},
	{http.MethodPut, "/v1/values/people/p1", `{"values":{}}`},
	{http.MethodGet, "/v1/variables", ""},
	{http.MethodGet, "/v1/mapping", ""},
	{http.MethodPut, "/v1/mapping", `{"entries":[]}`},
	{http.MethodPost, "/v1/mapping/validate", `{"entries":[]}`},
	{http.MethodPost, "/v1/mapping/defaults", ""},
	{http.MethodGet, "/v1/mapping/history", ""},
	{http.MethodPost, "/v1/mapping/rollback", `{"version":1}`},
	{http.MethodGet, "/v1/people/p1/timeline", ""},
	{http.MethodGet, "/v1/events/e1", ""},
	{http.MethodPost, "/v1/preview", `{"event":{}}`},
	{http.MethodGet, "/v1/search/filters", ""},
	{http.MethodPost, "/v1/search", `{}`},
	{http.MethodGet, "/v1/mirror", ""},
	{http.MethodPost, "/v1/mirror/refresh", ""},
	{http.MethodGet, "/v1/inbox", ""},
	{http.MethodGet, "/v1/inbox/needs_review", ""},
	{http.MethodPost, "/v1/events/e1/retry", ""},
	{http.MethodPost, "/v1/events/e1/settle", `{"answer":"applied"}`},
	{http.MethodGet, "/v1/people/p1", ""},
	{http.MethodPost, "/v1/people/p1/hold", ""},
	{http.MethodPost, "/v1/people/p1/release", ""},
	{http.MethodPost, "/v1/people/p1/push", ""},
	{http.MethodPost, "/v1/people/p1/backfill", ""},
	{http.MethodPost, "/v1/people/p1/forget", ""},
	{http.MethodPut, "/v1/people/p1/link", `{"candidate":"c1"}`},
	{http.MethodDelete, "/v1/people/p1/link", ""},
	{http.MethodPost, "/v1/push", `{"people":["p1"]}`},
	{http.MethodPost, "/v1/events/retry", `{"events":["e1"]}`},
	{http.MethodPost, "/v1/backfill", `{"people":["p1"]}`},
	{http.MethodPost, "/v1/inbox/rejected/redrive", ""},
	{http.MethodGet, "/v1/jobs", ""},
	{http.MethodGet, "/v1/jobs/j1", ""},
	{http.MethodDelete, "/v1/jobs/j1", ""},
	{http.MethodGet, "/v1/activity", ""},
	{http.MethodGet, "/v1/reviews", ""},
	{http.MethodGet, "/v1/reviews/p1", ""},
	{http.MethodPut, "/v1/reviews/p1", `{"answer":"never"}`},
	{http.MethodDelete, "/v1/reviews/p1", ""},
}

// adminsOnly are the paths, beside those of settings, on which only an admin does
// more than look.
var adminsOnly = []string{
	"/v1/events/e1/retry", "/v1/events/e1/settle", "/v1/people/p1/hold", "/v1/people/p1/release", "/v1/people/p1/backfill", "/v1/people/p1/forget", "/v1/people/p1/link",
	"/v1/push", "/v1/backfill", "/v1/events/retry", "/v1/inbox/rejected/redrive", "/v1/jobs/j1",
	"/v1/mirror/refresh",
}

// membersToo are the paths on which all but viewers do more than look.
var membersToo = []string{"/v1/preview", "/v1/people/p1/push", "/v1/reviews/p1", "/v1/values/campaigns/c1", "/v1/values/people/p1"}

func TestWithoutATokenNothingIsAnswered(t *testing.T) {
	r := newRig(t)
	for _, o := range operations {
		for _, token := range []string{"", "nonsense"} {
			got := r.do(token, o.method, o.path, o.body).want(t, 401, "token_invalid")
			if got.header.Get("WWW-Authenticate") != "Bearer" {
				t.Errorf("%s %s does not say how to sign in", o.method, o.path)
			}
		}
		r.do("", o.method, o.path, o.body, "Authorization", "Basic "+admin).want(t, 401, "token_invalid")
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	r := newRig(t)
	for _, o := range operations {
		admins := o.path == "/v1/connection" && o.method != http.MethodGet || o.path == "/v1/connection/check" ||
			o.method != http.MethodGet && slices.ContainsFunc([]string{"/v1/settings/team", "/v1/fields", "/v1/mapping"},
				func(of string) bool { return strings.HasPrefix(o.path, of) }) ||
			o.method != http.MethodGet && slices.Contains(adminsOnly, o.path)
		if admins {
			r.do(viewer, o.method, o.path, o.body, "If-Match", `"0"`).want(t, 403, "admin_only")
			r.do(member, o.method, o.path, o.body, "If-Match", `"0"`).want(t, 403, "admin_only")
		}
		if o.method != http.MethodGet && slices.Contains(membersToo, o.path) || strings.HasPrefix(o.path, "/v1/settings/me") && o.method != http.MethodGet {
			r.do(viewer, o.method, o.path, o.body, "If-Match", `"0"`).want(t, 403, "viewer_reads_only")
		}
		if o.method == http.MethodGet {
			if got := r.do(viewer, o.method, o.path, o.body); got.status != 200 && got.status != 404 && got.body["code"] != "not_connected" {
				t.Errorf("a viewer of %s: %s", o.path, got.text)
			}
		}
	}
	r.do("acme:vic:viewer+", http.MethodPatch, "/v1/settings/team", `{}`, "If-Match", `"0"`).want(t, 200, "") // a flag on any role
}

func TestWhoIsNoViewerChangesWhatIsTheirOwn(t *testing.T) {
	r := newRig(t)
	for _, who := range []string{member, "acme:sue:super", admin, "acme:vic:viewer+"} {
		for _, o := range operations {
			if strings.HasPrefix(o.path, "/v1/settings/me") {
				version := r.do(who, http.MethodGet, "/v1/settings/me", "").header.Get("ETag")
				r.do(who, o.method, o.path, o.body, "If-Match", version).want(t, 200, "")
			}
		}
	}
}

func TestHealthAndDescriptionAreForAnybody(t *testing.T) {
	r := newRig(t)
	r.do("", http.MethodGet, "/v1/health", "").want(t, 200, "")
	got := r.do("", http.MethodGet, "/v1/openapi.json", "").want(t, 200, "")
	if got.body["openapi"] != "3.1.0" {
		t.Errorf("openapi %v", got.body["openapi"])
	}
}

func TestWhatIsNotThereIsAProblemToo(t *testing.T) {
	r := newRig(t)
	r.do(admin, http.MethodGet, "/v1/nothing", "").want(t, 404, "no_such_path")
	r.do(admin, http.MethodPost, "/v1/settings/team", "{}").want(t, 405, "method_not_allowed")
	r.do(admin, http.MethodGet, "/v1/connection?team=globex", "").want(t, 422, "invalid_request")
	for _, path := range []string{"/docs", "/openapi.json", "/schemas/Problem.json"} {
		r.do(admin, http.MethodGet, path, "").want(t, 404, "no_such_path")
	}
}

func TestEveryAnswerKeepsItselfToItself(t *testing.T) {
	r := newRig(t)
	got := r.do(admin, http.MethodGet, "/v1/connection", "")
	for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} {
		if got.header.Get(name) != want {
			t.Errorf("%s: %s", name, got.header.Get(name))
		}
	}
}

func TestARequestIsOneLineWithoutIdsOfPeople(t *testing.T) {
	r := newRig(t)
	r.do(admin, http.MethodGet, "/v1/people/person-of-interest/timeline", "").want(t, 404, "no_such_person")
	log := strings.TrimSpace(r.log.String())
	if strings.Count(log, "\n") != 0 || strings.Contains(log, "person-of-interest") {
		t.Fatalf("log %s", log)
	}
	var line map[string]any
	if err := json.Unmarshal([]byte(log), &line); err != nil {
		t.Fatal(err)
	}
	if line["operation"] != "getPersonTimeline" || line["status"] != 404.0 || line["team"] != "acme" || line["user"] != "ann" {
		t.Errorf("line %v", line)
	}
	if problem, ok := line["error"].(map[string]any); !ok || problem["code"] != "no_such_person" {
		t.Errorf("line %v", line)
	}
}
