package settingshttp_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
)

const history = "/v1/settings/history"

// changes lists "version: setting from→to" of a page.
func (r reply) changes(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, v := range r.body["versions"].([]any) {
		version := v.(map[string]any)
		if version["saved_at"] == nil || version["author"] == "" {
			t.Errorf("version %v", version)
		}
		for _, c := range version["changes"].([]any) {
			change := c.(map[string]any)
			out = append(out, fmt.Sprintf("%v: %v %v→%v", version["version"], change["setting"], change["from"], change["to"]))
		}
	}
	return out
}

func TestHistoryTellsWhatEachVersionChanged(t *testing.T) {
	r := newRig(t)
	r.choose(admin, team, `{"trigger":"on_reply","lock":true}`, `"0"`)
	r.choose(admin, team, `{"note_types":["sms_sent"],"trigger":null}`, `"1"`)
	r.choose(admin, team, `{"lock":false,"sync_manual_updates":false}`, `"2"`)
	got := r.do(viewer, http.MethodGet, history, "").want(t, 200, "")
	want := []string{
		"3: sync_manual_updates <nil>→false", "3: lock true→false",
		"2: trigger on_reply→<nil>", "2: note_types <nil>→[sms_sent]",
		"1: trigger <nil>→on_reply", "1: lock false→true",
	}
	if changes := got.changes(t); !slices.Equal(changes, want) || got.body["level"] != "team" || got.body["next"] != nil {
		t.Errorf("changes %q of %s", changes, got.text)
	}
}

func TestHistoryIsPagedAndPagesFitTogether(t *testing.T) {
	r := newRig(t)
	for n, trigger := range []string{"on_reply", "never", "on_add", "on_reply"} {
		r.choose(member, mine, fmt.Sprintf(`{"trigger":%q}`, trigger), fmt.Sprintf(`"%d"`, n))
	}
	var changes []string
	for path := history + "?level=me&limit=2"; ; {
		got := r.do(member, http.MethodGet, path, "").want(t, 200, "")
		changes = append(changes, got.changes(t)...)
		next, more := got.body["next"].(string)
		if !more {
			break
		}
		path = history + "?level=me&limit=2&cursor=" + next
	}
	want := []string{"4: trigger on_add→on_reply", "3: trigger never→on_add", "2: trigger on_reply→never", "1: trigger <nil>→on_reply"}
	if !slices.Equal(changes, want) {
		t.Errorf("changes %q", changes)
	}
	for _, other := range []string{admin, "globex:mel:member"} {
		if got := r.do(other, http.MethodGet, history+"?level=me", "").want(t, 200, ""); len(got.changes(t)) > 0 {
			t.Errorf("%s sees %s", other, got.text)
		}
	}
	for _, cursor := range []string{"x", "aCN0ZWFtIw", "%00"} {
		r.do(member, http.MethodGet, history+"?cursor="+cursor, "").want(t, 400, "cursor_malformed")
	}
	r.do(member, http.MethodGet, history+"?level=campaign", "").want(t, 422, "invalid_request")
}

func TestARollbackIsANewVersionEqualToTheOldOne(t *testing.T) {
	r := newRig(t)
	r.choose(admin, team, `{"trigger":"on_reply","lock":true}`, `"0"`)
	r.choose(admin, team, `{"trigger":"never","only_synced":false,"lock":false}`, `"1"`)
	const ben = "acme:ben:member+"
	back := r.do(ben, http.MethodPost, team+"/rollback", `{"version":1}`, "If-Match", `"2"`).want(t, 200, "")
	values := back.body["values"].(map[string]any)
	if back.header.Get("ETag") != `"3"` || back.body["author"] != "ben" || values["trigger"] != "on_reply" || values["only_synced"] != nil {
		t.Errorf("rolled back: %s", back.text)
	}
	if locked, _ := back.body["locked"].(map[string]any); locked["by"] != "ben" {
		t.Errorf("the lock is whose who put it on again: %s", back.text)
	}
	same := r.do(ben, http.MethodPost, team+"/rollback", `{"version":3}`, "If-Match", `"3"`).want(t, 200, "")
	if same.header.Get("ETag") != `"3"` {
		t.Errorf("the current version again: %s", same.text)
	}
	first := r.do(ben, http.MethodPost, team+"/rollback", `{"version":0}`, "If-Match", `"3"`).want(t, 200, "")
	if first.body["locked"] != nil || first.inForce(t, "trigger")["level"] != "built_in" {
		t.Errorf("as before the first: %s", first.text)
	}
}

func TestMyRollback(t *testing.T) {
	r := newRig(t)
	r.choose(member, mine, `{"trigger":"on_reply"}`, `"0"`)
	r.choose(member, mine, `{"trigger":"never","note_types":[]}`, `"1"`)
	back := r.do(member, http.MethodPost, mine+"/rollback", `{"version":1}`, "If-Match", `"2"`).want(t, 200, "")
	if back.header.Get("ETag") != `"3"` || back.inForce(t, "trigger")["value"] != "on_reply" || back.inForce(t, "note_types")["level"] != "built_in" {
		t.Errorf("rolled back: %s", back.text)
	}
}

func TestRollbacksThatAreRefused(t *testing.T) {
	r := newRig(t)
	r.choose(admin, team, `{"trigger":"on_reply"}`, `"0"`)
	for name, c := range map[string]struct {
		body, version string
		status        int
		code          string
	}{
		"to a version there never was": {`{"version":2}`, `"1"`, 404, "no_such_version"},
		"over a stale one":             {`{"version":0}`, `"0"`, 409, "stale"},
		"over none":                    {`{"version":0}`, "", 400, "version_required"},
		"to no version":                {`{}`, `"1"`, 422, "invalid_request"},
		"to null":                      {`{"version":null}`, `"1"`, 422, "invalid_request"},
		"to less than nothing":         {`{"version":-1}`, `"1"`, 422, "invalid_request"},
		"to a fraction":                {`{"version":0.5}`, `"1"`, 422, "invalid_request"},
		"with more":                    {`{"version":0,"force":true}`, `"1"`, 422, "invalid_request"},
		"no JSON":                      {`version 0`, `"1"`, 400, "malformed_json"},
	} {
		headers := []string{"If-Match", c.version}
		if c.version == "" {
			headers = nil
		}
		t.Run(name, func(t *testing.T) {
			r.do(admin, http.MethodPost, team+"/rollback", c.body, headers...).want(t, c.status, c.code)
		})
	}
	r.do(admin2, http.MethodPost, team+"/rollback", `{"version":1}`, "If-Match", `"0"`).want(t, 404, "no_such_version") // another team's
	if got := r.do(admin, http.MethodGet, team, ""); got.header.Get("ETag") != `"1"` {
		t.Errorf("something was saved: %s", got.text)
	}
}
