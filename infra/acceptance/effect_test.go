package acceptance_test

import (
	"strings"
)

var effectCases = []story{
	{name: "A person who is added is created once, with a note about each message and none about the adding", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("campaign_added", "zoe").known(), of("email_sent", "zoe"), of("linkedin_message_sent", "zoe"))
		w.settled()
		w.codes("created", "synced", "synced")
		w.ashby.wrote("candidate.create", "candidate.createNote", "candidate.createNote")
		w.holds("the candidate has the person's name", w.ashby.candidate("zoe").Name == "Zoe Vale")
	}},
	{name: "An asked-for push puts a person in although the trigger is never", run: func(w *world) {
		w.connected("trigger", "never")
		w.sends(of("email_sent", "zoe").known().with("company", "Harbour Labs"))
		w.settled()
		w.codes("trigger_never")
		w.member.post("/v1/people/zoe/push", nil).is(200)
		w.eventually("zoe is created", func() bool { _, there := w.ashby.find("zoe"); return there })
		w.eventually("her company is there", func() bool { return w.ashby.value("zoe", "Company") == "Harbour Labs" })
		w.holds("a push gives no note", len(w.ashby.notes("zoe")) == 0)
	}},
	{name: "A removed contact stays in Ashby and is on the timeline only", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known(), of("contact_removed", "zoe"), of("email_sent", "zoe"))
		w.settled()
		w.codes("created", "timeline_only", "synced")
		w.ashby.wrote("candidate.create", "candidate.createNote", "candidate.createNote")
	}},
	{name: "An event outside any campaign leaves marks and variables and writes nothing", run: func(w *world) {
		w.connected("trigger", "on_reply")
		w.sends(of("email_reply", "zoe").known().set("campaign", nil))
		w.settled()
		w.codes("not_in_campaign")
		w.ashby.wrote()
		w.sends(of("email_sent", "zoe"))
		w.settled()
		w.codes("not_in_campaign", "created")
		w.holds("the name came with the first", w.ashby.candidate("zoe").Name == "Zoe Vale")
	}},
	{name: "A campaign event of a synced person writes its note and no fields", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known().with("company", "Harbour Labs"))
		w.settled()
		w.sends(of("email_sent", "zoe").with("company", "Quarry Systems"))
		w.settled()
		w.holds("the company stays", w.ashby.value("zoe", "Company") == "Harbour Labs")
		w.ashby.wrote("candidate.create", "customField.setValues", "candidate.createNote", "candidate.createNote")
	}},
	{name: "A bare change of stage syncs now and gives a note only if stage_changed is chosen", run: func(w *world) {
		w.connected()
		w.sends(of("stage_changed", "zoe").known().stage("Interested"))
		w.settled()
		w.ashby.wrote("candidate.create")
		w.settings("note_types", []string{"stage_changed"})
		w.sends(of("stage_changed", "zoe").stage("Replied"), of("email_sent", "zoe"))
		w.settled()
		w.codes("created", "synced", "synced")
		w.ashby.wrote("candidate.create", "candidate.createNote")
	}},
	{name: "Who jumps straight to Meeting counts as responded and interested", run: func(w *world) {
		w.connected()
		w.sends(of("campaign_added", "zoe").known().stage("Sourced"))
		w.settled() // of two that come together the second may be recorded first, and its mark counts for both
		w.sends(of("stage_changed", "zoe").stage("Meeting"))
		w.settled()
		w.codes("withheld_until_marked", "created")
		at := w.admin.get("/v1/people/zoe").is(200)
		w.holds("both marks are set", at.text("responded_at") != "" && at.text("interested_at") != "")
	}},
	{name: "A booked meeting is interest, whatever the stage says", run: func(w *world) {
		w.connected()
		w.sends(of("meeting_booked", "zoe").known().stage("Messaged"))
		w.settled()
		w.codes("created")
		w.holds("it gives a note", len(w.ashby.notes("zoe")) == 1)
	}},
	{name: "Interested that is corrected to NotInterested stays synced, for marks are sticky", run: func(w *world) {
		w.connected()
		w.sends(of("stage_changed", "zoe").known().stage("Interested"))
		w.settled()
		w.sends(of("stage_changed", "zoe").stage("NotInterested"), of("email_sent", "zoe"))
		w.settled()
		w.codes("created", "synced", "synced")
		w.holds("there is a note of the mail", len(w.ashby.notes("zoe")) == 1)
	}},
	{name: "NotInterested alone is an answer and no interest", run: func(w *world) {
		w.connected()
		w.sends(of("stage_changed", "zoe").known().stage("NotInterested"))
		w.settled()
		w.codes("withheld_until_marked")
		w.settings("trigger", "on_reply")
		w.sends(of("email_sent", "zoe"))
		w.settled()
		w.codes("withheld_until_marked", "created")
	}},
	{name: "An automatic reply is no answer", run: func(w *world) {
		w.connected("trigger", "on_reply")
		w.sends(of("email_reply", "zoe").known().says("automatic", true))
		w.settled()
		w.codes("withheld_until_marked")
		w.ashby.wrote()
		w.sends(of("email_reply", "zoe"))
		w.settled()
		w.codes("withheld_until_marked", "created")
	}},
	{name: "A bounce is no answer and, by default, no note", run: func(w *world) {
		w.connected("trigger", "on_reply")
		w.sends(of("email_bounced", "zoe").known())
		w.settled()
		w.codes("withheld_until_marked")
		w.settings("trigger", "on_add")
		w.sends(of("email_bounced", "yan").known())
		w.settled()
		w.codes("withheld_until_marked", "created")
		w.ashby.wrote("candidate.create")
	}},
	{name: "A reply from a second address is the same person's and adds the address", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.sends(of("email_reply", "zoe").says("from", "zoe.second@example.com").with("emails", []string{"zoe@example.com", "zoe.second@example.com"}))
		w.settled()
		w.codes("created", "synced")
		w.holds("there is one candidate with both notes", len(w.ashby.people()) == 1 && len(w.ashby.notes("zoe")) == 2)
	}},
	{name: "A toggle that is flipped while events are queued is for later events", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.admin.post("/v1/connection/pause", nil).is(200)
		first := of("email_sent", "zoe").known()
		w.sends(first)
		w.eventually("it is recorded", func() bool { return w.story(first).status == 200 })
		w.settings("trigger", "never")
		second := of("email_sent", "yan").known()
		w.sends(second)
		w.eventually("it is recorded", func() bool { return w.story(second).status == 200 })
		w.admin.post("/v1/connection/resume", nil).is(200)
		w.settled()
		w.codes("created", "trigger_never")
		w.holds("only the first is there", len(w.ashby.people()) == 1)
	}},
	{name: "Each event uses its own campaign's settings, and marks are of the person", run: func(w *world) {
		w.connected("trigger", "never")
		spring := of("email_reply", "zoe").known().override("campaign", "ann", "trigger", "never").by("ann", true)
		autumn := of("email_sent", "zoe").override("campaign", "ann", "trigger", "on_reply").by("ann", true)
		autumn["campaign"] = object{"id": "autumn"}
		w.sends(spring, autumn)
		w.settled()
		w.codes("trigger_never", "created")
		w.holds("the second names its level", w.story(autumn).text("settings.trigger.level") == "campaign")
	}},
	{name: "The same text twice in a minute under different ids is two notes", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known(), of("email_sent", "zoe"))
		w.settled()
		notes := w.ashby.notes("zoe")
		w.holds("there are two notes with different references", len(notes) == 2 && !strings.EqualFold(notes[0].Content, notes[1].Content))
	}},
	{name: "When the trigger changes to on_add nobody is created before their next campaign event", run: func(w *world) {
		w.connected()
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.settings("trigger", "on_add")
		w.holds("nothing is written by the change", len(w.ashby.writes()) == 0)
		w.sends(of("email_sent", "zoe"))
		w.settled()
		w.codes("withheld_until_marked", "created")
		w.ashby.wrote("candidate.create", "candidate.createNote")
	}},
	{name: "With backfill what was withheld is written on late sync, in order and with its own time", run: func(w *world) {
		w.connected("backfill", true)
		w.sends(of("email_sent", "zoe").known().says("body", "the first"), of("email_sent", "zoe").says("body", "the second"))
		w.settled()
		w.sends(of("email_reply", "zoe").stage("Interested").says("body", "the third"))
		w.eventually("three notes", func() bool { c, ok := w.ashby.find("zoe"); return ok && len(w.ashby.notesOf(c.ID)) == 3 })
		for i, text := range []string{"the first", "the second", "the third"} {
			n := w.ashby.notes("zoe")[i]
			w.holds(text+" is in its place", strings.Contains(n.Content, text))
			w.holds(text+" has its own time", n.CreatedAt.Format("2006-01-02T15:04:05Z07:00") == w.sent[i]["occurred_at"] || n.CreatedAt.UTC().Format("15:04:05") == w.sent[i]["occurred_at"].(string)[11:19])
		}
	}},
	{name: "Without backfill what was withheld stays unwritten", run: func(w *world) {
		w.connected()
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.sends(of("email_reply", "zoe").stage("Interested"))
		w.settled()
		w.codes("withheld_until_marked", "created")
		w.holds("there is one note", len(w.ashby.notes("zoe")) == 1)
	}},
	{name: "A withheld event costs no call, and a note to a linked person is one", run: func(w *world) {
		w.connected()
		before := len(w.ashby.calls("candidate.search"))
		w.sends(of("email_sent", "yan").known())
		w.settled()
		w.holds("nothing was searched", len(w.ashby.calls("candidate.search")) == before)
		w.sends(of("email_reply", "zoe").known().stage("Interested"))
		w.settled()
		searched, read := len(w.ashby.calls("candidate.search")), len(w.ashby.calls("candidate.info"))
		w.sends(of("email_sent", "zoe"))
		w.settled()
		w.holds("no read was made", len(w.ashby.calls("candidate.search")) == searched && len(w.ashby.calls("candidate.info")) == read)
	}},
}
