package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/functions/settings/settingshttp"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// desk is where people of the teams sit: what they do goes through the API.
type desk struct {
	p   *process
	api http.Handler
}

// Verify takes the token for the team's name: at this desk there are admins only.
func (d *desk) Verify(_ context.Context, token string) (caller.Caller, error) {
	return caller.Caller{Team: token, User: "u-admin", Role: caller.Member, Admin: true}, nil
}

// hire opens the desk, when it is first needed.
func (w *World) hire() *desk {
	if w.office == nil || w.office.p.isDead() {
		w.processes++
		d := &desk{p: &process{name: fmt.Sprintf("desk.%d", w.processes)}}
		config, timelines := w.tables(d.p)
		client, err := ashby.New(ashby.Config{BaseURL: "https://ashby.example.com", HTTP: wire{w, d.p}})
		w.must(err)
		d.api = settingshttp.New(settingshttp.Parts{
			Config: config, Timeline: timelines, Candidates: store{w.copies, w, d.p}, Secrets: vault{w, d.p}, SecretPrefix: "team/", Keyring: "intake",
			Work: bells{w.work, w, d.p}, Ashby: client, Verify: d, Now: d.p.now, Token: d.p.token, Log: w.log,
		})
		w.office = d
	}
	return w.office
}

// nothing is done about an answer.
func nothing([]byte) {}

// patience is how often somebody at the desk tries again.
const patience = 1000

// ask makes a request for a team, and again a minute later until it goes through.
// done is told of the time when it did, with the last answer.
func (w *World) ask(t *team, method, path string, body any, done func(said []byte)) {
	w.persist(request{t: t, method: method, path: path, body: func() any { return body }, done: done, tries: patience})
}

// request is what somebody of a team wants done.
type request struct {
	t            *team
	method, path string
	body         func() any        // as it is when it is sent; nil or giving nil: none
	done         func(said []byte) // told when it went through, with the answer
	tries        int               // how often to try again
	insist       bool              // again also where it was refused for what it says
}

// pointless reports whether there is no sense in asking again.
func (q request) pointless(status int) bool {
	return q.tries <= 0 || status == http.StatusNotFound || status == http.StatusUnprocessableEntity && !q.insist
}

func (q request) content() any {
	if q.body == nil {
		return nil
	}
	return q.body()
}

func (w *World) persist(q request) {
	var text []byte
	if body := q.content(); body != nil {
		var err error
		text, err = json.Marshal(body)
		w.must(err)
	}
	d := w.hire()
	w.mu.Lock()
	w.running++
	w.mu.Unlock()
	go w.invoke(d.p, func(ctx context.Context) {
		r := httptest.NewRequestWithContext(ctx, q.method, "https://api.example.com"+q.path, bytes.NewReader(text))
		r.Header.Set("Authorization", "Bearer "+q.t.id)
		r.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		d.api.ServeHTTP(answer, r)
		said, _ := io.ReadAll(answer.Body)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.running--
		w.note("desk %s %s: %d %.200s", q.method, q.path, answer.Code, said)
		switch {
		case answer.Code < http.StatusBadRequest && !d.p.isDead():
			q.done(said)
		case !q.pointless(answer.Code):
			q.tries--
			w.later = append(w.later, action{time.Now().Add(time.Minute), "ask again", func() { w.persist(q) }}) //nolint:contextcheck // another request
		}
		w.gate.ring()
	})
}

// decide plans what the people of a team do about it: they look at what waits for
// them, and do some things that they might as well have left alone.
func (w *World) decide(t *team) {
	for _, h := range t.people {
		switch chance := w.rand.IntN(40); {
		case h.ambiguous && chance < 30:
			w.at(w.between(campaign/2, campaign), "answer", func() { w.answer(t, h) })
		case h.ambiguous:
		case chance == 0:
			w.at(w.between(campaign/3, campaign), "forget", func() { w.forget(t, h) })
		case chance == 1:
			w.at(w.between(0, campaign/2), "hold", func() {
				h.heldEver = true
				w.ask(t, http.MethodPost, "/v1/people/"+h.id+"/hold", nil, func([]byte) {
					w.seen[Cell{string(heldUp), "", ""}]++
					w.later = append(w.later, action{time.Now().Add(campaign / 3), "release", func() {
						w.ask(t, http.MethodPost, "/v1/people/"+h.id+"/release", nil, nothing)
					}})
				})
			})
		case chance < 5:
			for _, e := range h.events {
				w.at(e.OccurredAt.Add(time.Duration(w.rand.IntN(300))*time.Second), "retry", func() { w.retry(t, e) })
			}
		}
	}
}

