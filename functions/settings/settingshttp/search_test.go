package settingshttp_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/fold"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/repository/candidates"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mirror"
)

// mirrored reads a team's Ashby into its copy, as the team's drain would.
func (r *rig) mirrored(team, key string) *candidates.Store {
	r.t.Helper()
	conn, err := r.config.Connection(r.t.Context(), team)
	if err != nil {
		r.t.Fatal(err)
	}
	store := candidates.New(r.candidates, time.Now, token)
	m := mirror.Mirror{
		States: store, Catalogues: store, Candidates: store, Segments: store, Fold: fold.Text, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	}
	account := ashby.NewReader(r.ashby.With(secret.NewValue(key)), ashby.NewCatalogue(time.Now), team, nil)
	for range 20 {
		if _, _, err := m.Step(r.t.Context(), team, conn.Fingerprint, account); err != nil {
			r.t.Fatal(err)
		}
	}
	return store
}

// filterable lets a team search by fields.
func (r *rig) filterable(as string, fields ...string) {
	r.t.Helper()
	body, _ := json.Marshal(map[string]any{"filterable": fields})
	version := r.do(as, http.MethodGet, "/v1/settings/team", "").header.Get("ETag")
	r.do(as, http.MethodPatch, "/v1/settings/team", string(body), "If-Match", version).want(r.t, http.StatusOK, "")
}

// found gives the ids of the hits of a search, in order.
func (r reply) found() []string {
	var ids []string
	hits, _ := r.body["hits"].([]any)
	for _, h := range hits {
		ids = append(ids, h.(map[string]any)["candidate"].(string))
	}
	return ids
}

func (r reply) total() float64 { return r.body["total"].(map[string]any)["value"].(float64) }

// searching is a rig in which two teams have copies of their Ashby.
func searching(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, http.StatusOK, "")
	r.activate(admin2, ashbytest.OtherKey).want(t, http.StatusOK, "")
	r.mirrored("acme", ashbytest.LocalKey)
	r.mirrored("globex", ashbytest.OtherKey)
	return r
}

func TestCandidatesAreFoundByFilterableFields(t *testing.T) {
	r := searching(t)
	years := r.seed.Fields["Years of experience"]
	r.filterable(admin, "name", "company", "source", "email", "phone", "tags")
	ada, name := r.seed.Candidates[0], ""
	for _, c := range r.sim.Dump(r.seed.Org)[0].Candidates {
		if c.ID == ada {
			name = c.Name
		}
	}
	if err := r.sim.Edit(ada, func(c *ashbytest.Candidate) { c.Company = "Ácme  GmbH" }); err != nil {
		t.Fatal(err)
	}
	if _, err := r.people.SavePerson(t.Context(), "acme", delivery.PersonChange{
		From: delivery.Subject{Person: person.Person{Team: "acme", ID: "p7"}},
		To:   person.Person{Team: "acme", ID: "p7", Link: person.Link{Kind: person.Synced, Candidate: ada}},
	}); err != nil {
		t.Fatal(err)
	}
	r.do(admin, http.MethodPost, "/v1/mirror/refresh", "").want(t, http.StatusOK, "")
	r.mirrored("acme", ashbytest.LocalKey)

	got := r.do(viewer, http.MethodPost, "/v1/search", `{"filters":[{"field":"company","op":"contains","value":"ACME gmbh"}]}`).want(t, http.StatusOK, "")
	if !slices.Equal(got.found(), []string{ada}) || got.total() != 1 || got.body["building"] != false || got.body["fresh_as_of"] == nil {
		t.Fatalf("%s", got.text)
	}
	hit := got.body["hits"].([]any)[0].(map[string]any)
	fields := hit["fields"].(map[string]any)
	if hit["name"] != name || hit["person"] != "p7" || !strings.HasPrefix(hit["profile"].(string), "https://") || fields["company"] != "Ácme  GmbH" {
		t.Errorf("%v", hit)
	}
	if _, there := fields[years]; there {
		t.Error("a field that is not filterable is shown")
	}
	r.do(viewer, http.MethodPost, "/v1/search", fmt.Sprintf(`{"filters":[{"field":%q,"op":"exists","value":true}]}`, years)).
		want(t, http.StatusBadRequest, "invalid_search")
	all := r.do(member, http.MethodPost, "/v1/search", `{}`).want(t, http.StatusOK, "")
	var paged []string
	cursor := ""
	for {
		page := r.do(member, http.MethodPost, "/v1/search", fmt.Sprintf(`{"limit":7,"cursor":%q}`, cursor)).want(t, http.StatusOK, "")
		paged = append(paged, page.found()...)
		next, more := page.body["next"].(string)
		if !more {
			break
		}
		cursor = next
	}
	if !slices.Equal(paged, all.found()) || float64(len(paged)) != all.total() || len(paged) != len(r.seed.Candidates) {
		t.Errorf("pages give %d, one page %d, total %v", len(paged), len(all.found()), all.total())
	}
}

