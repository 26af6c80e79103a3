package settingshttp_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

const mappingPath = "/v1/mapping"

type entry map[string]any

func draft(policies map[string]any, entries ...entry) string {
	body, err := json.Marshal(map[string]any{"entries": append([]entry{}, entries...), "policies": policies})
	if err != nil {
		panic(err)
	}
	return string(body)
}

func to(field string, from ...string) entry { return entry{"from": from, "to": field} }

func part(take, field string, from ...string) entry {
	return entry{"from": from, "to": field, "take": take}
}

// connectedRig is the API of a team that has activated its key.
func connectedRig(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	return r
}

func (r *rig) save(as, body, version string) reply {
	r.t.Helper()
	return r.do(as, http.MethodPut, mappingPath, body, "If-Match", version)
}

func codes(list any) []string {
	out := []string{}
	items, _ := list.([]any)
	for _, item := range items {
		m := item.(map[string]any)
		path, _ := m["path"].(string)
		out = append(out, strings.TrimSpace(path+" "+m["code"].(string)))
	}
	return out
}

func TestAMappingIsSavedAsAWholeAndShown(t *testing.T) {
	r := connectedRig(t)
	first := r.do(viewer, http.MethodGet, mappingPath, "").want(t, 200, "")
	if first.header.Get("ETag") != `"1"` || !strings.Contains(first.text, r.seed.Fields["Company"]) {
		t.Errorf("after activation: %s", first.text)
	}
	body := draft(map[string]any{"email": map[string]any{"policy": "only_if_blank"}, r.seed.Fields["Summary"]: map[string]any{"policy": "always", "clear": true}},
		part("first", "email", "emails"), part("joined", r.seed.Fields["Summary"], "emails"), to("name", "firstName", "lastName"))
	saved := r.save(admin, body, `"1"`).want(t, 200, "")
	if saved.header.Get("ETag") != `"2"` || saved.body["author"] != "ann" || saved.body["saved_at"] == nil || saved.body["warnings"] != nil {
		t.Errorf("saved: %s", saved.text)
	}
	seen := r.do(member, http.MethodGet, mappingPath, "").want(t, 200, "")
	if seen.text != saved.text {
		t.Errorf("seen %s\nsaved %s", seen.text, saved.text)
	}
	entries := seen.body["entries"].([]any)
	if second := entries[1].(map[string]any); len(entries) != 3 || second["title"] != "Summary" || second["take"] != "joined" {
		t.Errorf("entries %v", entries)
	}
	if p := seen.body["policies"].(map[string]any)[r.seed.Fields["Summary"]].(map[string]any); p["policy"] != "always" || p["clear"] != true {
		t.Errorf("policies %v", seen.body["policies"])
	}
	if e := seen.body["effective_policies"].([]any); e[0].(map[string]any)["policy"] != "only_if_blank" || e[2].(map[string]any)["default"] != true {
		t.Errorf("effective %v", e)
	}
	r.save(admin, draft(nil, to(r.seed.Fields["Company"], "company")), `"2"`).want(t, 200, "")
}

func TestWhatGetMappingShowsOfEntriesCanBePutBack(t *testing.T) {
	r := connectedRig(t)
	seen := r.do(admin, http.MethodGet, mappingPath, "").want(t, 200, "")
	body, err := json.Marshal(map[string]any{"entries": seen.body["entries"], "policies": seen.body["policies"]})
	if err != nil {
		t.Fatal(err)
	}
	again := r.save(admin, string(body), `"1"`).want(t, 200, "")
	if fmt.Sprint(again.body["entries"]) != fmt.Sprint(seen.body["entries"]) {
		t.Errorf("was %v, is %v", seen.body["entries"], again.body["entries"])
	}
}

