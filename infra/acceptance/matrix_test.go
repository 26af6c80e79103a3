package acceptance_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"
)

// need is who may call an operation.
type need int

const (
	anybody need = iota // without a token
	readers             // every role
	actors              // all but viewers
	admins
)

// permitted is an operation with who may call it, and what one sends. Braces stand
// for ids, as in paths.
type permitted struct {
	need    need
	body    string
	missing int // what an id gets that never was; 404 where left out
}

// operations are all of the API, by their ids. An operation that is not here fails.
var operations = map[string]permitted{
	"getHealth":    {need: anybody},
	"listActivity": {need: readers}, "explainEvent": {need: readers}, "retryEvent": {need: admins}, "settleEvent": {need: admins, body: `{"answer":"applied"}`},
	"retryEvents":    {need: admins, body: `{"events":["{event}"]}`, missing: 200},
	"pushPeople":     {need: admins, body: `{"people":["{person}"]}`, missing: 200},
	"backfillPeople": {need: admins, body: `{"people":["{person}"]}`, missing: 200},
	"getConnection":  {need: readers}, "activateConnection": {need: admins, body: `{"key":"sim_key_that_never_was"}`}, "disconnect": {need: admins},
	"checkConnection": {need: admins}, "diagnoseConnection": {need: readers}, "pauseConnection": {need: admins}, "resumeConnection": {need: admins},
	"answerOrganisation": {need: admins, body: `{"answer":"keep_links"}`},
	"listFields":         {need: readers}, "createField": {need: admins, body: `{"for":["company"]}`}, "listFieldOptions": {need: readers},
	"getInbox": {need: readers}, "listInboxCause": {need: readers}, "exportInboxCause": {need: readers}, "redriveCause": {need: admins},
	"listJobs": {need: readers}, "getJob": {need: readers}, "cancelJob": {need: admins},
	"getMapping": {need: readers}, "putMapping": {need: admins, body: `{"entries":[]}`}, "validateMapping": {need: admins, body: `{"entries":[]}`},
	"restoreDefaultMapping": {need: admins}, "listMappingHistory": {need: readers}, "rollbackMapping": {need: admins, body: `{"version":1}`},
	"previewMapping": {need: actors, body: `{"person":"{person}"}`},
	"getMirror":      {need: readers}, "refreshMirror": {need: admins},
	"getPerson": {need: readers}, "getPersonTimeline": {need: readers}, "holdPerson": {need: admins}, "releasePerson": {need: admins},
	"pushPerson": {need: actors}, "backfillPerson": {need: admins}, "forgetPerson": {need: admins, missing: 200},
	"linkPerson": {need: admins, body: `{"candidate":"{candidate}"}`, missing: 400}, "unlinkPerson": {need: admins},
	"previewEvent": {need: actors, body: `{"person":"{person}"}`},
	"listReviews":  {need: readers}, "getReview": {need: readers}, "answerReview": {need: actors, body: `{"answer":"never"}`}, "undoReview": {need: actors},
	"searchCandidates": {need: readers, body: `{}`}, "listFilters": {need: readers},
	"getEffectiveSettings": {need: readers}, "listSettingsHistory": {need: readers},
	"getMySettings": {need: readers}, "patchMySettings": {need: actors, body: `{"trigger":"on_add"}`}, "rollbackMySettings": {need: actors, body: `{"version":0}`},
	"getTeamSettings": {need: readers}, "patchTeamSettings": {need: admins, body: `{"trigger":"on_add"}`}, "rollbackTeamSettings": {need: admins, body: `{"version":0}`},
	"getUsage":          {need: readers},
	"getCampaignValues": {need: readers, missing: 200}, "putCampaignValues": {need: actors, body: `{"values":{}}`, missing: 200},
	"getPersonValues": {need: readers, missing: 200}, "putPersonValues": {need: actors, body: `{"values":{}}`, missing: 200},
	"listVariables": {need: readers}, "getWebhooks": {need: admins}, "rotateWebhook": {need: admins, body: `{"purpose":"sourcewhale_hook"}`},
}

