package settingshttp_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// job shows a job.
func (r *rig) job(id any) map[string]any {
	r.t.Helper()
	return r.do(viewer, http.MethodGet, "/v1/jobs/"+id.(string), "").want(r.t, 200, "").body
}

func TestManyPeopleArePushedAsAJob(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	var people []string
	for i := range 30 {
		id := fmt.Sprintf("p%02d", i)
		people = append(people, id)
		r.happened("acme", outreach("e-"+id, "campaign_added", id, i))
	}
	r.wire.writes()
	r.rung()
	body := `{"people":["` + strings.Join(append(people, "p00", "stranger"), `","`) + `"]}`
	r.do(member, http.MethodPost, "/v1/push", body).want(t, 403, "admin_only")
	made := r.do(admin, http.MethodPost, "/v1/push", body).want(t, 200, "").body
	if made["state"] != "running" || made["total"] != 31.0 || made["kind"] != "push" || made["by"] != "ann" {
		t.Errorf("made %v", made)
	}
	if rung := r.rung(); len(rung) != 1 {
		t.Errorf("rung %v", rung)
	}
	r.drain()
	got := r.job(made["job"])
	if got["state"] != "done" || got["done"] != 30.0 || got["failed"] != 1.0 || got["sent"] != 30.0 || got["forecast_seconds"] != nil {
		t.Errorf("got %v", got)
	}
	errs := got["errors"].([]any)
	if len(errs) != 1 || errs[0].(map[string]any)["about"] != "stranger" || errs[0].(map[string]any)["code"] != "no_such_person" {
		t.Errorf("errors %v", errs)
	}
	creates := 0
	for _, w := range r.wire.writes() {
		if w.method == "candidate.create" {
			creates++
		}
	}
	if creates != 30 {
		t.Errorf("%d candidates", creates)
	}
	list := r.do(viewer, http.MethodGet, "/v1/jobs", "").want(t, 200, "").body["jobs"].([]any)
	if len(list) != 1 || list[0].(map[string]any)["job"] != made["job"] {
		t.Errorf("list %v", list)
	}
	for _, path := range []string{"/v1/jobs/" + made["job"].(string), "/v1/jobs/none"} {
		r.do(admin2, http.MethodGet, path, "").want(t, 404, "no_such_job")
		r.do(admin2, http.MethodDelete, path, "").want(t, 404, "no_such_job")
	}
	if others := r.do(admin2, http.MethodGet, "/v1/jobs", "").want(t, 200, "").body["jobs"].([]any); len(others) != 0 {
		t.Errorf("another team sees %v", others)
	}
}

func TestAJobIsRefusedWithAllItsMistakes(t *testing.T) {
	r := newRig(t)
	got := r.do(admin, http.MethodPost, "/v1/backfill", `{"people":["ok","a#b",""],"all":true}`).want(t, 422, "invalid_request").mistakes()
	slices.Sort(got)
	if !slices.Equal(got, []string{"all unknown_field", "people[1] bad_id", "people[2] bad_id"}) {
		t.Errorf("mistakes %q", got)
	}
	for body, code := range map[string]string{
		`{}`: "people required", `{"people":[]}`: "people empty", `{"people":"p1"}`: "people wrong_type",
		`{"people":["` + strings.Repeat(`p","`, 1000) + `p"]}`: "people too_many",
	} {
		if got := r.do(admin, http.MethodPost, "/v1/push", body).want(t, 422, "invalid_request").mistakes(); !slices.Equal(got, []string{code}) {
			t.Errorf("mistakes %q, want %q", got, code)
		}
	}
}

func TestACancelledJobLeavesWhatHasNotBegun(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	for _, id := range []string{"p1", "p2"} {
		r.happened("acme", outreach("e-"+id, "campaign_added", id, 1))
	}
	r.wire.writes()
	made := r.do(admin, http.MethodPost, "/v1/push", `{"people":["p1","p2"]}`).want(t, 200, "").body
	r.do(admin, http.MethodPost, "/v1/connection/pause", "").want(t, 200, "")
	r.drain() // asks for both; nothing goes
	if got := r.job(made["job"]); got["state"] != "running" || got["sent"] != 2.0 || got["done"] != 0.0 {
		t.Fatalf("got %v", got)
	}
	got := r.do(admin, http.MethodDelete, "/v1/jobs/"+made["job"].(string), "").want(t, 200, "").body
	if got["state"] != "cancelled" || got["done"] != 0.0 {
		t.Errorf("got %v", got)
	}
	r.do(admin, http.MethodPost, "/v1/connection/resume", "").want(t, 200, "")
	r.drain()
	if wrote := r.wire.writes(); len(wrote) > 0 {
		t.Errorf("wrote %v", wrote)
	}
	if again := r.do(admin, http.MethodDelete, "/v1/jobs/"+made["job"].(string), "").want(t, 200, "").body; again["state"] != "cancelled" {
		t.Errorf("again %v", again)
	}
}

