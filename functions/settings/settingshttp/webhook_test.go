package settingshttp_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/functions/settings/settingshttp"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

func hookOf(got reply, name string) map[string]any { return got.body[name].(map[string]any) }

func TestAnAdminSeesTheWebhooksAndNobodyElseDoes(t *testing.T) {
	r := newRig(t, func(p *settingshttp.Parts) { p.PublicURL = public + "/" })
	ring := r.withHooks()
	for _, as := range []string{viewer, member} {
		r.do(as, http.MethodGet, "/v1/webhooks", "").want(t, 403, "admin_only")
		r.do(as, http.MethodPost, "/v1/webhooks/rotate", `{"purpose":"events"}`).want(t, 403, "admin_only")
	}
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	got := r.do(admin, http.MethodGet, "/v1/webhooks", "").want(t, 200, "")
	if e := hookOf(got, "events"); e["url"] != public+"/v1/events" || e["secret"] != ring.TeamSecret("acme", 1).Reveal() {
		t.Errorf("events %v", e)
	}
	for name, purpose := range map[string]webhook.Purpose{"sourcewhale_hook": webhook.SourceWhaleHook, "ashby_hook": webhook.AshbyHook} {
		address := hookOf(got, name)["url"].(string)
		team, generation, err := ring.VerifyToken(address[strings.LastIndex(address, "/")+1:], purpose)
		if err != nil || team != "acme" || generation != 1 {
			t.Errorf("%s: %s of %q, %v", name, address, team, err)
		}
	}
	if kinds := hookOf(got, "ashby_hook")["registered"]; !slices.Equal(kinds.([]any), []any{"candidateDelete", "candidateMerge"}) {
		t.Errorf("registered %v", kinds)
	}
	if got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("a secret may be cached: %q", got.header.Get("Cache-Control"))
	}
}

func TestARotationMovesOnAndWhatWasBeforeIsStillAccepted(t *testing.T) {
	r := newRig(t, func(p *settingshttp.Parts) { p.PublicURL = public })
	ring := r.withHooks()
	before := r.do(admin, http.MethodGet, "/v1/webhooks", "").want(t, 200, "")
	got := r.do(admin, http.MethodPost, "/v1/webhooks/rotate", `{"purpose":"events"}`).want(t, 200, "")
	e := hookOf(got, "events")
	if e["secret"] != ring.TeamSecret("acme", 2).Reveal() || e["rotated_by"] != "ann" || e["accepted"] != 2.0 {
		t.Errorf("events %v", e)
	}
	if keys := ring.TeamKeys("acme"); !slices.ContainsFunc(keys, func(k webhook.Key) bool { return k.Reveal() == hookOf(before, "events")["secret"] }) {
		t.Error("the secret before is not accepted any more")
	}
	r.do(admin, http.MethodPost, "/v1/webhooks/rotate", `{"purpose":"events"}`).want(t, 409, "rotation_pending")
	got = r.do(admin, http.MethodPost, "/v1/webhooks/rotate", `{"purpose":"sourcewhale_hook"}`).want(t, 200, "")
	if hookOf(got, "sourcewhale_hook")["url"] == hookOf(before, "sourcewhale_hook")["url"] {
		t.Error("the address stays")
	}
	for body, mistakes := range map[string][]string{
		`{"purpose":"all"}`: {"purpose unknown_purpose"}, `{}`: {"purpose unknown_purpose"},
		`{"purpose":"events","team":"x"}`: {"team unknown_field"},
	} {
		if got := r.do(admin, http.MethodPost, "/v1/webhooks/rotate", body).want(t, 422, "invalid_request"); !slices.Equal(got.mistakes(), mistakes) {
			t.Errorf("%s: %v", body, got.mistakes())
		}
	}
}

func TestAshbyIsToldItsNewAddressAndForgetsTheOld(t *testing.T) {
	r := newRig(t, func(p *settingshttp.Parts) { p.PublicURL = public })
	r.withHooks()
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	got := r.do(admin, http.MethodPost, "/v1/webhooks/rotate", `{"purpose":"ashby_hook"}`).want(t, 200, "")
	address := hookOf(got, "ashby_hook")["url"]
	live := 0
	for _, h := range r.sim.Dump(r.seed.Org)[0].Webhooks {
		if h.Deleted {
			continue
		}
		live++
		if h.URL != address {
			t.Errorf("%s still goes to the address before", h.Type)
		}
	}
	if live != 2 || strings.Contains(got.text, "webhooks_not_registered") {
		t.Errorf("%d registered: %s", live, got.text)
	}
	r.do(admin, http.MethodDelete, "/v1/connection", "").want(t, 200, "")
	for _, h := range r.sim.Dump(r.seed.Org)[0].Webhooks {
		if !h.Deleted {
			t.Errorf("left after the disconnection: %s", h.Type)
		}
	}
}

func TestARotationThatAshbyIsNotToldOfSaysSo(t *testing.T) {
	r := newRig(t, func(p *settingshttp.Parts) { p.PublicURL = public })
	r.withHooks()
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	r.fault(ashbytest.Fault{Kind: ashbytest.Unavailable, Endpoints: []string{"webhook.create"}})
	got := r.do(admin, http.MethodPost, "/v1/webhooks/rotate", `{"purpose":"ashby_hook"}`).want(t, 200, "")
	if !strings.Contains(got.text, "webhooks_not_registered") {
		t.Errorf("nobody says so: %s", got.text)
	}
	for _, h := range r.sim.Dump(r.seed.Org)[0].Webhooks {
		if h.Deleted {
			t.Error("the old registration is gone, and there is no new one")
		}
	}
}

func TestWithoutItsSecretsNoWebhookIsShown(t *testing.T) {
	r := newRig(t)
	r.do(admin, http.MethodGet, "/v1/webhooks", "").want(t, 503, "secrets_unavailable")
}
