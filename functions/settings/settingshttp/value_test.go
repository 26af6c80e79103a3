package settingshttp_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// displayed activates the team, lets people in when they are added, and lets users
// give values for the fields.
func (r *rig) displayed(body string) {
	r.t.Helper()
	r.activate(admin, ashbytest.LocalKey).want(r.t, 200, "")
	r.do(admin, http.MethodPatch, team, `{"trigger":"on_add",`+body+`}`, "If-Match", `"0"`).want(r.t, 200, "")
	r.rung()
	r.wire.writes()
}

func (r *rig) give(as, to, values string) reply {
	r.t.Helper()
	return r.do(as, http.MethodPut, "/v1/values/"+to, `{"values":`+values+`}`)
}

// methodsOf lists the calls that changed something since it was last asked.
func (r *rig) methodsOf() []string {
	var out []string
	for _, c := range r.wire.writes() {
		out = append(out, c.method)
	}
	return out
}

func TestGivenValuesAreKeptByIDShownByTitleAndPushed(t *testing.T) {
	r := newRig(t)
	languages, user := r.seed.Fields["Languages"], ""
	for address := range r.seed.Users {
		user = max(user, address)
	}
	r.displayed(`"displayed":["source","tags","credited_to","location","` + languages + `"]`)
	tag := slices.Sorted(func(yield func(string) bool) {
		for title := range r.seed.Tags {
			if !yield(title) {
				return
			}
		}
	})[0]
	r.give(member, "campaigns/camp-1", `{"credited_to":"`+user+`","`+languages+`":["English","norwegian"]}`).want(t, 200, "")
	got := r.give(member, "people/zoe", `{"source":"`+r.seed.Sources["LinkedIn"]+`","tags":["`+tag+`"],"location":"Oslo, Norway"}`).want(t, 200, "").body
	values := got["values"].([]any)
	var shown []string
	for _, v := range values {
		v := v.(map[string]any)
		shown = append(shown, v["field"].(string)+" "+v["shown"].(string))
		if v["author"] != "mel" || v["displayed"] != true || v["pushed"] != false || v["title"] == "" {
			t.Errorf("%v", v)
		}
	}
	if diff := cmp.Diff([]string{"location Oslo, Norway", "source LinkedIn", "tags " + tag}, shown); diff != "" {
		t.Error(diff)
	}
	if kept := values[2].(map[string]any)["value"]; !cmp.Equal(kept, []any{r.seed.Tags[tag]}) {
		t.Errorf("kept %v", kept)
	}
	event := outreach("e1", "email_sent", "zoe", 1)
	previewed(r, member, event).want(t, 200, "")
	r.happened("acme", event)
	want := []string{"candidate.create", "customField.setValues", "candidate.addTag", "candidate.createNote"}
	if diff := cmp.Diff(want, r.methodsOf()); diff != "" {
		t.Errorf("calls:\n%s", diff)
	}
	after := r.do(viewer, http.MethodGet, "/v1/values/people/zoe", "").want(t, 200, "").body["values"].([]any)
	if after[0].(map[string]any)["pushed"] != true {
		t.Errorf("after the push: %v", after[0])
	}
	r.happened("acme", outreach("e2", "email_sent", "zoe", 2))
	if diff := cmp.Diff([]string{"candidate.createNote"}, r.methodsOf()); diff != "" {
		t.Errorf("a second event:\n%s", diff)
	}
	r.give(member, "people/zoe", `{"source":null}`).want(t, 200, "")
	if left := r.do(viewer, http.MethodGet, "/v1/values/people/zoe", "").body["values"].([]any); len(left) != 2 {
		t.Errorf("left %v", left)
	}
}

