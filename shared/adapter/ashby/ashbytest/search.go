package ashbytest

import (
	"slices"
	"strings"
)

// candidateSearch finds by email (the whole address, any of them, any case) and
// name (any part of it, any case), both if both are given; 100 hits at most.
func candidateSearch(c *call) (any, *failure) {
	address, name := strings.ToLower(strings.TrimSpace(c.text("email"))), strings.ToLower(strings.TrimSpace(c.text("name")))
	if address == "" && name == "" && c.modes.EmptySearch == "invalid" {
		return nil, invalid("", "At least one of email or name is required")
	}
	hits := []candidateJSON{}
	for _, rec := range c.hits(address) {
		if len(hits) == maxPage {
			break
		}
		if c.sees(rec) && !rec.IndexedAt.After(c.now) && strings.Contains(strings.ToLower(rec.Name), name) {
			hits = append(hits, c.show(rec))
		}
	}
	return hits, nil
}

// hits are the candidates with an address, or all of them if it is empty.
func (c *call) hits(address string) []*Candidate {
	if address == "" {
		return c.org.added
	}
	var found []*Candidate
	for _, hit := range c.org.byEmail[address] {
		if !hit.from.After(c.now) {
			found = append(found, c.org.candidates[hit.candidate])
		}
	}
	slices.SortFunc(found, byAdded)
	return found
}
