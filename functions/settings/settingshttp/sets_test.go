package settingshttp_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

func TestSetsOfFieldsAreSavedShownAndExplained(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	level := r.seed.Fields["Seniority"]
	if level == "" {
		t.Fatalf("the seed has %v", r.seed.Fields)
	}
	saved := r.do(admin, http.MethodPatch, team, `{"displayed":["source","tags","`+level+`"],"mandatory":["source"],"filterable":["`+level+
		`"],"native_email":true}`, "If-Match", `"0"`).want(t, 200, "").body
	values := saved["values"].(map[string]any)
	if diff := cmp.Diff([]any{"source", "tags", level}, values["displayed"]); diff != "" || values["native_email"] != true || values["backfill"] != nil {
		t.Errorf("values %v\n%s", values, diff)
	}
	own := r.do(member, http.MethodPatch, mine, `{"displayed":["tags"],"mandatory":["tags"],"protected":["email"]}`, "If-Match", `"0"`).want(t, 200, "").body
	effective := own["effective"].(map[string]any)
	displayed, mandatory := effective["displayed"].(map[string]any), effective["mandatory"].(map[string]any)
	if diff := cmp.Diff([]any{"tags"}, displayed["value"]); diff != "" || displayed["level"] != "user" || displayed["id"] != "mel" {
		t.Errorf("displayed %v", displayed)
	}
	want := []any{
		map[string]any{"field": "source", "level": "team", "version": 1.0},
		map[string]any{"field": "tags", "level": "user", "id": "mel", "version": 1.0},
	}
	if diff := cmp.Diff(want, mandatory["elements"]); diff != "" {
		t.Error(diff)
	}
	shown := r.do(admin, http.MethodGet, "/v1/settings/effective?user=mel", "").want(t, 200, "").body["effective"]
	if diff := cmp.Diff(any(effective), shown); diff != "" {
		t.Error(diff)
	}
}

func TestSetsThatCannotWorkAreRefusedByPath(t *testing.T) {
	r := newRig(t)
	set := func(as, path, body, version string) reply {
		return r.do(as, http.MethodPatch, path, body, "If-Match", `"`+version+`"`)
	}
	set(admin, team, `{"displayed":["a-custom-one"]}`, "0").want(t, 409, "not_connected")
	set(admin, team, `{"displayed":["source","tags"],"mandatory":["tags"]}`, "0").want(t, 200, "") // built-in ones need no Ashby
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	got := set(admin, team, `{"trigger":"on_add","displayed":["name","company","nope"],"mandatory":["projects"],"protected":["timezone"]}`, "1").
		want(t, 422, "settings_refused").mistakes()
	want := []string{
		"displayed[0] not_displayable", "displayed[1] field_unwritable", "displayed[2] no_such_field", "mandatory[0] nothing_fills_it",
		"protected[0] field_unwritable",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := r.do(viewer, http.MethodGet, team, "").want(t, 200, "").body; got["version"] != 1.0 {
		t.Errorf("something of it was saved: %v", got)
	}
	got = set(member, mine, `{"displayed":["location"],"mandatory":["location"]}`, "0").want(t, 422, "settings_refused").mistakes()
	if diff := cmp.Diff([]string{"displayed[0] not_of_the_team"}, got); diff != "" {
		t.Error(diff)
	}
	got = set(member, mine, `{"native_email":true,"lock":true}`, "0").want(t, 422, "invalid_request").mistakes()
	if diff := cmp.Diff([]string{"lock unknown_field", "native_email unknown_field"}, got); diff != "" {
		t.Error(diff)
	}
	got = set(admin, team, `{"displayed":["source"]}`, "1").want(t, 422, "settings_refused").mistakes()
	if diff := cmp.Diff([]string{"displayed still_mandatory"}, got); diff != "" {
		t.Error(diff)
	}
	set(admin, team, `{"displayed":["source"],"mandatory":[]}`, "1").want(t, 200, "")
}

func TestProtectedFieldsAreTheSameThroughSettingsAndMapping(t *testing.T) {
	r := newRig(t)
	r.do(admin, http.MethodPatch, team, `{"protected":["email","location"]}`, "If-Match", `"0"`).want(t, 200, "")
	m := r.do(viewer, http.MethodGet, "/v1/mapping", "").want(t, 200, "")
	policies := m.body["policies"].(map[string]any)
	if m.body["version"] != 1.0 || policies["email"].(map[string]any)["policy"] != "only_if_blank" || len(policies) != 2 {
		t.Fatalf("mapping %v", m.text)
	}
	entries := `[{"from":["emails"],"to":"email","take":"first"}]`
	r.do(admin, http.MethodPut, "/v1/mapping", `{"entries":`+entries+`,"policies":{"phone":{"policy":"only_if_blank"},"email":{"policy":"never"}}}`,
		"If-Match", `"1"`).want(t, 200, "")
	s := r.do(viewer, http.MethodGet, team, "").want(t, 200, "").body
	if diff := cmp.Diff([]any{"phone"}, s["values"].(map[string]any)["protected"]); diff != "" || s["version"] != 2.0 {
		t.Errorf("version %v\n%s", s["version"], diff)
	}
	r.do(admin, http.MethodPatch, team, `{"protected":[]}`, "If-Match", `"1"`).want(t, 409, "stale")
	history := r.do(viewer, http.MethodGet, "/v1/settings/history", "").want(t, 200, "").body["versions"].([]any)
	change := history[0].(map[string]any)["changes"].([]any)
	if diff := cmp.Diff([]any{map[string]any{"setting": "protected", "from": []any{"email", "location"}, "to": []any{"phone"}}}, change); diff != "" {
		t.Error(diff)
	}
	r.do(admin, http.MethodPost, team+"/rollback", `{"version":1}`, "If-Match", `"2"`).want(t, 200, "")
	m = r.do(viewer, http.MethodGet, "/v1/mapping", "").want(t, 200, "")
	var protected []string
	for id, p := range m.body["policies"].(map[string]any) {
		if p.(map[string]any)["policy"] == "only_if_blank" {
			protected = append(protected, id)
		}
	}
	slices.Sort(protected)
	if !slices.Equal(protected, []string{"email", "location"}) || m.body["version"] != 3.0 {
		t.Errorf("after the rollback: %v", m.text)
	}
}
