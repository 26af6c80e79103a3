package plan

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

func reply(body string) event.Event {
	return event.Event{
		ID: "evt-1", Type: event.EmailReply, OccurredAt: time.Unix(1_700_000_000, 0),
		Message: &event.Message{Channel: event.Email, Direction: event.Inbound, Body: body},
	}
}

func TestNoteEscapesWhatPeopleWrite(t *testing.T) {
	e := reply(`5 < 6 & "x" <script>alert(1)</script>`)
	e.Campaign = &event.Campaign{Name: `<img src=x onerror=alert(1)>`}
	got := noteHTML(e)
	if strings.Contains(got, "<script") || strings.Contains(got, "<img") {
		t.Errorf("unescaped: %s", got)
	}
	if !strings.Contains(got, `5 &lt; 6 &amp; &#34;x&#34;`) {
		t.Errorf("text lost: %s", got)
	}
}

func TestNoteUsesOnlyTagsThatAshbyKeeps(t *testing.T) {
	kept := regexp.MustCompile(`</?(b|i|u|a|ul|ol|li|code|pre)>`)
	e := reply("<p>Hello</p><table><tr><td>x</td></tr></table>")
	e.Campaign = &event.Campaign{Name: "Q4"}
	if rest := kept.ReplaceAllString(noteHTML(e), ""); strings.ContainsAny(rest, "<>") {
		t.Errorf("other tags are left: %s", rest)
	}
}

