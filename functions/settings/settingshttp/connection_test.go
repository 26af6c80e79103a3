package settingshttp_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/functions/settings/settingshttp"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

func TestAConnectionFromNothingToDisconnected(t *testing.T) {
	r := newRig(t)
	first := r.do(viewer, http.MethodGet, "/v1/connection", "").want(t, 200, "")
	if first.body["status"] != "not_connected" || first.body["key"] != nil {
		t.Errorf("at first: %s", first.text)
	}
	on := r.activate(admin, "  "+ashbytest.LocalKey+"\n").want(t, 200, "")
	key := on.body["key"].(map[string]any)
	if on.body["status"] != "connected" || key["last_four"] != "0001" || key["fingerprint"] != connection.Fingerprint(ashbytest.LocalKey) || on.body["activated_by"] != "ann" {
		t.Errorf("activated: %s", on.text)
	}
	if got := r.rung(); !slices.Equal(got, []string{`{"team":"acme"}`}) {
		t.Errorf("rung %v", got)
	}
	seen := r.do(viewer, http.MethodGet, "/v1/connection", "").want(t, 200, "")
	if seen.body["status"] != "connected" {
		t.Errorf("seen by a viewer: %s", seen.text)
	}
	r.do(admin, http.MethodPost, "/v1/connection/check", "").want(t, 200, "")
	off := r.do(admin, http.MethodDelete, "/v1/connection", "").want(t, 200, "")
	if off.body["status"] != "disconnected" || off.body["key"] != nil {
		t.Errorf("disconnected: %s", off.text)
	}
	if _, _, err := r.secrets.Get(t.Context(), "dev/ashby-sync/team/acme/ashby-key", ""); err == nil {
		t.Error("the key is still kept")
	}
	r.do(admin, http.MethodPost, "/v1/connection/check", "").want(t, 409, "not_connected")
	r.do(admin, http.MethodDelete, "/v1/connection", "").want(t, 200, "")
}

func TestNothingThatActivationAsksChangesAshby(t *testing.T) {
	r := newRig(t)
	r.key(ashbytest.LocalKey, func(k *ashbytest.Key) {
		k.Scopes = slices.DeleteFunc(k.Scopes, func(s string) bool { return s == ashbytest.APIKeysRead }) // so that all is tried out
	})
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	applied := true
	if calls := r.sim.Calls(ashbytest.CallFilter{Applied: &applied}); len(calls) > 0 {
		t.Errorf("applied %+v", calls)
	}
}

func TestActivationTellsTheSeededFieldsItMapped(t *testing.T) {
	r := newRig(t)
	on := r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	mapped, _ := on.body["mapped"].([]any)
	unmapped, _ := on.body["unmapped"].([]any)
	if len(mapped)+len(unmapped) != 2 {
		t.Fatalf("company and role: mapped %v, not %v", mapped, unmapped)
	}
	if len(unmapped) > 0 && !strings.Contains(on.text, "not reach Ashby yet") {
		t.Errorf("nobody says so: %s", on.text)
	}
	m, err := r.config.Mapping(t.Context(), "acme")
	if err != nil || (m.Version > 0) != (len(mapped) > 0) {
		t.Errorf("mapping version %d, %v", m.Version, err)
	}
}

