package ashbytest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

func TestANoteIsAStringOrATypedValue(t *testing.T) {
	r := overHTTP(t)
	for body, content := range map[string]string{
		`{"candidateId":"«candidate:0»","note":"plain <b>as is</b>\nsecond line"}`:                           "plain <b>as is</b>\nsecond line",
		`{"candidateId":"«candidate:0»","note":{"type":"text/plain","value":"a < b"}}`:                       "a < b",
		`{"candidateId":"«candidate:0»","note":{"type":"text/html","value":"<b>Replied</b>: open to chat"}}`: "<b>Replied</b>: open to chat",
	} {
		out := r.ok("candidate.createNote", body)
		if got := out.text("results.content"); got != content {
			t.Errorf("%s: content %q", body, got)
		}
		out.want(map[string]string{"results.isPrivate": `false`, "results.author.firstName": `"Ingrid"`})
	}
	for _, note := range []string{`7`, `""`, `null`, `{"type":"text/markdown","value":"x"}`, `{"type":"text/html"}`, `{"value":"x"}`, `["x"]`} {
		r.fails("candidate.createNote", `{"candidateId":"«candidate:0»","note":`+note+`}`, "invalid_input")
	}
	r.fails("candidate.createNote", `{"candidateId":"«nobody»","note":"x"}`, "candidate_not_found")
}

func TestHTMLKeepsNineElementsAndTheTextOfTheRest(t *testing.T) {
	r := overHTTP(t)
	for html, want := range map[string]string{
		`<b>b</b><i>i</i><u>u</u><code>c</code><pre>p</pre>`:                           `<b>b</b><i>i</i><u>u</u><code>c</code><pre>p</pre>`,
		`<ul><li>one</li></ul><ol><li>two</li></ol>`:                                   `<ul><li>one</li></ul><ol><li>two</li></ol>`,
		`<p>first</p><br><h1>second</h1>`:                                              `firstsecond`,
		`<table><tr><td>cell</td></tr></table>`:                                        `cell`,
		`<a href="https://example.com/?a=1&amp;b=2" target="x" onclick="y()">link</a>`: `<a href="https://example.com/?a=1&amp;b=2">link</a>`,
		`<B CLASS="x">loud</B>`:                                                        `<b>loud</b>`,
		`<img src="x" onerror="y()">kept`:                                              `kept`,
		`<script>alert(1)</script><style>b{}</style>kept`:                              `kept`,
		`1 &lt; 2 &amp; 3 <unknown>x</unknown>`:                                        `1 &lt; 2 &amp; 3 x`,
		`<!-- gone -->kept`:                                                            `kept`,
		`<strong>not on the list</strong>`:                                             `not on the list`,
	} {
		body := encode(t, map[string]any{"candidateId": r.vars["candidate:0"], "note": map[string]string{"type": "text/html", "value": html}})
		if got := r.ok("candidate.createNote", body).text("results.content"); got != want {
			t.Errorf("%s\n got %s\nwant %s", html, got, want)
		}
	}
}

func TestNotesCanBeReadAsText(t *testing.T) {
	r := overHTTP(t)
	r.modes(func(m *ashbytest.Modes) { m.NoteContent = "text" })
	r.ok("candidate.createNote", `{"candidateId":"«candidate:0»","note":{"type":"text/html","value":"<b>Replied</b> &amp; <ul><li>keen</li></ul>"}}`)
	if got := r.ok("candidate.listNotes", `{"candidateId":"«candidate:0»"}`).text("results.0.content"); got != "Replied & keen" {
		t.Errorf("content %q", got)
	}
}

func TestNotesAlwaysAppend(t *testing.T) {
	r := overHTTP(t)
	for range 3 {
		r.ok("candidate.createNote", `{"candidateId":"«candidate:0»","note":"the same"}`)
	}
	ids := map[any]bool{}
	for _, id := range r.ok("candidate.listNotes", `{"candidateId":"«candidate:0»"}`).each("results", "id") {
		ids[id] = true
	}
	if len(ids) != 3 {
		t.Errorf("%d notes", len(ids))
	}
}

