package sim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// Count is what the last line of a run counts.
type Count string

// The counts.
const (
	Lost       Count = "lost"
	Duplicated Count = "duplicated"
	Reordered  Count = "reordered"
	Stuck      Count = "stuck"
	OverLimit  Count = "over_limit"
)

// Breach is a broken invariant.
type Breach struct {
	Count     Count
	Invariant string
	What      string
}

// given notes when an event was first handed to record; acknowledged, when record
// had it for good: by then it was on its person's timeline.
func (w *World) given(got []queue.Delivery) {
	for _, d := range got {
		for _, a := range w.parcels[d.Body] {
			if a.first.IsZero() {
				a.first = time.Now()
			}
		}
		if a := w.forgeries[d.Body]; a != nil && a.forged.IsZero() {
			a.forged = time.Now()
		}
	}
}

func (w *World) acknowledged(d queue.Delivery) {
	for _, a := range w.parcels[d.Body] {
		if a.acked.IsZero() {
			a.acked = time.Now()
		}
	}
}

// came gives when an event was first handed to record, in whichever words.
func (e *accepted) came() time.Time {
	if e.first.IsZero() || !e.forged.IsZero() && e.forged.Before(e.first) {
		return e.forged
	}
	return e.first
}

// settleTime is how long a candidate is closed after a write of which nobody
// knows, at least.
const settleTime = 2 * time.Minute

// closed notes a write of which nobody can know. One that was held up on its way
// is known to have ended at a time that the service cannot tell.
func (w *World) closed(team, path string, body []byte, fault trouble) {
	var to struct{ CandidateID, ObjectID string }
	if fault != freeze {
		_ = json.Unmarshal(body, &to)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closures = append(w.closures, closure{team, to.CandidateID + to.ObjectID, time.Now(), strings.TrimPrefix(path, "/"), string(body), fault})
}

// delay notes a call that arrives late.
func (w *World) delay(team, path string, body []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.delayed = append(w.delayed, closure{team: team, from: time.Now(), path: strings.TrimPrefix(path, "/"), body: string(body)})
}

// judge holds one team's facts.
type judge struct {
	*World
	t        *team
	state    ashbytest.State
	calls    []ashbytest.Call            // that came from us, in order of their arrival
	told     map[string][]ashbytest.Call // notes and emails, by what tells their event
	breaches []Breach
}

// Judge gives all that is wrong with the world as it is now.
func (w *World) Judge() []Breach {
	var out []Breach
	for _, t := range w.teams {
		j := &judge{World: w, t: t, state: w.sim.Dump(t.org)[0], told: map[string][]ashbytest.Call{}}
		j.calls = w.sim.Calls(ashbytest.CallFilter{Org: t.org})
		j.readNotes()
		for _, h := range t.people {
			j.person(h)
			j.wished(h)
		}
		j.candidates()
		j.values()
		j.settling()
		j.limits()
		j.traces()
		j.quietly()
		out = append(out, j.breaches...)
	}
	return append(append(out, w.overlapping()...), w.conduct.broken...)
}

func (j *judge) breach(c Count, invariant, format string, args ...any) {
	j.breaches = append(j.breaches, Breach{c, invariant, j.t.id + ": " + fmt.Sprintf(format, args...)})
}

// settling judges that nothing was written to a candidate in the settle time of a
// write of which nobody knew.
func (j *judge) settling() {
	for _, c := range j.closures {
		if c.candidate == "" || c.candidate == nobody || j.refused(c) {
			continue // a create, or held up; or its status said no
		}
		for _, call := range j.calls {
			if call.Candidate != c.candidate || steps[call.Endpoint] == "" || !call.At.After(c.from) ||
				call.Endpoint == c.path && string(call.Request) == c.body && call.At.Sub(c.from) <= 90*time.Second {
				continue
			}
			if call.At.Before(c.from.Add(settleTime)) {
				j.breach(Reordered, "no write to a candidate during its settle time", "%s to %s %s after a %s of which nobody knew",
					call.Endpoint, c.candidate, call.At.Sub(c.from), c.path)
			}
		}
	}
}

// refused reports whether the status of an answer said no that was spoiled on its way.
func (j *judge) refused(of closure) bool {
	return (of.fault == garbage || of.fault == cutAnswer) && slices.ContainsFunc(j.calls, func(c ashbytest.Call) bool {
		late := c.At.Sub(of.from)
		return late >= -time.Millisecond && late < time.Second && string(c.Request) == of.body && c.Status >= 400 && c.Status < 500
	})
}

// overlapping judges that no two writes to one candidate were on their way at once:
// Ashby loses values where they overlap.
func (w *World) overlapping() []Breach {
	var out []Breach
	for _, what := range w.overlaps {
		out = append(out, Breach{Reordered, "one writer for each candidate", what})
	}
	return out
}

// limits judges that Ashby never had to refuse a call for its rate.
func (j *judge) limits() {
	n := 0
	for _, c := range j.calls {
		if c.Status == 429 {
			n++
		}
	}
	if n > 0 {
		j.breach(OverLimit, "never over a limit", "%d calls", n)
	}
}
