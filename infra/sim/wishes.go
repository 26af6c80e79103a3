package sim

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/job"
)

// wish is a push or a backfill that somebody asked for, of one person or, as a job,
// of several.
type wish struct {
	kind  event.Type
	from  time.Time // asked
	heard time.Time // answered; zero: not yet
	event string    // of ours that stands for it
	job   bool      // it is recorded some time after the answer
}

// wishFor plans that people of the teams push others by hand, or want what was
// withheld of them; and that some teams want that of everybody who is put into Ashby
// late.
func (w *World) wishFor() {
	r := w.apart("push and backfill")
	if w.busy {
		return
	}
	for _, t := range w.teams {
		if t.backfills = r.IntN(5) == 0; t.backfills {
			w.must(w.wantBackfill(t))
		}
		for _, h := range t.people {
			kind := []event.Type{event.PushRequested, event.BackfillRequested}[r.IntN(2)]
			at := w.start.Add(time.Duration(r.Int64N(int64(campaign))))
			if r.IntN(10) == 0 {
				w.at(at, "push", func() { w.push(t, h, kind) })
			}
		}
		if r.IntN(8) == 0 {
			kind := []job.Kind{job.Push, job.Backfill}[r.IntN(2)]
			w.at(w.start.Add(campaign/2+time.Duration(r.Int64N(int64(campaign/2)))), "push all", func() { w.pushAll(t, kind) })
		}
	}
}

func (w *World) wantBackfill(t *team) error {
	store, on := w.configs(), true
	d, err := store.Settings(context.Background(), t.id, "")
	if err != nil {
		return err
	}
	d.Choices.Backfill = &on
	_, err = store.SaveSettings(context.Background(), t.id, "", d)
	return err
}

// push asks for one person. Every try that fails may have been recorded.
func (w *World) push(t *team, h *human, kind event.Type) {
	it := &wish{kind: kind, from: time.Now()}
	h.wishes = append(h.wishes, it)
	path, met := "/push", pushed
	if kind == event.BackfillRequested {
		path, met = "/backfill", filledUp
	}
	w.ask(t, http.MethodPost, "/v1/people/"+h.id+path, nil, func(said []byte) {
		var answer struct{ Event string }
		w.must(json.Unmarshal(said, &answer))
		it.heard, it.event = time.Now(), answer.Event
		w.seen[Cell{string(met), "", ""}]++
	})
}

// pushAll asks for all of a team, as a job.
func (w *World) pushAll(t *team, kind job.Kind) {
	path, asked := "/v1/push", event.PushRequested
	if kind == job.Backfill {
		path, asked = "/v1/backfill", event.BackfillRequested
	}
	var people []string
	its := map[*human]*wish{}
	for _, h := range t.people {
		people, its[h] = append(people, h.id), &wish{kind: asked, from: time.Now(), job: true}
		h.wishes = append(h.wishes, its[h])
	}
	w.ask(t, http.MethodPost, path, map[string]any{"people": people}, func(said []byte) {
		var answer struct{ Job string }
		w.must(json.Unmarshal(said, &answer))
		for h, it := range its {
			it.heard, it.event = time.Now(), askedEvent(t.id, h.id, asked, answer.Job)
		}
		w.seen[Cell{string(jobDone), "", ""}]++
	})
}

// askedEvent is the id of the event that stands for a job's wish about a person: so
// a job that is gone through twice asks once.
func askedEvent(team, person string, kind event.Type, job string) string {
	sum := sha256.New()
	for _, part := range []string{team, person, string(kind), job} {
		sum.Write([]byte(part + "\x00"))
	}
	return "asked-" + hex.EncodeToString(sum.Sum(nil))[:32]
}