func TestMappingsAreRefusedWithEveryMistakeByPath(t *testing.T) {
	r := connectedRig(t)
	id := r.seed.Fields
	for name, c := range map[string]struct {
		body   string
		status int
		code   string
		want   []string
	}{
		"no JSON":  {`{"entries":[`, 400, "malformed_json", nil},
		"nothing":  {`{}`, 422, "mapping_refused", []string{"entries required"}},
		"no list":  {`{"entries":{}}`, 422, "mapping_refused", []string{"entries wrong_type"}},
		"too much": {`{"entries":"` + strings.Repeat("a", 70<<10) + `"}`, 413, "body_too_large", nil},
		"form and sense together": {
			`{"entries":[7,{"from":"emails","to":"email","take":"first"},{"from":["emails"],"to":"email","take":"some"},{"from":["gender"],"to":["x"],"why":1}],"policies":{"name":{"policy":"sometimes"},"email":{"clear":"no"}},"extra":1}`,
			422, "mapping_refused",
			[]string{
				"entries[0] wrong_type", "entries[1].from wrong_type", "entries[2].take unknown_value", "entries[2].to field_taken",
				"entries[3].from[0] sensitive_variable", "entries[3].to wrong_type", "entries[3].why unknown_field", "extra unknown_field",
				"policies.email.clear wrong_type", "policies.email.policy required", "policies.name.policy unknown_value",
			},
		},
		"unwritable, archived, of no use, not there": {
			draft(nil, to("company", "company"), to(id["Old score"], "comments"), to(id["Current salary"], "headline"), to(id["Job code"], "repo"), to("tags", "skills")),
			422, "mapping_refused",
			[]string{
				"entries[0].to field_unwritable", "entries[1].to field_archived", "entries[2].to type_not_convertible",
				"entries[3].to unknown_target", "entries[4].to field_not_mappable",
			},
		},
		"a text to two fields": {draft(nil, to(id["Company"], "company"), to(id["Summary"], "company")), 409, "mapping_conflict", []string{"entries[1].from[0] variable_taken"}},
		"two texts to a field": {draft(nil, to(id["Company"], "company", "role")), 409, "mapping_conflict", []string{"entries[0].from not_composite"}},
		"a conflict and more":  {draft(nil, to(id["Company"], "company"), to(id["Company"], "shoe")), 422, "mapping_refused", []string{"entries[1].from[0] unknown_variable", "entries[1].to field_taken"}},
		"policies": {
			draft(map[string]any{id["Company"]: map[string]any{"policy": "append"}, "location": map[string]any{"policy": "always", "clear": true}, "nobody": map[string]any{"policy": "never"}}),
			422, "mapping_refused",
			[]string{"policies." + id["Company"] + ".policy append_on_scalar", "policies.location.clear field_cannot_clear", "policies.nobody unknown_target"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			checked := r.do(admin, http.MethodPost, mappingPath+"/validate", c.body).want(t, c.status, c.code)
			saved := r.save(admin, c.body, `"1"`).want(t, c.status, c.code)
			for _, got := range []reply{checked, saved} {
				if list := got.mistakes(); !slices.Equal(slices.Sorted(slices.Values(list)), slices.Sorted(slices.Values(c.want))) {
					t.Errorf("got %q\nwant %q", list, c.want)
				}
			}
		})
	}
	if now := r.do(admin, http.MethodGet, mappingPath, ""); now.header.Get("ETag") != `"1"` {
		t.Errorf("something was saved: %s", now.text)
	}
}

func TestARefusalNamesTheNearestLegalTargetAndTheFirstOne(t *testing.T) {
	r := connectedRig(t)
	got := r.save(admin, draft(nil, to("company", "company"), to("school", "school")), `"1"`).want(t, 422, "")
	if !strings.Contains(got.text, "“Company” ("+r.seed.Fields["Company"]+")") || !strings.Contains(got.text, "create a custom field “School”") {
		t.Errorf("got %s", got.text)
	}
	got = r.save(admin, draft(nil, to(r.seed.Fields["Title"], "role"), to(r.seed.Fields["Summary"], "role")), `"1"`).want(t, 409, "")
	if !strings.Contains(got.text, "role goes to “Title” already") {
		t.Errorf("got %s", got.text)
	}
}

func TestValidatingSavesNothing(t *testing.T) {
	r := connectedRig(t)
	got := r.do(admin, http.MethodPost, mappingPath+"/validate", draft(nil, to(r.seed.Fields["Summary"], "summary"))).want(t, 200, "")
	if got.header.Get("ETag") != `"1"` || len(got.body["entries"].([]any)) != 1 {
		t.Errorf("validated %s", got.text)
	}
	if now := r.do(admin, http.MethodGet, mappingPath, "").want(t, 200, ""); now.header.Get("ETag") != `"1"` || len(now.body["entries"].([]any)) < 10 {
		t.Errorf("stored %s", now.text)
	}
}