func TestEachAnswerOfActivationIsItsOwn(t *testing.T) {
	for name, c := range map[string]struct {
		key     string
		arrange func(*rig)
		status  int
		code    string
	}{
		"wrong":       {"no-such-key-0123456789", nil, 422, "key_refused"},
		"deactivated": {ashbytest.DisabledKey, nil, 422, "key_refused"},
		"away":        {ashbytest.LocalKey, func(r *rig) { r.fault(ashbytest.Fault{Kind: ashbytest.Unavailable}) }, 503, "ashby_unreachable"},
		"breaking":    {ashbytest.LocalKey, func(r *rig) { r.fault(ashbytest.Fault{Kind: ashbytest.ResetBefore}) }, 503, "ashby_unreachable"},
		"nonsense":    {ashbytest.LocalKey, func(r *rig) { r.fault(ashbytest.Fault{Kind: ashbytest.Garbage}) }, 503, "ashby_unreachable"},
		"limited": {ashbytest.LocalKey, func(r *rig) {
			r.fault(ashbytest.Fault{Kind: ashbytest.Throttled, RetryAfterMs: ashbytest.Millis(7 * time.Second / time.Millisecond)})
		}, 429, "rate_limited"},
		"limited half way": {ashbytest.LocalKey, func(r *rig) {
			r.fault(ashbytest.Fault{Kind: ashbytest.Throttled, Endpoints: []string{"user.list"}})
		}, 429, "rate_limited"},
		"of another team": {ashbytest.LocalKey, func(r *rig) { r.activate(admin2, ashbytest.LocalKey).want(r.t, 200, "") }, 409, "key_in_use"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if c.arrange != nil {
				c.arrange(r)
			}
			got := r.activate(admin, c.key).want(t, c.status, c.code)
			if strings.Contains(got.text, c.key) || strings.Contains(got.text, "globex") {
				t.Errorf("told too much: %s", got.text)
			}
			if c.status != 422 && strings.Contains(got.text, "wrong") {
				t.Errorf("the key is called wrong: %s", got.text)
			}
			if (c.status == 429 || c.status == 503) && got.header.Get("Retry-After") == "" {
				t.Error("it is not said when to try again")
			}
			seen := r.do(admin, http.MethodGet, "/v1/connection", "").want(t, 200, "")
			if seen.body["status"] != "not_connected" {
				t.Errorf("left %s", seen.text)
			}
		})
	}
}

func TestALimitedKeyConnectsAndEachLimitNamesItsBoxAndFeature(t *testing.T) {
	r := newRig(t)
	on := r.activate(admin, ashbytest.LimitedKey).want(t, 200, "")
	if on.body["status"] != "connected_with_limits" {
		t.Fatalf("status %v", on.body["status"])
	}
	states := map[string]string{}
	for _, item := range on.body["permissions"].([]any) {
		p := item.(map[string]any)
		states[p["permission"].(string)] = p["state"].(string)
		message, _ := p["message"].(string)
		if p["state"] == "missing" && (!strings.Contains(message, p["box"].(string)) || !strings.Contains(message, p["feature"].(string))) {
			t.Errorf("%v: %q", p["permission"], message)
		}
	}
	want := map[string]string{
		"candidatesRead": "granted", "candidatesWrite": "granted", "hiringProcessMetadataRead": "granted",
		"hiringProcessMetadataWrite": "missing", "organizationRead": "missing", "apiKeysRead": "missing", "apiKeysWrite": "missing",
	}
	for p, state := range want {
		if states[p] != state {
			t.Errorf("%s is %s, want %s", p, states[p], state)
		}
	}
}

func TestARevokedKeyIsNoticedAndComesBack(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	r.key(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Disabled = true })
	got := r.do(admin, http.MethodPost, "/v1/connection/check", "").want(t, 200, "")
	if got.body["status"] != "attention_needed" || got.body["reason"] != "key_refused" {
		t.Errorf("revoked: %s", got.text)
	}
	r.rung()
	r.key(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Disabled = false })
	got = r.do(admin, http.MethodPost, "/v1/connection/check", "").want(t, 200, "")
	if got.body["status"] != "connected" || got.body["reason"] != nil || len(r.rung()) != 1 {
		t.Errorf("back: %s", got.text)
	}
}

func TestRotationTakesTheNewKeyAndFreesTheOld(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	on := r.activate(admin, ashbytest.SecondKey).want(t, 200, "")
	if on.body["key"].(map[string]any)["last_four"] != "0005" {
		t.Errorf("rotated: %s", on.text)
	}
	r.activate(admin2, ashbytest.LocalKey).want(t, 200, "")
}

