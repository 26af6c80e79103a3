package ashbytest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

func TestControlResetsAndSeeds(t *testing.T) {
	r := overHTTP(t)
	r.ok("apiKey.info", `{}`)
	if again := r.control("POST", "seed", `{}`); again.status != http.StatusBadRequest {
		t.Errorf("seeded twice: %s", again.raw)
	}
	r.control("POST", "reset", `{}`).want(map[string]string{"ok": `true`})
	if out := r.post("apiKey.info", `{}`); out.status != http.StatusForbidden {
		t.Errorf("a key outlived the reset: %d", out.status)
	}
	out := r.control("POST", "reset", `{"seed":true,"candidates":7}`)
	if n := len(out.list("candidates")); n != 7 {
		t.Errorf("%d people", n)
	}
	out.want(map[string]string{"keys.Local run": encode(t, ashbytest.LocalKey)})
	r.ok("apiKey.info", `{}`)
}

func TestControlMakesOrganisationsAndKeys(t *testing.T) {
	r := overHTTP(t)
	r.vars["org"] = r.control("POST", "orgs", `{"name":"Third"}`).text("id")
	made := r.control("POST", "keys", `{"org":"«org»","title":"Reader","scopes":["candidatesRead"]}`)
	reader := r.as(made.text("secret"))
	if n := len(reader.ok("candidate.list", `{}`).list("results")); n != 0 {
		t.Errorf("%d candidates", n)
	}
	if out := reader.post("candidate.create", `{"name":"X"}`); out.status != http.StatusForbidden {
		t.Errorf("status %d", out.status)
	}
	change := func(body string) reply { return r.control("PATCH", "keys/"+made.text("id"), body) }
	changed := change(`{"scopes":["candidatesRead","candidatesWrite"],"private":true}`)
	changed.want(map[string]string{"private": `true`, "title": `"Reader"`})
	if strings.Contains(string(changed.raw), made.text("secret")) {
		t.Error("the secret is shown again")
	}
	reader.ok("candidate.create", `{"name":"X"}`)
	change(`{"disabled":true}`)
	if out := reader.post("candidate.list", `{}`); out.status != http.StatusForbidden {
		t.Errorf("status %d", out.status)
	}
	for _, bad := range []string{`{"org":"nope"}`, `{"org":"«org»","scopes":["everything"]}`, `{"org":"«org»","scope":[]}`} {
		if out := r.control("POST", "keys", bad); out.status != http.StatusBadRequest {
			t.Errorf("%s: status %d", bad, out.status)
		}
	}
}

func TestTheCallLogTellsWhatHappened(t *testing.T) {
	r := overHTTP(t)
	nils := r.person("nils", `{"name":"Nils Berg"}`)
	r.ok("candidate.createNote", `{"candidateId":"«nils»","note":"x"}`)
	r.fails("candidate.info", `{"id":"«nobody»"}`, "candidate_not_found")
	r.ok("candidate.info", `{"id":"«nils»"}`)
	r.as("wrong-key-9876").post("candidate.info", `not json`)
	r.control("GET", "calls", ``).want(map[string]string{
		"0.seq": `1`, "0.endpoint": `"candidate.create"`, "0.applied": `true`, "0.success": `true`, "0.candidate": encode(t, nils),
		"0.result": encode(t, nils), "0.key": `"0001"`, "0.status": `200`, "0.request": `{"name":"Nils Berg"}`,
		"1.candidate": encode(t, nils), "1.request.note": `"x"`,
		"2.success": `false`, "2.code": `"candidate_not_found"`, "2.applied": `false`,
		"3.success": `true`, "3.applied": `false`,
		"4.status": `403`, "4.request": `null`, "4.key": `null`, "5": `null`,
	})
	for query, want := range map[string]int{
		"endpoint=candidate.info": 3, "applied=true": 2, "applied=false": 3, "candidate=" + nils: 3,
		"after=3": 2, "limit=3": 3, "status=403": 1, "org=" + r.made.Org: 4, "org=x": 0,
	} {
		if n := len(r.control("GET", "calls?"+query, ``).body.([]any)); n != want {
			t.Errorf("%s: %d calls, want %d", query, n, want)
		}
	}
	if out := r.control("GET", "calls?limit=many", ``); out.status != http.StatusBadRequest {
		t.Errorf("status %d", out.status)
	}
	r.control("GET", "stats", ``).want(map[string]string{
		"calls": `5`, "endpoints": `{"candidate.create":1,"candidate.createNote":1,"candidate.info":3}`,
		"applied": `{"candidate.create":1,"candidate.createNote":1}`, "statuses": `{"200":4,"403":1}`,
	})
}

func TestControlShowsStateWithoutSecrets(t *testing.T) {
	r := overHTTP(t)
	r.modes(func(m *ashbytest.Modes) { m.PingOnCreate = false })
	r.ok("webhook.create", `{"webhookType":"candidateMerge","requestUrl":"http://127.0.0.1:1/h","secretToken":"tell-nobody"}`)
	r.ok("candidate.createNote", `{"candidateId":"«candidate:0»","note":"x"}`)
	out := r.control("GET", "state?org="+r.made.Org, ``)
	out.want(map[string]string{
		"0.name": `"Fjordlight Talent"`, "0.candidates.0.name": `"Ada Lindqvist"`, "1": `null`,
		"0.notes." + r.vars["candidate:0"] + ".0.content": `"x"`,
	})
	for _, secret := range []string{"tell-nobody", ashbytest.LocalKey} {
		if strings.Contains(string(out.raw), secret) {
			t.Errorf("%q is shown", secret)
		}
	}
	if all := r.control("GET", "state", ``).body.([]any); len(all) != 2 {
		t.Errorf("%d organisations", len(all))
	}
}

