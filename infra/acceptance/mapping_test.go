package acceptance_test

import (
	"net/http"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// linkedIn makes a case of what becomes of an address given as a social link.
func linkedIn(name, given, want string) story {
	return story{name: name, run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known().with("socialLinks", []string{given}))
		w.settled()
		w.codes("created")
		w.same("LinkedIn", w.ashby.link(w.ashby.candidate("zoe"), "LinkedIn"), want)
	}}
}

var mappingCases = slices.Concat(mappingRules, []story{
	linkedIn("A LinkedIn address without a scheme is understood", "linkedin.com/in/zoe-vale", "https://www.linkedin.com/in/zoe-vale"),
	linkedIn("A LinkedIn address on a country host is the person's profile", "https://no.linkedin.com/in/zoe-vale", "https://www.linkedin.com/in/zoe-vale"),
	linkedIn("Tracking is dropped from a LinkedIn address", "https://www.linkedin.com/in/zoe-vale/?originalSubdomain=no&trk=x#about", "https://www.linkedin.com/in/zoe-vale"),
	linkedIn("A Sales Navigator address is no public profile", "https://www.linkedin.com/sales/lead/ACwAAA,NAME_SEARCH", ""),
	linkedIn("A Recruiter address is no public profile", "https://www.linkedin.com/talent/profile/AEMAAA", ""),
	linkedIn("A company's LinkedIn page is not the person's", "https://www.linkedin.com/company/harbour-labs", ""),
	linkedIn("An address that is none never reaches Ashby", "http://:not an address", ""),
}, listCases)

