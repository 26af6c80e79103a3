package settingshttp_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

const fieldsPath = "/v1/fields"

func (r *rig) fields(path string) map[string]map[string]any {
	r.t.Helper()
	out := map[string]map[string]any{}
	for _, f := range r.do(viewer, http.MethodGet, path, "").want(r.t, 200, "").body["fields"].([]any) {
		field := f.(map[string]any)
		out[field["id"].(string)] = field
	}
	return out
}

func TestEveryFieldOfCandidatesIsListedWithWhatCanBeDoneWithIt(t *testing.T) {
	r := connectedRig(t)
	id := r.seed.Fields
	got := r.fields(fieldsPath)
	for field, want := range map[string]map[string]any{
		"name":                   {"built_in": true, "writable": true, "mappable": true, "default_policy": "always"},
		"phone":                  {"default_policy": "append"},
		"company":                {"writable": false, "mappable": false, "mapping_code": "field_unwritable", "instead": id["Company"]},
		"timezone":               {"writable": false, "instead": nil},
		"tags":                   {"writable": true, "mappable": false, "mapping_code": "field_not_mappable"},
		id["Company"]:            {"title": "Company", "type": "String", "built_in": false, "mappable": true, "archived": false},
		id["Old score"]:          {"archived": true, "writable": false, "mappable": false, "mapping_code": "field_archived"},
		id["Private rating"]:     {"private": true, "mappable": true},
		id["Salary expectation"]: {"writable": true, "mappable": false, "mapping_code": "type_not_convertible"},
		id["Preferred location"]: {"type": "Location", "mappable": true},
		id["Pipeline key"]:       {"writable": true, "mappable": true},
	} {
		for name, value := range want {
			if got[field] == nil || got[field][name] != value {
				t.Errorf("%s: %s is %v, want %v", field, name, got[field][name], value)
			}
		}
	}
	if _, listed := got[id["Job code"]]; listed {
		t.Error("a field of jobs is listed")
	}
	if options := got[id["Seniority"]]["options"].([]any); len(options) != 5 || options[4].(map[string]any)["archived"] != true {
		t.Errorf("options %v", options)
	}
}

func TestFieldsAreRememberedUntilSomebodyWantsThemNow(t *testing.T) {
	r := connectedRig(t)
	r.fields(fieldsPath)
	if err := r.sim.ArchiveField(r.seed.Fields["Company"], true); err != nil {
		t.Fatal(err)
	}
	if r.fields(fieldsPath)[r.seed.Fields["Company"]]["archived"] != false {
		t.Error("Ashby was asked again")
	}
	if r.fields(fieldsPath + "?refresh=true")[r.seed.Fields["Company"]]["archived"] != true {
		t.Error("Ashby was not asked again")
	}
}

func TestWithoutAConnectionOnlyBuiltInFieldsAreKnown(t *testing.T) {
	r := newRig(t)
	got := r.do(viewer, http.MethodGet, fieldsPath, "").want(t, 200, "")
	if got.body["connected"] != false || len(got.body["fields"].([]any)) != 21 {
		t.Errorf("got %s", got.text)
	}
	r.do(admin, http.MethodPost, fieldsPath, `{"for":["company"]}`).want(t, 409, "not_connected")
}

func TestVariablesAreListedButTheSensitiveOnes(t *testing.T) {
	r := newRig(t)
	got := r.do(viewer, http.MethodGet, "/v1/variables", "").want(t, 200, "")
	kinds := map[string]string{}
	for _, v := range got.body["variables"].([]any) {
		variable := v.(map[string]any)
		kinds[variable["name"].(string)] = variable["kind"].(string)
		if variable["mappable"] != (variable["kind"] != "objects") {
			t.Errorf("variable %v", variable)
		}
	}
	if len(kinds) != 37 || kinds["firstName"] != "text" || kinds["emails"] != "list" || kinds["education"] != "objects" {
		t.Errorf("%d: %v", len(kinds), kinds)
	}
	if strings.Contains(got.text, "gender") || strings.Contains(got.text, "dominantRace") {
		t.Errorf("sensitive ones are listed: %s", got.text)
	}
}

