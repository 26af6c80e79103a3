package acceptance_test

import (
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

var noteCases = []story{
	{name: "A note names campaign, step, channel and sender, has the event's own time, and a reference", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known().set("actor", object{"id": "robin", "name": "Robin Vale"}).set("occurred_at", "2026-11-20T10:00:00Z"))
		w.settled()
		n := w.ashby.notes("zoe")[0]
		for _, part := range []string{"Spring", "robin@team.example.com", "may we talk?", "Ref SW-"} {
			w.holds("it has "+part, strings.Contains(n.Content, part))
		}
		w.same("time", n.CreatedAt.UTC().Format("2006-01-02T15:04:05Z"), "2026-11-20T10:00:00Z")
	}},
	{name: "A type that is not chosen gives no note, and the person is synced all the same", run: func(w *world) {
		w.connected("trigger", "on_add", "note_types", []string{"sms_sent"})
		e := of("email_sent", "zoe").known()
		w.sends(e, of("sms_sent", "zoe").says("body", "hello"))
		w.settled()
		w.codes("created", "synced")
		w.same("why", w.story(e).text("note.code"), "note_type_off")
		w.holds("one note", len(w.ashby.notes("zoe")) == 1)
	}},
	{name: "By default replies, calls, meetings and opt-outs give notes, and stage changes do not", run: func(w *world) {
		w.connected("trigger", "on_add")
		all := []event{of("campaign_added", "zoe").known()}
		kinds := []string{"email_reply", "linkedin_inmail_sent", "sms_reply", "call_completed", "voicemail_left", "meeting_booked", "opted_out", "stage_changed", "whatsapp_sent", "task_completed", "campaign_finished"}
		for _, kind := range kinds {
			all = append(all, of(kind, "zoe").known())
		}
		w.sends(all...)
		w.settled()
		w.holds("seven notes", len(w.ashby.notes("zoe")) == 7)
	}},
	{name: "A reply's quoted thread is stripped", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_reply", "zoe").known().says("body", "Thursday suits me.\r\n\r\nOn Mon, 9 Nov 2026 at 10:00, Robin <robin@team.example.com> wrote:\r\n> may we talk?"))
		w.settled()
		n := w.ashby.notes("zoe")[0].Content
		w.holds("the answer is there and the thread is not", strings.Contains(n, "Thursday suits me.") && !strings.Contains(n, "may we talk?"))
	}},
	{name: "A message without a body is a heading only", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known().set("message", nil))
		w.settled()
		w.holds("there is a note with a reference", strings.Contains(w.ashby.notes("zoe")[0].Content, "Ref SW-"))
	}},
	{name: "A long message is cut at 20,000 characters with a mark, and keeps its reference", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known().says("body", strings.Repeat("word ", 6000)))
		w.settled()
		n := w.ashby.notes("zoe")[0].Content
		w.holds("it is cut", len(n) < 21_000 && strings.Contains(n, "Ref SW-"))
	}},
	{name: "What a stranger wrote does nothing in Ashby", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_reply", "zoe").known().says("body", `<script>alert(1)</script><b onclick="x()">bold</b> <img src=x onerror=alert(2)> a < b`))
		w.settled()
		n := w.ashby.notes("zoe")[0].Content
		for _, bad := range []string{"<script", "onclick", "<img", "onerror="} {
			w.holds("no "+bad, !strings.Contains(n, bad) || strings.Contains(n, "&lt;"))
		}
	}},
	{name: "Notes are private where the team wants it and the key may", run: func(w *world) {
		w.connected("trigger", "on_add", "private_notes", true)
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.holds("it is private", w.ashby.notes("zoe")[0].IsPrivate)
	}},
	{name: "Notes are not private by default", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.holds("it is not private", !w.ashby.notes("zoe")[0].IsPrivate)
	}},
	{name: "Private notes with a key that may not write them are written openly, as the setting says", run: func(w *world) {
		w.ashby.key = w.ashby.newKey(func(k *ashbytest.Key) { k.Private = false })
		w.connected("trigger", "on_add", "private_notes", true)
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		notes := w.ashby.notes("zoe")
		w.holds("one note", len(notes) == 1 && !notes[0].IsPrivate)
	}},
	{name: "With native email on a mail is filed as an email message and not as a note", run: func(w *world) {
		w.connected("trigger", "on_add", "native_email", true)
		e := of("email_sent", "zoe").known()
		w.sends(e, of("linkedin_message_sent", "zoe"))
		w.settled()
		emails := w.ashby.emails("zoe")
		w.holds("one email and one note", len(emails) == 1 && len(w.ashby.notes("zoe")) == 1)
		w.same("told as", w.story(e).text("note.as"), "email")
	}},
	{name: "With native email on a mail that lacks a part is a note, and the event says what it lacked", run: func(w *world) {
		w.connected("trigger", "on_add", "native_email", true)
		for _, part := range []string{"subject", "from", "to", "body"} {
			e := of("email_sent", "zoe").known().says(part, nil)
			w.sends(e)
			w.settled()
			w.holds("it lacked "+part, strings.Contains(w.story(e).text("note.lacks"), part))
		}
		w.holds("four notes, no email", len(w.ashby.notes("zoe")) == 4 && len(w.ashby.emails("zoe")) == 0)
	}},
	{name: "With native email off a mail is a note", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.holds("a note, no email", len(w.ashby.notes("zoe")) == 1 && len(w.ashby.emails("zoe")) == 0)
	}},
	{name: "An email whose answer was lost is filed once", run: func(w *world) {
		w.connected("trigger", "on_add", "native_email", true)
		w.sends(of("campaign_added", "zoe").known())
		w.settled()
		w.ashby.breaks(ashbytest.Fault{Kind: ashbytest.BrokenAfter, Endpoints: []string{"candidate.addEmailMessage"}, Count: 1})
		w.sends(of("email_sent", "zoe"))
		w.settled()
		w.codes("created", "synced")
		w.holds("one email", len(w.ashby.emails("zoe")) == 1)
	}},
	{name: "A person's notes are in the order of what happened", run: func(w *world) {
		w.connected("trigger", "on_add")
		var all []event
		for i := range 6 {
			e := of("email_sent", "zoe").known().says("body", "message "+string(rune('a'+i)))
			all = append(all, e)
		}
		w.sends(all...)
		w.settled()
		var seen []string
		for _, n := range w.ashby.notes("zoe") {
			_, after, _ := strings.Cut(n.Content, "message ")
			seen = append(seen, after[:1])
		}
		w.holds("in order", slices.IsSorted(seen) && len(seen) == 6)
	}},
}
