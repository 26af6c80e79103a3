package acceptance_test

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

var intakeCases = []story{
	{name: "The same id with another body: the first wins, and the event says that there was another", run: func(w *world) {
		w.connected("trigger", "on_add")
		e := of("email_sent", "zoe").known().says("body", "the first text")
		w.sends(e)
		w.settled()
		again := of("email_sent", "zoe").says("body", "another text").set("id", e.id()).set("occurred_at", e["occurred_at"])
		w.posts([]event{again}).is(http.StatusAccepted)
		w.eventually("it is told", func() bool { return w.story(e).at("conflicting_duplicate") == true })
		notes := w.ashby.notes("zoe")
		w.holds("one note with the first text", len(notes) == 1 && strings.Contains(notes[0].Content, "the first text"))
	}},
	{name: "A second delivery of everything has no second effect", run: func(w *world) {
		w.connected("trigger", "on_add")
		all := []event{of("campaign_added", "zoe").known().with("company", "Harbour Labs"), of("email_sent", "zoe"), of("email_reply", "zoe"), edit("zoe", "company", "Quarry Systems"), of("email_sent", "zoe")}
		w.sends(all...)
		w.settled()
		before := len(w.ashby.writes())
		w.posts(all).is(http.StatusAccepted)
		last := of("email_sent", "zoe")
		w.sends(last)
		w.settled()
		w.holds("one write more, of the last", len(w.ashby.writes()) == before+1)
	}},
	{name: "A batch that is mixed is taken in part, with a result for each", run: func(w *world) {
		w.connected("trigger", "on_add")
		good := of("email_sent", "zoe").known().set("id", "good").set("occurred_at", "2026-11-20T10:00:00Z")
		got := w.posts([]any{good, object{"id": "bad", "type": "pigeon_sent", "occurred_at": "2026-11-20T10:00:00Z", "person": object{"id": "zoe"}}}).is(http.StatusAccepted)
		w.same("results", []string{got.text("results.0.status"), got.text("results.1.status"), got.text("accepted"), got.text("refused")}, []string{"accepted", "refused", "1", "1"})
		w.becomes(good, "created")
		w.holds("the bad one left nothing", w.admin.get("/v1/events/bad").status == 404)
	}},
	{name: "A batch of bad ones only is 422 with every mistake, an empty one 400, too many 413", run: func(w *world) {
		got := w.posts([]any{object{"id": "", "type": "pigeon_sent", "occurred_at": "soon", "person": object{}}}).is(http.StatusUnprocessableEntity)
		w.holds("several mistakes", len(got.list("errors")) > 2)
		w.posts([]any{}).is(http.StatusBadRequest)
		var many []event
		for i := range 101 {
			many = append(many, of("email_sent", "zoe").set("id", fmt.Sprint("m", i)).set("occurred_at", "2026-11-20T10:00:00Z"))
		}
		w.posts(many).is(http.StatusRequestEntityTooLarge)
		w.signed([]byte(`{"team":"` + w.team + `","events":[{"x":"` + strings.Repeat("x", 300<<10) + `"}]}`)).is(http.StatusRequestEntityTooLarge)
		w.signed([]byte(`no JSON`)).is(http.StatusBadRequest)
	}},
	{name: "An unknown team, a wrong signature, an old one and none get the same 401", run: func(w *world) {
		body := func(team string) []byte {
			return []byte(`{"team":"` + team + `","events":[{"id":"e1","type":"email_sent","occurred_at":"2026-11-20T10:00:00Z","person":{"id":"zoe"}}]}`)
		}
		sign := func(team string, at time.Time, key webhook.Key) []string {
			return []string{"Webhook-Id", "m1", "Webhook-Timestamp", fmt.Sprint(at.Unix()), "Webhook-Signature", webhook.Sign(key, "m1", at, body(team))}
		}
		stranger := webhook.NewKey([]byte("0123456789abcdef0123456789abcdef"))
		answers := map[string]bool{}
		for _, try := range []struct {
			team    string
			headers []string
		}{
			{"nobody-knows", sign("nobody-knows", time.Now(), w.secret)},
			{w.team, sign(w.team, time.Now(), stranger)},
			{w.team, sign(w.team, time.Now().Add(-10*time.Minute), w.secret)},
			{w.team, nil},
		} {
			got := w.posted("/v1/events", body(try.team), try.headers...).is(http.StatusUnauthorized)
			answers[fmt.Sprint(got.text("code"), got.text("detail"))] = true
		}
		w.holds("all are told the same", len(answers) == 1)
	}},
	{name: "A time in the future is brought back to now and flagged, and an ancient one refused", run: func(w *world) {
		w.connected("trigger", "on_add")
		e := of("email_sent", "zoe").known().set("occurred_at", time.Now().Add(time.Hour).Format(time.RFC3339))
		w.sends(e)
		w.settled()
		told := w.story(e)
		w.holds("it is flagged", len(told.list("flags")) == 1)
		at, err := time.Parse(time.RFC3339, told.text("occurred_at"))
		w.holds("it is of now", err == nil && time.Since(at) > -time.Second)
		w.holds("so is its note", time.Since(w.ashby.notes("zoe")[0].CreatedAt) > -time.Second)
		got := w.posts([]event{of("email_sent", "zoe").set("id", "old").set("occurred_at", "2019-01-01T00:00:00Z")}).is(http.StatusUnprocessableEntity)
		w.holds("too old", planted(got.raw, "too_old"))
	}},
	{name: "An unknown stage is refused in the contract, and in a hook kept without a mark", run: func(w *world) {
		w.connected("trigger", "on_reply")
		w.posts([]event{of("email_sent", "zoe").stage("Enchanted").set("id", "odd").set("occurred_at", "2026-11-20T10:00:00Z")}).is(http.StatusUnprocessableEntity)
		w.hook(object{"type": "candidateCreated", "id": "yan", "firstName": "Yan", "email": "yan@example.com", "campaign": object{"id": "spring"}, "stage": "Enchanted"}).is(http.StatusAccepted)
		w.eventually("yan is known", func() bool { return w.admin.get("/v1/people/yan").status == 200 })
		at := w.admin.get("/v1/people/yan")
		w.holds("no mark", at.at("responded_at") == nil && at.at("interested_at") == nil)
	}},
	{name: "A thin hook of a created candidate in a campaign is an adding", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.hook(object{"type": "candidateCreated", "candidate": object{"id": "zoe", "firstName": "Zoe", "lastName": "Vale", "email": "zoe@example.com", "campaign": object{"id": "spring", "name": "Spring"}, "stage": "Sourced", "createdAt": 1795161600}}).is(http.StatusAccepted)
		w.eventually("zoe is there", func() bool { _, ok := w.ashby.find("zoe"); return ok })
		w.same("the event", w.viewer.get("/v1/people/zoe/timeline").text("events.0.type"), "campaign_added")
	}},
	{name: "A thin hook whose stage differs from the known one is a change of stage with its mark", run: func(w *world) {
		w.connected("trigger", "on_reply")
		hook := object{"type": "candidateUpdated", "id": "zoe", "name": "Zoe Vale", "emails": []string{"zoe@example.com"}, "campaignId": "spring", "stage": "Messaged", "lastContacted": 1795161600, "updatedAt": 1795161600}
		w.hook(hook).is(http.StatusAccepted)
		w.eventually("the baseline is known", func() bool { return w.admin.get("/v1/people/zoe").text("stage") == "Messaged" })
		w.ashby.wrote()
		hook["stage"], hook["updatedAt"], hook["lastContacted"] = "Replied", 1795248000, 1795248000
		w.hook(hook).is(http.StatusAccepted)
		w.eventually("zoe is created", func() bool { _, ok := w.ashby.find("zoe"); return ok })
		w.hook(hook).is(http.StatusAccepted)
		w.settled()
		w.holds("the mark is set", w.admin.get("/v1/people/zoe").text("responded_at") != "")
		w.holds("two events", len(w.admin.get("/v1/people/zoe/timeline").list("events")) == 2)
	}},
	{name: "A thin hook without a campaign leaves marks and variables only", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.hook(object{"type": "candidateUpdated", "id": "zoe", "name": "Zoe Vale", "emails": []string{"zoe@example.com"}, "stage": "Interested", "updatedAt": 1795161600}).is(http.StatusAccepted)
		w.eventually("the mark is set", func() bool { return w.admin.get("/v1/people/zoe").text("interested_at") != "" })
		w.ashby.wrote()
	}},
	{name: "A hook with a wrong address is 401, and one of another kind is taken and dropped", run: func(w *world) {
		w.posted("/v1/hooks/sourcewhale/AQEAAAABdDHZUyvz7EMVSC-3b1koyoOotuhLvQ", []byte(`{"type":"candidateCreated","id":"zoe"}`)).is(http.StatusUnauthorized)
		got := w.hook(object{"type": "campaignRenamed", "id": "zoe"}).is(http.StatusAccepted)
		w.same("taken", got.text("accepted"), "false")
	}},
	{name: "A person without a name is named by the address's local part", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").with("emails", []string{"zoe@example.com"}))
		w.settled()
		w.codes("created")
		w.same("name", w.ashby.candidate("zoe").Name, "zoe")
	}},
	{name: "A person with neither name nor address waits for a name, and goes when it comes", run: func(w *world) {
		w.connected("trigger", "on_add")
		first := of("email_sent", "zoe").with("phones", []string{"+12025550143"})
		w.sends(first)
		w.becomes(first, "name_missing")
		w.sends(of("email_sent", "zoe").known())
		w.eventually("the first goes too", func() bool { return w.story(first).text("state") == "final" })
		w.holds("one candidate with both notes", len(w.ashby.people()) == 1 && len(w.ashby.notes("zoe")) == 2)
	}},
	{name: "An older event that comes late is noted with its own time", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.sends(of("email_sent", "zoe").says("body", "late").set("occurred_at", "2026-10-01T10:00:00Z"))
		w.settled()
		notes := w.ashby.notes("zoe")
		w.holds("it is first by its time", len(notes) == 2 && strings.Contains(notes[0].Content, "late"))
	}},
	{name: "After a rotation of the secret both are taken, and hooks move on too", run: func(w *world) {
		w.connected("trigger", "on_add")
		old := w.secret
		next := w.admin.post("/v1/webhooks/rotate", object{"purpose": "events"}).is(200)
		w.sends(of("email_sent", "zoe").known())
		var err error
		if w.secret, err = webhook.ParseKey(next.text("events.secret")); err != nil {
			w.Fatal(err)
		}
		w.holds("it is another", w.secret.Reveal() != old.Reveal())
		w.sends(of("email_sent", "zoe"))
		w.settled()
		w.codes("created", "synced")
	}},
}
