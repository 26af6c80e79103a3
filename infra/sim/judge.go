package sim

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
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

// settleTime is how long a candidate is closed after a write of which nobody
// knows, at least.
const settleTime = 2 * time.Minute

// closed notes a write of which nobody can know. One that was held up on its way
// is known to have ended at a time that the service cannot tell.
func (w *World) closed(team, path string, body []byte, timed bool) {
	var to struct{ CandidateID, ObjectID string }
	if timed {
		_ = json.Unmarshal(body, &to)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closures = append(w.closures, closure{team, to.CandidateID + to.ObjectID, time.Now(), strings.TrimPrefix(path, "/"), string(body)})
}

// doubt notes at what a process died: its intents stay without an outcome.
func (w *World) doubt(e *effect, t trouble) {
	if t == dead || t == crashBefore || t == crashAfter {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.deaths = append(w.deaths, death{e.key, time.Now()})
	}
}

// judge holds one team's facts.
type judge struct {
	*World
	t        *team
	state    ashbytest.State
	calls    []ashbytest.Call // that came from us, in order of their arrival
	notes    map[string][]ashbytest.Call
	breaches []Breach
}

// Judge gives all that is wrong with the world as it is now.
func (w *World) Judge() []Breach {
	var out []Breach
	for _, t := range w.teams {
		j := &judge{World: w, t: t, state: w.sim.Dump(t.org)[0], notes: map[string][]ashbytest.Call{}}
		j.calls = w.sim.Calls(ashbytest.CallFilter{Org: t.org})
		j.readNotes()
		for _, h := range t.people {
			j.person(h)
		}
		j.candidates()
		j.values()
		j.settling()
		j.limits()
		j.traces()
		out = append(out, j.breaches...)
	}
	return append(out, w.overlapping()...)
}

func (j *judge) breach(c Count, invariant, format string, args ...any) {
	j.breaches = append(j.breaches, Breach{c, invariant, j.t.id + ": " + fmt.Sprintf(format, args...)})
}

// readNotes finds the notes that were made, by the reference in them.
func (j *judge) readNotes() {
	for _, c := range j.calls {
		if c.Endpoint != "candidate.createNote" || !c.Applied {
			continue
		}
		if i := strings.LastIndex(string(c.Request), "Ref SW-"); i >= 0 {
			ref := string(c.Request[i : i+len("Ref SW-")+10])
			j.notes[ref] = append(j.notes[ref], c)
		}
	}
}

// duty says whether an event must have a note.
type duty uint8

const (
	mustNot duty = iota
	may          // where the outcome depends on what came first, either is right
	must
)

// person judges one contact's events.
func (j *judge) person(h *human) {
	var noted []*accepted
	for _, e := range h.events {
		if e.AcceptedAt.IsZero() {
			continue
		}
		notes := j.notes[plan.Ref(e.ID)]
		d := j.duty(h, e)
		switch {
		case len(notes) > 1:
			j.breach(Duplicated, "one note per noted event", "%s has %d notes", e.ID, len(notes))
		case len(notes) == 1 && d == mustNot:
			j.breach(Duplicated, "no note that nobody asked for", "%s (%s) has a note", e.ID, e.Type)
		case len(notes) == 0 && d == must && !j.unprovable(h):
			j.breach(Lost, "one note per noted event", "%s (%s) of %s has no note", e.ID, e.Type, h.id)
		}
		if len(notes) == 1 {
			noted = append(noted, e)
			if strings.Contains(string(notes[0].Request), forgery) && !e.acked.IsZero() && e.acked.Before(e.forged) {
				j.breach(Duplicated, "of two bodies under one id the first wins", "%s", e.ID)
			}
			if !strings.Contains(string(notes[0].Request), e.OccurredAt.Format("2006-01-02T15:04:05.000Z")) {
				j.breach(Reordered, "notes bear the event's own time", "%s", e.ID)
			}
		}
		j.outcome(h, e)
	}
	j.order(noted)
}

// order judges in which order a person's notes were written: of two events that
// were both there when work started, the earlier one comes first.
func (j *judge) order(noted []*accepted) {
	seq := func(e *accepted) int64 { return j.notes[plan.Ref(e.ID)][0].Seq }
	for i, a := range noted {
		for _, b := range noted[i+1:] {
			first, second := a, b
			if b.OccurredAt.Before(a.OccurredAt) {
				first, second = b, a
			}
			if there := !first.acked.IsZero() && first.acked.Before(second.first); there && seq(first) > seq(second) {
				j.breach(Reordered, "a person's notes in their order", "%s was written after %s", first.ID, second.ID)
			}
		}
	}
}

// outcome judges what the service says of an event: it must be done with, or wait
// for something that the judge can see too.
func (j *judge) outcome(h *human, e *accepted) {
	r, ok, err := j.ledger().Record(context.Background(), j.t.id, e.ID)
	j.must(err)
	if !ok && h.forgetting {
		return
	}
	if !ok {
		j.breach(Lost, "every accepted event has an outcome", "%s is not known", e.ID)
		return
	}
	var right bool
	switch {
	case r.Code == delivery.Quarantined, r.Code == delivery.Rejected && !h.lost:
		j.breach(Lost, "no attempts are used up by waiting", "%s ended as %s: %s", e.ID, r.Code, r.Detail)
		return
	case r.State == delivery.Final, r.State == delivery.Resting:
		right = true
	case r.Code == delivery.NeedsReview:
		right = h.ambiguous && h.answered == ""
	case r.Code == delivery.RecordDeleted:
		right = h.lost || h.shares != nil && h.shares.lost
	default:
		right = j.unprovable(h)
	}
	if !right {
		j.breach(Stuck, "nothing waits without an exit", "%s (%s) of %s is %s %s %q, steps %+v", e.ID, e.Type, h.id, r.State, r.Code, r.Detail, r.Steps)
	}
	if r.Tries > 0 {
		j.breach(Stuck, "no attempts are used up by waiting", "%s used %d", e.ID, r.Tries)
	}
}

// unprovable reports whether a write of the person was unknown when the team's key
// was replaced: the new key need not see what the old one wrote, so it may stay
// unknown until somebody says, and all else of the person behind it.
func (j *judge) unprovable(h *human) bool {
	if j.t.rotated.IsZero() {
		return false
	}
	until := j.t.rotated.Add(time.Minute)
	concerns := func(text string) bool {
		return strings.Contains(text, h.emails[0]) || slices.ContainsFunc(h.events, func(e *accepted) bool {
			return strings.Contains(text, plan.Ref(e.ID)) || strings.Contains(text, "#e#"+e.ID+" ") || strings.HasSuffix(text, "#e#"+e.ID)
		})
	}
	return slices.ContainsFunc(j.closures, func(c closure) bool { return c.from.Before(until) && c.team == j.t.id && concerns(c.body) }) ||
		slices.ContainsFunc(j.deaths, func(d death) bool { return d.at.Before(until) && concerns(d.key) })
}

// in force gives the settings that hold for an event accepted then.
func (t *team) inForce(at time.Time) settings {
	now := settings{trigger: setting.OnInterested, synced: true}
	for _, s := range t.history {
		if !s.at.After(at) {
			now = s
		}
	}
	return now
}

func (s settings) notes(t event.Type) bool {
	types := s.types
	if types == nil {
		types = *setting.BuiltInLayer().Values.NoteTypes
	}
	return slices.Contains(types, t)
}

// duty is the sync table, as far as it can be known from outside.
func (j *judge) duty(h *human, e *accepted) duty {
	s := j.t.inForce(e.AcceptedAt)
	if e.Campaign == nil || e.Type == event.ContactEdited || e.Type == event.ContactRemoved || !s.notes(e.Type) {
		return mustNot
	}
	now := s.trigger == setting.OnAdd || j.marks(s, e)
	switch {
	case j.overtaken(e, s):
		return may
	case h.forgetting && (h.forgotten.IsZero() || !e.AcceptedAt.After(h.forgotten) || !now):
		return may // what went before is forgotten, marks and link too
	case h.ambiguous && h.answering && h.answered == "":
		return may
	case h.ambiguous && (h.answered == "" || h.answered == "never"):
		return mustNot
	case h.ambiguous && s.trigger != setting.OnAdd, j.goneFor(h):
		return may
	case now:
		return must
	}
	return j.inTime(h, e, s)
}

// overtaken reports whether an event was accepted again, under other settings,
// before record had it: the settings of whichever came first hold.
func (j *judge) overtaken(e *accepted, s settings) bool {
	return slices.ContainsFunc(e.again, func(at time.Time) bool {
		return !j.t.inForce(at).at.Equal(s.at) && (e.acked.IsZero() || e.acked.After(at))
	})
}

// goneFor reports whether the candidate that a person has, or may have, was deleted.
func (j *judge) goneFor(h *human) bool {
	return h.lost || h.shares != nil && h.shares.lost || j.someoneSharing(h, func(o *human) bool { return o.lost })
}

// inTime is the duty of an event that puts nobody into Ashby: it is noted if its
// person was there by then.
func (j *judge) inTime(h *human, e *accepted, s settings) duty {
	synced := func(o *accepted) bool {
		by := j.t.inForce(o.AcceptedAt)
		return o.Campaign != nil && o.Type != event.ContactRemoved && o.Type != event.ContactEdited && !o.AcceptedAt.IsZero() &&
			(by.trigger == setting.OnAdd || j.marks(by, o))
	}
	for _, o := range h.events {
		if synced(o) && !o.OccurredAt.After(e.OccurredAt) && !o.acked.IsZero() && o.acked.Before(e.first) {
			return must
		}
	}
	could := slices.ContainsFunc(h.events, func(o *accepted) bool { return synced(o) || j.markedLater(h, o) })
	switch {
	case !s.synced && len(h.known) > 0:
		return must // a note-only link, or a synced one
	case could, !s.synced && (h.shares != nil || j.someoneSharing(h, func(*human) bool { return true })):
		return may
	}
	return mustNot
}

// marks reports whether an event brings the mark that its trigger waits for.
func (j *judge) marks(s settings, e *accepted) bool {
	return s.trigger == setting.OnReply && e.MarksResponded() || s.trigger == setting.OnInterested && e.MarksInterested()
}

// markedLater reports whether some event of the person brings the mark that this
// one's trigger waits for: marks are the person's, whatever held when they came.
func (j *judge) markedLater(h *human, e *accepted) bool {
	s := j.t.inForce(e.AcceptedAt)
	return !e.AcceptedAt.IsZero() && slices.ContainsFunc(h.events, func(o *accepted) bool {
		return !o.AcceptedAt.IsZero() && j.marks(s, o)
	})
}

func (j *judge) someoneSharing(h *human, is func(*human) bool) bool {
	return slices.ContainsFunc(j.t.people, func(o *human) bool { return o != h && o.shares == h && is(o) })
}

// candidates judges who is in Ashby: one candidate for each identity.
func (j *judge) candidates() {
	made := map[string]int{}
	for _, c := range j.calls {
		if c.Endpoint != "candidate.create" || !c.Applied {
			continue
		}
		var b struct {
			Email                   string
			AlternateEmailAddresses []string
		}
		j.must(json.Unmarshal(c.Request, &b))
		for _, h := range j.t.people {
			if h.shares == nil && (h.has(b.Email) || slices.ContainsFunc(b.AlternateEmailAddresses, h.has)) {
				made[h.id]++
			}
		}
	}
	for _, h := range j.t.people {
		if h.shares != nil {
			continue
		}
		switch n := made[h.id] + len(h.known); {
		case n > 1 && !h.lost && !h.ambiguous && !h.forgetting:
			j.breach(Duplicated, "one candidate per person and identity key", "%s has %d candidates", h.id, n)
		case n > 1+len(h.known) && h.ambiguous:
			j.breach(Duplicated, "one candidate per person and identity key", "%s has %d candidates, %d at first", h.id, n, len(h.known))
		case n == 0 && j.mustBeThere(h) && !j.unprovable(h):
			j.breach(Lost, "one candidate per person and identity key", "%s has no candidate", h.id)
		}
	}
}

func (j *judge) mustBeThere(h *human) bool {
	return !h.lost && !h.ambiguous && !h.forgetting && slices.ContainsFunc(h.events, func(e *accepted) bool {
		if e.AcceptedAt.IsZero() || e.Campaign == nil || e.Type == event.ContactEdited || e.Type == event.ContactRemoved {
			return false
		}
		s := j.t.inForce(e.AcceptedAt)
		return !j.overtaken(e, s) && (s.trigger == setting.OnAdd || j.marks(s, e))
	})
}

// settling judges that nothing was written to a candidate in the settle time of a
// write of which nobody knew.
func (j *judge) settling() {
	for _, c := range j.closures {
		if c.candidate == "" {
			continue // a create, or held up
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
