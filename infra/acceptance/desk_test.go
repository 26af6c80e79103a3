package acceptance_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// finished waits until a job is over, and wants its numbers.
func (w *world) finished(started reply, done, failed int) reply {
	w.Helper()
	path := "/v1/jobs/" + started.text("job")
	w.eventually("the job is done", func() bool { return w.viewer.get(path).text("state") == "done" })
	w.eventually("its work is done", func() bool {
		got := w.viewer.get(path)
		return got.text("done") == fmt.Sprint(done) && got.text("failed") == fmt.Sprint(failed)
	})
	return w.viewer.get(path)
}

var deskCases = []story{
	{name: "A push of many people is a job that tells who could not be pushed", run: func(w *world) {
		w.connected("trigger", "never")
		for _, p := range []string{"zoe", "yan", "xia"} {
			w.sends(of("email_sent", p).known())
		}
		w.settled()
		w.codes("trigger_never", "trigger_never", "trigger_never")
		w.member.post("/v1/push", object{"people": []string{"zoe"}}).refused(http.StatusForbidden, "admin_only")
		started := w.admin.post("/v1/push", object{"people": []string{"zoe", "yan", "xia", "nobody"}})
		w.holds("it is taken", started.status == 200 || started.status == 202)
		done := w.finished(started, 3, 1)
		w.same("who was not", []string{done.text("errors.0.about"), done.text("errors.0.code")}, []string{"nobody", "no_such_person"})
		w.holds("three candidates", len(w.ashby.people()) == 3)
	}},
	{name: "A backfill of one person writes what was withheld, in order", run: func(w *world) {
		w.connected("trigger", "never")
		w.sends(of("email_sent", "zoe").known().says("body", "the first"), of("email_reply", "zoe").says("body", "the second"))
		w.settled()
		w.admin.post("/v1/people/zoe/backfill", nil).is(200)
		w.eventually("two notes", func() bool { c, ok := w.ashby.find("zoe"); return ok && len(w.ashby.notesOf(c.ID)) == 2 })
		w.holds("in order", strings.Contains(w.ashby.notes("zoe")[0].Content, "the first"))
	}},
	{name: "A backfill of many people is a job", run: func(w *world) {
		w.connected("trigger", "never")
		w.sends(of("email_sent", "zoe").known(), of("email_sent", "yan").known())
		w.settled()
		w.finished(w.admin.post("/v1/backfill", object{"people": []string{"zoe", "yan"}}), 2, 0)
		w.eventually("their notes are there", func() bool { return len(w.ashby.notes("zoe")) == 1 && len(w.ashby.notes("yan")) == 1 })
	}},
	{name: "The inbox groups by what has to be done, lists, exports and sends again", run: func(w *world) {
		w.connected("trigger", "on_add")
		mend := w.ashby.breaks(ashbytest.Fault{Kind: ashbytest.Refused, Code: "internal_policy", Endpoints: []string{"candidate.create"}})
		w.sends(of("email_sent", "zoe").known(), of("email_sent", "yan").known())
		w.settled()
		got := w.viewer.get("/v1/inbox").is(200)
		w.same("cause", []string{got.text("causes.0.cause"), got.text("causes.0.count"), got.text("causes.0.action.kind")}, []string{"rejected", "2", "redrive"})
		w.holds("two entries", len(w.viewer.get("/v1/inbox/rejected").list("entries")) == 2)
		export := w.admin.get("/v1/inbox/rejected/export").is(200)
		w.holds("two lines and a head", strings.Count(strings.TrimSpace(string(export.raw)), "\n") == 2)
		mend()
		w.finished(w.admin.post("/v1/inbox/rejected/redrive", nil), 2, 0)
		w.eventually("both are there", func() bool { return len(w.ashby.people()) == 2 })
		w.eventually("the inbox is empty", func() bool { return len(w.viewer.get("/v1/inbox").list("causes")) == 0 })
	}},
	{name: "Who is forgotten is gone from every answer and table, and late deliveries bring nobody back", run: func(w *world) {
		w.connected("trigger", "on_add", "displayed", []string{"source"})
		person := "planted-" + w.team
		e := of("email_sent", person).known()
		w.sends(e)
		w.settled()
		w.member.put("/v1/values/people/"+person, object{"values": object{"source": w.ashby.made.Sources["LinkedIn"]}}).is(200)
		w.member.post("/v1/people/"+person+"/forget", nil).refused(http.StatusForbidden, "admin_only")
		got := w.admin.post("/v1/people/"+person+"/forget", nil).is(200)
		w.holds("it says what went", got.text("removed.events") == "1" && got.text("removed.link") == "true" && got.text("kept") != "")
		w.admin.get("/v1/people/" + person).is(404)
		writes := len(w.ashby.writes())
		w.posts([]event{e}).is(http.StatusAccepted) // a late delivery
		other := of("email_sent", "yan").known()
		w.sends(other)
		w.becomes(other, "created")
		w.holds("the late one ends as forgotten or is unknown", w.story(e).status == 404 || w.story(e).text("code") == "forgotten" && w.story(e).text("person") == "")
		w.holds("nothing of the late one", len(w.ashby.writes()) == writes+2 && w.admin.get("/v1/people/"+person).status == 404)
		for name, rows := range w.service.rows(w.T) {
			for _, row := range rows {
				if name != inQueues && name != "CandidatesTable" && planted(row, person) && !planted(row, "candidates") {
					w.Errorf("%s still has %s", name, row)
				}
			}
		}
	}},
	{name: "Who comes back after being forgotten starts anew, by matching", run: func(w *world) {
		w.synced()
		w.admin.post("/v1/people/zoe/forget", nil).is(200)
		e := of("email_sent", "zoe").known().set("id", "later").set("occurred_at", nil)
		w.sent = nil
		w.sends(e)
		w.settled()
		w.codes("matched")
		w.holds("one candidate", len(w.ashby.people()) == 1)
	}},
	{name: "Recent activity tells what happened, newest first", run: func(w *world) {
		w.synced()
		w.eventually("it is told", func() bool {
			got := w.viewer.get("/v1/activity")
			return got.text("events.0.event") == "e001" && got.text("events.0.code") == "created"
		})
	}},
	{name: "The timeline pages from the newest to the oldest", run: func(w *world) {
		w.connected("trigger", "on_add")
		for range 5 {
			w.sends(of("email_sent", "zoe").known())
		}
		w.settled()
		var seen []string
		for cursor := ""; ; {
			page := w.viewer.get("/v1/people/zoe/timeline?limit=2&cursor=" + cursor).is(200)
			for _, e := range page.list("events") {
				seen = append(seen, e.(map[string]any)["event"].(string))
			}
			if cursor = page.text("next"); cursor == "" {
				break
			}
		}
		w.same("events", seen, []string{"e005", "e004", "e003", "e002", "e001"})
		w.viewer.get("/v1/people/zoe/timeline?cursor=nonsense").is(400)
	}},
	{name: "An event is explained with its row, its settings, its fields and its steps", run: func(w *world) {
		w.synced()
		told := w.story(w.sent[0])
		w.same("row", told.text("row"), "9")
		w.same("trigger", []string{told.text("settings.trigger.value"), told.text("settings.trigger.level")}, []string{"on_add", "team"})
		f := w.fieldOf(w.sent[0], w.ashby.made.Fields["Company"])
		w.holds("the field has before, after and policy", f["after"] == "Harbour Labs" && f["policy"] == "always" && f["action"] == "write")
		for _, s := range told.list("steps") {
			s := s.(map[string]any)
			w.holds("each step is done", s["status"] == "done")
		}
		w.same("the note's id", told.text("steps.2.remote_id"), w.ashby.notes("zoe")[0].ID)
	}},
}