func TestACauseIsSentAgainAsAJob(t *testing.T) {
	r := connected(t)
	const people = 60
	r.fault(ashbytest.Fault{Kind: ashbytest.Refused, Code: "some_new_reason", Endpoints: []string{"candidate.create"}, Count: people})
	for i := range people {
		r.happened("acme", outreach(fmt.Sprintf("e%d", i), "campaign_added", fmt.Sprintf("p%d", i), 1))
	}
	if c := r.causes(viewer)["rejected"]; c["count"] != float64(people) {
		t.Fatalf("inbox %v", c)
	}
	r.do(member, http.MethodPost, "/v1/inbox/rejected/redrive", "").want(t, 403, "admin_only")
	r.do(admin, http.MethodPost, "/v1/inbox/nothing/redrive", "").want(t, 404, "no_such_cause")
	made := r.do(admin, http.MethodPost, "/v1/inbox/rejected/redrive", "").want(t, 200, "").body
	if made["total"] != float64(people) || made["cause"] != "rejected" {
		t.Errorf("made %v", made)
	}
	r.drain()
	if got := r.job(made["job"]); got["state"] != "done" || got["done"] != float64(people) {
		t.Errorf("got %v", got)
	}
	if causes := r.causes(viewer); len(causes) != 0 || r.code("e0") != "created" {
		t.Errorf("inbox %v, e0 %v", causes, r.code("e0"))
	}
}

func TestManyEventsAreSentAgainAsAJob(t *testing.T) {
	r := connected(t)
	r.fault(ashbytest.Fault{Kind: ashbytest.Refused, Code: "some_new_reason", Endpoints: []string{"candidate.create"}, Count: 2})
	r.happened("acme", outreach("e1", "campaign_added", "p1", 1))
	r.happened("acme", outreach("e2", "campaign_added", "p2", 1))
	r.happened("acme", outreach("e3", "campaign_added", "p3", 1))
	made := r.do(admin, http.MethodPost, "/v1/events/retry", `{"events":["e1","e3","none"]}`).want(t, 200, "").body
	r.drain()
	got := r.job(made["job"])
	if got["state"] != "done" || got["done"] != 1.0 || got["failed"] != 2.0 || r.code("e1") != "created" || r.code("e2") != "rejected" {
		t.Errorf("got %v", got)
	}
}

func TestWhoIsForgottenIsTakenOutOfJobsAndTheActivity(t *testing.T) {
	r := connected(t)
	r.happened("acme", outreach("e1", "email_sent", "zephyrine", 1), outreach("e2", "email_sent", "yan", 1))
	made := r.do(admin, http.MethodPost, "/v1/push", `{"people":["zephyrine","yan","zephyrine-not-known"]}`).want(t, 200, "").body
	r.drain()
	if n := len(r.activity("")); n < 4 {
		t.Fatalf("activity of %d", n)
	}
	for _, person := range []string{"zephyrine", "zephyrine-not-known"} {
		r.do(admin, http.MethodPost, "/v1/people/"+person+"/forget", "").want(t, 200, "")
	}
	if left := r.traces("zephyrine"); len(left) > 0 {
		t.Errorf("left over:\n%s", strings.Join(left, "\n"))
	}
	if got := r.job(made["job"]); got["state"] != "done" || got["done"] != 1.0 {
		t.Errorf("job %v", got)
	}
	for _, h := range r.activity("") {
		if h["person"] == "zephyrine" {
			t.Errorf("activity %v", h)
		}
	}
}

// activity gives the first page of the recent activity.
func (r *rig) activity(query string) (out []map[string]any) {
	r.t.Helper()
	for _, h := range r.do(viewer, http.MethodGet, "/v1/activity"+query, "").want(r.t, 200, "").body["events"].([]any) {
		out = append(out, h.(map[string]any))
	}
	return out
}

func TestTheActivityTellsWhatHappenedLatelyNewestFirst(t *testing.T) {
	r := connected(t)
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1))
	r.happened("acme", outreach("e2", "email_reply", "zoe", 2), outreach("e3", "campaign_added", "yan", 2))
	all := r.activity("")
	if len(all) != 3 || all[2]["event"] != "e1" || all[2]["code"] != "created" || all[2]["message"] == "" || all[2]["person"] != "zoe" {
		t.Fatalf("got %v", all)
	}
	for query, want := range map[string]int{
		"?type=email_reply": 1, "?code=created": 2, "?state=waiting": 0, "?person=zoe": 2, "?person=zoe&code=synced": 1, "?limit=1": 1,
	} {
		if got := r.activity(query); len(got) != want {
			t.Errorf("%s: %v", query, got)
		}
	}
	seen, cursor := 0, ""
	for range 9 {
		page := r.do(viewer, http.MethodGet, "/v1/activity?limit=1&cursor="+cursor, "").want(t, 200, "").body
		seen += len(page["events"].([]any))
		if cursor, _ = page["next"].(string); cursor == "" {
			break
		}
	}
	if seen != 3 {
		t.Errorf("%d lines by pages of one", seen)
	}
	if other := r.do(admin2, http.MethodGet, "/v1/activity", "").want(t, 200, "").body["events"].([]any); len(other) != 0 {
		t.Errorf("another team sees %v", other)
	}
	r.do(viewer, http.MethodGet, "/v1/activity?state=pending", "").want(t, 422, "invalid_request")
}