func TestAStaleMappingIsRefusedWithTheCurrentVersion(t *testing.T) {
	r := connectedRig(t)
	body := draft(nil, part("first", "email", "emails"))
	r.save(admin, body, `"1"`).want(t, 200, "")
	for _, call := range []struct{ method, path, body string }{
		{http.MethodPut, mappingPath, body},
		{http.MethodPost, mappingPath + "/defaults", ""},
		{http.MethodPost, mappingPath + "/rollback", `{"version":1}`},
	} {
		got := r.do(admin, call.method, call.path, call.body, "If-Match", `"1"`).want(t, 409, "stale")
		if got.header.Get("ETag") != `"2"` {
			t.Errorf("%s: ETag %s", call.path, got.header.Get("ETag"))
		}
		r.do(admin, call.method, call.path, call.body).want(t, 400, "version_required")
	}
}

func TestDefaultsComeBackWithCompanyAndRole(t *testing.T) {
	r := connectedRig(t)
	before := r.do(admin, http.MethodGet, mappingPath, "").want(t, 200, "")
	r.save(admin, draft(map[string]any{"name": map[string]any{"policy": "never"}}), `"1"`).want(t, 200, "")
	after := r.do(admin, http.MethodPost, mappingPath+"/defaults", "", "If-Match", `"2"`).want(t, 200, "")
	if after.header.Get("ETag") != `"3"` || fmt.Sprint(after.body["entries"]) != fmt.Sprint(before.body["entries"]) || len(after.body["policies"].(map[string]any)) != 0 {
		t.Errorf("was %s\nis %s", before.text, after.text)
	}
}

func TestAnEarlierMappingCanBeSavedAgainUnlessItNoLongerPasses(t *testing.T) {
	r := connectedRig(t)
	r.save(admin, draft(nil, to(r.seed.Fields["Summary"], "summary")), `"1"`).want(t, 200, "")
	r.save(admin, draft(nil), `"2"`).want(t, 200, "")
	history := r.do(viewer, http.MethodGet, mappingPath+"/history", "").want(t, 200, "").body["versions"].([]any)
	if len(history) != 3 || history[0].(map[string]any)["version"] != 3.0 || history[1].(map[string]any)["author"] != "ann" {
		t.Fatalf("history %v", history)
	}
	back := r.do(admin, http.MethodPost, mappingPath+"/rollback", `{"version":2}`, "If-Match", `"3"`).want(t, 200, "")
	if back.header.Get("ETag") != `"4"` || fmt.Sprint(back.body["entries"]) != fmt.Sprint(history[1].(map[string]any)["entries"]) {
		t.Errorf("rolled back to %s", back.text)
	}
	r.do(admin, http.MethodPost, mappingPath+"/rollback", `{"version":9}`, "If-Match", `"4"`).want(t, 404, "no_such_version")
	r.do(admin, http.MethodPost, mappingPath+"/rollback", `{"version":"2","x":1}`, "If-Match", `"4"`).want(t, 422, "invalid_request")
	if err := r.sim.ArchiveField(r.seed.Fields["Summary"], true); err != nil {
		t.Fatal(err)
	}
	got := r.do(admin, http.MethodPost, mappingPath+"/rollback", `{"version":2}`, "If-Match", `"4"`).want(t, 422, "mapping_refused")
	if !slices.Equal(got.mistakes(), []string{"entries[0].to field_archived"}) {
		t.Errorf("mistakes %v", got.mistakes())
	}
}