func TestNotesCanBeBackdatedAndAreListedByTheirTime(t *testing.T) {
	r := overHTTP(t)
	for _, note := range []string{`"b","createdAt":"2026-02-02T00:00:00.000Z"`, `"c","createdAt":"2026-03-03T00:00:00.000Z"`, `"a","createdAt":"2026-01-01T00:00:00.000Z"`} {
		r.ok("candidate.createNote", `{"candidateId":"«candidate:0»","note":`+note+`}`)
	}
	order := func() string {
		notes, _ := r.walk("candidate.listNotes", `{"candidateId":"«candidate:0»","limit":2}`, "content")
		var all strings.Builder
		for _, note := range notes {
			all.WriteString(note.(string))
		}
		return all.String()
	}
	if got := order(); got != "cba" {
		t.Errorf("order %q", got)
	}
	r.modes(func(m *ashbytest.Modes) { m.NoteOrder = "oldest" })
	if got := order(); got != "abc" {
		t.Errorf("order %q", got)
	}
	written := r.sim.Dump(r.made.Org)[0].Notes[r.vars["candidate:0"]]
	if time.Since(written[0].WrittenAt) > time.Minute || !written[0].CreatedAt.Equal(time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("written %v, created %v", written[0].WrittenAt, written[0].CreatedAt)
	}
}

const emailBody = `{"candidateId":"«candidate:0»","emailProviderEmailId":"sw-1","subject":"Hello","from":"Ingrid <ingrid@fjordlight-talent.example.com>","to":"ada.lindqvist@example.com","body":"<p>Hi</p>"}`

func TestAnEmailMessageIsStoredAsSent(t *testing.T) {
	r := overHTTP(t)
	r.ok("candidate.addEmailMessage", emailBody).want(map[string]string{
		"results.emailProviderEmailId": `"sw-1"`, "results.subject": `"Hello"`, "results.body": `"<p>Hi</p>"`,
		"results.threadId": `"sw-1"`, "results.userIsSender": `true`, "results.isPrivate": `false`, "results.cc": `null`,
	})
	r.ok("candidate.addEmailMessage", `{"candidateId":"«candidate:0»","emailProviderEmailId":"sw-2","subject":"Re","from":"ada.lindqvist@example.com",
		"to":"ingrid@fjordlight-talent.example.com","body":"x","sentAt":"2026-03-01T10:00:00.000Z","cc":"c@example.com","messageUrl":"https://example.com/m",
		"messageIdHeader":"<1@example.com>","threadId":"t-1","userId":"«user:tomas@fjordlight-talent.example.com»","isPrivate":true}`).
		want(map[string]string{
			"results.sentAt": `"2026-03-01T10:00:00.000Z"`, "results.threadId": `"t-1"`, "results.userIsSender": `false`,
			"results.isPrivate": `true`, "results.messageUrl": `"https://example.com/m"`,
		})
}

func TestAnEmailIDIsUniquePerKey(t *testing.T) {
	r := overHTTP(t)
	first := r.ok("candidate.addEmailMessage", emailBody).text("results.id")
	r.fails("candidate.addEmailMessage", emailBody, "email_message_already_exists")
	if second := r.as(ashbytest.SecondKey).ok("candidate.addEmailMessage", emailBody).text("results.id"); second == first {
		t.Error("another key got the first key's row")
	}
	r.modes(func(m *ashbytest.Modes) { m.EmailRepeat = "row" })
	if again := r.ok("candidate.addEmailMessage", emailBody).text("results.id"); again != first {
		t.Error("the repeat is a new row")
	}
	if n := len(r.sim.Dump(r.made.Org)[0].Emails[r.vars["candidate:0"]]); n != 2 {
		t.Errorf("%d emails", n)
	}
}

func TestAnEmailMessageNeedsItsSixParts(t *testing.T) {
	r := overHTTP(t)
	for _, part := range []string{"candidateId", "emailProviderEmailId", "subject", "from", "to", "body"} {
		body := strings.Replace(emailBody, `"`+part+`"`, `"threadId"`, 1)
		out := r.fails("candidate.addEmailMessage", body, "invalid_input")
		if !strings.Contains(out.text("errorInfo.message"), part) {
			t.Errorf("without %s: %s", part, out.raw)
		}
	}
	r.fails("candidate.addEmailMessage", strings.Replace(emailBody, "«candidate:0»", "«nobody»", 1), "candidate_not_found")
	r.fails("candidate.addEmailMessage", strings.Replace(emailBody, `"subject"`, `"userId":"«nobody»","subject"`, 1), "user_not_found")
}
