package sim

import (
	"slices"
	"strings"
)

// Report sums worlds up. Reports of several processes add up.
type Report struct {
	Events, Worlds, Teams, People int
	Seconds                       float64
	Counts                        map[Count]int
	Invariants                    map[string]int
	Seen                          map[string]int // by trouble, kind and step, with a slash between
	Profiles                      map[string]int // teams by profile
	Sharing                       int            // people who share a candidate or change their address
	Breaches                      []Found        // the first ones
}

// Found is a breach with the seed that shows it again.
type Found struct {
	Seed uint64
	Breach
}

// NewReport makes an empty one.
func NewReport() *Report {
	return &Report{Counts: map[Count]int{}, Invariants: map[string]int{}, Seen: map[string]int{}, Profiles: map[string]int{}}
}

// mostFound bounds what a report keeps of breaches.
const mostFound = 25

// Add adds a world that was judged.
func (r *Report) Add(w *World, breaches []Breach) {
	r.Events += len(w.accepted)
	r.Worlds++
	r.Teams += len(w.teams)
	for _, t := range w.teams {
		r.People += len(t.people)
		r.Profiles[t.profile.name]++
		for _, h := range t.people {
			if h.changes || h.shares != nil || w.someoneShares(t, h) {
				r.Sharing++
			}
		}
	}
	for c, n := range w.seen {
		r.Seen[c.Trouble+"/"+c.Kind+"/"+c.Step] += n
	}
	for _, b := range breaches {
		r.Counts[b.Count]++
		r.Invariants[b.Invariant]++
		if len(r.Breaches) < mostFound {
			r.Breaches = append(r.Breaches, Found{w.Seed, b})
		}
	}
}

// Merge adds another process's report.
func (r *Report) Merge(o *Report) {
	r.Events, r.Worlds, r.Teams, r.People = r.Events+o.Events, r.Worlds+o.Worlds, r.Teams+o.Teams, r.People+o.People
	r.Sharing, r.Seconds = r.Sharing+o.Sharing, max(r.Seconds, o.Seconds)
	add(r.Counts, o.Counts)
	add(r.Invariants, o.Invariants)
	add(r.Seen, o.Seen)
	add(r.Profiles, o.Profiles)
	r.Breaches = append(r.Breaches, o.Breaches...)
	slices.SortStableFunc(r.Breaches, func(a, b Found) int { return int(int64(a.Seed) - int64(b.Seed)) })
	r.Breaches = r.Breaches[:min(len(r.Breaches), mostFound)]
}

func add[K comparable](to, from map[K]int) {
	for k, n := range from {
		to[k] += n
	}
}

// Troubles counts what went wrong, by kind of trouble.
func (r *Report) Troubles() map[string]int {
	out := map[string]int{}
	for cell, n := range r.Seen {
		trouble, _, _ := strings.Cut(cell, "/")
		out[trouble] += n
	}
	return out
}

// Failed says how often the counts say that something is wrong.
func (r *Report) Failed() int {
	n := 0
	for _, c := range r.Counts {
		n += c
	}
	return n
}

// What a run must have met, for every million of its events.
const (
	perTrouble = 1000
	perCell    = 10
	million    = 1_000_000
)

// Uncovered lists what the run met too seldom to prove anything, in order. The
// cells are those of the protocol: every trouble of a step's effects, at every
// step.
func (r *Report) Uncovered() []string {
	var out []string
	troubles := r.Troubles()
	for _, t := range everyTrouble() {
		if troubles[string(t)] < perTrouble*r.Events/million {
			out = append(out, string(t))
		}
	}
	for _, cell := range everyCell() {
		if r.Seen[cell] < perCell*r.Events/million {
			out = append(out, cell)
		}
	}
	slices.Sort(out)
	return out
}

func everyTrouble() []trouble {
	all := slices.Concat(ofStoreWrite, ofCall, ofMessage, []trouble{
		storeDown, secretsDown, ashbyDown, hintLost, givenTwice, reordered, skewed,
		keyRevoked, keyRotated, unpermitted, merged, deleted, resettled, edited, forgot, redriven, heldUp, answered, paused, cutOff, pushed, filledUp,
		staleRead, poisonous, unattended,
	})
	slices.Sort(all)
	return slices.Compact(all)
}

// The steps of an event's way: its writes to the store, and its writes to Ashby.
var (
	storeSteps = []string{"team", "due", "payload", "record", "entry", "person+record", "cand+person+record", "plan", "due+record", "drop due"}
	ashbySteps = []string{"create", "update", "fields", "note", "email"}
)

func everyCell() []string {
	var out []string
	for _, s := range storeSteps {
		for _, t := range ofStoreWrite {
			out = append(out, string(t)+"/"+storeWrite.String()+"/"+s)
		}
	}
	for _, s := range ashbySteps {
		for _, t := range ofCall {
			out = append(out, string(t)+"/"+ashbyWrite.String()+"/"+s)
		}
	}
	for _, t := range ofCall {
		out = append(out, string(t)+"/"+ashbyRead.String()+"/read")
	}
	return out
}
