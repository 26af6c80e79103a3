package sim

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// campaign is how long a world's campaign goes on.
const campaign = 3 * time.Hour

// happen plans all that happens in the world.
func (w *World) happen() {
	for _, t := range w.teams {
		for _, h := range t.people {
			w.live(t, h)
		}
		w.deliver(t)
		if !w.busy {
			w.decide(t)
		}
	}
	end := campaign
	for range 2 + w.rand.IntN(3) {
		end = max(end, w.disturb())
	}
	w.calm = w.start.Add(end + time.Hour)
	for i := range w.outages {
		if w.outages[i].to.After(w.calm) {
			w.calm = w.outages[i].to
		}
	}
}

// live makes a contact's events.
func (w *World) live(t *team, h *human) {
	at := w.start.Add(time.Minute + time.Duration(w.rand.Int64N(int64(campaign/2))))
	company, role, city := 0, 0, 0
	types := []event.Type{event.CampaignAdded}
	if w.busy {
		at, types = w.start.Add(time.Minute), append(types, event.EmailSent)
	} else {
		for range 1 + w.rand.IntN(9) {
			types = append(types, moments[w.rand.IntN(len(moments))])
		}
	}
	emails := h.emails
	for i, kind := range types {
		if !w.busy {
			at = at.Add(time.Duration(1+w.rand.IntN(15*60)) * time.Second)
		}
		e := &accepted{team: t, human: h, Event: event.Event{
			ID: fmt.Sprintf("%s-e%d", h.id, i), Team: t.id, Type: kind, OccurredAt: at.UTC(), Origin: event.CampaignRun,
			Campaign: &event.Campaign{ID: "c1", Name: "Founders"}, Actor: event.Actor{ID: "u1", Name: "Robin"},
			Person: event.Person{ID: h.id},
		}}
		switch kind {
		case event.ContactEdited:
			e.Origin, e.Campaign = event.Manual, nil
			if w.rand.IntN(4) == 0 {
				e.Origin = event.Enrichment
			}
			switch {
			case h.changes && w.rand.IntN(2) == 0:
				emails = []string{fmt.Sprintf("new%d.%s", i, h.emails[0]), h.emails[0]}
				e.Person.Changed = []contact.Variable{contact.Emails}
			case w.rand.IntN(4) == 0:
				city++
				e.Person.Changed = []contact.Variable{contact.City}
			case w.rand.IntN(2) == 0:
				role++
				e.Person.Changed = []contact.Variable{contact.Role}
			default:
				company++
				e.Person.Changed = []contact.Variable{contact.Company}
			}
		case event.StageChanged:
			e.Person.Stage = []event.Stage{event.Messaged, event.Opened, event.Replied, event.Interested}[w.rand.IntN(4)]
		case event.CampaignAdded:
		default:
			e.Message = &event.Message{Direction: event.Outbound, Subject: "Hello", Body: fmt.Sprintf("Hello, this is message %d.", i)}
			if kind.Reply() {
				e.Message.Direction, e.Message.Automatic = event.Inbound, w.rand.IntN(5) == 0
			}
		}
		e.Person.Snapshot = contact.Snapshot{
			contact.FirstName: {Text: h.first}, contact.LastName: {Text: h.last}, contact.Emails: {List: emails},
			contact.Company: {Text: fmt.Sprintf("Company %d of %s", company, h.id)},
			contact.Role:    {Text: fmt.Sprintf("Role %d of %s", role, h.id)},
			contact.City:    {Text: fmt.Sprintf("City %d of %s", city, h.id)},
		}
		for _, v := range []contact.Variable{contact.Company, contact.Role} {
			text := e.Person.Snapshot[v].Text
			if _, ok := h.versions[text]; !ok {
				h.versions[text] = e.OccurredAt
			}
		}
		h.events = append(h.events, e)
	}
}

// moments are the types of a campaign, the frequent ones more than once.
var moments = []event.Type{
	event.EmailSent, event.EmailSent, event.EmailSent, event.EmailSent, event.LinkedInMessageSent, event.LinkedInMessageSent,
	event.SMSSent, event.CallCompleted, event.EmailReply, event.LinkedInMessageReply, event.StageChanged, event.StageChanged,
	event.MeetingBooked, event.ContactEdited, event.ContactEdited, event.ContactEdited, event.WhatsAppSent, event.OptedOut,
	event.EmailBounced, event.ContactRemoved,
}

// deliver plans the requests that bring a team's events: most at once, some late,
// some twice, a few twice with another body.
func (w *World) deliver(t *team) {
	type due struct {
		at time.Time
		e  *accepted
	}
	var all []due
	for _, h := range t.people {
		for _, e := range h.events {
			at := e.OccurredAt.Add(time.Duration(w.rand.IntN(60)) * time.Second)
			if !w.busy && w.rand.IntN(10) == 0 {
				at = at.Add(time.Duration(w.rand.IntN(3600)) * time.Second)
			}
			all = append(all, due{at, e})
			if w.rand.IntN(20) == 0 {
				all = append(all, due{at.Add(time.Duration(w.rand.IntN(3600)) * time.Second), e})
			}
			if w.rand.IntN(60) == 0 {
				w.at(at.Add(time.Minute+time.Duration(w.rand.IntN(3600))*time.Second), "forge", func() { w.forge(e) })
			}
		}
	}
	slices.SortStableFunc(all, func(a, b due) int { return a.at.Compare(b.at) })
	for len(all) > 0 {
		n := min(len(all), 1+w.rand.IntN(8))
		if w.busy {
			n = min(len(all), 25)
		}
		batch := make([]*accepted, n)
		for i, d := range all[:n] {
			batch[i] = d.e
		}
		w.at(all[n-1].at, "accept", func() { w.accept(batch) })
		all = all[n:]
	}
}

// accept is what intake does with a request: it stamps the events and queues them.
func (w *World) accept(batch []*accepted) {
	var list []event.Event
	now := time.Now().UTC()
	for i, a := range batch {
		e := a.Event
		e.AcceptedAt = now.Add(time.Duration(i) * time.Microsecond)
		e.BodyHash = "hash of " + e.ID
		if a.AcceptedAt.IsZero() {
			a.AcceptedAt, a.BodyHash = e.AcceptedAt, e.BodyHash
			w.accepted = append(w.accepted, a)
		} else {
			a.again = append(a.again, e.AcceptedAt)
		}
		list = append(list, e)
	}
	bodies, err := contract.Pack(list, contract.MaxPacked)
	w.must(err)
	for _, body := range bodies {
		w.parcels[body] = batch // one message, as a rule
		w.queue(body, list[0].Team)
	}
}

// forge sends an event again with another body, as a sender with a bug would.
func (w *World) forge(a *accepted) {
	e := a.Event
	e.AcceptedAt, e.BodyHash = time.Now().UTC(), "hash of another "+e.ID
	if e.Message != nil {
		other := *e.Message
		other.Body = forgery
		e.Message = &other
	}
	bodies, err := contract.Pack([]event.Event{e}, contract.MaxPacked)
	w.must(err)
	w.forgeries[bodies[0]] = a
	a.again = append(a.again, e.AcceptedAt)
	w.queue(bodies[0], e.Team)
}

const forgery = "This is not what was said first."

func (w *World) queue(body, group string) {
	w.must(w.events.Send(context.Background(), queue.Message{Body: body, Group: group}))
}

func (w *World) must(err error) {
	if err != nil {
		panic(err)
	}
}