func TestAFieldIsCreatedOncePerTitle(t *testing.T) {
	r := connectedRig(t)
	body := `{"title":" Favourite colour ","type":"ValueSelect","description":"of paint","options":["Red","Deep blue"]}`
	got := r.do(admin, http.MethodPost, fieldsPath, body).want(t, 200, "")
	made := got.body["created"].([]any)[0].(map[string]any)
	if made["title"] != "Favourite colour" || made["mappable"] != true || len(got.body["mapped"].([]any)) != 0 {
		t.Errorf("got %s", got.text)
	}
	if shown := r.fields(fieldsPath)[made["id"].(string)]; shown["type"] != "ValueSelect" || len(shown["options"].([]any)) != 2 {
		t.Errorf("listed %v", shown)
	}
	again := r.do(admin, http.MethodPost, fieldsPath, strings.ToUpper(body[:30])+body[30:])
	again.want(t, 422, "invalid_request") // members are told apart by case
	taken := r.do(admin, http.MethodPost, fieldsPath, `{"title":"favourite COLOUR","type":"String"}`).want(t, 409, "title_taken")
	if !strings.Contains(taken.text, made["id"].(string)) {
		t.Errorf("the one that is there is not named: %s", taken.text)
	}
}

func TestFieldsThatAreNotCreated(t *testing.T) {
	r := connectedRig(t)
	r.wire.writes()
	for body, want := range map[string][]string{
		`{}`:                            {"title required", "type required"},
		`{"title":7,"type":"Currency"}`: {"title wrong_type", "type unknown_value"},
		`{"title":"A\nb","type":"string","name":"x"}`:                       {"name unknown_field", "title invalid_value", "type unknown_value"},
		`{"title":"` + strings.Repeat("a", 101) + `","type":"ValueSelect"}`: {"title too_long", "options required"},
		`{"title":"A","type":"String","options":["x"]}`:                     {"options invalid_value"},
		`{"title":"A","type":"MultiValueSelect","options":["x"," X ",""]}`:  {"options[1] repeated", "options[2] invalid_value"},
		`{"title":"A","type":"MultiValueSelect","options":"x"}`:             {"options wrong_type"},
		`{"for":[]}`: {"for required"},
		`{"for":["company","emails"],"title":"A"}`: {"title unknown_field", "for[1] unknown_value"},
	} {
		if got := r.do(admin, http.MethodPost, fieldsPath, body).want(t, 422, "invalid_request").mistakes(); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
	if wrote := r.wire.writes(); len(wrote) > 0 {
		t.Errorf("Ashby was told %v", wrote)
	}
}

// withoutStandIns archives the fields that activation would have mapped.
func withoutStandIns(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	for _, title := range []string{"Company", "Title"} {
		if err := r.sim.ArchiveField(r.seed.Fields[title], true); err != nil {
			t.Fatal(err)
		}
	}
	on := r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	if len(on.body["unmapped"].([]any)) != 2 {
		t.Fatalf("activated: %s", on.text)
	}
	return r
}

func TestCompanyAndRoleReachAshbyWithOneCall(t *testing.T) {
	r := withoutStandIns(t)
	got := r.do(admin, http.MethodPost, fieldsPath, `{"for":["company","role"]}`).want(t, 200, "")
	if len(got.body["created"].([]any)) != 2 || len(got.body["mapped"].([]any)) != 2 {
		t.Fatalf("got %s", got.text)
	}
	if now := r.do(viewer, http.MethodGet, "/v1/connection", "").want(t, 200, ""); now.body["unmapped"] != nil {
		t.Errorf("still unmapped: %s", now.text)
	}
	again := r.do(admin, http.MethodPost, fieldsPath, `{"for":["role","company","role"]}`).want(t, 200, "")
	if len(again.body["created"].([]any)) != 0 || len(again.body["mapped"].([]any)) != 2 {
		t.Errorf("again: %s", again.text)
	}
	r.do(admin, http.MethodPatch, team, `{"trigger":"on_add"}`, "If-Match", `"0"`).want(t, 200, "")
	r.wire.writes()
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1))
	if wrote := r.wire.writes(); !slices.ContainsFunc(wrote, func(w went) bool {
		return w.method == "customField.setValues" && strings.Contains(w.body, "Quill")
	}) {
		t.Errorf("the company did not arrive: %v", wrote)
	}
}

func TestAFieldThatFitsIsUsedInsteadOfANewOne(t *testing.T) {
	r := withoutStandIns(t)
	if err := r.sim.ArchiveField(r.seed.Fields["Title"], false); err != nil {
		t.Fatal(err)
	}
	got := r.do(admin, http.MethodPost, fieldsPath, `{"for":["role"]}`).want(t, 200, "")
	mapped := got.body["mapped"].([]any)
	if len(got.body["created"].([]any)) != 0 || len(mapped) != 1 || mapped[0].(map[string]any)["field"] != r.seed.Fields["Title"] {
		t.Errorf("got %s", got.text)
	}
	if now := r.do(viewer, http.MethodGet, "/v1/connection", "").want(t, 200, ""); len(now.body["unmapped"].([]any)) != 1 {
		t.Errorf("more was mapped than asked for: %s", now.text)
	}
}