func TestControlSwitchesModesAndFaults(t *testing.T) {
	r := overHTTP(t)
	r.control("PATCH", "modes", `{"shape":"strings","limit":{"kind":"bucket","calls":5,"perMs":1000}}`).
		want(map[string]string{"shape": `"strings"`, "limit.calls": `5`, "emptySearch": `"first"`})
	for _, bad := range []string{`{"shape":"round"}`, `{"shape":7}`, `[`} {
		if out := r.control("PATCH", "modes", bad); out.status != http.StatusBadRequest {
			t.Errorf("%s: status %d", bad, out.status)
		}
	}
	r.control("GET", "modes", ``).want(map[string]string{"shape": `"strings"`})
	id := r.control("POST", "faults", `{"kind":"unavailable","endpoints":["source.list"],"count":1}`).text("id")
	if out := r.post("source.list", `{}`); out.status != http.StatusServiceUnavailable {
		t.Errorf("status %d", out.status)
	}
	r.control("GET", "faults", ``).want(map[string]string{"0.id": encode(t, id), "0.struck": `1`})
	r.control("PUT", "faults", `[{"kind":"broken"},{"kind":"slow","delayMs":1}]`).want(map[string]string{"0.kind": `"broken"`, "1.kind": `"slow"`, "2": `null`})
	if out := r.control("PUT", "faults", `[{"kind":"nonsense"}]`); out.status != http.StatusBadRequest {
		t.Errorf("status %d", out.status)
	}
	r.control("GET", "faults", ``).want(map[string]string{"0.kind": `"broken"`})
	r.control("DELETE", "faults", ``)
	r.control("GET", "faults", ``).want(map[string]string{"0": `null`})
	r.ok("source.list", `{}`)
}

func TestControlEditsAsARecruiterWould(t *testing.T) {
	r := overHTTP(t)
	_, last := r.walk("candidate.list", `{}`, "id")
	r.control("POST", "edit", `{"candidate":"«candidate:0»","set":{"company":"New Co","location":{"country":"Spain"}},
		"values":{"«field:Company»":"New Co","«field:Title»":null}}`).want(map[string]string{"ok": `true`})
	out := r.ok("candidate.info", `{"id":"«candidate:0»"}`)
	out.want(map[string]string{"results.company": `"New Co"`, "results.name": `"Ada Lindqvist"`})
	fields := encode(t, out.at("results.customFields"))
	if !strings.Contains(fields, "New Co") || strings.Contains(fields, `"Title"`) {
		t.Errorf("fields %s", fields)
	}
	if n := len(r.ok("candidate.list", `{"syncToken":`+encode(t, last.text("syncToken"))+`}`).list("results")); n != 1 {
		t.Errorf("%d changes", n)
	}
	made := r.control("POST", "candidates", `{"org":"`+r.made.Org+`","name":"By Hand","emails":[{"value":"hand@example.com","type":"Work","isPrimary":true}]}`)
	if ids := r.ok("candidate.search", `{"email":"hand@example.com"}`).each("results", "id"); len(ids) != 1 || ids[0] != made.text("id") {
		t.Errorf("%v", ids)
	}
	for path, body := range map[string]string{
		"edit":          `{"candidate":"«nobody»","set":{}}`,
		"merge":         `{"from":"«candidate:0»","into":"«candidate:0»"}`,
		"delete":        `{"candidate":"«nobody»"}`,
		"archive-field": `{"field":"«nobody»"}`,
		"change-field":  `{"field":"«nobody»","set":{}}`,
		"candidates":    `{"org":"nope","name":"x"}`,
	} {
		if out := r.control("POST", path, body); out.status != http.StatusBadRequest || out.text("error") == "" {
			t.Errorf("%s: %d %s", path, out.status, out.raw)
		}
	}
}

func TestControlChangesFieldsAsAnAdminWould(t *testing.T) {
	r := overHTTP(t)
	r.control("POST", "change-field", `{"field":"«field:Title»","set":{"title":"Job title","fieldType":"LongText","id":"other"}}`).
		want(map[string]string{"ok": `true`})
	r.ok("customField.info", `{"customFieldId":"«field:Title»"}`).
		want(map[string]string{"results.title": `"Job title"`, "results.fieldType": `"LongText"`})
	if out := r.control("POST", "change-field", `{"field":"«field:Title»","set":{"title":7}}`); out.status != http.StatusBadRequest {
		t.Errorf("%d %s", out.status, out.raw)
	}
	r.ok("customField.info", `{"customFieldId":"«field:Title»"}`).want(map[string]string{"results.title": `"Job title"`})
}

func TestControlCallsAreNotAPICalls(t *testing.T) {
	r := overHTTP(t)
	r.fault(ashbytest.Fault{Kind: ashbytest.Broken})
	r.control("GET", "health", ``).want(map[string]string{"ok": `true`})
	r.control("GET", "stats", ``).want(map[string]string{"calls": `0`})
}
