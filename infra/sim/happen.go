package sim

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
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

// disturb plans one of the great troubles, and says when it is over.
func (w *World) disturb() time.Duration {
	t := w.teams[w.rand.IntN(len(w.teams))]
	begin := time.Duration(w.rand.Int64N(int64(campaign)))
	lasting := func(what trouble, d time.Duration) time.Duration {
		w.outages = append(w.outages, outage{what, w.start.Add(begin), w.start.Add(begin + d)})
		return begin + d
	}
	switch w.rand.IntN(12) {
	case 0:
		return lasting(storeDown, 172*time.Minute)
	case 1:
		return lasting(secretsDown, time.Hour)
	case 2:
		return lasting(ashbyDown, 6*time.Hour)
	case 3:
		return lasting(hintLost, time.Hour)
	case 4:
		for _, t := range w.teams {
			w.at(w.start.Add(begin), "revoke", func() { w.keyChange(t, keyRevoked, func(k *ashbytest.Key) { k.Disabled = true }) })
			w.at(w.start.Add(begin+12*time.Hour), "restore", func() { w.keyChange(t, "", func(k *ashbytest.Key) { k.Disabled = false }) })
		}
		return begin + 12*time.Hour
	case 5:
		w.at(w.start.Add(begin), "rotate", func() { w.rotate(t) })
		w.at(w.between(0, campaign), "rotate", func() { w.rotate(w.teams[0]) })
	case 6:
		scope := []string{ashbytest.CandidatesWrite, ashbytest.CandidatesRead}[w.rand.IntN(2)]
		for _, t := range w.teams {
			w.at(w.start.Add(begin), "remove "+scope, func() {
				w.keyChange(t, unpermitted, func(k *ashbytest.Key) {
					k.Scopes = slices.DeleteFunc(k.Scopes, func(s string) bool { return s == scope })
				})
			})
			w.at(w.start.Add(begin+time.Hour), "return "+scope, func() {
				w.keyChange(t, "", func(k *ashbytest.Key) { k.Scopes = ashbytest.AllScopes() })
			})
		}
		return begin + time.Hour
	case 7, 8:
		for range 2 {
			w.at(w.between(0, campaign), "merge", func() { w.merge(t) })
		}
	case 9:
		for range 2 {
			w.at(w.between(campaign/2, campaign), "delete", func() { w.remove(t) })
		}
	case 10:
		w.at(w.start.Add(begin), "settings", func() { w.resettle(t) })
		w.at(w.between(0, campaign), "settings", func() { w.resettle(w.teams[0]) })
	case 11:
		for range 4 {
			w.at(w.between(campaign/2, campaign), "edit", func() { w.editInAshby(t) })
		}
	}
	return campaign
}

// keyChange changes a team's key in Ashby. When it is as before, an admin checks
// the connection.
func (w *World) keyChange(t *team, why trouble, change func(*ashbytest.Key)) {
	if _, err := w.sim.ChangeKey(t.keyID, change); err != nil {
		panic(err)
	}
	if why != "" {
		w.saw(why, "", "")
		return
	}
	w.must(w.activate(t, nil))
	w.ring(t)
}

func (w *World) ring(t *team) {
	w.must(w.work.Send(context.Background(), queue.Message{Body: `{"team":"` + t.id + `"}`, Group: t.id, Dedup: w.adminToken()}))
}

// rotate gives the team another key of its organisation and ends the old one.
func (w *World) rotate(t *team) {
	old := t.keyID
	key, err := w.sim.AddKey(ashbytest.Key{Org: t.org, Title: "New key of " + t.id, Private: true, Confidential: true})
	w.must(err)
	t.key, t.keyID, t.rotated = key.Secret, key.ID, time.Now()
	w.must(w.activate(t, nil))
	w.ring(t)
	w.at(time.Now().Add(time.Minute), "end the old key", func() {
		_, err := w.sim.ChangeKey(old, func(k *ashbytest.Key) { k.Disabled = true })
		w.must(err)
	})
	w.saw(keyRotated, "", "")
}

