package settingshttp_test

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// connected is a rig with a key, where whoever is added is put into Ashby.
func connected(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	r.do(admin, http.MethodPatch, team, `{"trigger":"on_add"}`, "If-Match", `"0"`).want(t, 200, "")
	return r
}

// twice puts two candidates into Ashby that share the address of the person of outreach.
func (r *rig) twice(person string) (ids []string) {
	r.t.Helper()
	for _, name := range []string{"Zoe Quill", "Z. Quill"} {
		id, err := r.sim.AddCandidate(r.seed.Org, ashbytest.Candidate{
			Name: name, Emails: []ashbytest.Contact{{Value: "zoe." + person + "@example.net", IsPrimary: true}},
		})
		if err != nil {
			r.t.Fatal(err)
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// causes gives the inbox by cause.
func (r *rig) causes(as string) map[string]map[string]any {
	r.t.Helper()
	out := map[string]map[string]any{}
	for _, c := range r.do(as, http.MethodGet, "/v1/inbox", "").want(r.t, 200, "").body["causes"].([]any) {
		c := c.(map[string]any)
		out[c["cause"].(string)] = c
	}
	return out
}

// raw sends a request whose answer is no JSON.
func (r *rig) raw(as, path string) (status int, header http.Header, text string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.api.URL+path, http.NoBody)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+as)
	res, err := r.api.Client().Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(body)
}

func TestTheInboxSaysWhatNeedsAPersonAndWhatToDo(t *testing.T) {
	r := connected(t)
	candidates := r.twice("zoe")
	r.fault(ashbytest.Fault{Kind: ashbytest.Refused, Code: "some_new_reason", Endpoints: []string{"candidate.create"}, Count: 1})
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1), outreach("e2", "email_sent", "zoe", 2), outreach("e3", "email_sent", "yan", 3))
	causes := r.causes(viewer)
	review, refused := causes["needs_review"], causes["rejected"]
	if len(causes) != 2 || review["count"] != 2.0 || refused["count"] != 1.0 || review["count_text"] != "2" || review["more"] != false {
		t.Fatalf("causes %v", causes)
	}
	for name, c := range causes {
		action := c["action"].(map[string]any)
		if c["title"] == "" || !strings.HasSuffix(c["sentence"].(string), ".") || action["label"] == "" || c["first_seen"] == nil || c["last_seen"] == nil {
			t.Errorf("%s: %v", name, c)
		}
	}
	if review["action"].(map[string]any)["kind"] != "review" || refused["action"].(map[string]any)["kind"] != "redrive" {
		t.Errorf("actions %v", causes)
	}
	page := r.do(viewer, http.MethodGet, "/v1/inbox/needs_review?limit=1", "").want(t, 200, "").body
	entry := page["entries"].([]any)[0].(map[string]any)
	got := []string{}
	for _, c := range entry["candidates"].([]any) {
		got = append(got, c.(string))
	}
	if entry["event"] != "e1" || entry["person"] != "zoe" || entry["code"] != "needs_review" || !slices.Equal(got, candidates) {
		t.Errorf("entry %v, candidates %v", entry, candidates)
	}
	next := r.do(viewer, http.MethodGet, "/v1/inbox/needs_review?limit=1&cursor="+page["next"].(string), "").want(t, 200, "").body
	if e := next["entries"].([]any); len(e) != 1 || e[0].(map[string]any)["event"] != "e2" {
		t.Errorf("second page %v", next)
	}
	if other := r.causes(admin2); len(other) != 0 {
		t.Errorf("another team sees %v", other)
	}
	if e := r.do(admin2, http.MethodGet, "/v1/inbox/needs_review", "").want(t, 200, "").body["entries"].([]any); len(e) != 0 {
		t.Errorf("another team sees %v", e)
	}
	r.do(viewer, http.MethodGet, "/v1/inbox/nothing_such", "").want(t, 404, "no_such_cause")
	r.do(viewer, http.MethodGet, "/v1/inbox/mandatory:", "").want(t, 404, "no_such_cause")
	r.do(viewer, http.MethodGet, "/v1/inbox/needs_review?cursor=dCMx", "").want(t, 400, "cursor_malformed")
}