func TestAPageKnowsWhatCanBeSearched(t *testing.T) {
	r := searching(t)
	none := r.do(viewer, http.MethodGet, "/v1/search/filters", "").want(t, http.StatusOK, "")
	if list := none.body["filters"].([]any); len(list) != 0 {
		t.Errorf("nobody chose anything: %v", list)
	}
	r.filterable(admin, "source", "company", r.seed.Fields["Seniority"])
	got := r.do(viewer, http.MethodGet, "/v1/search/filters", "").want(t, http.StatusOK, "")
	list := got.body["filters"].([]any)
	if len(list) != 3 {
		t.Fatalf("%s", got.text)
	}
	source := list[0].(map[string]any)
	if source["kind"] != "choice" || len(source["options"].([]any)) == 0 || fmt.Sprint(source["operators"]) != "[any_of none_of exists]" {
		t.Errorf("%v", source)
	}
	version := r.do(member, http.MethodGet, "/v1/settings/me", "").header.Get("ETag")
	r.do(member, http.MethodPatch, "/v1/settings/me", `{"filterable":["company"]}`, "If-Match", version).want(t, http.StatusOK, "")
	if mine := r.do(member, http.MethodGet, "/v1/search/filters", "").body["filters"].([]any); len(mine) != 1 {
		t.Errorf("the user's own subset: %v", mine)
	}
	r.do(member, http.MethodPost, "/v1/search", `{"filters":[{"field":"source","op":"exists","value":true}]}`).want(t, http.StatusBadRequest, "invalid_search")
}

func TestASearchThatMakesNoSenseIsToldWhere(t *testing.T) {
	r := searching(t)
	r.filterable(admin, "name", "source")
	for body, want := range map[string]string{
		`{"filters":[{"field":"shoe_size","op":"equals","value":"1"}]}`:                 "filters[0].field not_filterable",
		`{"filters":[{"field":"source","op":"contains","value":"1"}]}`:                  "filters[0].op operator_unfit",
		`{"filters":[{"field":"name","op":"contains","value":["x"]}]}`:                  "filters[0].value value_unfit",
		`{"filters":[{"field":"name","op":"contains","value":{"$gt":""}}]}`:             "filters[0].value value_unfit",
		`{"filters":{"field":"name"}}`:                                                  "filters invalid_value",
		`{"filters":[{"field":"name","op":"exists","value":true,"or":[]}]}`:             "filters invalid_value",
		`{"filters":[{"field":1,"op":"exists","value":true}]}`:                          "filters invalid_value",
		`{"sort":{"field":"company"}}`:                                                  "sort.field not_filterable",
		`{"sort":"name"}`:                                                               "sort invalid_value",
		`{"sort":{"field":"name","dir":"up"}}`:                                          "sort.dir unknown_value",
		`{"limit":0}`:                                                                   "limit invalid_value",
		`{"limit":101}`:                                                                 "limit invalid_value",
		`{"cursor":7}`:                                                                  "cursor invalid_value",
		`{"team":"globex"}`:                                                             "team unknown_field",
		`{"filters":[` + strings.Repeat(`{"field":"name"},`, 20) + `{"field":"name"}]}`: "filters too_many",
	} {
		got := r.do(viewer, http.MethodPost, "/v1/search", body).want(t, http.StatusBadRequest, "invalid_search")
		if list := got.mistakes(); len(list) != 1 || list[0] != want {
			t.Errorf("%s: %v, want %s", body, list, want)
		}
	}
	for _, body := range []string{``, `[]`, `{"limit":1`, `{"limit":1}{"limit":2}`} {
		if got := r.do(viewer, http.MethodPost, "/v1/search", body); got.status != http.StatusBadRequest {
			t.Errorf("%s: %d", body, got.status)
		}
	}
	huge := `{"filters":[{"field":"name","op":"contains","value":"` + strings.Repeat("x", 70<<10) + `"}]}`
	r.do(viewer, http.MethodPost, "/v1/search", huge).want(t, http.StatusRequestEntityTooLarge, "body_too_large")
	for _, text := range []string{`' OR '1'='1`, `$(id)`, `%`, `_`, `.*`, "zz\\u0000zz", `{{7*7}}`, `*`} {
		got := r.do(viewer, http.MethodPost, "/v1/search", `{"filters":[{"field":"name","op":"contains","value":"`+text+`"}]}`)
		if got.status != http.StatusOK || got.total() != 0 {
			t.Errorf("%s: %d, %v", text, got.status, got.body["total"])
		}
	}
}

