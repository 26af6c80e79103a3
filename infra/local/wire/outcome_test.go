package wire_test

import (
	"net/http"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/infra/local/campaign"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// notes is how many of a person's events give one by default: three emails, a
// LinkedIn message and a reply.
const notes = 5

// known says which people of a campaign Ashby knows before.
func known(i int) bool { return i%5 == 4 && i < 25 }

func people(c campaign.Campaign) []string {
	var ids []string
	for i := range c.People {
		ids = append(ids, c.PersonID(i))
	}
	return ids
}

func (s *service) state() ashbytest.State { return s.Ashby.Dump(s.seeded.Org)[0] }

// writtenOnce wants one candidate for each person, the known one found, and one
// note for each event that gives one.
func (s *service) writtenOnce(c campaign.Campaign) {
	s.Helper()
	state := s.state()
	var candidates []string
	for i, person := range people(c) {
		candidate := s.candidate(person)
		candidates = append(candidates, candidate)
		if before := slices.Contains(s.seeded.Candidates, candidate); before != known(i) {
			s.Errorf("%s is linked to %s, in Ashby before: %v", person, candidate, before)
		}
		refs := map[string]bool{}
		for _, note := range state.Notes[candidate] {
			_, ref, _ := strings.Cut(note.Content, "Ref SW-")
			refs[ref] = true
		}
		if len(state.Notes[candidate]) != notes || len(refs) != notes {
			s.Errorf("%s has %d notes about %d events, want %d", person, len(state.Notes[candidate]), len(refs), notes)
		}
	}
	made := len(state.Candidates) - len(s.seeded.Candidates)
	if creates := s.Ashby.Stats().Applied["candidate.create"]; made != creates {
		s.Errorf("%d candidates came from %d creates", made, creates)
	}
	for _, created := range state.Candidates[len(s.seeded.Candidates):] {
		if !s.linked[created.ID] && !slices.Contains(candidates, created.ID) {
			s.Errorf("candidate %s is nobody's", created.ID)
		}
	}
	for _, candidate := range candidates {
		if s.linked[candidate] {
			s.Errorf("candidate %s is linked twice", candidate)
		}
		s.linked[candidate] = true
	}
}

// link of a person to a candidate, as the timeline shows it.
type link struct {
	Kind, Candidate string
	Gone            bool
}

func (s *service) link(person string) link {
	s.Helper()
	var page struct{ Person struct{ Link link } }
	if status := s.call(http.MethodGet, "/v1/people/"+person+"/timeline", nil, nil, &page); status != http.StatusOK {
		s.Fatalf("timeline of %s: %d", person, status)
	}
	return page.Person.Link
}

// candidate is the Ashby id that the person is synced to.
func (s *service) candidate(person string) string {
	s.Helper()
	found := s.link(person)
	if found.Kind != "synced" {
		s.Fatalf("%s has link %+v", person, found)
	}
	return found.Candidate
}
