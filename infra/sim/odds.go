package sim

import (
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

// oddities gives the world some of what is rare: an event that ends every process
// which reads it, and an Ashby whose search is late.
func (w *World) oddities() error {
	w.poison()
	r := w.apart("late search")
	if r.IntN(3) != 0 {
		return nil
	}
	lag := ashbytest.Millis(r.IntN(int(10 * time.Minute / time.Millisecond)))
	return w.sim.SetModes(func(m *ashbytest.Modes) { m.SearchLag = lag })
}

// plans reports whether something is going to happen that is called so.
func (w *World) plans(name string) bool {
	return slices.ContainsFunc(w.script, func(a action) bool { return a.name == name }) ||
		slices.ContainsFunc(w.outages, func(o outage) bool { return string(o.what) == name }) ||
		name == "poison" && w.longest < longest || name == "busy" && w.busy
}

// poison makes one event of some worlds end every drain that reads what is in it.
func (w *World) poison() {
	r := w.apart("poison")
	if w.busy || r.IntN(5) != 0 {
		return
	}
	var harmful []*accepted
	for _, t := range w.teams {
		for _, h := range t.people {
			for i, e := range h.events {
				if i > 0 && e.Type == event.SMSSent && !h.ambiguous {
					harmful = append(harmful, e)
				}
			}
		}
	}
	if len(harmful) > 0 {
		harmful[r.IntN(len(harmful))].poison = true
		w.longest = 3 * time.Hour // it would go on all that time if nobody noticed
	}
}

// poisons reports whether an event of a person ends whoever reads it: it is poison, or
// a wish that looks at all of theirs.
func (h *human) poisons(id string) bool {
	own := slices.ContainsFunc(h.events, func(e *accepted) bool { return e.ID == id && !e.poison })
	return !own && slices.ContainsFunc(h.events, func(e *accepted) bool { return e.poison })
}

// poisoned reports whether an effect reads an event that ends the process.
func (w *World) poisoned(e *effect) bool {
	if e.kind != storeRead || e.name != "payload" || !e.by.drains() {
		return false
	}
	for _, a := range w.accepted {
		if a.poison && e.key == a.team.id+"#e#"+a.ID+" body" {
			return true
		}
	}
	return false
}
