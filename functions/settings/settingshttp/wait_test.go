package settingshttp_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

func TestWhatWaitsForAKeySaysSo(t *testing.T) {
	r := newRig(t)
	r.recorded("acme", outreach("e1", "email_sent", "zoe", 1))
	entries := r.do(viewer, http.MethodGet, "/v1/people/zoe/timeline", "").want(t, 200, "").body["events"].([]any)
	story := r.do(viewer, http.MethodGet, "/v1/events/e1", "").want(t, 200, "").body
	for name, entry := range map[string]map[string]any{"timeline": entries[0].(map[string]any), "event": story} {
		wait, _ := entry["wait"].(map[string]any)
		message, _ := entry["message"].(string)
		if wait["owner"] != "admin" || wait["exit"] != "activate a key" || wait["reason"] != "not_connected" || !strings.Contains(message, "key") {
			t.Errorf("%s: %q, wait %v", name, message, wait)
		}
	}
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	if got := r.do(viewer, http.MethodGet, "/v1/events/e1", "").want(t, 200, ""); got.body["wait"] != nil {
		t.Errorf("with a key: %v", got.body["wait"])
	}
}

func TestAnEventForWhichNothingWasSentDoesNotSayThatItWent(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	r.do(admin, http.MethodPatch, team, `{"trigger":"on_add","note_types":["email_reply"]}`, "If-Match", `"0"`).want(t, 200, "")
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1))
	second := outreach("e2", "email_sent", "zoe", 2)
	shown := previewed(r, member, second).want(t, 200, "").body
	r.happened("acme", second)
	got := r.do(viewer, http.MethodGet, "/v1/events/e2", "").want(t, 200, "").body
	if got["code"] != "synced" || len(got["steps"].([]any)) != 0 || len(shown["calls"].([]any)) != 0 {
		t.Fatalf("got %v", got)
	}
	for name, message := range map[string]any{"preview": shown["message"], "event": got["message"]} {
		if said, _ := message.(string); !strings.Contains(said, "nothing had to be sent") {
			t.Errorf("%s: %q", name, said)
		}
	}
}

func TestAMissingPermissionIsNamedAndItsWorkGoesOnceItIsTicked(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	r.key(ashbytest.LocalKey, func(k *ashbytest.Key) {
		k.Scopes = slices.DeleteFunc(ashbytest.AllScopes(), func(s string) bool { return s == ashbytest.CandidatesWrite })
	})
	r.happened("acme", outreach("e1", "meeting_booked", "zoe", 1))
	waits := r.do(viewer, http.MethodGet, "/v1/events/e1", "").want(t, 200, "").body
	if wait, _ := waits["wait"].(map[string]any); waits["code"] != "connection" || wait["owner"] != "admin" {
		t.Fatalf("got %v", waits)
	}
	shown := r.do(viewer, http.MethodGet, "/v1/connection", "").want(t, 200, "").body
	var missing []any
	for _, p := range shown["permissions"].([]any) {
		if p := p.(map[string]any); p["state"] == "missing" {
			missing = append(missing, p["box"])
		}
	}
	if shown["status"] != "connected_with_limits" || !slices.Equal(missing, []any{"Candidates: write"}) {
		t.Errorf("%v, missing %v", shown["status"], missing)
	}
	r.key(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Scopes = ashbytest.AllScopes() })
	r.rung()
	r.do(admin, http.MethodPost, "/v1/connection/check", "").want(t, 200, "")
	if rung := r.rung(); len(rung) != 1 {
		t.Errorf("rung %v", rung)
	}
	r.happened("acme", outreach("e2", "email_sent", "yan", 1)) // drains, as the ring does
	if got := r.do(viewer, http.MethodGet, "/v1/events/e1", "").want(t, 200, "").body; got["code"] != "created" {
		t.Errorf("got %v, %v", got["state"], got["code"])
	}
}