// candidate gives one of the team's candidates that are there; empty when there is none.
func (w *World) candidate(t *team) string {
	var there []string
	for _, c := range w.sim.Dump(t.org)[0].Candidates {
		if !c.Gone() && len(c.Emails) > 0 {
			there = append(there, c.ID)
		}
	}
	if len(there) == 0 {
		return ""
	}
	return there[w.rand.IntN(len(there))]
}

// merge merges a candidate into one that a recruiter made.
func (w *World) merge(t *team) {
	away := w.candidate(t)
	if away == "" || w.ofAmbiguous(t, away) {
		return
	}
	for _, h := range w.bearers(t, away) {
		h.merged = true
	}
	into, err := w.sim.AddCandidate(t.org, ashbytest.Candidate{Name: "Twin of " + away})
	w.must(err)
	w.must(w.sim.Merge(away, into))
	w.saw(merged, "", "")
	w.hook(t, event.CandidateHook{Action: event.CandidateMerge, Deleted: away, Survivor: into})
}

// remove deletes a candidate in Ashby.
func (w *World) remove(t *team) {
	id := w.candidate(t)
	if id == "" || w.ofAmbiguous(t, id) {
		return
	}
	for _, h := range w.bearers(t, id) {
		h.lost = true
	}
	t.deleted[id] = true
	w.must(w.sim.Delete(id))
	w.saw(deleted, "", "")
	w.hook(t, event.CandidateHook{Action: event.CandidateDelete, Deleted: id})
}

// bearers are the people whose candidate this is.
func (w *World) bearers(t *team, candidate string) []*human {
	var out []*human
	for _, c := range w.sim.Dump(t.org)[0].Candidates {
		for _, h := range t.people {
			if c.ID == candidate && slices.ContainsFunc(c.Emails, func(e ashbytest.Contact) bool { return h.has(e.Value) }) {
				out = append(out, h)
			}
		}
	}
	return out
}

func (h *human) has(email string) bool { return slices.Contains(h.emails, email) }

func (w *World) ofAmbiguous(t *team, candidate string) bool {
	return slices.ContainsFunc(t.people, func(h *human) bool { return h.ambiguous && slices.Contains(h.known, candidate) })
}

// hook brings Ashby's word of it, sometimes twice.
func (w *World) hook(t *team, h event.CandidateHook) {
	h.Team, h.ActionID = t.id, w.adminToken()
	for range 1 + w.rand.IntN(2) {
		w.at(time.Now().Add(time.Duration(w.rand.IntN(60))*time.Second), "hook", func() {
			h.AcceptedAt = time.Now().UTC()
			body, err := contract.PackCandidate(h)
			w.must(err)
			w.queue(body, t.id)
		})
	}
}

// resettle changes a team's settings.
func (w *World) resettle(t *team) {
	now := t.history[len(t.history)-1]
	triggers := setting.Triggers()
	w.must(w.choose(t, triggers[w.rand.IntN(len(triggers))], now.synced, now.types))
	w.saw(resettled, "", "")
}

// editInAshby is a recruiter who corrects a company.
func (w *World) editInAshby(t *team) {
	id := w.candidate(t)
	if id == "" {
		return
	}
	value := "Recruiter's " + w.adminToken()
	w.must(w.sim.Edit(id, func(c *ashbytest.Candidate) {
		c.Fields = slices.DeleteFunc(c.Fields, func(v ashbytest.Value) bool { return v.Field == t.fields["Company"] })
		c.Fields = append(c.Fields, ashbytest.Value{Field: t.fields["Company"], Value: value})
	}))
	t.edits = append(t.edits, recruiting{id, t.fields["Company"], value, time.Now()})
	w.saw(edited, "", "")
}

func (w *World) must(err error) {
	if err != nil {
		panic(err)
	}
}
