package plan

import (
	"crypto/sha256"
	"encoding/base32"
	"html"
	"strings"
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

func noteStep(e event.Event, candidateID string) Step {
	return Step{StepNote, "candidate.createNote", body(
		arg{"candidateId", candidateID},
		arg{"note", object{{"type", "text/html"}, {"value", noteHTML(e)}}},
		arg{"sendNotifications", false},
		arg{"createdAt", e.OccurredAt.UTC().Format(ashbyTime)},
	)}
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
	} else {
		b.WriteString("\n")
	}
	ref := Ref(e.ID)
	if text := messageText(e); text != "" {
		room := MaxNote - utf8.RuneCountInString(b.String()) - len("<pre></pre>") - len(ref)
		b.WriteString("<pre>" + cut(text, room) + "</pre>")
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

// longestFact bounds each line of the heading, in characters.
const longestFact = 300

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
	if m := e.Message; m != nil {
		fact("Channel", string(m.Channel))
		fact("From", m.From)
		fact("To", m.To)
		fact("Subject", m.Subject)
		if m.Duration > 0 {
			fact("Duration", m.Duration.String())
		}
		if m.Automatic {
			facts = append(facts, "Automatic reply")
		}
	}
	if e.Message == nil || e.Message.Direction != event.Inbound {
		fact("By", firstOf(e.Actor.Name, e.Actor.Email))
	}
	return facts
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

// messageText is the message as plain text, without the quoted thread.
func messageText(e event.Event) string {
	if e.Message == nil {
		return ""
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(e.Message.Body)
	if strings.HasPrefix(strings.TrimSpace(text), "<") {
		text = htmlText(text)
	}
	text = field.Printable(text)
	if e.Message.Channel == event.Email {
		text = withoutThread(text)
	}
	return strings.TrimSpace(text)
}

const cutMark = " … [cut]"

// cut escapes text and, where it is longer than room (characters), cuts it
// behind a word and marks that.
func cut(text string, room int) string {
	whole := escape(text)
	if utf8.RuneCountInString(whole) <= room {
		return whole
	}
	room -= len([]rune(cutMark))
	used, end, wordEnd := 0, 0, 0
	for i, r := range text {
		n := utf8.RuneCountInString(escape(string(r)))
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
	return escape(strings.TrimRightFunc(text[:end], unicode.IsSpace)) + cutMark
}
