package acceptance_test

import (
	"net/http"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

var fieldCases = []story{
	{name: "A mandatory field that is neither mapped nor displayed is refused, and so are unwritable, archived and unknown ones, all at once", run: func(w *world) {
		w.connected()
		f := w.ashby.made.Fields
		w.admin.patch(ofTeam, object{"mandatory": []string{"source", f["Old score"], "nope", "timezone", f["Seniority"], f["Current salary"]}}).
			refused(http.StatusUnprocessableEntity, "settings_refused", "mandatory[1] field_archived", "mandatory[2] no_such_field",
				"mandatory[3] field_unwritable", "mandatory[4] nothing_fills_it", "mandatory[5] type_not_convertible")
	}},
	{name: "A mandatory field holds a person until a value is given for them", run: func(w *world) {
		level := w.ashby.made.Fields["Seniority"]
		w.connected("trigger", "on_add", "displayed", []string{level}, "mandatory", []string{level})
		e := of("email_sent", "zoe").known()
		w.sends(e)
		w.settled()
		w.codes("mandatory_missing")
		w.ashby.wrote()
		w.holds("the wait has an owner and an exit", w.story(e).text("wait.owner") == "member" && w.story(e).text("wait.exit") != "")
		w.holds("the inbox lists it", w.viewer.get("/v1/inbox").text("causes.0.cause") == "mandatory:"+level)
		w.member.put("/v1/values/people/zoe", object{"values": object{level: "senior"}}).is(200)
		w.becomes(e, "created")
		w.same("seniority", w.ashby.value("zoe", "Seniority"), "senior")
		w.holds("its note follows", len(w.ashby.notes("zoe")) == 1)
	}},
	{name: "A mandatory field that is filled by a later event lets the earlier one go too", run: func(w *world) {
		w.connected("trigger", "on_add", "mandatory", []string{"phone"})
		first := of("email_sent", "zoe").known()
		w.sends(first)
		w.settled()
		w.codes("mandatory_missing")
		w.sends(of("email_sent", "zoe").with("phones", []string{"+12025550143"}))
		w.settled()
		w.eventually("both are done", func() bool { return len(w.ashby.people()) == 1 && len(w.ashby.notes("zoe")) == 2 })
	}},
	{name: "When the mandatory setting goes, what waits for it goes", run: func(w *world) {
		w.connected("trigger", "on_add", "mandatory", []string{"phone"})
		e, other := of("email_sent", "zoe").known(), of("email_sent", "yan").known()
		w.sends(e, other)
		w.settled()
		w.codes("mandatory_missing", "mandatory_missing")
		w.settings("mandatory", []string{})
		w.becomes(e, "created")
		w.becomes(other, "created")
	}},
	{name: "A mandatory field that Ashby has filled does not hold a person back", run: func(w *world) {
		w.connected("trigger", "on_add", "mandatory", []string{"phone"})
		w.ashby.add("zoe", func(c *ashbytest.Candidate) {
			c.Phones = []ashbytest.Contact{{Value: "+12025550143", Type: "Work", IsPrimary: true}}
		})
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.codes("matched")
	}},
	{name: "False and zero fill a mandatory field, and blank does not", run: func(w *world) {
		f := w.ashby.made.Fields
		w.connected("trigger", "on_add", "displayed", []string{f["Open to work"], f["Years of experience"]}, "mandatory", []string{f["Open to work"], f["Years of experience"]})
		w.sends(of("email_sent", "zoe").known().gives(f["Open to work"], false).gives(f["Years of experience"], 0))
		w.sends(of("email_sent", "yan").known().gives(f["Open to work"], "").gives(f["Years of experience"], 3))
		w.settled()
		w.codes("created", "mandatory_missing")
		w.same("open to work", w.ashby.value("zoe", "Open to work"), false)
		w.same("years", w.ashby.value("zoe", "Years of experience"), float64(0))
	}},
	{name: "While mandatory is unfilled and the toggle is off, a known person's note goes alone and the link waits", run: func(w *world) {
		w.connected("trigger", "on_reply", "only_synced", false, "mandatory", []string{"phone"})
		id := w.ashby.add("zoe")
		e := of("email_reply", "zoe").known().with("company", "Harbour Labs")
		w.sends(e)
		w.settled()
		w.codes("mandatory_missing")
		w.holds("the note is there", len(w.ashby.notesOf(id)) == 1)
		w.holds("no field is", len(w.ashby.get(id).Fields) == 0)
		w.settings("mandatory", []string{})
		w.becomes(e, "matched")
		w.same("company", w.ashby.value("zoe", "Company"), "Harbour Labs")
		w.holds("there is still one note", len(w.ashby.notesOf(id)) == 1)
	}},
	{name: "A user adds to mandatory and takes nothing away", run: func(w *world) {
		w.connected("trigger", "on_add", "mandatory", []string{"email"})
		w.member.patch(ofMine, object{"mandatory": []string{"phone"}}).is(200)
		w.sends(of("email_sent", "zoe").known().by("mel", false), of("email_sent", "yan").known().by("vic", false))
		w.settled()
		w.codes("mandatory_missing", "created")
		w.member.patch(ofMine, object{"mandatory": []string{}}).is(200)
		w.same("the team's stays", w.member.get(ofMine).text("effective.mandatory.value"), "[email]")
	}},
	{name: "Displayed must stay while a mandatory field depends on it", run: func(w *world) {
		w.connected("displayed", []string{"source"}, "mandatory", []string{"source"})
		// Source is mapped too by default, so another is tried.
		w.settings("displayed", []string{"tags"}, "mandatory", []string{"tags"})
		w.admin.patch(ofTeam, object{"displayed": []string{}}).refused(http.StatusUnprocessableEntity, "settings_refused", "displayed still_mandatory")
	}},
	{name: "Values for a field that is not displayed are refused in the API by name and ignored in events", run: func(w *world) {
		w.connected("trigger", "on_add", "displayed", []string{"source"})
		w.member.put("/v1/values/people/zoe", object{"values": object{"tags": []string{"Outreach"}, "name": "Zoe"}}).
			refused(http.StatusUnprocessableEntity, "values_refused", "values.name not_displayed", "values.tags not_displayed")
		e := of("email_sent", "zoe").known().gives("tags", []string{"Outreach"}).gives("location", "Oslo")
		w.sends(e)
		w.settled()
		w.codes("created")
		w.skipped(e, "tags", "not_displayed")
		w.holds("no tag", len(w.ashby.candidate("zoe").Tags) == 0)
	}},
	{name: "Given source, tags and projects reach the candidate once, and are added to what is there", run: func(w *world) {
		m := w.ashby.made
		w.connected("trigger", "on_add", "displayed", []string{"source", "tags", "projects", "credited_to"})
		w.ashby.add("zoe", func(c *ashbytest.Candidate) { c.Tags = []string{m.Tags["Strong candidate"]} })
		w.member.put("/v1/values/people/zoe", object{"values": object{"tags": []string{m.Tags["Outreach"]}, "projects": []string{m.Projects["Nordic engineering pool"]}, "source": m.Sources["SourceWhale"]}}).is(200)
		w.sends(of("email_sent", "zoe").known(), of("email_sent", "zoe"))
		w.settled()
		c := w.ashby.candidate("zoe")
		w.holds("both tags", len(c.Tags) == 2 && slices.Contains(c.Tags, m.Tags["Outreach"]))
		w.holds("the project", slices.Equal(c.Projects, []string{m.Projects["Nordic engineering pool"]}))
		w.same("source", c.Source, m.Sources["SourceWhale"])
		w.holds("each was added once", len(w.ashby.calls("candidate.addTag")) == 1 && len(w.ashby.calls("candidate.addProject")) == 1)
	}},
	{name: "A value of the person counts before the campaign's", run: func(w *world) {
		level := w.ashby.made.Fields["Seniority"]
		w.connected("trigger", "on_add", "displayed", []string{level})
		w.member.put("/v1/values/campaigns/spring", object{"values": object{level: "junior"}}).is(200)
		w.member.put("/v1/values/people/zoe", object{"values": object{level: "staff"}}).is(200)
		w.sends(of("email_sent", "zoe").known(), of("email_sent", "yan").known())
		w.settled()
		w.same("of zoe", w.ashby.value("zoe", "Seniority"), "staff")
		w.same("of yan", w.ashby.value("yan", "Seniority"), "junior")
	}},
	{name: "Un-displaying keeps a value and stops pushing it", run: func(w *world) {
		level := w.ashby.made.Fields["Seniority"]
		w.connected("trigger", "on_add", "displayed", []string{level})
		w.member.put("/v1/values/people/zoe", object{"values": object{level: "staff"}}).is(200)
		w.settings("displayed", []string{})
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.holds("nothing was pushed", w.ashby.value("zoe", "Seniority") == nil)
		kept := w.viewer.get("/v1/values/people/zoe").is(200)
		w.holds("it is kept", kept.text("values.0.value") == "staff" && kept.at("values.0.displayed") == false)
		w.settings("displayed", []string{level})
		w.sends(of("email_sent", "zoe"))
		w.settled()
		w.same("pushed later", w.ashby.value("zoe", "Seniority"), "staff")
	}},
	{name: "A given value is pushed to a person who is synced already, with their next event", run: func(w *world) {
		level := w.ashby.made.Fields["Seniority"]
		w.connected("trigger", "on_add", "displayed", []string{level})
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.member.put("/v1/values/people/zoe", object{"values": object{level: "mid"}}).is(200)
		w.sends(of("email_sent", "zoe"))
		w.settled()
		w.codes("created", "synced")
		w.same("seniority", w.ashby.value("zoe", "Seniority"), "mid")
	}},
	{name: "A user's displayed fields are some of the team's", run: func(w *world) {
		w.connected("displayed", []string{"source", "tags"})
		w.member.patch(ofMine, object{"displayed": []string{"location"}}).refused(http.StatusUnprocessableEntity, "settings_refused", "displayed[0] not_of_the_team")
		w.member.patch(ofMine, object{"displayed": []string{"tags"}}).is(200)
		w.member.put("/v1/values/people/zoe", object{"values": object{"source": w.ashby.made.Sources["LinkedIn"]}}).refused(http.StatusUnprocessableEntity, "values_refused")
	}},
	{name: "A value that does not fit its field is refused by name", run: func(w *world) {
		f := w.ashby.made.Fields
		w.connected("displayed", []string{f["Seniority"], f["Years of experience"], "source"})
		w.member.put("/v1/values/people/zoe", object{"values": object{f["Seniority"]: "emperor", f["Years of experience"]: "many", "source": "Nowhere"}}).
			refused(http.StatusUnprocessableEntity, "values_refused")
		w.holds("nothing is kept", len(w.viewer.get("/v1/values/people/zoe").list("values")) == 0)
	}},
	{name: "Every field is listed from Ashby with what it is and why it cannot be written", run: func(w *world) {
		w.connected()
		got := w.viewer.get("/v1/fields").is(200)
		byTitle := map[string]map[string]any{}
		for _, f := range got.list("fields") {
			f := f.(map[string]any)
			byTitle[f["title"].(string)] = f
		}
		w.holds("company is read-only", byTitle["Timezone"]["writable"] == false && byTitle["Timezone"]["reason"] != "")
		w.holds("an archived one says so", byTitle["Old score"]["archived"] == true)
		w.holds("a private one says so", byTitle["Private rating"]["private"] == true)
		w.holds("a currency is not mappable for now", byTitle["Current salary"]["mappable"] == false)
		_, job := byTitle["Job code"]
		w.holds("fields of jobs are not listed", !job)
	}},
}
