package settingshttp_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

func (r *rig) person(id string) map[string]any {
	r.t.Helper()
	return r.do(viewer, http.MethodGet, "/v1/people/"+id, "").want(r.t, 200, "").body
}

func (r *rig) code(event string) any {
	r.t.Helper()
	return r.do(viewer, http.MethodGet, "/v1/events/"+event, "").want(r.t, 200, "").body["code"]
}

// drain carries what is due, as a ring makes it happen.
func (r *rig) drain() {
	r.happened("acme", `{"id":"nobody","type":"contact_removed","occurred_at":"2026-11-20T08:00:00Z","person":{"id":"nobody"}}`)
}

func TestAPersonIsHeldAndReleasedInOrder(t *testing.T) {
	r := connected(t)
	r.happened("acme", outreach("e0", "email_sent", "zoe", 0))
	r.do(member, http.MethodPost, "/v1/people/zoe/hold", "").want(t, 403, "admin_only")
	if got := r.do(admin, http.MethodPost, "/v1/people/zoe/hold", "").want(t, 200, "").body; got["held"] != true {
		t.Errorf("got %v", got)
	}
	r.wire.writes()
	r.happened("acme", outreach("e2", "email_sent", "zoe", 2), outreach("e1", "email_sent", "zoe", 1))
	if wrote := r.wire.writes(); len(wrote) > 0 || r.code("e1") != "held" || r.code("e2") != "held" {
		t.Fatalf("%v, wrote %v", r.code("e1"), wrote)
	}
	at := r.person("zoe")
	if waits := at["waits"].([]any); at["waiting"] != 2.0 || len(waits) != 2 || waits[0].(map[string]any)["event"] != "e1" {
		t.Errorf("got %v", at)
	}
	if held := r.causes(viewer)["held"]; held["count"] != 2.0 {
		t.Errorf("inbox %v", held)
	}
	r.rung()
	if got := r.do(admin, http.MethodPost, "/v1/people/zoe/release", "").want(t, 200, "").body; got["held"] != nil {
		t.Errorf("got %v", got)
	}
	if rung := r.rung(); len(rung) != 1 {
		t.Errorf("rung %v", rung)
	}
	r.drain()
	if r.code("e1") != "synced" || r.code("e2") != "synced" || len(r.causes(viewer)) != 0 {
		t.Errorf("%v, %v, inbox %v", r.code("e1"), r.code("e2"), r.causes(viewer))
	}
	wrote := r.wire.writes()
	if len(wrote) != 2 || wrote[0].method != "candidate.createNote" {
		t.Errorf("wrote %v", wrote)
	}
}

func TestSomebodyWhoseEventsNobodyLookedAtYetIsPushedBehindThem(t *testing.T) {
	r := connected(t)
	r.recorded("acme", outreach("e1", "email_sent", "zoe", 1)) // the connection is paused, say
	asked := r.do(member, http.MethodPost, "/v1/people/zoe/push", "").want(t, 200, "").body["event"].(string)
	r.drain()
	if r.code("e1") != "created" || r.code(asked) != "synced" {
		t.Errorf("e1 is %v, the push %v", r.code("e1"), r.code(asked))
	}
}

func TestSomebodyWhoIsWithheldIsPushedWhenAMemberAsks(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	r.happened("acme", outreach("e1", "campaign_added", "zoe", 1))
	if r.code("e1") != "withheld_until_marked" {
		t.Fatalf("e1 is %v", r.code("e1"))
	}
	r.do(admin2, http.MethodPost, "/v1/people/zoe/push", "").want(t, 404, "no_such_person")
	r.do(member, http.MethodPost, "/v1/people/zoe/backfill", "").want(t, 403, "admin_only")
	asked := r.do(member, http.MethodPost, "/v1/people/zoe/push", "").want(t, 200, "").body
	if asked["type"] != "push_requested" || asked["state"] != "pending" {
		t.Errorf("got %v", asked)
	}
	r.drain()
	if got := r.code(asked["event"].(string)); got != "created" {
		t.Errorf("it became %v", got)
	}
	if link := r.person("zoe")["link"].(map[string]any); link["kind"] != "synced" {
		t.Errorf("link %v", link)
	}
	back := r.do(admin, http.MethodPost, "/v1/people/zoe/backfill", "").want(t, 200, "").body
	if back["type"] != "backfill_requested" {
		t.Errorf("got %v", back)
	}
}

