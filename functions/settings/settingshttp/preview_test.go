package settingshttp_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

func TestAPreviewWithARefusedKeySaysThatItIsTheKey(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	r.key(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Disabled = true })
	e := outreach("e1", "meeting_booked", "zoe", 1)
	previewed(r, member, e).want(t, 422, "key_refused")
	r.key(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Disabled, k.Scopes = false, nil })
	previewed(r, member, e).want(t, 422, "missing_endpoint_permission")
}

func TestThePushOfSeveralEventsMakesTheCallsThatTheirPreviewShowed(t *testing.T) {
	r := connectedRig(t)
	r.do(admin, http.MethodPatch, team, `{"trigger":"on_add","native_email":true}`, "If-Match", `"0"`).want(t, 200, "")
	events := []string{outreach("e1", "campaign_added", "zoe", 1), outreach("e2", "email_sent", "zoe", 2), outreach("e3", "linkedin_message_reply", "zoe", 3)}
	r.wire.writes()
	shown := r.do(member, http.MethodPost, "/v1/preview", `{"events":[`+strings.Join(events, ",")+`]}`).want(t, 200, "")
	if wrote := r.wire.writes(); len(wrote) > 0 {
		t.Fatalf("the preview wrote %v", wrote)
	}
	r.happened("acme", events...)
	pushed := r.wire.writes()
	link := r.do(viewer, http.MethodGet, "/v1/people/zoe/timeline", "").want(t, 200, "").body["person"].(map[string]any)["link"].(map[string]any)
	n := 0
	for _, e := range shown.body["events"].([]any) {
		for _, c := range e.(map[string]any)["calls"].([]any) {
			call := c.(map[string]any)
			body := strings.NewReplacer("$create.candidateId", link["candidate"].(string), "$e1.candidateId", link["candidate"].(string)).Replace(call["body"].(string))
			if n >= len(pushed) || call["method"] != pushed[n].method || body != pushed[n].body {
				t.Errorf("shown %s %s\n made %+v", call["method"], body, pushed[min(n, len(pushed)-1)])
			}
			n++
		}
	}
	if n != len(pushed) || n < 4 {
		t.Errorf("%d calls shown, %d made", n, len(pushed))
	}
	person := r.do(member, http.MethodPost, "/v1/preview", `{"person":"zoe"}`).want(t, 200, "")
	if list := person.body["events"].([]any); len(list) != 1 || list[0].(map[string]any)["code"] != "synced" {
		t.Errorf("got %s", person.text)
	}
	r.do(member, http.MethodPost, "/v1/preview", `{"person":"nobody"}`).want(t, 404, "no_such_person")
	r.do(viewer, http.MethodPost, "/v1/preview", `{"person":"zoe"}`).want(t, 403, "")
}

func TestEveryMistakeOfAPreviewIsTold(t *testing.T) {
	r := newRig(t)
	for body, want := range map[string]string{
		`{}`: "event required", `{"event":null}`: "event required", `{"event":{},"person":"p"}`: "person one_of", `{"person":7}`: "person wrong_type",
		`{"events":[]}`: "events wrong_type", `{"events":[7]}`: "events[0] wrong_type", `{"events":[{"id":"e1"}],"x":1}`: "x unknown_field",
		`{"events":[` + strings.Repeat(`{},`, 25) + `{}]}`: "events too_many",
	} {
		got := r.do(member, http.MethodPost, "/v1/preview", body).want(t, 422, "")
		if !slices.Contains(codes(got.body["errors"]), want) {
			t.Errorf("%s: %s", body, got.text)
		}
	}
	got := r.do(member, http.MethodPost, "/v1/preview", `{"events":[`+outreach("e1", "email_sent", "zoe", 1)+`,{"id":"e2"}]}`).want(t, 422, "")
	for _, m := range got.mistakes() {
		if !strings.HasPrefix(m, "events[1]") {
			t.Errorf("mistakes %v", got.mistakes())
		}
	}
}

func TestAMappingIsPreviewedOnASampleOrAPersonAndNothingIsWritten(t *testing.T) {
	r := connectedRig(t)
	r.do(admin, http.MethodPatch, team, `{"trigger":"on_add"}`, "If-Match", `"0"`).want(t, 200, "")
	r.happened("acme", outreach("e1", "campaign_added", "zoe", 1))
	r.wire.writes()
	own := `{"entries":[{"from":["company"],"to":"` + r.seed.Fields["Company"] + `"},{"from":["emails"],"to":"email","take":"first"}],"policies":{"email":{"policy":"only_if_blank"}}}`
	field := func(got reply, id string) map[string]any {
		for _, f := range got.body["fields"].([]any) {
			if one := f.(map[string]any); one["field"] == id {
				return one
			}
		}
		t.Fatalf("no field %s in %s", id, got.text)
		return nil
	}
	sample := r.do(member, http.MethodPost, mappingPath+"/preview", `{"mapping":`+own+`}`).want(t, 200, "")
	if f := field(sample, r.seed.Fields["Company"]); sample.body["person"] != "sample" || f["after"] != "Analytical Engines" || f["title"] != "Company" {
		t.Errorf("got %s", sample.text)
	}
	known := r.do(member, http.MethodPost, mappingPath+"/preview", `{"mapping":`+own+`,"person":"zoe"}`).want(t, 200, "")
	if f := field(known, "email"); f["code"] != "equal" || f["before"] != "zoe.zoe@example.net" || f["value"] != "zoe.zoe@example.net" {
		t.Errorf("got %s", known.text)
	}
	r.do(member, http.MethodPost, mappingPath+"/preview", `{}`).want(t, 200, "")
	if wrote := r.wire.writes(); len(wrote) > 0 {
		t.Errorf("wrote %v", wrote)
	}
	bad := r.do(member, http.MethodPost, mappingPath+"/preview", `{"mapping":{"entries":[{"from":["gender"],"to":"name"}]}}`).want(t, 422, "mapping_refused")
	if m := codes(bad.body["errors"]); len(m) == 0 || !strings.HasPrefix(m[0], "mapping.entries[0]") {
		t.Errorf("got %s", bad.text)
	}
	r.do(member, http.MethodPost, mappingPath+"/preview", `{"person":"nobody"}`).want(t, 404, "no_such_person")
	r.do(viewer, http.MethodPost, mappingPath+"/preview", `{}`).want(t, 403, "")
	r.do(member, http.MethodPost, mappingPath+"/preview", `{"mapping":7,"x":1}`).want(t, 422, "")
}
