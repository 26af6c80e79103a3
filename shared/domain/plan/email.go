package plan

import (
	"net/mail"
	"strings"
	"unicode/utf8"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// StepEmail is the id of the step that files an email in a note's place.
const StepEmail = "email"

// ProviderID is an event's id as the email's: Ashby takes each once for a key.
func ProviderID(eventID string) string { return "sw-" + eventID }

// asEmail reports whether the event is one that goes to Ashby as an email, if it
// has all the parts of one.
func (p *planner) asEmail() bool {
	t := p.Event.Type
	return p.Standing.NativeEmail && (t == event.EmailSent || t == event.EmailReply)
}

// email is a message in the form in which Ashby takes it.
type email struct{ subject, from, to, body string }

func emailOf(e event.Event) email {
	m := e.Message
	if m == nil {
		return email{}
	}
	return email{
		subject: shorten(oneLine(m.Subject), longestFact), from: addressesIn(m.From, 1), to: addressesIn(m.To, mostRecipients),
		body: emailHTML(messageText(e)),
	}
}

// lacks names what is missing for an email; empty when it is whole.
func (m email) lacks() string {
	var out []string
	for _, part := range []struct{ name, text string }{{"subject", m.subject}, {"from", m.from}, {"to", m.to}, {"body", m.body}} {
		if part.text == "" {
			out = append(out, part.name)
		}
	}
	return strings.Join(out, ", ")
}

// mostRecipients bounds how many addresses of a message are told.
const mostRecipients = 20

// addressesIn gives the plain addresses of a header's text, such as
// "Ada Lane <ada@example.com>, b@example.com"; empty when one of them is none.
func addressesIn(text string, most int) string {
	list, err := mail.ParseAddressList(oneLine(text))
	if err != nil {
		return ""
	}
	var out []string
	for _, a := range list[:min(len(list), most)] {
		if !field.IsEmail(a.Address) {
			return ""
		}
		out = append(out, a.Address)
	}
	return strings.Join(out, ", ")
}

const lineBreak = "<br>"

// emailHTML is a message's text as HTML, as long as a note may be. Every text is
// escaped: what a stranger wrote is shown, and does nothing.
func emailHTML(text string) string {
	return cut(text, MaxNote, func(s string) string { return strings.ReplaceAll(escape(s), "\n", lineBreak) })
}

// emailStep files the email with the time at which it was sent. Members that the
// event does not say are left to Ashby.
func (p *planner) emailStep(m email, candidateID string) Step {
	e := p.Event
	args := []arg{
		{"candidateId", candidateID},
		{"emailProviderEmailId", ProviderID(e.ID)},
		{"subject", m.subject},
		{"from", m.from},
		{"to", m.to},
		{"body", m.body},
		{"sentAt", e.OccurredAt.UTC().Format(ashbyTime)},
	}
	if link := strings.TrimSpace(e.Message.URL); field.IsURL(link) {
		args = append(args, arg{"messageUrl", link})
	}
	args = withText(args, "messageIdHeader", bounded(oneLine(e.Message.Header)))
	args = withText(args, "threadId", bounded(oneLine(e.Message.Thread)))
	if p.private() {
		args = append(args, arg{"isPrivate", true})
	}
	return Step{StepEmail, "candidate.addEmailMessage", body(args...)}
}

// bounded gives an id, or nothing where it is too long to be one.
func bounded(id string) string {
	if utf8.RuneCountInString(id) > longestFact {
		return ""
	}
	return id
}

// private reports whether what is written of the event's message is to be private:
// the team wants that, and the key can see it again.
func (p *planner) private() bool { return p.Standing.PrivateNotes && p.Key.SeesPrivate }
