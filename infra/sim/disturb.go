package sim

import (
	"context"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

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
	key, err := w.sim.ChangeKey(t.keyID, change)
	w.must(err)
	if why != "" {
		w.saw(why, "", "")
		return
	}
	if key.Disabled {
		return
	}
	w.conduct.accepted(t.key)
	if w.fate.IntN(2) == 0 {
		w.saw(unattended, "", "")
		return // the service finds out by itself
	}
	w.must(w.activate(t, nil))
	w.ring(t)
}

func (w *World) ring(t *team) {
	w.must(w.work.Send(context.Background(), queue.Message{Body: `{"team":"` + t.id + `"}`, Group: t.id, Dedup: w.adminToken()}))
}

// blindness is for how long a new key may not see everybody whom the old one saw: less
// than the service waits before it believes that they are gone.
const blindness = 45 * time.Minute

// rotate gives the team another key of its organisation and ends the old one.
func (w *World) rotate(t *team) {
	old := t.keyID
	blind := w.fate.IntN(2) == 0
	key, err := w.sim.AddKey(ashbytest.Key{Org: t.org, Title: "New key of " + t.id, Private: true, Confidential: !blind})
	w.must(err)
	if t.blinded = t.blinded || blind; blind {
		w.at(time.Now().Add(blindness), "let the key see everybody", func() {
			_, err := w.sim.ChangeKey(key.ID, func(k *ashbytest.Key) { k.Confidential = true })
			w.must(err)
		})
	}
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
	for _, c := range w.there(t) {
		if len(c.Emails) > 0 {
			there = append(there, c.ID)
		}
	}
	if len(there) == 0 {
		return ""
	}
	return there[w.rand.IntN(len(there))]
}

// newest gives the one that came last, of whom few may know yet.
func (w *World) newest(t *team) string {
	var newest ashbytest.Candidate
	for _, c := range w.there(t) {
		if len(c.Emails) > 0 && !c.CreatedAt.Before(newest.CreatedAt) {
			newest = c
		}
	}
	return newest.ID
}

func (w *World) there(t *team) []ashbytest.Candidate {
	return slices.DeleteFunc(w.sim.Dump(t.org)[0].Candidates, func(c ashbytest.Candidate) bool { return c.Gone() })
}

// merge merges a candidate into one that a recruiter made.
func (w *World) merge(t *team) {
	away := w.candidate(t)
	if w.fate.IntN(2) == 0 {
		away = w.newest(t)
	}
	if away == "" || w.ofAmbiguous(t, away) {
		return
	}
	for _, h := range w.bearers(t, away) {
		h.merged = true
	}
	w.mergeTwin(t, away)
}

// aDayOld is how old the candidate is that another is merged into: an old answer shows
// the one or the other, and never neither.
const aDayOld = 24 * time.Hour

// mergeTwin merges a candidate into a new one, and sometimes that one soon into yet
// another: the hooks may come in either order.
func (w *World) mergeTwin(t *team, away string) {
	into, err := w.sim.AddCandidate(t.org, ashbytest.Candidate{Name: "Twin of " + away, CreatedAt: time.Now().Add(-aDayOld)})
	w.must(err)
	w.must(w.sim.Merge(away, into))
	w.saw(merged, "", "")
	w.hook(t, event.CandidateHook{Action: event.CandidateMerge, Deleted: away, Survivor: into})
	if w.fate.IntN(3) == 0 {
		w.at(time.Now().Add(time.Duration(w.fate.IntN(60))*time.Second), "merge again", func() {
			if !slices.ContainsFunc(w.there(t), func(c ashbytest.Candidate) bool { return c.ID == into }) {
				return
			}
			w.mergeTwin(t, into)
		})
	}
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