// described is an operation of the API's description.
type described struct{ id, method, path string }

func describedOperations(t *testing.T) []described {
	t.Helper()
	text, err := os.ReadFile("../api/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Paths map[string]map[string]struct {
			OperationID string `yaml:"operationId"`
		}
	}
	if err := yaml.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	var out []described
	for path, methods := range d.Paths {
		for method, o := range methods {
			out = append(out, described{o.OperationID, strings.ToUpper(method), path})
		}
	}
	slices.SortFunc(out, func(a, b described) int { return strings.Compare(a.id, b.id) })
	return out
}

func TestEveryOperationIsClassified(t *testing.T) {
	all := describedOperations(t)
	for _, o := range all {
		if _, ok := operations[o.id]; !ok {
			t.Errorf("%s (%s %s): say in operations who may call it", o.id, o.method, o.path)
		}
	}
	if len(all) != len(operations) {
		t.Errorf("the API has %d operations, %d are classified", len(all), len(operations))
	}
}

// neverWas are ids that nobody ever had.
var neverWas = map[string]string{
	"{person}": "never-was", "{event}": "never-was", "{job}": "never-was", "{campaign}": "never-was", "{cause}": "rejected",
	"{field}": "00000000-0000-4000-8000-000000000000", "{candidate}": "00000000-0000-4000-8000-000000000000",
}

func filled(text string, ids map[string]string) string {
	for name, id := range ids {
		text = strings.ReplaceAll(text, name, id)
	}
	return text
}

func (u *user) call(o described, ids map[string]string) reply {
	u.world.Helper()
	var body any
	if b := operations[o.id].body; b != "" {
		body = []byte(filled(b, ids))
	}
	return u.do(o.method, filled(o.path, ids), body, "If-Match", `"0"`)
}

// matrix goes through every operation with every role, and with the ids of another team.
func matrix(t *testing.T, s *service) {
	t.Helper()
	owner, other, spare := newWorld(t, s), newWorld(t, s), newWorld(t, s)
	ids := owner.ofEverything()
	other.connected()
	all, strangers := describedOperations(t), owner.strangers()
	for _, o := range all {
		owner.refusesStrangers(o, ids, strangers)
		owner.refusesRoles(o, ids)
	}
	for _, o := range all {
		other.learnsNothing(o, ids)
	}
	owner.unchanged(ids)
	for _, o := range all {
		spare.letsIn(o)
	}
}

// ofEverything gives ids of one of everything that the team has.
func (w *world) ofEverything() map[string]string {
	w.Helper()
	w.connected("trigger", "on_add", "displayed", []string{"source"})
	w.sends(of("email_sent", "zoe").known())
	w.settled()
	w.member.put("/v1/values/campaigns/spring", object{"values": object{"source": w.ashby.made.Sources["LinkedIn"]}}).is(200)
	job := w.admin.post("/v1/push", object{"people": []string{"zoe"}}).is(200)
	w.finished(job, 1, 0)
	return map[string]string{
		"{person}": "zoe", "{event}": "e001", "{job}": job.text("job"), "{campaign}": "spring", "{cause}": "rejected",
		"{field}": w.ashby.made.Fields["Seniority"], "{candidate}": w.ashby.candidate("zoe").ID,
	}
}

// strangers are tokens of nobody: none, nonsense, an expired one, another issuer's.
func (w *world) strangers() map[string]string {
	w.Helper()
	return map[string]string{
		"no token": "", "nonsense": "nonsense",
		"an expired token": w.service.token(w.T, w.service.key, func() time.Time { return time.Now().Add(-48 * time.Hour) }, w.team),
		"another issuer":   w.service.token(w.T, filepath.Join(w.TempDir(), "another.pem"), time.Now, w.team),
	}
}

// refusesStrangers wants 401 for tokens of nobody.
func (w *world) refusesStrangers(o described, ids, strangers map[string]string) {
	w.Helper()
	if operations[o.id].need == anybody {
		return
	}
	for name, token := range strangers {
		u := &user{w, "nobody", token}
		if got := u.call(o, ids); got.status != http.StatusUnauthorized || got.header.Get("WWW-Authenticate") == "" {
			w.Errorf("%s with %s: %d %s", o.id, name, got.status, got.raw)
		}
	}
}

