package acceptance_test

import (
	"net/http"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// searchable has people in the team's copy of Ashby and fields to search by.
func (w *world) searchable(fields ...string) {
	w.Helper()
	m := w.ashby.made
	w.ashby.add("zoe", func(c *ashbytest.Candidate) {
		c.Company, c.Source, c.Tags = "Harbour Labs", m.Sources["LinkedIn"], []string{m.Tags["Outreach"]}
		c.Fields = []ashbytest.Value{{Field: m.Fields["Years of experience"], Value: float64(7)}, {Field: m.Fields["Seniority"], Value: "senior"}, {Field: m.Fields["Open to work"], Value: true}}
	})
	w.ashby.add("yan", func(c *ashbytest.Candidate) {
		c.Company = "Quarry Systems"
		c.Fields = []ashbytest.Value{{Field: m.Fields["Years of experience"], Value: float64(2)}, {Field: m.Fields["Seniority"], Value: "junior"}, {Field: m.Fields["Open to work"], Value: false}}
	})
	w.connected("filterable", fields)
	w.eventually("the copy is fresh", func() bool { return w.viewer.get("/v1/mirror").text("state") == "fresh" })
}

// found wants the names of the hits of a search with one filter.
func (w *world) found(field, op string, value any, names ...string) {
	w.Helper()
	got := w.viewer.post("/v1/search", object{"filters": []any{object{"field": field, "op": op, "value": value}}}).is(200)
	var have []string
	for _, h := range got.list("hits") {
		have = append(have, h.(map[string]any)["name"].(string))
	}
	w.same(field+" "+op, have, names)
}

var searchCases = []story{
	{name: "Candidates are found by text, choice, tags, number, boolean and existence, and by nothing that was not chosen", run: func(w *world) {
		f := w.ashby.made.Fields
		w.searchable("company", "tags", "phone", f["Seniority"], f["Years of experience"], f["Open to work"])
		w.found("company", "contains", "HARBOUR", "Zoe Vale")
		w.found("company", "equals", "quarry systems", "Yan Vale")
		w.found(f["Seniority"], "any_of", []string{"senior", "staff"}, "Zoe Vale")
		w.found("tags", "none_of", []string{w.ashby.made.Tags["Outreach"]}, "Yan Vale")
		w.found(f["Years of experience"], "range", object{"from": 3}, "Zoe Vale")
		w.found(f["Open to work"], "is", false, "Yan Vale")
		w.found("phone", "exists", true)
		w.viewer.post("/v1/search", object{"filters": []any{object{"field": "name", "op": "contains", "value": "Zoe"}}}).refused(http.StatusBadRequest, "invalid_search")
	}},
	{name: "A hit says whether it is linked to a person of SourceWhale, and the answer how fresh it is", run: func(w *world) {
		w.searchable("company")
		w.settings("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		got := w.viewer.post("/v1/search", object{}).is(200)
		people := map[string]string{}
		for _, h := range got.list("hits") {
			h := h.(map[string]any)
			people[h["name"].(string)], _ = h["person"].(string)
		}
		w.holds("zoe is linked and yan is not", people["Zoe Vale"] == "zoe" && people["Yan Vale"] == "")
		w.holds("it says how fresh", got.text("fresh_as_of") != "")
	}},
	{name: "Filters and sorts that make no sense are 400 by name, and pages follow one another", run: func(w *world) {
		w.searchable("company", w.ashby.made.Fields["Years of experience"])
		for _, bad := range []object{
			{"field": "company", "op": "range", "value": object{"from": 1}},
			{"field": "nope", "op": "contains", "value": "x"},
			{"field": w.ashby.made.Fields["Years of experience"], "op": "contains", "value": "x"},
		} {
			w.viewer.post("/v1/search", object{"filters": []any{bad}}).refused(http.StatusBadRequest, "invalid_search")
		}
		first := w.viewer.post("/v1/search", object{"limit": 1}).is(200)
		second := w.viewer.post("/v1/search", object{"limit": 1, "cursor": first.text("next")}).is(200)
		w.same("names", []string{first.text("hits.0.name"), second.text("hits.0.name"), second.text("next")}, []string{"Yan Vale", "Zoe Vale", ""})
	}},
	{name: "A private field cannot be chosen to search by", run: func(w *world) {
		w.connected()
		w.admin.patch(ofTeam, object{"filterable": []string{w.ashby.made.Fields["Private rating"], w.ashby.made.Fields["Old score"]}}).
			refused(http.StatusUnprocessableEntity, "settings_refused", "filterable[0] private_field", "filterable[1] field_archived")
	}},
	{name: "A change in Ashby is found after a refresh", run: func(w *world) {
		w.searchable("company")
		w.ashby.edits(w.ashby.candidate("zoe").ID, func(c *ashbytest.Candidate) { c.Company = "Lighthouse" })
		w.member.post("/v1/mirror/refresh", nil).refused(http.StatusForbidden, "admin_only")
		w.admin.post("/v1/mirror/refresh", nil).is(200)
		w.eventually("it is found", func() bool {
			got := w.viewer.post("/v1/search", object{"filters": []any{object{"field": "company", "op": "contains", "value": "lighthouse"}}})
			return len(got.list("hits")) == 1
		})
	}},
}