func TestNobodyFindsAnotherTeamsCandidates(t *testing.T) {
	r := searching(t)
	for _, as := range []string{admin, admin2} {
		r.filterable(as, "name", "email", "source", "tags", "credited_to", "company")
	}
	theirs := map[string]bool{}
	for _, c := range r.sim.Dump(r.seed.OtherOrg)[0].Candidates {
		theirs[c.ID] = true
	}
	search := func(as, body string) reply { return r.do(as, http.MethodPost, "/v1/search", body) }
	inTeam := func(what string, got reply) {
		t.Helper()
		for _, id := range got.found() {
			if theirs[id] {
				t.Errorf("%s: %s is another team's", what, id)
			}
		}
		for id := range theirs {
			if strings.Contains(got.text, id) {
				t.Errorf("%s: the answer holds %s", what, id)
			}
		}
	}
	inTeam("everything", search(admin, `{"limit":100}`))
	for _, c := range r.sim.Dump(r.seed.OtherOrg)[0].Candidates {
		for _, f := range []string{
			fmt.Sprintf(`{"field":"name","op":"equals","value":%q}`, c.Name), fmt.Sprintf(`{"field":"email","op":"equals","value":%q}`, c.Emails[0].Value),
			fmt.Sprintf(`{"field":"source","op":"any_of","value":[%q]}`, c.Source), fmt.Sprintf(`{"field":"company","op":"contains","value":%q}`, c.ID),
		} {
			inTeam(f, search(admin, `{"filters":[`+f+`]}`))
		}
	}
	// The filters' options are ids and titles of one's own organisation.
	theirFilters := r.do(admin2, http.MethodGet, "/v1/search/filters", "").want(t, http.StatusOK, "")
	ours := r.do(admin, http.MethodGet, "/v1/search/filters", "").want(t, http.StatusOK, "")
	for _, f := range theirFilters.body["filters"].([]any) {
		options, _ := f.(map[string]any)["options"].([]any)
		for _, o := range options {
			if value := o.(map[string]any)["value"].(string); strings.Contains(ours.text, value) {
				t.Errorf("option %s is another team's", value)
			}
		}
	}
	// A cursor of one's own is good for the search it came from alone.
	page := search(admin2, `{"limit":1}`).want(t, http.StatusOK, "")
	cursor := page.body["next"].(string)
	search(admin2, fmt.Sprintf(`{"limit":1,"cursor":%q}`, cursor)).want(t, http.StatusOK, "")
	for what, got := range map[string]reply{
		"another team":   search(admin, fmt.Sprintf(`{"limit":1,"cursor":%q}`, cursor)),
		"another query":  search(admin2, fmt.Sprintf(`{"limit":1,"cursor":%q,"sort":{"field":"company"}}`, cursor)),
		"another filter": search(admin2, fmt.Sprintf(`{"cursor":%q,"filters":[{"field":"name","op":"exists","value":true}]}`, cursor)),
	} {
		if got.status != http.StatusBadRequest || got.body["code"] != "cursor_of_another_search" {
			t.Errorf("%s: %d %s", what, got.status, got.text)
		}
	}
	r.do(admin2, http.MethodPost, "/v1/mirror/refresh", "").want(t, http.StatusOK, "")
	r.mirrored("globex", ashbytest.OtherKey)
	search(admin2, fmt.Sprintf(`{"limit":1,"cursor":%q}`, cursor)).want(t, http.StatusBadRequest, "cursor_of_another_search")
	search(admin, `{"limit":1,"cursor":"bm90IG91cnM"}`).want(t, http.StatusBadRequest, "cursor_malformed")
}

func TestTheMirrorsProgressShowsAndAdminsMayHaveItReadAgain(t *testing.T) {
	r := newRig(t)
	if got := r.do(viewer, http.MethodGet, "/v1/mirror", "").want(t, http.StatusOK, ""); got.body["state"] != "none" {
		t.Errorf("%s", got.text)
	}
	r.do(admin, http.MethodPost, "/v1/mirror/refresh", "").want(t, http.StatusConflict, "not_connected")
	r.activate(admin, ashbytest.LocalKey).want(t, http.StatusOK, "")
	if got := r.do(viewer, http.MethodPost, "/v1/search", `{}`).want(t, http.StatusOK, ""); got.body["building"] != true || got.total() != 0 {
		t.Errorf("%s", got.text)
	}
	r.mirrored("acme", ashbytest.LocalKey)
	first := r.do(viewer, http.MethodGet, "/v1/mirror", "").want(t, http.StatusOK, "")
	if first.body["state"] != "fresh" || first.body["fresh_as_of"] == nil || first.body["problem"] != nil {
		t.Errorf("%s", first.text)
	}
	r.do(member, http.MethodPost, "/v1/mirror/refresh", "").want(t, http.StatusForbidden, "")
	r.rung()
	r.do(admin, http.MethodPost, "/v1/mirror/refresh", "").want(t, http.StatusOK, "")
	if rung := r.rung(); len(rung) != 1 {
		t.Errorf("rung %v", rung)
	}
	r.mirrored("acme", ashbytest.LocalKey)
	if again := r.do(viewer, http.MethodGet, "/v1/mirror", ""); again.body["full_at"] == first.body["full_at"] {
		t.Errorf("not read again: %s", again.text)
	}
}
