package plan

import (
	"crypto/sha256"
	"encoding/base32"
	"html"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// MaxNote is the length of a note in characters, all of it counted.
const MaxNote = 20_000

// ashbyTime is how Ashby's documentation writes a moment.
const ashbyTime = "2006-01-02T15:04:05.000Z"

// Ref is the last line of an event's note: by it the note is found again in Ashby.
func Ref(eventID string) string {
	sum := sha256.Sum256([]byte(eventID))
	return "Ref SW-" + base32.StdEncoding.EncodeToString(sum[:])[:10]
}

func (p *planner) noteStep(candidateID string) Step {
	args := []arg{
		{"candidateId", candidateID},
		{"note", object{{"type", "text/html"}, {"value", noteHTML(p.Event)}}},
		{"sendNotifications", false},
	}
	if p.private() {
		args = append(args, arg{"isPrivate", true})
	}
	args = append(args, arg{"createdAt", p.Event.OccurredAt.UTC().Format(ashbyTime)})
	return Step{StepNote, "candidate.createNote", body(args...)}
}

// noteHTML builds a note from the tags that Ashby keeps (b, ul, li, pre); every
// text is escaped. Paragraphs and line breaks are not among the tags, so that the
// message stands in a pre.
func noteHTML(e event.Event) string {
	var b strings.Builder
	b.WriteString("<b>" + escape(headings[e.Type]) + "</b>")
	if facts := noteFacts(e); len(facts) > 0 {
		b.WriteString("<ul>")
		for _, f := range facts {
			b.WriteString("<li>" + escape(f) + "</li>")
		}
		b.WriteString("</ul>")
	}
	ref := "\n" + Ref(e.ID) // a line of its own also where Ashby shows the text alone
	if text := messageText(e); text != "" {
		room := MaxNote - utf8.RuneCountInString(b.String()) - len("<pre></pre>") - len(ref)
		b.WriteString("<pre>" + cut(text, room, escape) + "</pre>")
	}
	return b.String() + ref
}

var headings = map[event.Type]string{
	event.EmailSent: "Email sent", event.EmailReply: "Email reply", event.EmailBounced: "Email bounced",
	event.LinkedInConnectionSent:     "LinkedIn connection request sent",
	event.LinkedInConnectionAccepted: "LinkedIn connection accepted",
	event.LinkedInMessageSent:        "LinkedIn message sent", event.LinkedInMessageReply: "LinkedIn message reply",
	event.LinkedInInMailSent: "LinkedIn InMail sent", event.LinkedInInMailReply: "LinkedIn InMail reply",
	event.SMSSent: "SMS sent", event.SMSReply: "SMS reply",
	event.WhatsAppSent: "WhatsApp message sent", event.WhatsAppReply: "WhatsApp reply",
	event.CallCompleted: "Call completed", event.VoicemailLeft: "Voicemail left",
	event.TaskCompleted: "Task completed", event.MeetingBooked: "Meeting booked",
	event.StageChanged: "Stage changed", event.OptedOut: "Opted out",
	event.CampaignAdded: "Added to campaign", event.CampaignFinished: "Campaign finished",
}

// Each line of the heading is bounded, in characters: a fact is cut; a link, which
// would then lead nowhere, is left out when it is longer, escaped.
const (
	longestFact = 300
	longestLink = 2_000
)

func noteFacts(e event.Event) []string {
	var facts []string
	fact := func(name, value string) {
		if value = oneLine(value); value != "" {
			facts = append(facts, shorten(name+": "+value, longestFact))
		}
	}
	if c := e.Campaign; c != nil {
		fact("Campaign", firstOf(c.Name, c.ID))
		fact("Step", c.Step)
	}
	fact("Stage", string(e.Person.Stage))
	fact("Channel", string(channelOf(e)))
	if inbound(e) && (e.Message == nil || oneLine(e.Message.From) == "") {
		fact("From", nameIn(e.Person.Snapshot))
	}
	if m := e.Message; m != nil {
		fact("From", m.From)
		fact("To", m.To)
		fact("Subject", m.Subject)
		fact("Duration", plainly(m.Duration))
		if link := oneLine(m.URL); link != "" && utf8.RuneCountInString(escape(link)) <= longestLink {
			facts = append(facts, "Link: "+link)
		}
		if m.Automatic {
			facts = append(facts, "Automatic reply")
		}
	}
	if !inbound(e) {
		fact("By", sender(e))
	}
	return facts
}

// inbound reports whether the event is something that the person did.
func inbound(e event.Event) bool {
	if e.Message != nil && e.Message.Direction != "" {
		return e.Message.Direction == event.Inbound
	}
	return e.Type.Reply()
}

// sender names who acted for the team: the acting user, or the campaign's owner.
func sender(e event.Event) string {
	by := firstOf(e.Actor.Name, e.Actor.Email)
	if by == "" && e.Campaign != nil {
		by = firstOf(e.Campaign.Owner.Name, e.Campaign.Owner.Email)
	}
	return by
}

// channelOf is the message's channel, or else the one that the type goes over.
func channelOf(e event.Event) event.Channel {
	if e.Message != nil && e.Message.Channel != "" {
		return e.Message.Channel
	}
	return e.Type.Channel()
}

// plainly writes a duration as people do, such as "1 min 35 s", to the second and
// at least one; empty when there is none.
func plainly(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	seconds := max(int64(d.Round(time.Second)/time.Second), 1)
	var parts []string
	for _, unit := range []struct {
		seconds int64
		name    string
	}{{3600, "h"}, {60, "min"}, {1, "s"}} {
		if n := seconds / unit.seconds; n > 0 {
			parts = append(parts, strconv.FormatInt(n, 10)+" "+unit.name)
		}
		seconds %= unit.seconds
	}
	return strings.Join(parts, " ")
}

func firstOf(a, b string) string {
	if strings.TrimSpace(a) != "" {
		return a
	}
	return b
}

func oneLine(s string) string { return strings.Join(strings.Fields(field.Printable(s)), " ") }

func shorten(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

func escape(s string) string { return html.EscapeString(s) }

var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// messageText is the message as plain text, without the quoted thread.
func messageText(e event.Event) string {
	if e.Message == nil {
		return ""
	}
	text := newlines.Replace(e.Message.Body)
	if startsWithTag().MatchString(text) {
		text = htmlText(text)
	}
	text = field.Printable(text)
	if channelOf(e) == event.Email {
		text = withoutThread(text)
	}
	return strings.TrimSpace(text)
}

const cutMark = " … [cut]"

// cut writes text as HTML and, where it is longer than room (characters), cuts it
// behind a word and marks that.
func cut(text string, room int, write func(string) string) string {
	whole := write(text)
	if utf8.RuneCountInString(whole) <= room {
		return whole
	}
	room -= len([]rune(cutMark))
	used, end, wordEnd := 0, 0, 0
	for i, r := range text {
		n := utf8.RuneCountInString(write(string(r)))
		if used+n > room {
			break
		}
		if unicode.IsSpace(r) {
			wordEnd = i
		}
		used, end = used+n, i+utf8.RuneLen(r)
	}
	if wordEnd > end/2 {
		end = wordEnd // a single endless word is cut where it is
	}
	return write(strings.TrimRightFunc(text[:end], unicode.IsSpace)) + cutMark
}