func TestWhatHappensToFieldsInAshbyIsWarnedAbout(t *testing.T) {
	r := connectedRig(t)
	id := r.seed.Fields
	r.save(admin, draft(nil,
		to(id["Company"], "company"), to(id["Years of experience"], "customVariable"), to(id["Seniority"], "headline"), to(id["Title"], "role"),
	), `"1"`).want(t, 200, "")
	if err := r.sim.ArchiveField(id["Company"], true); err != nil {
		t.Fatal(err)
	}
	change := func(title string, f func(*ashbytest.Field)) {
		if err := r.sim.ChangeField(id[title], f); err != nil {
			t.Fatal(err)
		}
	}
	change("Years of experience", func(f *ashbytest.Field) { f.FieldType = "String" })
	change("Seniority", func(f *ashbytest.Field) { f.Options = f.Options[1:] })
	change("Title", func(f *ashbytest.Field) { f.IsPrivate = true })
	r.key(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Private = false })

	old := r.do(viewer, http.MethodGet, mappingPath, "").want(t, 200, "")
	if old.body["warnings"] != nil {
		t.Errorf("what is remembered for ten minutes was asked again: %s", old.text)
	}
	r.do(viewer, http.MethodGet, "/v1/fields?refresh=true", "").want(t, 200, "")
	got := r.do(viewer, http.MethodGet, mappingPath, "").want(t, 200, "")
	want := []string{"entries[0].to field_archived", "entries[1].to field_retyped", "entries[2].to option_gone", "entries[3].to field_gone"}
	if warned := codes(got.body["warnings"]); !slices.Equal(warned, want) {
		t.Errorf("warned %q, want %q", warned, want)
	}
	for _, said := range []string{"“Company”", "was Number and is String", "“Junior”", "“Title”"} {
		if !strings.Contains(got.text, said) {
			t.Errorf("%s is not said: %s", said, got.text)
		}
	}
}

func TestAMappingIsShownWhileAshbyIsAwayAndSavedOnlyWhereItNeedsNoAshby(t *testing.T) {
	r := connectedRig(t)
	r.key(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Disabled = true })
	r.do(viewer, http.MethodGet, "/v1/fields?refresh=true", "").want(t, 422, "forbidden_unclear")
	got := r.do(viewer, http.MethodGet, mappingPath, "").want(t, 200, "")
	if notes := codes(got.body["notes"]); !slices.Equal(notes, []string{"forbidden_unclear"}) {
		t.Errorf("notes %v", notes)
	}
	r.save(admin, draft(nil, to(r.seed.Fields["Summary"], "summary")), `"1"`).want(t, 422, "forbidden_unclear")
	r.save(admin, draft(nil, part("first", "email", "emails")), `"1"`).want(t, 200, "")
	r.do(admin2, http.MethodPut, mappingPath, draft(nil, to(r.seed.Fields["Summary"], "summary")), "If-Match", `"0"`).want(t, 409, "not_connected")
}

func TestTeamsHaveMappingsOfTheirOwn(t *testing.T) {
	r := connectedRig(t)
	r.save(admin, draft(nil), `"1"`).want(t, 200, "")
	got := r.do(admin2, http.MethodGet, mappingPath, "").want(t, 200, "")
	history := r.do(admin2, http.MethodGet, mappingPath+"/history", "").want(t, 200, "")
	if got.header.Get("ETag") != `"0"` || len(got.body["entries"].([]any)) < 10 || len(history.body["versions"].([]any)) != 0 {
		t.Errorf("another team sees %s and %s", got.text, history.text)
	}
	r.do(admin2, http.MethodPost, mappingPath+"/rollback", `{"version":1}`, "If-Match", `"0"`).want(t, 404, "no_such_version")
}

func TestAnEventIsPushedUnderTheSavedMapping(t *testing.T) {
	r := connectedRig(t)
	id := r.seed.Fields
	r.do(admin, http.MethodPatch, team, `{"trigger":"on_add"}`, "If-Match", `"0"`).want(t, 200, "")
	r.save(admin, draft(map[string]any{id["Summary"]: map[string]any{"policy": "never"}},
		to("name", "firstName", "lastName", "name"), part("first", "email", "emails"),
		to(id["Preferred location"], "company"), part("joined", id["Summary"], "phones"),
	), `"1"`).want(t, 200, "")
	r.wire.writes()
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1))
	sent := map[string]string{}
	for _, w := range r.wire.writes() {
		sent[w.method] = w.body
	}
	if b := sent["candidate.create"]; !strings.Contains(b, "Zoe Quill") || strings.Contains(b, "phoneNumber") {
		t.Errorf("created with %s", b)
	}
	want := fmt.Sprintf(`"values":[{"fieldId":%q,"fieldValue":{"city":"Quill & Sons"}}]`, id["Preferred location"])
	if b := sent["customField.setValues"]; !strings.Contains(strings.ReplaceAll(b, `\u0026`, "&"), want) {
		t.Errorf("values %s, want %s", b, want)
	}
	story := r.do(viewer, http.MethodGet, "/v1/events/e1", "").want(t, 200, "")
	if story.body["plan"].(map[string]any)["mapping_version"] != 2.0 {
		t.Errorf("story %s", story.text)
	}
}
