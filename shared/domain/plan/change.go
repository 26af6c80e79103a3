package plan

import (
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// stale reports whether what is known is older than what was last written. To a
// candidate that is yet to be made nothing was.
func (p *planner) stale(e mapping.Entry) bool {
	if p.creating {
		return false
	}
	var known, applied time.Time
	for _, v := range e.From {
		known = later(known, p.timeOf(v))
		applied = later(later(applied, p.Person.Applied[v]), p.others[v])
	}
	return !known.IsZero() && known.Before(applied)
}

// overtaken reports whether something newer and different is known of a variable
// than what a late edit says.
func (p *planner) overtaken(v contact.Variable) bool {
	now, ok := p.edits[v]
	before, known := p.Person.Known[v]
	return ok && known && before.At.After(now.at) && !before.Value.Equal(now.value)
}

// timeOf gives the time of the variable's value that would be written: the newest
// known one, which need not be the event's.
func (p *planner) timeOf(v contact.Variable) time.Time { return p.after.Known[v].At }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// changed reports whether an edit changed a variable: it names it, or its value
// differs from the last one processed, or did when the edit was first looked at and
// could not be carried. What several edits changed and changed back is as it was,
// named or not.
func (p *planner) changed(v contact.Variable) bool {
	now, ok := p.edits[v]
	before, known := p.Person.Known[v]
	switch {
	case !ok:
		return false
	case slices.Contains(p.Owed, v) && p.Person.Applied[v].Before(now.at):
		return true
	case !known:
		return now.named || now.brought
	case !before.Value.Equal(now.value):
		return true
	default:
		return now.named && !now.strayed
	}
}

// owing gives what an edit changed, in order, where it waits, or found its candidate
// gone: by the time at which it can be carried its values are known, and say nothing.
func (p *planner) owing(out Outcome) []contact.Variable {
	gone := out.Code == delivery.NoLink && p.after.Link.Kind == person.Synced && p.after.Link.Gone
	if len(out.Steps) > 0 || out.Code.State() != delivery.Waiting && !gone {
		return nil
	}
	var owed []contact.Variable
	for v := range p.edits {
		if p.changed(v) {
			owed = append(owed, v)
		}
	}
	slices.Sort(owed)
	return owed
}

// changedFor reports whether an edit changed what the entry takes of its
// variables: a third address added to a list changes nothing of its first. Where
// the value before is not known, or was this one already when an edit came that
// names the variable, it did.
func (p *planner) changedFor(e mapping.Entry, now incoming) bool {
	changed := 0
	for _, v := range e.From {
		if !p.changed(v) {
			continue
		}
		changed++
		if _, known := p.Person.Known[v]; !known || !p.differs(v) {
			return true
		}
	}
	if changed == 0 {
		return false
	}
	before := *p
	before.snapshot = p.Person.Snapshot()
	return before.valueOf(e).text != now.text
}

// differs reports whether a variable's value is another than the last one processed.
func (p *planner) differs(v contact.Variable) bool {
	now, ok := p.edits[v]
	return ok && !p.Person.Known[v].Value.Equal(now.value)
}

// cleared reports whether all that an edit changed of an entry's variables was
// emptied, such as the first name of a first and a last one.
func (p *planner) cleared(e mapping.Entry) bool {
	emptied := false
	for _, v := range e.From {
		if !p.changed(v) {
			continue
		}
		if !p.edits[v].value.Blank() {
			return false
		}
		emptied = true
	}
	return emptied
}
