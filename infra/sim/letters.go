package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

// correspond makes some teams ones whose emails go to Ashby as emails, not as
// notes, and gives their emails what that takes; now and then a part is missing. A
// few think better of it on the way.
func (w *World) correspond() {
	r := w.apart("native email")
	rows := r.IntN(2) == 0
	if w.busy {
		return
	}
	for _, t := range w.teams {
		if r.IntN(3) != 0 {
			continue
		}
		t.letters = true
		w.must(w.file(t, true))
		for _, h := range t.people {
			for _, e := range h.events {
				e.address(r)
			}
		}
		if r.IntN(4) == 0 {
			t.wavers = true
			off := w.start.Add(time.Duration(r.Int64N(int64(campaign))))
			w.at(off, "emails as notes", func() { w.must(w.file(t, false)) })
			w.at(off.Add(time.Duration(r.Int64N(int64(time.Hour)))), "emails as emails", func() { w.must(w.file(t, true)) })
		}
	}
	if rows {
		w.must(w.sim.SetModes(func(m *ashbytest.Modes) { m.EmailRepeat = "row" }))
	}
}

// file says whether a team's emails go to Ashby as such.
func (w *World) file(t *team, as bool) error {
	store := w.configs()
	d, err := store.Settings(context.Background(), t.id, "")
	if err != nil {
		return err
	}
	d.Choices.NativeEmail = &as
	_, err = store.SaveSettings(context.Background(), t.id, "", d)
	return err
}

// address makes the message of an email a whole one, or nearly.
func (e *accepted) address(r *rand.Rand) {
	if e.Type != event.EmailSent && e.Type != event.EmailReply {
		return
	}
	m := *e.Message
	m.From, m.To = fmt.Sprintf("Robin <robin@%s.example.com>", e.team.id), e.human.emails[0]
	if e.Type.Reply() {
		m.From, m.To = m.To, m.From
	}
	e.whole = true
	for i, part := range []*string{&m.Subject, &m.Body, &m.From, &m.To} {
		if r.IntN(32) == 0 {
			*part, e.whole = []string{"", " ", "Robin", "nobody"}[i], false
		}
	}
	e.Message = &m
}

// asLetter tells how an email must reach Ashby, as far as that can be known.
func (e *accepted) asLetter() (as, known bool) {
	return e.team.letters && e.whole, !e.team.wavers || !e.whole
}

// letter judges the form in which an event reached Ashby.
func (j *judge) letter(e *accepted, c ashbytest.Call) {
	as, known := e.asLetter()
	known = known && (e.forged.IsZero() || !e.acked.IsZero() && e.acked.Before(e.forged))
	is := c.Endpoint == emailMethod
	if known && as != is {
		j.breach(Lost, "emails go as emails where the team wants that, and nowhere else", "%s went by %s", e.ID, c.Endpoint)
	}
	if is && !strings.Contains(string(c.Request), `"`+e.human.emails[0]+`"`) {
		j.breach(Lost, "an email names whom it went to", "%s", e.ID)
	}
}

const (
	noteMethod  = "candidate.createNote"
	emailMethod = "candidate.addEmailMessage"
)