func TestWhatAshbyRefusedIsSentAgainWhenSomebodyAsks(t *testing.T) {
	r := connected(t)
	r.fault(ashbytest.Fault{Kind: ashbytest.Refused, Code: "some_new_reason", Endpoints: []string{"candidate.createNote"}, Count: 1})
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1))
	if got := r.do(viewer, http.MethodGet, "/v1/events/e1", "").body; got["code"] != "rejected" {
		t.Fatalf("got %v", got)
	}
	created := len(r.wire.writes())
	r.rung()
	r.do(member, http.MethodPost, "/v1/events/e1/retry", "").want(t, 403, "admin_only")
	r.do(admin2, http.MethodPost, "/v1/events/e1/retry", "").want(t, 404, "no_such_event")
	if got := r.do(admin, http.MethodPost, "/v1/events/e1/retry", "").want(t, 200, ""); got.body["state"] != "pending" || got.body["event"] != "e1" {
		t.Errorf("got %s", got.text)
	}
	if rung := r.rung(); len(rung) != 1 {
		t.Errorf("rung %v", rung)
	}
	if causes := r.causes(viewer); len(causes) != 0 {
		t.Errorf("still in the inbox: %v", causes)
	}
	r.happened("acme", outreach("e2", "campaign_added", "yan", 1)) // drains
	var notes []string
	for _, w := range r.wire.writes() {
		if strings.Contains(w.body, "zoe.zoe") {
			t.Errorf("%s again, after %d writes", w.method, created)
		}
		notes = append(notes, w.method)
	}
	if got := r.do(viewer, http.MethodGet, "/v1/events/e1", "").body; got["code"] != "created" || !slices.Contains(notes, "candidate.createNote") {
		t.Errorf("%v after %v", got["code"], notes)
	}
	r.do(admin, http.MethodPost, "/v1/events/e1/retry", "").want(t, 409, "nothing_to_retry")
	r.do(admin, http.MethodPost, "/v1/events/nobody/retry", "").want(t, 404, "no_such_event")
}

func TestAnExportHoldsNoMoreThanNeededAndNoFormula(t *testing.T) {
	r := connected(t)
	r.twice("=zoe")
	r.happened("acme", outreach("=1+1", "email_sent", "=zoe", 1), outreach("@SUM", "email_sent", "=zoe", 2), outreach("e,\"3\"", "email_sent", "=zoe", 3))
	status, header, text := r.raw(viewer, "/v1/inbox/needs_review/export")
	if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), "text/csv") || header.Get("Link") != "" {
		t.Fatalf("%d %v", status, header)
	}
	if strings.Contains(text, "@example") || strings.Contains(text, "Quill") {
		t.Errorf("names or addresses: %s", text)
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 4 || rows[0][0] != "event" {
		t.Fatalf("%v: %v", err, rows)
	}
	var ids []string
	for _, row := range rows[1:] {
		ids = append(ids, row[0])
		if row[1] != "'=zoe" || row[4] != "needs_review" {
			t.Errorf("row %v", row)
		}
	}
	slices.Sort(ids)
	if !slices.Equal(ids, []string{"'=1+1", "'@SUM", "e,\"3\""}) {
		t.Errorf("ids %q", ids)
	}
	if status, _, _ := r.raw(viewer, "/v1/inbox/nothing_such/export"); status != http.StatusNotFound {
		t.Errorf("status %d", status)
	}
}

func TestALongExportComesInParts(t *testing.T) {
	r := newRig(t)
	const people = 1003
	var events []string
	for i := range people {
		events = append(events, fmt.Sprintf(`{"id":"e%04d","type":"campaign_added","occurred_at":"2026-11-20T08:00:00Z","campaign":{"id":"c","name":"C"},
			"person":{"id":"p%04d","stage":"Sourced","snapshot":{"company":"Nameless"}}}`, i, i))
	}
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	r.do(admin, http.MethodPatch, team, `{"trigger":"on_add"}`, "If-Match", `"0"`).want(t, 200, "")
	for batch := range slices.Chunk(events, 100) {
		r.happened("acme", batch...)
	}
	if c := r.causes(viewer)["name_missing"]; c["count_text"] != "1,003" {
		t.Fatalf("causes %v", c)
	}
	path, seen := "/v1/inbox/name_missing/export", map[string]bool{}
	for parts := 0; path != ""; parts++ {
		if parts > 2 {
			t.Fatal("it does not end")
		}
		_, header, text := r.raw(viewer, path)
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(rows) > 1001 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, row := range rows[1:] {
			seen[row[0]] = true
		}
		link := header.Get("Link")
		path, _, _ = strings.Cut(strings.TrimPrefix(link, "<"), ">")
	}
	if len(seen) != people {
		t.Errorf("%d events", len(seen))
	}
}