func TestAPersonIsLinkedByHandAndUnlinked(t *testing.T) {
	r := connected(t)
	ids := r.twice("zoe")
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1))
	link := func(as, candidate string) reply {
		return r.do(as, http.MethodPut, "/v1/people/zoe/link", `{"candidate":"`+candidate+`"}`)
	}
	link(member, ids[0]).want(t, 403, "admin_only")
	link(admin2, ids[0]).want(t, 409, "not_connected")
	link(admin, "00000000-0000-4000-8000-000000000000").want(t, 400, "no_such_candidate")
	r.do(admin, http.MethodPut, "/v1/people/zoe/link", `{"candidates":1}`).want(t, 422, "invalid_request")
	r.do(admin, http.MethodPut, "/v1/people/zoe/link", `{"candidate":null}`).want(t, 422, "invalid_request")
	r.do(admin, http.MethodPut, "/v1/people/nobody/link", `{"candidate":"`+ids[0]+`"}`).want(t, 404, "no_such_person")
	got := link(admin, ids[1]).want(t, 200, "").body
	if l := got["link"].(map[string]any); l["candidate"] != ids[1] || l["kind"] != "synced" {
		t.Errorf("got %v", got)
	}
	r.drain()
	if r.code("e1") != "synced" && r.code("e1") != "matched" {
		t.Errorf("e1 is %v", r.code("e1"))
	}
	if got := r.do(admin, http.MethodDelete, "/v1/people/zoe/link", "").want(t, 200, "").body; got["link"] != nil {
		t.Errorf("got %v", got)
	}
}

func TestAReviewIsShownSideBySideAnsweredAndTakenBack(t *testing.T) {
	r := connected(t)
	ids := r.twice("zoe")
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1), outreach("e2", "email_sent", "zoe", 2))
	list := r.do(viewer, http.MethodGet, "/v1/reviews?limit=1", "").want(t, 200, "").body
	reviews := list["reviews"].([]any)
	if len(reviews) != 1 {
		t.Fatalf("got %v", list)
	}
	if c := reviews[0].(map[string]any); c["person"] != "zoe" || c["kind"] != "ambiguous" || c["waiting"] != 2.0 || c["name"] != "Zoe Quill" || c["since"] == nil {
		t.Errorf("got %v", c)
	}
	pages := 0
	for next, _ := list["next"].(string); next != ""; pages++ {
		page := r.do(viewer, http.MethodGet, "/v1/reviews?limit=1&cursor="+next, "").want(t, 200, "").body
		if more := page["reviews"].([]any); len(more) != 0 || pages > 5 {
			t.Fatalf("again: %v", page)
		}
		next, _ = page["next"].(string)
	}
	one := r.do(viewer, http.MethodGet, "/v1/reviews/zoe", "").want(t, 200, "").body
	var seen []string
	for _, s := range one["suspects"].([]any) {
		s := s.(map[string]any)
		seen = append(seen, s["id"].(string))
		if evidence := s["evidence"].([]any); len(evidence) != 1 || evidence[0] != "email zoe.zoe@example.net" || s["name"] == "" || s["profile"] == "" {
			t.Errorf("suspect %v", s)
		}
	}
	if slices.Sort(seen); !slices.Equal(seen, ids) {
		t.Errorf("suspects %v", seen)
	}
	answer := func(as, body string) reply { return r.do(as, http.MethodPut, "/v1/reviews/zoe", body) }
	answer(viewer, `{"answer":"never"}`).want(t, 403, "viewer_reads_only")
	answer(admin2, `{"answer":"never"}`).want(t, 404, "no_such_person")
	answer(member, `{"answer":"stop"}`).want(t, 400, "answer_not_offered")
	answer(member, `{"answer":"link"}`).want(t, 422, "invalid_request")
	answer(member, `{"answer":"never","more":1}`).want(t, 422, "invalid_request")
	if got := answer(member, `{"answer":"never"}`).want(t, 200, "").body["review"].(map[string]any); got["answer"] != "never" || got["undoable"] != true || got["by"] != "mel" {
		t.Errorf("got %v", got)
	}
	r.drain()
	if r.code("e1") != "review_never" {
		t.Fatalf("e1 is %v", r.code("e1"))
	}
	r.do(member, http.MethodDelete, "/v1/reviews/zoe", "").want(t, 200, "")
	r.drain()
	if r.code("e1") != "needs_review" {
		t.Fatalf("taken back, e1 is %v", r.code("e1"))
	}
	r.wire.writes()
	answer(member, `{"answer":"link","candidate":"`+ids[1]+`"}`).want(t, 200, "")
	r.drain()
	for _, w := range r.wire.writes() {
		if !strings.Contains(w.body, ids[1]) {
			t.Errorf("wrote %s %s", w.method, w.body)
		}
	}
	if len(r.causes(viewer)) != 0 {
		t.Errorf("inbox %v", r.causes(viewer))
	}
	r.do(member, http.MethodDelete, "/v1/reviews/zoe", "").want(t, 409, "review_used")
	r.do(viewer, http.MethodGet, "/v1/reviews/nobody", "").want(t, 404, "no_such_review")
	r.do(viewer, http.MethodGet, "/v1/reviews/stranger", "").want(t, 404, "no_such_person")
}