func TestWebhooksAreRegisteredUnderThePublicAddressAndRemoved(t *testing.T) {
	r := newRig(t, func(p *settingshttp.Parts) { p.PublicURL = public + "/" })
	ring := r.withHooks()
	on := r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	if strings.Contains(on.text, "webhooks_not_registered") {
		t.Fatal(on.text)
	}
	if err := r.sim.Delete(r.seed.Candidates[0]); err != nil {
		t.Fatal(err)
	}
	select {
	case sent := <-r.sent:
		token, ok := strings.CutPrefix(sent.URL.String(), public+"/v1/hooks/ashby/")
		owner, generation, err := ring.VerifyToken(token, webhook.AshbyHook)
		if !ok || err != nil || owner != "acme" {
			t.Errorf("sent to a token of %q, %v", owner, err)
		}
		body, err := io.ReadAll(sent.Body)
		if err == nil {
			err = webhook.VerifyAshby(ring.AshbySecrets(owner, generation), sent.Header.Get("Ashby-Signature"), body)
		}
		if err != nil {
			t.Errorf("the signature does not hold: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("Ashby sends nothing")
	}
	r.do(admin, http.MethodDelete, "/v1/connection", "").want(t, 200, "")
	for _, h := range r.sim.Dump(r.seed.Org)[0].Webhooks {
		if !h.Deleted {
			t.Errorf("left: %s", h.Type)
		}
	}
}

func TestWebhooksThatCannotBeDerivedAreARemark(t *testing.T) {
	r := newRig(t, func(p *settingshttp.Parts) { p.PublicURL = public }) // and no keyring
	on := r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	if on.body["status"] != "connected" || !strings.Contains(on.text, "webhooks_not_registered") {
		t.Errorf("got %s", on.text)
	}
}

func TestTheBodiesOfActivationThatAreRefused(t *testing.T) {
	r := newRig(t)
	for name, c := range map[string]struct {
		body, code string
		status     int
		mistakes   []string
	}{
		"none":              {"", "", 400, nil},
		"no JSON":           {"{key", "malformed_json", 400, nil},
		"no object":         {`["key"]`, "malformed_json", 400, nil},
		"two objects":       {`{"key":"a"}{"key":"b"}`, "malformed_json", 400, nil},
		"one member twice":  {`{"key":"a","key":"b"}`, "malformed_json", 400, nil},
		"not UTF-8":         {"{\"key\":\"\xff\"}", "malformed_json", 400, nil},
		"no key":            {`{}`, "invalid_request", 422, []string{"key required"}},
		"null":              {`{"key":null}`, "invalid_request", 422, []string{"key required"}},
		"blank":             {`{"key":"  "}`, "invalid_request", 422, []string{"key required"}},
		"a number and more": {`{"key":7,"team":"globex","a":1}`, "invalid_request", 422, []string{"a unknown_field", "team unknown_field", "key wrong_type"}},
		"not a key":         {`{"key":"two words"}`, "invalid_request", 422, []string{"key not_a_key"}},
		"too much":          {`{"key":"` + strings.Repeat("a", 20<<10) + `"}`, "body_too_large", 413, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := r.do(admin, http.MethodPut, "/v1/connection", c.body).want(t, c.status, c.code)
			if !slices.Equal(got.mistakes(), c.mistakes) {
				t.Errorf("mistakes %v, want %v", got.mistakes(), c.mistakes)
			}
		})
	}
	if calls := r.sim.Calls(ashbytest.CallFilter{}); len(calls) > 0 {
		t.Errorf("Ashby was asked: %+v", calls)
	}
}

func TestTheKeyIsNowhereButInItsSafe(t *testing.T) {
	r := newRig(t, func(p *settingshttp.Parts) { p.PublicURL = public })
	r.withHooks()
	var shown strings.Builder
	for _, got := range []reply{
		r.activate(admin, ashbytest.LocalKey), r.activate(admin, ashbytest.DisabledKey), r.activate(admin2, ashbytest.LocalKey),
		r.activate(admin, "x "+ashbytest.SecondKey), r.activate(viewer, ashbytest.LocalKey),
		r.do(admin, http.MethodPut, "/v1/connection", `{"key":"`+ashbytest.LocalKey+`","`+ashbytest.LocalKey[:4]+`":1}`),
		r.do(admin, http.MethodPut, "/v1/connection", `{"key":"`+ashbytest.LocalKey),
		r.do(admin, http.MethodGet, "/v1/connection", ""), r.do(admin, http.MethodPost, "/v1/connection/check", ""),
		r.do(admin, http.MethodDelete, "/v1/connection", ""),
	} {
		shown.WriteString(got.text)
	}
	for _, key := range []string{ashbytest.LocalKey, ashbytest.DisabledKey, ashbytest.SecondKey} {
		if strings.Contains(shown.String(), key) || strings.Contains(r.log.String(), key) {
			t.Errorf("the key that ends in %s is shown", key[len(key)-4:])
		}
	}
	if !strings.Contains(r.log.String(), `"operation":"activateConnection"`) {
		t.Error("the log is not being looked at")
	}
}
