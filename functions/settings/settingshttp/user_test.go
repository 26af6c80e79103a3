package settingshttp_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

const (
	mine      = "/v1/settings/me"
	effective = "/v1/settings/effective"
)

// inForce gives one setting of an answer's effective values.
func (r reply) inForce(t *testing.T, name string) map[string]any {
	t.Helper()
	all, ok := r.body["effective"].(map[string]any)
	if !ok {
		t.Fatalf("no effective values: %s", r.text)
	}
	return all[name].(map[string]any)
}

func (r *rig) choose(as, path, body, version string) reply {
	r.t.Helper()
	return r.do(as, http.MethodPatch, path, body, "If-Match", version).want(r.t, 200, "")
}

func TestAChoiceEqualToTheTeamsStaysWhenTheTeamChanges(t *testing.T) {
	r := newRig(t)
	r.choose(admin, team, `{"trigger":"on_reply","only_synced":false}`, `"0"`)
	before := r.choose(member, mine, `{"trigger":"on_reply"}`, `"0"`)
	if got := before.inForce(t, "trigger"); got["level"] != "user" || got["id"] != "mel" || got["version"] != 1.0 ||
		len(got["shadowed"].([]any)) != 2 {
		t.Errorf("trigger %v", got)
	}
	r.choose(admin, team, `{"trigger":"never","only_synced":true}`, `"1"`)
	after := r.do(member, http.MethodGet, mine, "").want(t, 200, "")
	if got := after.inForce(t, "trigger"); got["value"] != "on_reply" || got["level"] != "user" {
		t.Errorf("what was chosen: %v", got)
	}
	if got := after.inForce(t, "only_synced"); got["value"] != true || got["level"] != "team" || got["version"] != 2.0 {
		t.Errorf("what is inherited: %v", got)
	}
	inherits := r.choose(member, mine, `{"trigger":null}`, `"1"`)
	if got := inherits.inForce(t, "trigger"); got["value"] != "never" || got["level"] != "team" {
		t.Errorf("given back to the team: %v", got)
	}
	if inherits.body["values"].(map[string]any)["trigger"] != nil {
		t.Errorf("own values %v", inherits.body["values"])
	}
}

func TestOfTwoTabsTheStaleOneLearnsTheCurrentVersion(t *testing.T) {
	r := newRig(t)
	r.choose(member, mine, `{"trigger":"on_reply"}`, `"0"`)
	got := r.do(member, http.MethodPatch, mine, `{"trigger":"never"}`, "If-Match", `"0"`).want(t, 409, "stale")
	if got.header.Get("ETag") != `"1"` {
		t.Errorf("ETag %s", got.header.Get("ETag"))
	}
	back := r.do(member, http.MethodPost, mine+"/rollback", `{"version":0}`, "If-Match", `"0"`).want(t, 409, "stale")
	if back.header.Get("ETag") != `"1"` {
		t.Errorf("ETag %s of the rollback", back.header.Get("ETag"))
	}
	if now := r.do(member, http.MethodGet, mine, ""); now.inForce(t, "trigger")["value"] != "on_reply" {
		t.Errorf("saved all the same: %s", now.text)
	}
}

func TestEverybodyHasSettingsOfTheirOwn(t *testing.T) {
	r := newRig(t)
	r.choose(member, mine, `{"trigger":"never"}`, `"0"`)
	for _, other := range []string{admin, viewer, admin2, "globex:mel:member"} {
		got := r.do(other, http.MethodGet, mine, "").want(t, 200, "")
		if got.header.Get("ETag") != `"0"` || got.inForce(t, "trigger")["level"] != "built_in" {
			t.Errorf("%s sees %s", other, got.text)
		}
	}
	// The same id in another team is somebody else, also for that team's admin.
	got := r.do(admin2, http.MethodGet, effective+"?user=mel", "").want(t, 200, "")
	if got.inForce(t, "trigger")["level"] != "built_in" {
		t.Errorf("another team's admin sees %s", got.text)
	}
}

func TestWhatIsInForceForWhom(t *testing.T) {
	r := newRig(t)
	r.choose(member, mine, `{"trigger":"never"}`, `"0"`)
	own := r.do(member, http.MethodGet, effective, "").want(t, 200, "")
	named := r.do(member, http.MethodGet, effective+"?user=mel", "").want(t, 200, "")
	of := r.do(admin, http.MethodGet, effective+"?user=mel", "").want(t, 200, "")
	for _, got := range []reply{own, named, of} {
		if got.body["user"] != "mel" || got.inForce(t, "trigger")["value"] != "never" {
			t.Errorf("got %s", got.text)
		}
	}
	r.do(viewer, http.MethodGet, effective+"?user=mel", "").want(t, 403, "admin_only")
	r.do(member, http.MethodGet, effective+"?user=ann", "").want(t, 403, "admin_only")
	r.do(admin, http.MethodGet, effective+"?user=a%23b", "").want(t, 422, "invalid_request")
	nobody := r.do(admin, http.MethodGet, effective+"?user=nobody", "").want(t, 200, "")
	if nobody.inForce(t, "trigger")["level"] != "built_in" {
		t.Errorf("of a user who never chose: %s", nobody.text)
	}
}