func TestTheLastPageOfReviewsHasNoNext(t *testing.T) {
	r := connected(t)
	r.twice("zoe")
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1), outreach("e2", "email_sent", "zoe", 2))
	for _, limit := range []string{"1", "2", "25"} {
		list := r.do(viewer, http.MethodGet, "/v1/reviews?limit="+limit, "").want(t, 200, "").body
		if len(list["reviews"].([]any)) != 1 || list["next"] != nil {
			t.Errorf("of %s a page: %v", limit, list)
		}
	}
	r.twice("yan")
	r.happened("acme", outreach("e3", "email_sent", "yan", 1))
	list := r.do(viewer, http.MethodGet, "/v1/reviews?limit=1", "").want(t, 200, "").body
	next, _ := list["next"].(string)
	list = r.do(viewer, http.MethodGet, "/v1/reviews?limit=1&cursor="+next, "").want(t, 200, "").body
	if next == "" || len(list["reviews"].([]any)) != 1 || list["next"] != nil {
		t.Errorf("next %q, then %v", next, list)
	}
}

func TestADeletionInAshbyIsAReviewToo(t *testing.T) {
	r := connected(t)
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1))
	candidate := r.person("zoe")["link"].(map[string]any)["candidate"].(string)
	if err := r.sim.Delete(candidate); err != nil {
		t.Fatal(err)
	}
	r.happened("acme", outreach("e2", "email_sent", "zoe", 2))
	if list := r.do(viewer, http.MethodGet, "/v1/reviews", "").want(t, 200, "").body["reviews"].([]any); len(list) != 1 {
		t.Errorf("the first page of the list has %v", list)
	}
	one := r.do(viewer, http.MethodGet, "/v1/reviews/zoe", "").want(t, 200, "").body
	suspects := one["suspects"].([]any)
	if one["kind"] != "deleted" || one["waiting"] != 1.0 || len(suspects) != 1 || suspects[0].(map[string]any)["gone"] != true {
		t.Fatalf("got %v", one)
	}
	r.do(member, http.MethodPut, "/v1/reviews/zoe", `{"answer":"recreate"}`).want(t, 200, "")
	r.drain()
	if link := r.person("zoe")["link"].(map[string]any); link["candidate"] == candidate {
		t.Errorf("link %v, e2 %v", link, r.code("e2"))
	}
}