func TestSeveralFieldsThatFitAreForAPersonToChooseFrom(t *testing.T) {
	r := withoutStandIns(t)
	for _, title := range []string{"Role", "Position"} {
		r.do(admin, http.MethodPost, fieldsPath, `{"title":"`+title+`","type":"String"}`).want(t, 200, "")
	}
	r.wire.writes()
	got := r.do(admin, http.MethodPost, fieldsPath, `{"for":["company","role"]}`).want(t, 409, "several_fields_fit")
	if wrote := r.wire.writes(); len(wrote) > 0 || !strings.Contains(got.text, "“Position”") {
		t.Errorf("%s, wrote %v", got.text, wrote)
	}
}

func TestAMissingPermissionNamesTheBoxToTick(t *testing.T) {
	r := withoutStandIns(t)
	r.key(ashbytest.LocalKey, func(k *ashbytest.Key) {
		k.Scopes = slices.DeleteFunc(slices.Clone(k.Scopes), func(s string) bool { return s == ashbytest.HiringProcessMetadataWrite })
	})
	got := r.do(admin, http.MethodPost, fieldsPath, `{"for":["company","role"]}`).want(t, 422, "missing_endpoint_permission")
	if !slices.Equal(got.mistakes(), []string{"permission hiringProcessMetadataWrite"}) || !strings.Contains(got.text, "Hiring process metadata: write") && !strings.Contains(got.text, "Hiring") {
		t.Errorf("got %s", got.text)
	}
}

func TestWhatWasCreatedIsMappedThoughTheNextCouldNotBe(t *testing.T) {
	r := withoutStandIns(t)
	r.fault(ashbytest.Fault{Kind: ashbytest.ResetAfter, Endpoints: []string{"customField.create"}, Skip: 1, Count: 1})
	r.do(admin, http.MethodPost, fieldsPath, `{"for":["company","role"]}`).want(t, 504, "")
	if now := r.do(viewer, http.MethodGet, "/v1/connection", "").want(t, 200, ""); len(now.body["unmapped"].([]any)) != 1 {
		t.Errorf("unmapped: %s", now.text)
	}
	again := r.do(admin, http.MethodPost, fieldsPath, `{"for":["company","role"]}`).want(t, 200, "")
	if len(again.body["created"].([]any)) != 0 || len(again.body["mapped"].([]any)) != 2 {
		t.Errorf("the lost one was not found: %s", again.text)
	}
}

func TestFieldsSayInWhichSetsTheyAreAndMayBe(t *testing.T) {
	r := newRig(t)
	r.displayed(`"displayed":["tags","source"],"mandatory":["source"],"protected":["phone"],"filterable":["company"]`)
	r.do(member, http.MethodPatch, mine, `{"displayed":["tags"],"protected":["email"]}`, "If-Match", `"0"`).want(t, 200, "")
	flags := map[string]string{}
	for _, f := range r.do(member, http.MethodGet, "/v1/fields", "").want(t, 200, "").body["fields"].([]any) {
		f, said := f.(map[string]any), ""
		for _, set := range []string{"displayed", "mandatory", "protected", "filterable"} {
			c := f[set].(map[string]any)
			switch {
			case c["chosen"] == true:
				said += " chosen"
			case c["may"] == true:
				said += " may"
			default:
				said += " " + c["code"].(string)
			}
			if (c["may"] == true) != (c["message"] == nil) {
				t.Errorf("%s: %v", f["id"], c)
			}
		}
		flags[f["id"].(string)] = said[1:]
	}
	for id, want := range map[string]string{
		"tags": "chosen may may may", "source": "may chosen may may", "phone": "not_displayable may chosen may", "email": "not_displayable may chosen may",
		"company":  "field_unwritable field_unwritable field_unwritable chosen",
		"projects": "may nothing_fills_it may not_searchable", r.seed.Fields["Private rating"]: "may nothing_fills_it may private_field",
		r.seed.Fields["Seniority"]: "may nothing_fills_it may may",
	} {
		if flags[id] != want {
			t.Errorf("%s: %s, want %s", id, flags[id], want)
		}
	}
}
