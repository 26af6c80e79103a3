package ashbytest_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

func TestAMissingKeyIs401(t *testing.T) {
	r := overHTTP(t)
	req := r.request("apiKey.info", `{}`)
	req.Header.Del("Authorization")
	out := r.send(req)
	if out.status != http.StatusUnauthorized || out.at("success") != false {
		t.Errorf("status %d: %s", out.status, out.raw)
	}
}

func TestAWrongOrDisabledKeyIs403(t *testing.T) {
	r := overHTTP(t)
	for _, key := range []string{"wrong", ashbytest.DisabledKey, ""} {
		out := r.as(key).post("apiKey.info", `{}`)
		if out.status != http.StatusForbidden || out.at("success") != false {
			t.Errorf("key %q: status %d: %s", key, out.status, out.raw)
		}
		if strings.Contains(string(out.raw), "missing_endpoint_permission") {
			t.Errorf("key %q: looks like a missing permission", key)
		}
	}
}

func TestThePasswordMustBeEmpty(t *testing.T) {
	r := overHTTP(t)
	req := r.request("apiKey.info", `{}`)
	req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(r.key+":x")))
	if out := r.send(req); out.status != http.StatusForbidden {
		t.Errorf("status %d", out.status)
	}
}

func TestADisabledKeyCanBeEnabledAgain(t *testing.T) {
	r := overHTTP(t)
	disable := func(disabled bool) {
		if _, err := r.sim.ChangeKey(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Disabled = disabled }); err != nil {
			t.Fatal(err)
		}
	}
	disable(true)
	if out := r.post("apiKey.info", `{}`); out.status != http.StatusForbidden {
		t.Errorf("status %d", out.status)
	}
	disable(false)
	r.ok("apiKey.info", `{}`)
}

// The permission of every endpoint, as its page in Ashby's reference says.
var permissions = map[string]string{
	"apiKey.info":      "apiKeysRead",
	"candidate.create": "candidatesWrite", "candidate.update": "candidatesWrite",
	"candidate.info": "candidatesRead", "candidate.list": "candidatesRead", "candidate.search": "candidatesRead",
	"candidate.addTag": "candidatesWrite", "candidate.removeTag": "candidatesWrite", "candidate.addProject": "candidatesWrite",
	"candidate.listProjects": "candidatesRead",
	"candidate.createNote":   "candidatesWrite", "candidate.listNotes": "candidatesRead", "candidate.addEmailMessage": "candidatesWrite",
	"candidateTag.list": "hiringProcessMetadataRead", "candidateTag.create": "hiringProcessMetadataWrite",
	"customField.list": "hiringProcessMetadataRead", "customField.info": "hiringProcessMetadataRead",
	"customField.create":   "hiringProcessMetadataWrite",
	"customField.setValue": "candidatesWrite", "customField.setValues": "candidatesWrite",
	"source.list": "hiringProcessMetadataRead", "user.list": "organizationRead", "user.search": "organizationRead",
	"project.list":   "candidatesRead",
	"webhook.create": "apiKeysWrite", "webhook.update": "apiKeysWrite", "webhook.delete": "apiKeysWrite", "webhook.info": "apiKeysRead",
}

func TestEveryEndpointNeedsItsPermissionAndNoOther(t *testing.T) {
	r := overHTTP(t)
	for _, method := range r.spec.Methods() {
		permission, known := permissions[method]
		if !known {
			t.Errorf("%s: not in the table", method)
			continue
		}
		without := slices.DeleteFunc(ashbytest.AllScopes(), func(s string) bool { return s == permission })
		lacking := r.withKey(ashbytest.Key{Scopes: without})
		if out := lacking.post(method, `{}`); out.status != http.StatusForbidden {
			t.Errorf("%s without %s: status %d: %s", method, permission, out.status, out.raw)
		}
		having := r.withKey(ashbytest.Key{Scopes: []string{permission}})
		if out := having.post(method, `{}`); out.status != http.StatusOK {
			t.Errorf("%s with %s alone: status %d: %s", method, permission, out.status, out.raw)
		}
	}
}

// withKey is the rig with a new key of the first organisation.
func (r *rig) withKey(k ashbytest.Key) *rig {
	r.t.Helper()
	k.Org = r.made.Org
	k, err := r.sim.AddKey(k)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.as(k.Secret)
}

func TestAMissingPermissionIsSaidInObjectsAsSeen(t *testing.T) {
	r := overHTTP(t).as(ashbytest.LimitedKey)
	out := r.post("user.list", `{}`)
	out.want(map[string]string{"success": `false`, "errors.0.message": `"missing_endpoint_permission"`})
	r.modes(func(m *ashbytest.Modes) { m.ForbiddenShape = ashbytest.ShapeBoth })
	out = r.post("user.list", `{}`)
	out.want(map[string]string{"errors": `["missing_endpoint_permission"]`, "errorInfo.code": `"missing_endpoint_permission"`})
	if out.text("errorInfo.requestId") == "" {
		t.Error("no request id")
	}
}

func TestAPIKeyInfoTellsTitleAndScopes(t *testing.T) {
	r := overHTTP(t)
	r.ok("apiKey.info", `{}`).want(map[string]string{"results.title": `"Local run"`, "results.scopes.0": `"candidates:read"`})
	key := r.withKey(ashbytest.Key{Title: "Probe", Scopes: []string{"jobsRead", "apiKeysRead"}})
	key.ok("apiKey.info", `{}`).want(map[string]string{"results.title": `"Probe"`, "results.scopes": `["jobs:read","apiKeys:read"]`})
}