var mappingRules = []story{
	{name: "A string variable that is mapped twice is refused, naming the first", run: func(w *world) {
		w.connected()
		f := w.ashby.made.Fields
		got := w.maps(entry(f["Company"], "", "company"), entry(f["Summary"], "", "company"))
		got.refused(http.StatusConflict, "mapping_conflict")
		w.same("mistake", got.text("errors.0.code"), "variable_taken")
	}},
	{name: "Two variables to one field are refused", run: func(w *world) {
		w.connected()
		summary := w.ashby.made.Fields["Summary"]
		entries := append(w.mapping(entry(summary, "", "summary")), entry(summary, "", "headline"))
		got := w.admin.put("/v1/mapping", object{"entries": entries}).refused(http.StatusConflict, "mapping_conflict")
		w.same("mistake", got.text("errors.0.code"), "field_taken")
	}},
	{name: "A stale save of the mapping is refused with the current version", run: func(w *world) {
		w.connected()
		seen := w.admin.version("/v1/mapping")
		entries := w.mapping(entry(w.ashby.made.Fields["Summary"], "", "headline"))
		w.admin.over(http.MethodPut, "/v1/mapping", seen, object{"entries": entries}).is(200)
		stale := w.admin.over(http.MethodPut, "/v1/mapping", seen, object{"entries": entries}).refused(http.StatusConflict, "stale")
		w.same("version", stale.header.Get("ETag"), w.admin.version("/v1/mapping"))
	}},
	{name: "Unwritable, archived, unknown and unfit targets are refused with all mistakes at once", run: func(w *world) {
		w.connected()
		f := w.ashby.made.Fields
		got := w.admin.put("/v1/mapping", object{"entries": []any{
			entry("company", "", "company"), entry(f["Old score"], "", "customVariable"), entry("nope", "", "customVariable2"), entry(f["Current salary"], "", "customVariable3"),
			entry("phone", "", "phones"), entry(f["Summary"], "", "gender"), entry(f["Portfolio"], "", "education"),
		}}).is(422)
		var codes []string
		for _, m := range got.list("errors") {
			codes = append(codes, m.(map[string]any)["code"].(string))
		}
		w.same("mistakes", codes, []string{"field_unwritable", "field_archived", "unknown_target", "type_not_convertible", "take_required", "sensitive_variable", "object_variable"})
	}},
	{name: "Company and role reach the custom fields that fit them without another step", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known().with("company", "Harbour Labs", "role", "Engineer"))
		w.settled()
		w.same("company and role", []any{w.ashby.value("zoe", "Company"), w.ashby.value("zoe", "Title")}, []any{"Harbour Labs", "Engineer"})
		w.holds("in one call", len(w.ashby.calls("customField.setValues")) == 1)
	}},
	{name: "Where no field fits company and role the answer says so, and one request creates both", run: func(w *world) {
		for _, title := range []string{"Company", "Title"} {
			w.ashby.changes(title, func(f *ashbytest.Field) { f.IsArchived = true })
		}
		got := w.admin.put("/v1/connection", object{"key": w.ashby.key}).is(200)
		w.same("unmapped", got.text("unmapped"), "[company role]")
		w.admin.post("/v1/fields", object{"for": []string{"company", "role"}}).is(200)
		w.settings("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known().with("company", "Harbour Labs", "role", "Engineer"))
		w.settled()
		var values []any
		for _, v := range w.ashby.candidate("zoe").Fields {
			values = append(values, v.Value)
		}
		w.same("values", values, []any{"Harbour Labs", "Engineer"})
	}},
	{name: "Restored defaults and a rollback are new versions, and the next event goes by them", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.admin.put("/v1/mapping", object{"entries": []any{entry("name", "", "firstName", "lastName"), entry("email", "first", "emails")}}).is(200)
		w.sends(of("email_sent", "zoe").known().with("phones", []string{"+12025550143"}))
		w.settled()
		w.holds("no phone", len(w.ashby.candidate("zoe").Phones) == 0)
		w.admin.over(http.MethodPost, "/v1/mapping/defaults", w.admin.version("/v1/mapping"), nil).is(200)
		w.sends(of("email_sent", "yan").known().with("phones", []string{"+12025550144"}))
		w.settled()
		w.holds("a phone", len(w.ashby.candidate("yan").Phones) == 1)
		w.holds("a history", len(w.viewer.get("/v1/mapping/history").list("versions")) >= 2)
	}},
	{name: "A preview of a mapping says what each field would get and writes nothing", run: func(w *world) {
		w.connected()
		got := w.admin.post("/v1/mapping/preview", object{"mapping": object{"entries": w.mapping(entry(w.ashby.made.Fields["Summary"], "", "headline"))}}).is(200)
		w.holds("it has fields", len(got.list("fields")) > 0)
		w.ashby.wrote()
	}},
	{name: "A preview shows the very calls that the push makes", run: func(w *world) {
		w.connected("trigger", "on_add")
		e := of("email_sent", "zoe").known().with("company", "Harbour Labs").set("id", "e900").set("occurred_at", "2026-11-20T10:00:00Z")
		shown := w.member.post("/v1/preview", object{"event": e}).is(200)
		w.ashby.wrote()
		w.sends(e)
		w.settled()
		var methods []string
		for _, c := range shown.list("events.0.calls") {
			methods = append(methods, c.(map[string]any)["method"].(string))
		}
		w.ashby.wrote(methods...)
	}},
	{name: "A field that is renamed at Ashby keeps getting its values", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.ashby.changes("Company", func(f *ashbytest.Field) { f.Title = "Employer" })
		w.sends(of("email_sent", "zoe").known().with("company", "Harbour Labs"))
		w.settled()
		w.same("company", w.ashby.value("zoe", "Company"), "Harbour Labs")
	}},
	{name: "A field that is archived at Ashby is skipped with the reason, and the mapping warns", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "yan").known().with("company", "Harbour Labs"))
		w.settled()
		w.ashby.changes("Company", func(f *ashbytest.Field) { f.IsArchived = true })
		e := of("email_sent", "zoe").known().with("company", "Harbour Labs", "role", "Engineer")
		w.sends(e)
		w.settled()
		w.codes("created", "created")
		w.skipped(e, w.ashby.made.Fields["Company"], "field_gone")
		w.same("role", w.ashby.value("zoe", "Title"), "Engineer")
		w.admin.get("/v1/fields?refresh=true").is(200)
		w.same("warning", w.admin.get("/v1/mapping").text("warnings.0.code"), "field_archived")
	}},
	{name: "A field that is retyped at Ashby gets only what still fits, and the mapping warns", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "yan").known().with("company", "Harbour Labs"))
		w.settled()
		w.ashby.changes("Company", func(f *ashbytest.Field) { f.FieldType = "Number" })
		e := of("email_sent", "zoe").known().with("company", "Harbour Labs", "role", "Engineer")
		w.sends(e)
		w.settled()
		w.codes("created", "created")
		w.skipped(e, w.ashby.made.Fields["Company"], "not_convertible")
		w.same("role", w.ashby.value("zoe", "Title"), "Engineer")
		w.admin.get("/v1/fields?refresh=true").is(200)
		w.same("warning", w.admin.get("/v1/mapping").text("warnings.0.code"), "field_retyped")
	}},
	{name: "An option that is removed at Ashby is not created again, and the rest goes on", run: func(w *world) {
		level := w.ashby.made.Fields["Seniority"]
		w.connected("trigger", "on_add", "displayed", []string{level})
		w.member.put("/v1/values/campaigns/spring", object{"values": object{level: "senior"}}).is(200)
		w.sends(of("email_sent", "yan").known())
		w.settled()
		w.same("of yan", w.ashby.value("yan", "Seniority"), "senior")
		w.ashby.changes("Seniority", func(f *ashbytest.Field) { f.Options = f.Options[:2] })
		w.sends(of("email_sent", "zoe").known().with("role", "Engineer"))
		w.settled()
		w.codes("created", "created")
		w.holds("no seniority", w.ashby.value("zoe", "Seniority") == nil)
		w.same("role", w.ashby.value("zoe", "Title"), "Engineer")
	}},
	{name: "What is never mapped is dropped at the door, wherever it is", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known().with("gender", "planted-gender", "dominantRace", "planted-race"))
		w.settled()
		w.codes("created")
		for _, at := range []string{"/v1/events/e001", "/v1/people/zoe", "/v1/values/people/zoe"} {
			w.holds("not in "+at, !planted(w.admin.get(at).raw, "planted-"))
		}
		for _, c := range w.ashby.calls("") {
			w.holds("not in "+c.Endpoint, !planted(c.Request, "planted-"))
		}
	}},
}