// retry sends an event again by hand, whatever state it is in.
func (w *World) retry(t *team, e *accepted) {
	e.retried = time.Now()
	w.persist(request{t: t, method: http.MethodPost, path: "/v1/events/" + e.ID + "/retry", done: func([]byte) { w.seen[Cell{string(redriven), "", ""}]++ }})
}

// answer decides about somebody who may be either of two candidates.
func (w *World) answer(t *team, h *human) {
	how := map[string]any{"answer": "link", "candidate": h.known[w.rand.IntN(2)]}
	if n := w.rand.IntN(4); n == 0 {
		how = map[string]any{"answer": "create_new"}
	} else if n == 1 {
		how = map[string]any{"answer": "never"}
	}
	h.answering = true
	w.ask(t, http.MethodPut, "/v1/reviews/"+h.id, how, func([]byte) {
		h.answered, _ = how["answer"].(string)
		w.seen[Cell{string(answered), "", ""}]++
	})
}

// forget takes a person away, as the law wants it.
func (w *World) forget(t *team, h *human) {
	w.ask(t, http.MethodPost, "/v1/people/"+h.id+"/forget", nil, func([]byte) {
		h.forgotten = time.Now()
		w.seen[Cell{string(forgot), "", ""}]++
	})
	h.forgetting = true
}

// traces looks for what is kept of people who were forgotten and of whom nothing
// was accepted since.
func (j *judge) traces() {
	for _, h := range j.t.people {
		if h.forgotten.IsZero() || slices.ContainsFunc(h.wishes, func(it *wish) bool { return it.heard.IsZero() || !it.heard.Before(h.forgotten) }) || h.shares != nil || j.someoneSharing(h, func(*human) bool { return true }) ||
			slices.ContainsFunc(h.events, func(e *accepted) bool { return e.AcceptedAt.After(h.forgotten) }) {
			continue
		}
		late := j.askedMeanwhile(h)
		for item := range j.timeline.All() {
			if slices.ContainsFunc(late, func(id string) bool { return holds(item, id) }) {
				continue
			}
			for _, trace := range []string{h.id, h.emails[0], h.last} {
				if holds(item, trace) {
					j.breach(Stuck, "nothing is kept of who is forgotten", "%s in %s %s", h.id, item.Partition, item.Sort)
				}
			}
		}
	}
}

// askedMeanwhile lists what a job asked for somebody in the very moment in which they
// were forgotten: by the clock of the process that did the job that was after it, and
// so it is of somebody who came back.
func (j *judge) askedMeanwhile(h *human) []string {
	var ids []string
	for item := range j.timeline.All() {
		parts := strings.Split(item.Sort, "#")
		if item.Partition != j.t.id+"#p#"+h.id || parts[0] != "t" || !strings.HasPrefix(parts[len(parts)-1], "asked-") {
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, parts[1])
		j.must(err)
		if at.After(h.forgotten.Add(-mostSkew)) && at.Before(h.forgotten.Add(2*mostSkew)) {
			ids = append(ids, parts[len(parts)-1])
		}
	}
	return ids
}

// holds reports whether a row has a text in it that is no part of a longer name.
func holds(item table.Item, text string) bool {
	for _, in := range [][]byte{[]byte(item.Partition), []byte(item.Sort), item.Doc} {
		for rest := in; ; {
			i := bytes.Index(rest, []byte(text))
			if i < 0 {
				break
			}
			rest = rest[i+len(text):]
			if len(rest) == 0 || rest[0] < '0' || rest[0] > '9' {
				return true
			}
		}
	}
	return false
}
