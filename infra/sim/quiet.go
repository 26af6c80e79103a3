package sim

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
)

// quiet is a time in which an admin wants nothing to go to Ashby.
type quiet struct {
	from, to time.Time // answered for; asked to end. Zero to: it goes on
	off      bool      // the connection was ended: the key is gone, too
}

// turnOff plans that admins of some teams pause the connection for a while, or end
// it and begin again.
func (w *World) turnOff() {
	r := w.apart("pause and disconnect")
	for _, t := range w.teams {
		begin, length := time.Duration(r.Int64N(int64(campaign))), time.Minute+time.Duration(r.Int64N(int64(2*time.Hour)))
		if w.busy { // while there is much to do
			begin, length = time.Minute+begin%(2*time.Minute), length%(10*time.Minute)
		}
		switch r.IntN(6) {
		case 0, 1:
			w.at(w.start.Add(begin), "pause", func() { w.pause(t, length) })
		case 2:
			w.at(w.start.Add(begin), "disconnect", func() { w.disconnect(t, length) })
		default:
			continue
		}
		if end := w.start.Add(begin + length + time.Hour); end.After(w.calm) {
			w.calm = end
		}
	}
}

func (w *World) pause(t *team, length time.Duration) {
	w.ask(t, http.MethodPost, "/v1/connection/pause", nil, func([]byte) {
		w.seen[Cell{string(paused), "", ""}]++
		w.quieten(t, false)
		w.later = append(w.later, action{time.Now().Add(length), "resume", func() {
			w.end(t)
			w.ask(t, http.MethodPost, "/v1/connection/resume", nil, nothing)
		}})
	})
}

func (w *World) disconnect(t *team, length time.Duration) {
	w.ask(t, http.MethodDelete, "/v1/connection", nil, func([]byte) {
		w.seen[Cell{string(cutOff), "", ""}]++
		w.quieten(t, true)
		w.later = append(w.later, action{time.Now().Add(length), "connect again", func() { w.connectAgain(t) }})
	})
}

// connectAgain activates the key that the team has by then, and says that it is of
// the same organisation if that is asked.
func (w *World) connectAgain(t *team) {
	w.end(t)
	w.persist(request{
		t: t, method: http.MethodPut, path: "/v1/connection", tries: patience, insist: true,
		body: func() any { return map[string]string{"key": t.key} },
		done: func([]byte) {
			w.later = append(w.later, action{time.Now().Add(time.Minute), "look at the connection", func() {
				c, err := w.configs().Connection(context.Background(), t.id)
				w.must(err)
				if c.Foreign {
					w.ask(t, http.MethodPut, "/v1/connection/organisation", map[string]string{"answer": string(connection.KeepLinks)}, nothing)
				}
			}})
		},
	})
}

func (w *World) quieten(t *team, off bool) {
	t.quiet = append(t.quiet, quiet{from: time.Now(), off: off})
}

// end ends it, by the time that Ashby's log tells, which is in milliseconds.
func (w *World) end(t *team) { t.quiet[len(t.quiet)-1].to = time.Now().Truncate(time.Millisecond) }

// hushed is how long after an admin's word, or after a process stood still, calls
// may still begin.
const hushed = 5 * time.Second

// nobody is the candidate that a look at what a key may do names: there is none.
const nobody = "00000000-0000-4000-8000-000000000000"

// quietly judges that nothing went to Ashby while an admin wanted that, and that
// the key was gone where the connection was ended.
func (j *judge) quietly() {
	for _, q := range j.t.quiet {
		for _, c := range j.calls {
			if !q.off && (steps[c.Endpoint] == "" || strings.Contains(string(c.Request), nobody)) || !c.At.After(q.from.Add(hushed)) || !q.to.IsZero() && !c.At.Before(q.to) || j.belated(c, q) {
				continue
			}
			if q.off {
				j.breach(OverLimit, "no call once the connection is ended", "%s %s after", c.Endpoint, c.At.Sub(q.from))
			} else {
				j.breach(OverLimit, "no write while the connection is paused", "%s %s after", c.Endpoint, c.At.Sub(q.from))
			}
		}
	}
}

// belated tells a call that was under way before, or that was begun by a process
// that stood still when the admin said so.
func (j *judge) belated(c ashbytest.Call, q quiet) bool {
	return slices.ContainsFunc(slices.Concat(j.closures, j.delayed), func(x closure) bool {
		return x.path == c.Endpoint && x.body == string(c.Request) && !x.from.After(c.At) && c.At.Sub(x.from) <= 90*time.Second
	}) || slices.ContainsFunc(j.thaws, func(thaw time.Time) bool {
		return thaw.After(q.from) && !c.At.Before(thaw.Truncate(time.Millisecond)) && c.At.Sub(thaw) <= hushed // Ashby shows whole ones
	})
}

// waitedTogether reports whether two events were both there, and nothing else to be
// done with them, while the connection was off: then they go in order.
func (j *judge) waitedTogether(a, b *accepted) bool {
	return slices.ContainsFunc(j.t.quiet, func(q quiet) bool {
		in := func(e *accepted) bool {
			return e.first.After(q.from.Add(hushed)) && !e.acked.IsZero() && e.acked.Before(q.to)
		}
		return in(a) && in(b)
	})
}
