package plan

import (
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
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
// differs from the last one processed. What several edits changed and changed back
// is as it was, named or not.
func (p *planner) changed(v contact.Variable) bool {
	now, ok := p.edits[v]
	before, known := p.Person.Known[v]
	switch {
	case !ok:
		return false
	case !known:
		return now.named || now.brought
	case !before.Value.Equal(now.value):
		return true
	default:
		return now.named && !now.strayed
	}
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
