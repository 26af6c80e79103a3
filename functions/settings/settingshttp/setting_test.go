package settingshttp_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

const team = "/v1/settings/team"

func TestSettingsAreSavedInPartsWithTheirSource(t *testing.T) {
	r := newRig(t)
	first := r.do(viewer, http.MethodGet, team, "").want(t, 200, "")
	if first.header.Get("ETag") != `"0"` || first.body["version"] != 0.0 {
		t.Errorf("at first: %s", first.text)
	}
	one := r.do(admin, http.MethodPatch, team, `{"trigger":"on_reply","note_types":["sms_sent","email_sent"]}`, "If-Match", `"0"`).want(t, 200, "")
	if one.header.Get("ETag") != `"1"` || one.body["author"] != "ann" || one.body["saved_at"] == nil {
		t.Errorf("saved: %s", one.text)
	}
	two := r.do(admin, http.MethodPatch, team, `{"only_synced":false,"note_types":null}`, "If-Match", `W/"1"`).want(t, 200, "")
	values, effective := two.body["values"].(map[string]any), two.body["effective"].(map[string]any)
	if values["trigger"] != "on_reply" || values["only_synced"] != false || values["note_types"] != nil {
		t.Errorf("own values %v", values)
	}
	for name, level := range map[string]string{"trigger": "team", "only_synced": "team", "note_types": "built_in", "sync_manual_updates": "built_in"} {
		if got := effective[name].(map[string]any); got["level"] != level || (level == "team") != (got["version"] == 2.0) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAStaleSaveIsAConflictThatTellsTheCurrentVersion(t *testing.T) {
	r := newRig(t)
	r.do(admin, http.MethodPatch, team, `{"trigger":"on_reply"}`, "If-Match", `"0"`).want(t, 200, "")
	got := r.do(admin, http.MethodPatch, team, `{"trigger":"never"}`, "If-Match", `"0"`).want(t, 409, "stale")
	if got.header.Get("ETag") != `"1"` || !strings.Contains(got.text, "version is 1") {
		t.Errorf("ETag %s, %s", got.header.Get("ETag"), got.text)
	}
	now := r.do(admin, http.MethodGet, team, "").want(t, 200, "")
	if now.body["values"].(map[string]any)["trigger"] != "on_reply" {
		t.Errorf("saved all the same: %s", now.text)
	}
}

func TestWithOnAddTheAnswerSaysThatTheSwitchHasNoEffect(t *testing.T) {
	r := newRig(t)
	got := r.do(admin, http.MethodPatch, team, `{"trigger":"on_add"}`, "If-Match", `"0"`).want(t, 200, "")
	notes, _ := got.body["notes"].([]any)
	if len(notes) != 1 || notes[0].(map[string]any)["setting"] != "only_synced" || notes[0].(map[string]any)["code"] != "no_effect_with_on_add" {
		t.Errorf("notes %v", notes)
	}
}

func TestSavesThatAreRefused(t *testing.T) {
	r := newRig(t)
	long := strings.Repeat("colour", 1000)
	for name, c := range map[string]struct {
		body, version, code string
		status              int
		mistakes            []string
	}{
		"without a version":         {`{"trigger":"on_add"}`, "", "version_required", 400, nil},
		"any version":               {`{"trigger":"on_add"}`, "*", "version_malformed", 400, nil},
		"an odd version":            {`{"trigger":"on_add"}`, `"one"`, "version_malformed", 400, nil},
		"a version of the future":   {`{"trigger":"on_add"}`, `"7"`, "stale", 409, nil},
		"no JSON":                   {`{"trigger":`, `"0"`, "malformed_json", 400, nil},
		"too much":                  {`{"trigger":"` + strings.Repeat("a", 65<<10) + `"}`, `"0"`, "body_too_large", 413, nil},
		"unknown keys, all of them": {`{"mapping":{},"Trigger":"on_add"}`, `"0"`, "invalid_request", 422, []string{"Trigger unknown_field", "mapping unknown_field"}},
		"a long name":               {`{"` + long + `":1}`, `"0"`, "invalid_request", 422, []string{long[:60] + "… unknown_field"}},
		"everything wrong": {
			`{"trigger":"later","only_synced":1,"sync_manual_updates":"no","note_types":["email_sent","fax",3],"x":null}`, `"0"`, "invalid_request", 422,
			[]string{"note_types[1] unknown_value", "note_types[2] wrong_type", "only_synced wrong_type", "sync_manual_updates wrong_type", "trigger unknown_value", "x unknown_field"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			headers := []string{"If-Match", c.version}
			if c.version == "" {
				headers = nil
			}
			got := r.do(admin, http.MethodPatch, team, c.body, headers...).want(t, c.status, c.code)
			if c.mistakes != nil && !slices.Equal(got.mistakes(), c.mistakes) {
				t.Errorf("mistakes %v, want %v", got.mistakes(), c.mistakes)
			}
			if strings.Contains(got.text, "later") || strings.Contains(got.text, "fax") {
				t.Errorf("values are repeated: %s", got.text)
			}
		})
	}
	if now := r.do(admin, http.MethodGet, team, ""); now.header.Get("ETag") != `"0"` {
		t.Errorf("something was saved: %s", now.text)
	}
}

func TestTeamsHaveSettingsOfTheirOwn(t *testing.T) {
	r := newRig(t)
	r.do(admin, http.MethodPatch, team, `{"trigger":"never"}`, "If-Match", `"0"`).want(t, 200, "")
	if got := r.do(admin2, http.MethodGet, team, "").want(t, 200, ""); got.header.Get("ETag") != `"0"` {
		t.Errorf("another team sees %s", got.text)
	}
}