// listCases are what becomes of lists.
var listCases = []story{
	{name: "A list of none leaves its fields alone, and without any address the create waits for the index", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").with("name", "Zoe Vale", "emails", []string{}, "phones", []string{}))
		w.eventually("zoe is created", func() bool { return len(w.ashby.people()) == 1 })
		c := w.ashby.people()[0]
		w.holds("no address and no phone", len(c.Emails) == 0 && len(c.Phones) == 0)
	}},
	{name: "A list of one fills the primary email only", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.same("addresses", w.ashby.addresses(w.ashby.candidate("zoe")), []string{"zoe@example.com"})
	}},
	{name: "A list of three gives a primary email and two alternates", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known().with("emails", []string{"zoe@example.com", "zoe.two@example.com", "zoe.three@example.com"}))
		w.settled()
		w.same("addresses", w.ashby.addresses(w.ashby.candidate("zoe")), []string{"zoe@example.com", "zoe.two@example.com", "zoe.three@example.com"})
	}},
	{name: "Duplicates in a list count once, however they are written", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known().with("emails", []string{"zoe@example.com", "ZOE@example.com", " zoe@example.com "}))
		w.settled()
		w.holds("one address", len(w.ashby.candidate("zoe").Emails) == 1)
	}},
	{name: "A list that shrinks removes nothing in Ashby", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known().with("emails", []string{"zoe@example.com", "zoe.two@example.com", "zoe.three@example.com"}))
		w.settled()
		w.sends(edit("zoe", "emails", []string{"zoe@example.com"}), of("email_sent", "zoe"))
		w.settled()
		w.holds("three addresses", len(w.ashby.candidate("zoe").Emails) == 3)
	}},
	{name: "One list fills several fields: first, rest, all and joined", run: func(w *world) {
		w.connected("trigger", "on_add")
		f := w.ashby.made.Fields
		w.maps(entry(f["Summary"], "joined", "skills"), entry(f["Languages"], "all", "keywords"), entry(f["Portfolio"], "first", "domains")).is(200)
		w.sends(of("email_sent", "zoe").known().with("skills", []string{"Go", "SQL"}, "keywords", []string{"English", "Hindi"}, "domains", []string{"https://zoe.example.com", "https://two.example.com"}))
		w.settled()
		w.same("joined", w.ashby.value("zoe", "Summary"), "Go, SQL")
		w.same("all", w.ashby.value("zoe", "Languages"), []any{"english", "hindi"})
		w.same("first", w.ashby.value("zoe", "Portfolio"), "https://zoe.example.com")
	}},
}