func TestNoteWithoutBodyIsTheHeading(t *testing.T) {
	if got, want := noteHTML(reply("")), "<b>Email reply</b><ul><li>Channel: email</li></ul>\n"+Ref("evt-1"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	bare := event.Event{ID: "evt-1", Type: event.OptedOut}
	if got, want := noteHTML(bare), "<b>Opted out</b>\n"+Ref("evt-1"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestNoteOfAnEventWithoutAMessageNamesTheTypesChannel(t *testing.T) {
	for typ, want := range map[event.Type]string{
		event.VoicemailLeft: "<ul><li>Channel: phone</li></ul>\n", event.LinkedInConnectionAccepted: "<ul><li>Channel: linkedin</li></ul>\n",
		event.CampaignAdded: "\n",
	} {
		want = "<b>" + headings[typ] + "</b>" + want + Ref("evt-1")
		if got := noteHTML(event.Event{ID: "evt-1", Type: typ}); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	e := reply("")
	e.Message.Channel = ""
	if got := noteHTML(e); !strings.Contains(got, "<li>Channel: email</li>") {
		t.Errorf("a message without a channel: %s", got)
	}
}

func TestNoteLinksToTheMessageOrNotAtAll(t *testing.T) {
	e := reply("Sure")
	e.Message.URL = "https://mail.example/t/1?a=1&b=" + strings.Repeat("x", 1000)
	if got, want := noteHTML(e), "<li>Link: "+strings.ReplaceAll(e.Message.URL, "&", "&amp;")+"</li>"; !strings.Contains(got, want) {
		t.Errorf("%s, want %s in it", got, want)
	}
	for name, link := range map[string]string{"none": " ", "one that would have to be cut": "https://x.example/?" + strings.Repeat("&", 1000)} {
		e.Message.URL = link
		if got := noteHTML(e); strings.Contains(got, "Link") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestNoteTellsADurationAsPeopleDo(t *testing.T) {
	for d, want := range map[time.Duration]string{
		30 * time.Minute: "30 min", 95 * time.Second: "1 min 35 s", 12 * time.Second: "12 s", 65 * time.Minute: "1 h 5 min",
		2*time.Hour + time.Second: "2 h 1 s", 1500 * time.Millisecond: "2 s", 100 * time.Millisecond: "1 s", 59*time.Second + 600*time.Millisecond: "1 min",
	} {
		e := reply("")
		e.Message.Duration = d
		if got := noteHTML(e); !strings.Contains(got, "<li>Duration: "+want+"</li>") {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
	if got := noteHTML(reply("")); strings.Contains(got, "Duration") {
		t.Errorf("none: %s", got)
	}
}

func TestNoteOfTheLongestFactsKeepsToItsLength(t *testing.T) {
	long := strings.Repeat(`"`, 5000)
	e := reply(long + long)
	e.Campaign = &event.Campaign{Name: long, Step: long}
	e.Actor.Name, e.Message.Direction = long, event.Outbound
	e.Message.From, e.Message.To, e.Message.Subject, e.Message.URL = long, long, long, strings.Repeat(`"`, 400)
	if n := utf8.RuneCountInString(noteHTML(e)); n > MaxNote {
		t.Errorf("%d characters", n)
	}
}

func TestNoteIsCutBehindAWordWithinItsLength(t *testing.T) {
	for name, text := range map[string]string{
		"words": strings.Repeat("word & more ", 5000), "one endless word": strings.Repeat("é", 50_000),
		"markup": strings.Repeat("<>&\"' ", 20_000),
	} {
		got := noteHTML(reply(text))
		n := utf8.RuneCountInString(got)
		if n > MaxNote || n < MaxNote-400 {
			t.Errorf("%s: %d characters, want at most %d and not much less", name, n, MaxNote)
		}
		if !strings.HasSuffix(got, " … [cut]</pre>\n"+Ref("evt-1")) {
			t.Errorf("%s: ends with %q", name, got[len(got)-60:])
		}
	}
	whole := noteHTML(reply(strings.Repeat("word & more ", 5000)))
	if !regexp.MustCompile(`(word|&amp;|more) … \[cut\]`).MatchString(whole) {
		t.Errorf("cut inside a word: %q", whole[len(whole)-60:])
	}
}

func TestThreadIsCutByOneRule(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"gmail":                   {"Sure!\r\n\r\nOn Mon, Nov 2, 2026 at 10:00, Bob <b@x.io> wrote:\r\n> Hi\r\n> there", "Sure!"},
		"gmail over two lines":    {"Sure!\n\nOn Mon, Nov 2, 2026 at 10:00, Bob Longname\n<b@x.io> wrote:\n> Hi", "Sure!"},
		"original message":        {"Yes\n\n-----Original Message-----\nFrom: Bob\nHi", "Yes"},
		"outlook":                 {"Yes\n________________________________\nFrom: Bob\nSent: Monday\nTo: Ada\n\nHi", "Yes"},
		"outlook, no line":        {"Yes\n\nFrom: Bob <b@x.io>\nSent: Monday\nSubject: x\n\nHi", "Yes"},
		"quote at the end":        {"Yes\n> Hi\n> there\n\n", "Yes"},
		"answers in between stay": {"> Hi\nYes\n> there?\nNo", "> Hi\nYes\n> there?\nNo"},
		"nothing but a thread":    {"On Mon, Nov 2, 2026 at 10:00, Bob <b@x.io> wrote:\n> Hi", "On Mon, Nov 2, 2026 at 10:00, Bob <b@x.io> wrote:\n> Hi"},
		"a sentence with wrote":   {"On reflection I wrote: yes.\nMore", "On reflection I wrote: yes.\nMore"},
		"HTML":                    {"<div>Sure<br>thing &amp; more</div><style>p{}</style><blockquote>Hi</blockquote>", "Sure\nthing & more"},
		"CRLF and CR":             {"a\r\nb\rc", "a\nb\nc"},
	} {
		if got := messageText(reply(c.body)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestThreadRuleIsForEmailOnly(t *testing.T) {
	e := reply("Yes\n> quoted by hand")
	e.Message.Channel = event.WhatsApp
	if got := messageText(e); got != "Yes\n> quoted by hand" {
		t.Errorf("%q", got)
	}
}

func FuzzNoteKeepsItsPromises(f *testing.F) {
	f.Add("<p>x</p>", "subject")
	f.Add(strings.Repeat("&", 30_000), "\x00\xff")
	f.Add("<", "<b>")
	f.Fuzz(func(t *testing.T, text, subject string) {
		e := reply(text)
		e.Message.Subject = subject
		got := noteHTML(e)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > MaxNote {
			t.Fatalf("%d characters, valid %v", utf8.RuneCountInString(got), utf8.ValidString(got))
		}
		if !strings.HasSuffix(got, Ref(e.ID)) {
			t.Fatal("the last line is not the reference")
		}
		rest := regexp.MustCompile(`</?(b|ul|li|pre)>`).ReplaceAllString(got, "")
		if strings.ContainsAny(rest, "<>") {
			t.Fatalf("markup of the message's own: %q", rest)
		}
	})
}

func TestTheReferenceIsALineOfItsOwn(t *testing.T) {
	for _, e := range []event.Event{reply("Yes."), reply(""), {ID: "evt-1", Type: event.OptedOut}} {
		if got := noteHTML(e); !strings.HasSuffix(got, "\n"+Ref("evt-1")) {
			t.Errorf("%q", got)
		}
	}
}

func TestTextThatOnlyBeginsLikeATagIsKept(t *testing.T) {
	for body, want := range map[string]string{
		"<3 thanks, let us talk":                 "&lt;3 thanks, let us talk",
		"<ada@example.com> is my address":        "&lt;ada@example.com&gt; is my address",
		"<p>5 < 6, and 7 > 6</p><p>so</p>":       "5 &lt; 6, and 7 &gt; 6\nso",
		"<!DOCTYPE html><html><p>Hi</p></html>":  "Hi",
		"<br/>Hi":                                "Hi",
		"<a href=\"x\">link</a> and <unknown>x":  "link and x",
		"<div>a</div\n><div class='>'>b</div>":   "a\n'&gt;b",
		"<b>never closed":                        "never closed",
		"<script>x()</script><p>seen</p><style>": "seen",
	} {
		e := reply(body)
		e.Message.Channel = event.SMS
		if got := noteHTML(e); !strings.Contains(got, "<pre>"+strings.ReplaceAll(want, "'", "&#39;")+"</pre>") {
			t.Errorf("%q gives %q, want %q", body, got, want)
		}
	}
}

func TestANoteNamesWhoWrote(t *testing.T) {
	actor, owner := event.Actor{Name: "Ingrid"}, event.Actor{Email: "owner@example.com"}
	who := event.Person{Snapshot: contact.Snapshot{contact.FirstName: {Text: "Ada"}, contact.LastName: {Text: "Lane"}}}
	for name, c := range map[string]struct {
		e    event.Event
		want string // of all that name somebody
	}{
		"sent by a user":                    {event.Event{Type: event.SMSSent, Actor: actor, Person: who}, "By: Ingrid"},
		"sent by nobody in particular":      {event.Event{Type: event.SMSSent, Campaign: &event.Campaign{ID: "c", Owner: owner}, Person: who}, "By: owner@example.com"},
		"an answer is the person's":         {event.Event{Type: event.SMSReply, Actor: actor, Person: who}, "From: Ada Lane"},
		"its direction need not be said":    {event.Event{Type: event.SMSReply, Actor: actor, Person: who, Message: &event.Message{Body: "Yes"}}, "From: Ada Lane"},
		"but its sender counts":             {event.Event{Type: event.SMSReply, Actor: actor, Person: who, Message: &event.Message{From: "+44"}}, "From: +44"},
		"inbound, whatever the type":        {event.Event{Type: event.CallCompleted, Actor: actor, Person: who, Message: &event.Message{Direction: event.Inbound}}, "From: Ada Lane"},
		"an outbound one from somebody":     {event.Event{Type: event.EmailSent, Actor: actor, Message: &event.Message{From: "i@example.com"}}, "From: i@example.com|By: Ingrid"},
		"an opt-out is nobody's but theirs": {event.Event{Type: event.OptedOut, Person: who}, ""},
	} {
		var named []string
		for _, fact := range noteFacts(c.e) {
			if strings.HasPrefix(fact, "By: ") || strings.HasPrefix(fact, "From: ") {
				named = append(named, fact)
			}
		}
		if got := strings.Join(named, "|"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