func TestWhileLockedOnlyAdminsChooseAndWhatOthersChoseIsKept(t *testing.T) {
	r := newRig(t)
	r.choose(member, mine, `{"trigger":"on_add","sync_manual_updates":false}`, `"0"`)
	locked := r.choose(admin, team, `{"trigger":"on_reply","lock":true}`, `"0"`)
	if by, _ := locked.body["locked"].(map[string]any); by["by"] != "ann" || by["at"] == nil {
		t.Errorf("locked: %s", locked.text)
	}

	now := r.do(member, http.MethodGet, mine, "").want(t, 200, "")
	got := now.inForce(t, "trigger")
	if got["value"] != "on_reply" || got["level"] != "team" || !slices.Equal(got["forced_by_lock"].([]any), []any{"user"}) {
		t.Errorf("while locked: %v", got)
	}
	if got := now.inForce(t, "sync_manual_updates"); got["value"] != false || got["level"] != "user" {
		t.Errorf("what the lock is not about: %v", got)
	}
	if !strings.Contains(now.text, "forced_by_lock") || now.body["values"].(map[string]any)["trigger"] != "on_add" {
		t.Errorf("what was chosen is not shown: %s", now.text)
	}

	refusal := r.do(member, http.MethodPatch, mine, `{"trigger":"never","only_synced":null,"note_types":[]}`, "If-Match", `"1"`).want(t, 403, "locked")
	if !strings.Contains(refusal.text, "ann locked this for the whole team on 20") ||
		!slices.Equal(refusal.mistakes(), []string{"trigger locked", "only_synced locked"}) {
		t.Errorf("the refusal: %s", refusal.text)
	}
	r.do(member, http.MethodPost, mine+"/rollback", `{"version":0}`, "If-Match", `"1"`).want(t, 403, "locked")
	r.choose(member, mine, `{"note_types":[]}`, `"1"`) // open to all

	r.choose(admin, mine, `{"trigger":"never"}`, `"0"`)
	if got := r.do(admin, http.MethodGet, mine, "").inForce(t, "trigger"); got["value"] != "never" || got["level"] != "user" {
		t.Errorf("an admin's own choice: %v", got)
	}

	r.choose(admin, team, `{"lock":false}`, `"1"`)
	lifted := r.do(member, http.MethodGet, mine, "").want(t, 200, "")
	if got := lifted.inForce(t, "trigger"); got["value"] != "on_add" || got["level"] != "user" || got["forced_by_lock"] != nil && len(got["forced_by_lock"].([]any)) > 0 {
		t.Errorf("the lock lifted: %v", got)
	}
	if lifted.body["locked"] != nil {
		t.Errorf("still locked: %s", lifted.text)
	}
}

func TestADemotedAdminsChoiceCountsNoMoreWhileLocked(t *testing.T) {
	r := newRig(t)
	const dan = "acme:dan:member"
	r.choose(dan+"+", mine, `{"trigger":"on_add"}`, `"0"`)
	r.choose(admin, team, `{"lock":true}`, `"0"`)
	of := func() map[string]any {
		return r.do(admin, http.MethodGet, effective+"?user=dan", "").want(t, 200, "").inForce(t, "trigger")
	}
	if got := of(); got["level"] != "user" {
		t.Errorf("while an admin: %v", got)
	}
	r.do(dan, http.MethodGet, "/v1/connection", "").want(t, 200, "") // seen as a member, wherever
	if got := of(); got["level"] != "built_in" || len(got["forced_by_lock"].([]any)) != 1 {
		t.Errorf("demoted: %v", got)
	}
	r.do(dan+"+", http.MethodGet, "/v1/connection", "").want(t, 200, "")
	if got := of(); got["level"] != "user" {
		t.Errorf("an admin again: %v", got)
	}
}

func TestAUsersSettingsHaveNoLockAndTheTeamsIsABoolean(t *testing.T) {
	r := newRig(t)
	got := r.do(admin, http.MethodPatch, mine, `{"lock":true}`, "If-Match", `"0"`).want(t, 422, "invalid_request")
	if !slices.Equal(got.mistakes(), []string{"lock unknown_field"}) {
		t.Errorf("mistakes %v", got.mistakes())
	}
	got = r.do(admin, http.MethodPatch, team, `{"lock":"yes","trigger":7}`, "If-Match", `"0"`).want(t, 422, "invalid_request")
	if !slices.Equal(got.mistakes(), []string{"lock wrong_type", "trigger wrong_type"}) {
		t.Errorf("mistakes %v", got.mistakes())
	}
	r.choose(admin, team, `{"lock":true}`, `"0"`)
	if off := r.choose(admin, team, `{"lock":null}`, `"1"`); off.body["locked"] != nil {
		t.Errorf("still locked: %s", off.text)
	}
}
