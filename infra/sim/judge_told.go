package sim

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// readNotes finds the notes that were made, by the reference in them, and the
// emails, by their id. An email that was there already made none.
func (j *judge) readNotes() {
	for _, c := range j.calls {
		if !c.Applied || c.Result == "" {
			continue
		}
		switch c.Endpoint {
		case noteMethod:
			if i := strings.LastIndex(string(c.Request), "Ref SW-"); i >= 0 {
				ref := string(c.Request[i : i+len("Ref SW-")+10])
				j.told[ref] = append(j.told[ref], c)
			}
		case emailMethod:
			var b struct{ EmailProviderEmailID string }
			j.must(json.Unmarshal(c.Request, &b))
			j.told[b.EmailProviderEmailID] = append(j.told[b.EmailProviderEmailID], c)
		}
	}
}

// of gives the notes and emails of an event.
func (j *judge) of(e *accepted) []ashbytest.Call {
	return slices.Concat(j.told[plan.Ref(e.ID)], j.told[plan.ProviderID(e.ID)])
}

// person judges one contact's events.
func (j *judge) person(h *human) {
	var noted []*accepted
	for _, e := range h.events {
		if e.AcceptedAt.IsZero() {
			continue
		}
		notes := j.of(e)
		d := j.duty(h, e)
		switch {
		case len(notes) > 1:
			j.breach(Duplicated, "one note or email per noted event", "%s has %d of them", e.ID, len(notes))
		case len(notes) == 1 && d == mustNot:
			j.breach(Duplicated, "no note that nobody asked for", "%s (%s) has a note", e.ID, e.Type)
		case len(notes) == 0 && d == must:
			j.breach(Lost, "one note or email per noted event", "%s (%s) of %s has none", e.ID, e.Type, h.id)
		}
		if len(notes) == 1 {
			noted = append(noted, e)
			if strings.Contains(string(notes[0].Request), forgery) && !e.acked.IsZero() && e.acked.Before(e.forged) {
				j.breach(Duplicated, "of two bodies under one id the first wins", "%s", e.ID)
			}
			if !strings.Contains(string(notes[0].Request), e.OccurredAt.Format("2006-01-02T15:04:05.000Z")) {
				j.breach(Reordered, "notes bear the event's own time", "%s", e.ID)
			}
			j.letter(e, notes[0])
		}
		j.outcome(h, e.ID, e.Type)
	}
	j.order(h, noted)
}

// order judges in which order a person's notes were written: of two events that
// were both there when work started, the earlier one comes first. What was withheld
// is written late, but in order too.
func (j *judge) order(h *human, noted []*accepted) {
	seq := func(e *accepted) int64 { return j.of(e)[0].Seq }
	for i, a := range noted {
		for _, b := range noted[i+1:] {
			first, second := a, b
			if b.OccurredAt.Before(a.OccurredAt) {
				first, second = b, a
			}
			if first.retried.After(second.came()) {
				continue // it may have rested until then
			}
			there := !first.acked.IsZero() && first.acked.Before(second.came()) || j.waitedTogether(first, second)
			if there && j.ordered(h, first, second) && seq(first) > seq(second) {
				j.breach(Reordered, "a person's notes in their order", "%s was written after %s", first.ID, second.ID)
			}
		}
	}
}

// outcome judges what the service says of an event: it must be done with, or wait
// for something that the judge can see too.
func (j *judge) outcome(h *human, id string, kind event.Type) {
	r, ok, err := j.ledger().Record(context.Background(), j.t.id, id)
	j.must(err)
	if !ok && h.forgetting {
		return
	}
	if !ok {
		j.breach(Lost, "every accepted event has an outcome", "%s is not known", id)
		return
	}
	var right bool
	switch {
	case r.Code == delivery.Quarantined && h.poisons(id):
		return
	case r.Code == delivery.Quarantined, r.Code == delivery.Rejected && !h.lost:
		j.breach(Lost, "no attempts are used up by waiting", "%s ended as %s: %s", id, r.Code, r.Detail)
		return
	case r.State == delivery.Final, r.State == delivery.Resting:
		right = true
	case r.Code == delivery.NeedsReview:
		right = h.ambiguous && h.answered == "" || j.unseen(h)
	case r.Code == delivery.RecordDeleted:
		right = h.lost || h.shares != nil && h.shares.lost
	}
	if !right {
		j.breach(Stuck, "nothing waits without an exit", "%s (%s) of %s is %s %s %q, steps %+v", id, kind, h.id, r.State, r.Code, r.Detail, r.Steps)
	}
	if r.Tries > 0 {
		j.breach(Stuck, "no attempts are used up by waiting", "%s used %d", id, r.Tries)
	}
}
