package settingshttp_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// link links a person of acme to a candidate.
func (r *rig) link(id, candidate string) {
	r.t.Helper()
	from, err := r.people.Subject(r.t.Context(), "acme", id)
	if err != nil {
		r.t.Fatal(err)
	}
	to := from.Person
	to.Link = person.Link{Kind: person.Synced, Candidate: candidate, At: time.Now()}
	if _, err := r.people.SavePerson(r.t.Context(), "acme", delivery.PersonChange{From: from, To: to}); err != nil {
		r.t.Fatal(err)
	}
}

func TestAKeyOfAnotherOrganisationIsHeldUntilAnAdminAnswers(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	r.link("p1", r.seed.Candidates[0])
	r.link("p2", r.seed.Candidates[1])
	r.activate(admin, ashbytest.SecondKey).want(t, 200, "") // of the same organisation
	r.rung()
	held := r.activate(admin, ashbytest.OtherKey).want(t, 200, "")
	if held.body["status"] != "attention_needed" || held.body["reason"] != connection.OtherOrganisation {
		t.Fatalf("held: %s", held.text)
	}
	const path = "/v1/connection/organisation"
	r.do(member, http.MethodPut, path, `{"answer":"keep_links"}`).want(t, 403, "admin_only")
	for body, mistakes := range map[string][]string{
		`{"answer":"perhaps"}`:               {"answer not_an_answer"},
		`{}`:                                 {"answer not_an_answer"},
		`{"answer":"keep_links","team":"x"}`: {"team unknown_field"},
	} {
		if got := r.do(admin, http.MethodPut, path, body).want(t, 422, "invalid_request"); !slices.Equal(got.mistakes(), mistakes) {
			t.Errorf("%s: %v", body, got.mistakes())
		}
	}
	r.do(admin2, http.MethodPut, path, `{"answer":"keep_links"}`).want(t, 409, "nothing_asked")
	r.rung()
	on := r.do(admin, http.MethodPut, path, `{"answer":"start_fresh"}`).want(t, 200, "")
	if on.body["status"] != "connected" || len(r.rung()) != 1 {
		t.Errorf("answered: %s", on.text)
	}
	r.do(admin, http.MethodPut, path, `{"answer":"keep_links"}`).want(t, 409, "nothing_asked")
}

func TestAnAdminPausesAndResumes(t *testing.T) {
	r := newRig(t)
	r.do(admin, http.MethodPost, "/v1/connection/pause", "").want(t, 409, "not_connected")
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	for _, as := range []string{viewer, member} {
		r.do(as, http.MethodPost, "/v1/connection/pause", "").want(t, 403, "admin_only")
		r.do(as, http.MethodPost, "/v1/connection/resume", "").want(t, 403, "admin_only")
	}
	off := r.do(admin, http.MethodPost, "/v1/connection/pause", "").want(t, 200, "")
	if off.body["status"] != "paused" || off.body["paused_by"] != "ann" || off.body["paused_at"] == nil {
		t.Errorf("paused: %s", off.text)
	}
	r.rung()
	on := r.do(admin, http.MethodPost, "/v1/connection/resume", "").want(t, 200, "")
	if on.body["status"] != "connected" || on.body["paused_by"] != nil || len(r.rung()) != 1 {
		t.Errorf("resumed: %s", on.text)
	}
}
