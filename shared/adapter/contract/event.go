package contract

import (
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

// readEvent completes an event that has team, acceptance and trace already.
func readEvent(n *node, path string, e event.Event) event.Verdict {
	s := &sheet{}
	if n.kind != object {
		s.add(path, "type")
		return event.Verdict{Mistakes: s.mistakes}
	}
	if person := n.fields["person"]; person != nil {
		e.Dropped = prune(person.fields["snapshot"]) + pruneNames(person.fields["changed"])
	}
	e.BodyHash = n.hash()

	f := newForm(s, n, path)
	e.ID = f.id()
	e.Type = readType(f)
	e.Origin = readOrigin(f, e.Type)
	e.OccurredAt = f.time("occurred_at")
	if actor := f.object("actor"); actor != nil {
		e.Actor = readActor(actor)
	}
	if campaign := f.object("campaign"); campaign != nil {
		e.Campaign = readCampaign(campaign)
	}
	if person := f.object("person"); person != nil {
		e.Person = readPerson(person)
	} else if missing(f, "person") {
		f.add(step(path, "person"), "required")
	}
	if message := f.object("message"); message != nil {
		e.Message = readMessage(message, e.Type)
	}
	e.Overrides = readOverrides(f)
	e.Values = readValues(f)
	f.done()
	e = judgeTimes(f, e)
	if len(s.mistakes) == 0 && packedSize(e) > maxPacked {
		s.add(path, "too_large")
	}
	if len(s.mistakes) > 0 {
		return event.Verdict{ID: e.ID, Mistakes: s.mistakes}
	}
	return event.Verdict{ID: e.ID, Event: e}
}

func missing(f *form, key string) bool { n := f.n.fields[key]; return n == nil || n.kind == null }

func readType(f *form) event.Type {
	t, given := word(f, "type", "unknown_type", func(s string) (event.Type, bool) { return event.Type(s), event.Type(s).Known() })
	if !given && missing(f, "type") {
		f.add(step(f.path, "type"), "required")
	}
	return t
}

// readOrigin wants an origin for edits, which are pushed by it; all else is the
// campaign's own doing unless told otherwise.
func readOrigin(f *form, t event.Type) event.Origin {
	o, given := word(f, "origin", "unknown_origin", func(s string) (event.Origin, bool) { return event.Origin(s), event.Origin(s).Known() })
	switch {
	case given || !missing(f, "origin"):
		return o
	case t == event.ContactEdited:
		f.add(step(f.path, "origin"), "required")
		return ""
	default:
		return event.CampaignRun
	}
}

// judgeTimes refuses what is too old and brings what is too far ahead back to the
// acceptance: a clock that is wrong at the sender's would otherwise win over
// every later change.
func judgeTimes(f *form, e event.Event) event.Event {
	at := step(f.path, "occurred_at")
	switch {
	case missing(f, "occurred_at"):
		f.add(at, "required")
	case !e.OccurredAt.IsZero() && e.OccurredAt.Before(e.AcceptedAt.AddDate(-MaxYears, 0, 0)):
		f.add(at, "too_old")
	}
	clamped := false
	for _, t := range []*time.Time{&e.OccurredAt, &e.Person.UpdatedAt} {
		if t.Sub(e.AcceptedAt) > MaxAhead {
			*t, clamped = e.AcceptedAt, true
		}
	}
	if clamped {
		e.Flags = append(e.Flags, event.TimeClamped)
	}
	return e
}