func TestValuesThatCannotBeKeptAreRefusedByName(t *testing.T) {
	r := newRig(t)
	seniority, years := r.seed.Fields["Seniority"], r.seed.Fields["Years of experience"]
	r.displayed(`"displayed":["source","tags","` + seniority + `","` + years + `"]`)
	got := r.give(member, "people/zoe", `{"location":"Oslo","source":"Nowhere","tags":["none such"],"`+seniority+`":"emperor","`+years+`":"many","name":"Zoe"}`).
		want(t, 422, "values_refused").mistakes()
	want := []string{
		"values.location not_displayed", "values.name not_displayed", "values.source unknown_value", "values.tags unknown_value",
		"values." + seniority + " not_convertible", "values." + years + " not_convertible",
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if kept := r.do(viewer, http.MethodGet, "/v1/values/people/zoe", "").want(t, 200, "").body["values"].([]any); len(kept) > 0 {
		t.Errorf("kept %v", kept)
	}
	r.do(admin, http.MethodPatch, mine, `{"displayed":["source"]}`, "If-Match", `"0"`).want(t, 200, "")
	r.give(admin, "people/zoe", `{"tags":["x"]}`).want(t, 422, "values_refused") // the caller's own choice is narrower
	for body, path := range map[string]string{
		`{"values":[]}`: "values wrong_type", `{"values":{"source":{}}}`: "values.source wrong_type", `{}`: "values required", `{"values":{},"x":1}`: "x unknown_field",
		`{"values":{"tags":["a",1]}}`: "values.tags wrong_type",
	} {
		if got := r.do(member, http.MethodPut, "/v1/values/people/zoe", body).want(t, 422, "invalid_request").mistakes(); !slices.Equal(got, []string{path}) {
			t.Errorf("%s: %v", body, got)
		}
	}
}

func TestAMandatoryFieldHoldsAPersonUntilAValueIsGivenOrTheSettingGoes(t *testing.T) {
	r := newRig(t)
	r.displayed(`"displayed":["source","tags"],"mandatory":["source"]`)
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1), outreach("e2", "email_sent", "yan", 1), outreach("e3", "email_sent", "xia", 1))
	waits := r.do(viewer, http.MethodGet, "/v1/events/e1", "").want(t, 200, "").body
	if wait, _ := waits["wait"].(map[string]any); waits["code"] != "mandatory_missing" || waits["detail"] != "Source" || wait["owner"] != "member" || wait["exit"] == "" {
		t.Fatalf("%v", waits)
	}
	r.give(member, "people/zoe", `{"source":"`+r.seed.Sources["LinkedIn"]+`"}`).want(t, 200, "")
	if rung := r.rung(); len(rung) != 1 {
		t.Errorf("rung %v", rung)
	}
	code := func(event string) any {
		return r.do(viewer, http.MethodGet, "/v1/events/"+event, "").want(t, 200, "").body["code"]
	}
	r.happened("acme", outreach("e4", "campaign_finished", "nobody-else", 1))
	if code("e1") != "created" || code("e2") != "mandatory_missing" {
		t.Errorf("given for one: %v, %v", code("e1"), code("e2"))
	}
	r.do(admin, http.MethodPatch, team, `{"mandatory":[]}`, "If-Match", `"1"`).want(t, 200, "")
	if rung := r.rung(); len(rung) != 1 {
		t.Errorf("rung %v", rung)
	}
	r.happened("acme", outreach("e5", "campaign_finished", "nobody-else", 2))
	if code("e2") != "created" || code("e3") != "created" {
		t.Errorf("the setting is gone: %v, %v", code("e2"), code("e3"))
	}
}

func TestAMappingThatFillsAMandatoryFieldLetsGoWhatWaits(t *testing.T) {
	r := newRig(t)
	company := r.seed.Fields["Title"]
	r.displayed(`"displayed":["` + company + `"],"mandatory":["` + company + `"]`)
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1))
	m := r.do(admin, http.MethodGet, "/v1/mapping", "").want(t, 200, "")
	r.rung()
	r.do(admin, http.MethodPut, "/v1/mapping", `{"entries":[{"from":["emails"],"to":"email","take":"first"},{"from":["firstName","lastName"],"to":"name"},{"from":["company"],"to":"`+company+`"}]}`,
		"If-Match", m.header.Get("ETag")).want(t, 200, "")
	if rung := r.rung(); len(rung) != 1 {
		t.Errorf("rung %v", rung)
	}
	r.happened("acme", outreach("e2", "campaign_finished", "nobody-else", 1))
	if got := r.do(viewer, http.MethodGet, "/v1/events/e1", "").want(t, 200, "").body; got["code"] != "created" {
		t.Errorf("%v", got)
	}
}

func TestWhatAFieldMayBeGivenIsListed(t *testing.T) {
	r := newRig(t)
	r.do(viewer, http.MethodGet, "/v1/fields/source/options", "").want(t, 409, "not_connected")
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	for id, want := range map[string]int{
		"source": len(r.seed.Sources), "tags": len(r.seed.Tags), "projects": len(r.seed.Projects), "credited_to": len(r.seed.Users), "location": 0,
	} {
		got := r.do(viewer, http.MethodGet, "/v1/fields/"+id+"/options", "").want(t, 200, "").body["options"].([]any)
		if len(got) == 0 && want > 0 || len(got) > want {
			t.Errorf("%s: %d of %d: %v", id, len(got), want, got)
		}
	}
	if got := r.do(viewer, http.MethodGet, "/v1/fields/"+r.seed.Fields["Seniority"]+"/options", "").want(t, 200, "").body["options"].([]any); len(got) < 2 {
		t.Errorf("of a select: %v", got)
	}
	r.do(viewer, http.MethodGet, "/v1/fields/nope/options", "").want(t, 404, "no_such_field")
}