// wished judges what became of the wishes about a person: each is done with, or
// waits for what the judge can see too; and all that is mapped was written.
func (j *judge) wished(h *human) {
	for _, it := range h.wishes {
		known := slices.ContainsFunc(h.events, func(e *accepted) bool { return !e.acked.IsZero() && e.acked.Before(it.from) })
		switch {
		case it.event == "" && known && !h.forgetting:
			j.breach(Lost, "every wish is answered", "%s of %s", it.kind, h.id)
		case it.event == "", it.job && (!known || h.forgetting):
		default:
			j.outcome(h, it.event, it.kind)
		}
	}
}

// carried reports whether a wish surely puts its person into Ashby, or finds them
// there.
func (it *wish) carried() bool { return !it.heard.IsZero() }

// before reports whether an event was surely there, with its person's other events
// up to then, when the wish was made.
func (e *accepted) before(at time.Time) bool { return !e.acked.IsZero() && e.acked.Before(at) }

// filled reports whether an event that was withheld must have been given back: by a
// wish, or because the team wants that when a person is put into Ashby late.
func (j *judge) filled(h *human, e *accepted) bool {
	wanted := slices.ContainsFunc(h.wishes, func(it *wish) bool {
		return it.carried() && e.before(it.from) && (it.kind == event.BackfillRequested || j.t.backfills)
	})
	return wanted || j.t.backfills && slices.ContainsFunc(h.events, j.putsIn)
}

// arrival is what put, or found, a person in Ashby, as far as it can be known.
type arrival struct {
	came, happened time.Time // of the first such event or wish
	ways           int       // how many there were
	backfill       bool      // with what was withheld
}

func (j *judge) arrival(h *human) arrival {
	a := arrival{backfill: j.t.backfills}
	note := func(first, occurred time.Time) {
		if a.came.IsZero() || first.Before(a.came) {
			a.came = first
		}
		if a.happened.IsZero() || occurred.Before(a.happened) {
			a.happened = occurred
		}
		a.ways++
	}
	for _, it := range h.wishes {
		a.backfill = a.backfill || it.kind == event.BackfillRequested
		note(it.from, it.from)
	}
	for _, o := range h.events {
		if j.mayPutIn(h, o) {
			note(o.came(), o.OccurredAt)
		}
	}
	return a
}

// late reports whether an event that has a note was surely withheld first.
func (a arrival) late(e *accepted) bool {
	return a.backfill && e.retried.IsZero() && e.before(a.came) && e.OccurredAt.Before(a.happened)
}

// ordered reports whether the notes of two events must have been written in their
// order. What was withheld comes late, but in order too: behind what put the person
// into Ashby, and before what follows that.
func (j *judge) ordered(h *human, first, second *accepted) bool {
	a := j.arrival(h)
	switch {
	case !a.backfill, j.putsIn(first):
		return true
	case !a.late(first):
		return false // it may have been withheld or not
	case h.shares != nil || j.someoneShares(j.t, h):
		return false // once the other one is in Ashby, the next is noted there, and what was withheld still is
	}
	return a.late(second) || a.ways == 1 && second.OccurredAt.After(a.happened)
}

// told is what was known of a variable when a wish was made.
func (h *human) told(v contact.Variable, by time.Time) string {
	var at time.Time
	text := ""
	for _, e := range h.events {
		if e.before(by) && e.OccurredAt.After(at) {
			at, text = e.OccurredAt, e.Person.Snapshot[v].Text
		}
	}
	return text
}

// pushed wants all that was known of somebody to be in Ashby who was pushed.
func (j *judge) pushed(title string, h *human, writes []written) {
	if !j.plain(h) || j.t.profile.protected && title == "Company" {
		return
	}
	variable := map[string]contact.Variable{"Company": contact.Company, "Title": contact.Role}[title]
	for _, it := range h.wishes {
		text := h.told(variable, it.from)
		if !it.carried() || text == "" {
			continue
		}
		if !slices.ContainsFunc(writes, func(w written) bool { return w.by == h && !w.of.Before(h.versions[text]) }) {
			j.breach(Lost, "a push writes all that is mapped", "%s of %s is not %q", title, h.id, text)
		}
	}
}