func TestOrganisationsDoNotSeeEachOther(t *testing.T) {
	r := overHTTP(t)
	other := r.as(ashbytest.OtherKey)
	other.fails("candidate.info", `{"id":"«candidate:0»"}`, "candidate_not_found")
	other.fails("candidate.createNote", `{"candidateId":"«candidate:0»","note":"x"}`, "candidate_not_found")
	other.fails("customField.info", `{"customFieldId":"«field:Company»"}`, "custom_field_not_found")
	if n := len(other.ok("candidate.list", `{}`).list("results")); n != 3 {
		t.Errorf("%d candidates", n)
	}
	if n := len(other.ok("candidate.search", `{"email":"diego.fuentes@example.com"}`).list("results")); n != 0 {
		t.Errorf("found %d of the other organisation", n)
	}
}

func TestConfidentialPeopleAreNotFoundWithoutTheSwitch(t *testing.T) {
	r := overHTTP(t)
	r.person("secret", `{"name":"Quiet Person","email":"quiet@example.com"}`)
	r.ok("candidate.addProject", `{"candidateId":"«secret»","projectId":"«project:Executive search»"}`)
	limited := r.as(ashbytest.LimitedKey)
	limited.fails("candidate.info", `{"id":"«secret»"}`, "candidate_not_found")
	limited.fails("candidate.createNote", `{"candidateId":"«secret»","note":"x"}`, "candidate_not_found")
	if n := len(limited.ok("candidate.search", `{"email":"quiet@example.com"}`).list("results")); n != 0 {
		t.Error("found by search")
	}
	if slices.Contains(limited.ok("candidate.list", `{}`).each("results", "name"), any("Quiet Person")) {
		t.Error("listed")
	}
	if n := len(r.ok("candidate.search", `{"email":"quiet@example.com"}`).list("results")); n != 1 {
		t.Error("not found with the switch")
	}
}

func TestConfidentialProjectsAreHiddenWithoutTheSwitch(t *testing.T) {
	r := overHTTP(t)
	limited := r.as(ashbytest.LimitedKey)
	if titles := limited.ok("project.list", `{}`).each("results", "title"); len(titles) != 1 {
		t.Errorf("titles %v", titles)
	}
	limited.fails("candidate.addProject", `{"candidateId":"«candidate:0»","projectId":"«project:Executive search»"}`, "project_not_found")
	if titles := r.ok("project.list", `{}`).each("results", "title"); len(titles) != 2 {
		t.Errorf("titles %v", titles)
	}
}

func TestPrivateThingsAreMissingWithoutTheSwitch(t *testing.T) {
	r := overHTTP(t)
	r.ok("candidate.createNote", `{"candidateId":"«candidate:6»","note":"between us","isPrivate":true}`)
	limited := r.as(ashbytest.LimitedKey)
	if notes := limited.ok("candidate.listNotes", `{"candidateId":"«candidate:6»"}`).list("results"); len(notes) != 0 {
		t.Error("a private note is listed")
	}
	if slices.Contains(limited.ok("customField.list", `{}`).each("results", "title"), any("Private rating")) {
		t.Error("a private field is listed")
	}
	limited.fails("customField.info", `{"customFieldId":"«field:Private rating»"}`, "custom_field_not_found")
	limited.fails("customField.setValue", `{"objectId":"«candidate:6»","objectType":"Candidate","fieldId":"«field:Private rating»","fieldValue":1}`, "custom_field_not_found")
	if slices.Contains(limited.ok("candidate.info", `{"id":"«candidate:6»"}`).each("results.customFields", "title"), any("Private rating")) {
		t.Error("a private value is shown")
	}
	if !slices.Contains(r.ok("candidate.info", `{"id":"«candidate:6»"}`).each("results.customFields", "title"), any("Private rating")) {
		t.Error("a private value is hidden from a key with the switch")
	}
	if notes := r.ok("candidate.listNotes", `{"candidateId":"«candidate:6»"}`).list("results"); len(notes) != 1 {
		t.Error("a private note is hidden from a key with the switch")
	}
}

func TestPrivateThingsCannotBeMadeWithoutTheSwitch(t *testing.T) {
	r := overHTTP(t)
	limited := r.as(ashbytest.LimitedKey)
	limited.fails("candidate.createNote", `{"candidateId":"«candidate:0»","note":"x","isPrivate":true}`, "invalid_input")
	limited.fails("candidate.addEmailMessage", `{"candidateId":"«candidate:0»","emailProviderEmailId":"1","subject":"s","from":"a@example.com","to":"b@example.com","body":"b","isPrivate":true}`, "invalid_input")
	metadata := r.withKey(ashbytest.Key{Scopes: ashbytest.AllScopes()})
	metadata.fails("customField.create", `{"fieldType":"String","objectType":"Candidate","title":"x","isPrivate":true}`, "invalid_input")
	if notes := r.ok("candidate.listNotes", `{"candidateId":"«candidate:0»"}`).list("results"); len(notes) != 0 {
		t.Error("a refused note was kept")
	}
}
