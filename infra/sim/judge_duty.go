package sim

import (
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// duty says whether an event must have a note.
type duty uint8

const (
	mustNot duty = iota
	may          // where the outcome depends on what came first, either is right
	must
)

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
	if !e.puts() || !s.notes(e.Type) || e.poison {
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
	case h.ambiguous && s.trigger != setting.OnAdd, j.goneFor(h), j.unseen(h):
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

// unseen reports whether the team had a key that did not see the candidate whom a
// person has: there may be a second one by now, and then a review, which only a person
// ends.
func (j *judge) unseen(h *human) bool {
	return j.t.blinded && (h.confidential || h.shares != nil && h.shares.confidential)
}

// inTime is the duty of an event that puts nobody into Ashby: it is noted if its
// person was there by then.
func (j *judge) inTime(h *human, e *accepted, s settings) duty {
	for _, o := range h.events {
		if j.putsIn(o) && !o.OccurredAt.After(e.OccurredAt) && !o.acked.IsZero() && o.acked.Before(e.came()) {
			return must
		}
	}
	for _, it := range h.wishes {
		if it.carried() && !it.job && !e.OccurredAt.Before(it.heard) && e.came().After(it.heard) {
			return must
		}
	}
	could := len(h.wishes) > 0 || slices.ContainsFunc(h.events, func(o *accepted) bool { return j.mayPutIn(h, o) })
	switch {
	case j.filled(h, e):
		return must
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

// putsIn reports whether an event surely puts its person into Ashby by itself.
func (j *judge) putsIn(e *accepted) bool {
	s := j.t.inForce(e.AcceptedAt)
	return e.puts() && !j.overtaken(e, s) && (s.trigger == setting.OnAdd || j.marks(s, e))
}

// mayPutIn reports whether it may, under whichever settings record had it: marks are
// the person's, whatever held when they came.
func (j *judge) mayPutIn(h *human, e *accepted) bool {
	return e.puts() && slices.ContainsFunc(append([]time.Time{e.AcceptedAt}, e.again...), func(at time.Time) bool {
		s := j.t.inForce(at)
		return s.trigger == setting.OnAdd || slices.ContainsFunc(h.events, func(o *accepted) bool {
			return !o.AcceptedAt.IsZero() && j.marks(s, o)
		})
	})
}

// puts reports whether an event was accepted and is of those that may put people in.
func (e *accepted) puts() bool {
	return !e.AcceptedAt.IsZero() && !e.poison && e.Campaign != nil && e.Type != event.ContactEdited && e.Type != event.ContactRemoved
}

func (j *judge) someoneSharing(h *human, is func(*human) bool) bool {
	return slices.ContainsFunc(j.t.people, func(o *human) bool { return o != h && o.shares == h && is(o) })
}
