package plan

import (
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// Gather is the time within which edits of one person go to Ashby as one, and so
// for how long the first of them waits for more.
const Gather = 10 * time.Second

// MostTogether bounds how many edits go as one: their records are written at once.
const MostTogether = 10

// Gathers reports whether an event may go together with others: an edit made by hand.
func Gathers(e event.Event) bool { return e.Type == event.ContactEdited && e.Origin == event.Manual }

// Together reports whether the next event of a person, with the settings that hold
// for it, goes as one with the edits that begin with first. Only edits that write
// to the person's candidate do; whatever else comes between ends the row.
func Together(first, next Input) bool {
	return Gathers(first.Event) && Gathers(next.Event) &&
		first.Settings.Manual && next.Settings.Manual &&
		next.Event.OccurredAt.Sub(first.Event.OccurredAt) <= Gather && writable(first.Person)
}

// writable reports whether an edit of the person reaches a candidate.
func writable(p person.Person) bool {
	return p.Link.Kind == person.Synced && !p.Link.Gone && !p.Link.Stopped && !p.Held && p.Review.Answer != person.NeverLink
}

// edited is what an edit, or several that go as one, says of a variable.
type edited struct {
	value   contact.Value // the newest
	at      time.Time
	named   bool // an edit names it as changed
	brought bool // an edit that names nothing brings a value
	strayed bool // it was something else in between
}

// takeIn applies the event, and those that go together with it, to what is known
// of the person.
func (p *planner) takeIn() {
	p.after = p.Person
	for _, e := range p.Earlier {
		p.after = p.after.After(e)
	}
	p.after = p.after.After(p.Event)
	p.takeValues()
	p.snapshot = p.after.Snapshot()
	if p.Event.Type != event.ContactEdited {
		return
	}
	p.edits = map[contact.Variable]edited{}
	for _, e := range p.Earlier {
		p.editedBy(e)
	}
	p.editedBy(p.Event)
	p.Event.Values = p.allGiven()
}

func (p *planner) editedBy(e event.Event) {
	for v, value := range e.Person.Snapshot {
		now, before := p.edits[v]
		now.strayed = now.strayed || before && !now.value.Equal(value)
		if !before || !now.at.After(e.VariablesAt()) {
			now.value, now.at = value, e.VariablesAt()
		}
		now.named = now.named || slices.Contains(e.Person.Changed, v)
		now.brought = now.brought || len(e.Person.Changed) == 0 && !value.Blank()
		p.edits[v] = now
	}
}

// changedAnything reports whether anything is other than before the edits.
func (p *planner) changedAnything() bool {
	for v := range p.edits {
		if p.changed(v) {
			return true
		}
	}
	return false
}

// allGiven are the values given with the event and those that go together with it;
// for each field the latest.
func (p *planner) allGiven() []event.Given {
	given := slices.Clone(p.Event.Values)
	for _, e := range slices.Backward(p.Earlier) {
		for _, v := range e.Values {
			if !slices.ContainsFunc(given, func(g event.Given) bool { return g.Field == v.Field }) {
				given = append(given, v)
			}
		}
	}
	return given
}
