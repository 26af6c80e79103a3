// Package campaign plays SourceWhale: it makes up an outreach campaign, event by
// event, and sends it signed, as SourceWhale's webhooks would. People, texts and
// times follow from the campaign's name alone, so that playing one again is a
// second delivery of every event.
package campaign

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"
)

// Campaign to be played.
type Campaign struct {
	Team   string
	Name   string
	People int
	Now    time.Time // the last events are of about this time
}

// Event in the contract's JSON.
type Event struct {
	ID         string       `json:"id"`
	Type       string       `json:"type"`
	OccurredAt time.Time    `json:"occurred_at"`
	Origin     string       `json:"origin,omitempty"`
	Actor      *actor       `json:"actor,omitempty"`
	Campaign   *campaignRef `json:"campaign,omitempty"`
	Person     person       `json:"person"`
	Message    *message     `json:"message,omitempty"`
}

type actor struct {
	ID    string `json:"id"`
	Email string `json:"email,omitempty"`
	Name  string `json:"name,omitempty"`
}

type campaignRef struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Owner *actor `json:"owner,omitempty"`
	Step  string `json:"step,omitempty"`
}

type person struct {
	ID       string         `json:"id"`
	Stage    string         `json:"stage,omitempty"`
	Snapshot map[string]any `json:"snapshot,omitempty"`
	Changed  []string       `json:"changed,omitempty"`
}

type message struct {
	Subject string `json:"subject,omitempty"`
	Body    string `json:"body,omitempty"`
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
	Thread  string `json:"thread,omitempty"`
}

// PerPerson is how many events each person has: an add, four messages, a reply,
// a change of stage and a manual edit.
const PerPerson = 8

// Events gives the campaign's events in the order in which they happened.
func (c Campaign) Events() []Event {
	out := make([]Event, 0, c.People*PerPerson)
	for step := range PerPerson {
		for i := range c.People {
			out = append(out, c.event(i, step))
		}
	}
	return out
}

// PersonID gives the i-th person's id.
func (c Campaign) PersonID(i int) string { return fmt.Sprintf("%s-p%04d", c.id(), i+1) }

func (c Campaign) id() string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(c.Name)), "-")
}

var types = [PerPerson]string{
	"campaign_added", "email_sent", "email_sent", "linkedin_message_sent", "email_sent", "email_reply", "stage_changed", "contact_edited",
}

func (c Campaign) event(i, step int) Event {
	who, address := c.contact(i)
	start := c.Now.Add(-8 * 24 * time.Hour).UTC().Truncate(time.Second)
	e := Event{
		ID:         fmt.Sprintf("%s-%d", c.PersonID(i), step+1),
		Type:       types[step],
		OccurredAt: start.Add(time.Duration(step)*24*time.Hour + time.Duration(i)*time.Second),
		Actor:      &actor{ID: "u-robin", Email: "robin@team.example.com", Name: "Robin"},
		Campaign:   &campaignRef{ID: c.id(), Name: c.Name, Owner: &actor{ID: "u-robin"}, Step: fmt.Sprint(step + 1)},
		Person:     person{ID: c.PersonID(i)},
	}
	switch e.Type {
	case "campaign_added":
		e.Person.Snapshot, e.Person.Stage = who, "Sourced"
	case "email_sent", "linkedin_message_sent":
		e.Message = &message{
			Subject: "A role you may like", From: "robin@team.example.com", To: address, Thread: c.PersonID(i),
			Body: fmt.Sprintf("Hello %s,\n\nmessage %d of this campaign.\n\nBest,\nRobin", who["firstName"], step),
		}
	case "email_reply":
		e.Message = &message{
			Subject: "Re: A role you may like", From: address, To: "robin@team.example.com", Thread: c.PersonID(i),
			Body: "Thank you, " + answers[i%len(answers)] + "\n\nOn Mon, Robin <robin@team.example.com> wrote:\n> Hello",
		}
	case "stage_changed":
		e.Person.Stage = stages[i%len(stages)]
	case "contact_edited":
		e.Origin = "manual"
		e.Person.Snapshot = map[string]any{"phones": []string{fmt.Sprintf("+44 20 7946 %04d", i%10_000)}}
		e.Person.Changed = []string{"phones"}
	}
	return e
}

var (
	answers = []string{"tell me more.", "not now.", "happy to talk on Thursday.", "who is the client?"}
	stages  = []string{"Interested", "NotInterested", "Meeting", "Replied"}
	first   = []string{"Alma", "Bruno", "Chiara", "Dario", "Esra", "Felix", "Gita", "Henrik", "Iris", "Jamal", "Kaja", "Leon"}
	last    = []string{"Abara", "Brandt", "Costa", "Dvorak", "Eklund", "Farkas", "Greco", "Horvat", "Ivers", "Jensen", "Kowal"}
	titles  = []string{"Backend Engineer", "Data Engineer", "Product Manager", "Designer"}
	firms   = []string{"Harbor Labs", "Quarry Systems", "Lighthouse Retail", "Meadow Health"}
	// known are people whom the simulated Ashby has from the start.
	known = [][2]string{{"Ada", "Lindqvist"}, {"Marcus", "Okafor"}, {"Elena", "Petrova"}, {"Jonas", "Bakken"}, {"Mei", "Tanaka"}}
)

// contact gives the i-th person's variables and email address. Every fifth of the first 25 is known
// to the simulated Ashby already.
func (c Campaign) contact(i int) (variables map[string]any, email string) {
	h := fnv.New32a()
	_, _ = fmt.Fprintf(h, "%s/%d", c.Name, i)
	n := int(h.Sum32() >> 1)
	name := [2]string{first[n%len(first)], last[n/len(first)%len(last)]}
	email = fmt.Sprintf("%s.%s.%s%d@example.com", name[0], name[1], c.id(), i+1)
	if i%5 == 4 && i/5 < len(known) {
		name = known[i/5]
		email = name[0] + "." + name[1] + "@example.com"
	}
	email = strings.ToLower(email)
	return map[string]any{
		"firstName": name[0], "lastName": name[1], "emails": []string{email},
		"company": firms[n%len(firms)], "role": titles[n/7%len(titles)], "city": "London", "country": "United Kingdom",
		"socialLinks": []string{"https://www.linkedin.com/in/" + strings.ToLower(name[0]+"-"+name[1]) + fmt.Sprintf("-%s-%d", c.id(), i+1)},
		"source":      "SourceWhale",
	}, email
}
