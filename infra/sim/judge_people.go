package sim

import (
	"encoding/json"
	"slices"
)

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
		case j.unseen(h):
			// nobody could see that they were there
		case n > 1 && !h.lost && !h.ambiguous && !h.forgetting:
			j.breach(Duplicated, "one candidate per person and identity key", "%s has %d candidates", h.id, n)
		case n > 1+len(h.known) && h.ambiguous:
			j.breach(Duplicated, "one candidate per person and identity key", "%s has %d candidates, %d at first", h.id, n, len(h.known))
		case n == 0 && j.mustBeThere(h):
			j.breach(Lost, "one candidate per person and identity key", "%s has no candidate", h.id)
		}
	}
}

func (j *judge) mustBeThere(h *human) bool {
	return !h.lost && !h.ambiguous && !h.forgetting &&
		(slices.ContainsFunc(h.events, j.putsIn) || slices.ContainsFunc(h.wishes, func(it *wish) bool { return it.carried() && !it.job }))
}