// refusesRoles wants 403 for roles that may not.
func (w *world) refusesRoles(o described, ids map[string]string) {
	w.Helper()
	for who, u := range w.roles() {
		if u.may(o) {
			continue
		}
		if got := u.call(o, ids); got.status != http.StatusForbidden {
			w.Errorf("%s as %s: %d %s, want 403", o.id, who, got.status, got.raw)
		}
	}
}

// letsIn wants neither 401 nor 403 for roles that may.
func (w *world) letsIn(o described) {
	w.Helper()
	for who, u := range w.roles() {
		if !u.may(o) {
			continue
		}
		if got := u.call(o, neverWas); got.status == http.StatusUnauthorized || got.status == http.StatusForbidden || got.status >= 500 && got.status != http.StatusServiceUnavailable {
			w.Errorf("%s as %s: %d %s", o.id, who, got.status, got.raw)
		}
	}
}

func (w *world) roles() map[string]*user {
	w.Helper()
	return map[string]*user{
		"viewer": w.viewer, "member": w.member, "super": w.user("sue", "super", false), "admin": w.admin, "viewer and admin": w.user("vera", "viewer", true),
	}
}

// may says by the table, and by who it is, whether a user may call an operation.
func (u *user) may(o described) bool {
	switch operations[o.id].need {
	case admins:
		return u.id == "ann" || u.id == "vera"
	case actors:
		return u.id != "vic"
	case anybody, readers:
	}
	return true
}

var (
	anID  = regexp.MustCompile(`"\{[a-z]+\}"`)
	aTime = regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+Z`)
	aJob  = regexp.MustCompile(`\d{14}\.\d{3}-[0-9a-f-]{36}`)
)

// learnsNothing wants that ids of another team get the very answer of ids that never
// were.
func (w *world) learnsNothing(o described, theirs map[string]string) {
	w.Helper()
	names := strings.ReplaceAll(o.path, "{cause}", "") + strings.Join(anID.FindAllString(operations[o.id].body, -1), "")
	if !strings.Contains(names, "{") {
		return // it takes no ids: all that it tells is the caller's own
	}
	want := operations[o.id].missing
	if want == 0 {
		want = http.StatusNotFound
	}
	got, none := w.admin.call(o, theirs), w.admin.call(o, neverWas)
	if got.status != want || none.status != want {
		w.Errorf("%s with another team's ids: %d %s; with none's: %d %s; want %d", o.id, got.status, got.raw, none.status, none.raw, want)
	}
	if a, b := plain(got, theirs), plain(none, neverWas); a != b {
		w.Errorf("%s tells:\n%s\nfrom\n%s", o.id, a, b)
	}
}

// plain is an answer without what every answer has of its own.
func plain(r reply, ids map[string]string) string {
	body, ok := r.body.(map[string]any)
	if !ok {
		return fmt.Sprint(r.status, string(r.raw))
	}
	delete(body, "request_id")
	text, err := json.Marshal(body)
	if err != nil {
		return err.Error()
	}
	out := aTime.ReplaceAllString(string(text), "T")
	out = aJob.ReplaceAllString(out, "J")
	for _, id := range ids {
		out = strings.ReplaceAll(out, `"`+id+`"`, `"ID"`)
	}
	return out
}

// unchanged wants that the team has what it had.
func (w *world) unchanged(ids map[string]string) {
	w.Helper()
	w.same("status", w.viewer.get("/v1/connection").text("status"), "connected")
	w.same("link", w.viewer.get("/v1/people/zoe").text("link.candidate"), ids["{candidate}"])
	w.holds("values", len(w.viewer.get("/v1/values/campaigns/spring").list("values")) == 1)
	w.same("version", w.admin.version(ofTeam), `"1"`)
	w.ashby.wrote("candidate.create", "candidate.createNote")
}
