package wire_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/campaign"
)

// patience bounds every wait; work that flows needs a small part of it.
const patience = 45 * time.Second

var client = &http.Client{Timeout: 30 * time.Second}

// call makes a request as a user of the team, and decodes an answer that is no
// refusal.
func (s *service) call(method, path string, header map[string]string, body, into any) int {
	s.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		s.Fatal(err)
	}
	r, err := http.NewRequestWithContext(s.Context(), method, s.URL+path, bytes.NewReader(raw))
	if err != nil {
		s.Fatal(err)
	}
	token, err := s.Issuer.Token(team, "u-robin", "member", true, time.Hour)
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	answer, err := client.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.Fatal(err)
	}
	if answer.StatusCode >= http.StatusBadRequest {
		s.Logf("%s %s: %d %s", method, path, answer.StatusCode, text)
		return answer.StatusCode
	}
	if err := json.Unmarshal(text, into); err != nil {
		s.Fatalf("%s %s: %v in %s", method, path, err, text)
	}
	return answer.StatusCode
}

// send posts events as SourceWhale would and wants them accepted.
func (s *service) send(id string, list ...campaign.Event) {
	s.Helper()
	sender := campaign.Sender{API: s.URL, Team: team, Secret: s.secret, HTTP: client, Now: time.Now}
	answer, err := sender.Send(s.Context(), id, list)
	if err != nil || answer.Status != http.StatusAccepted {
		s.Fatalf("intake answered %d %s, %v", answer.Status, answer.Body, err)
	}
}

// story is what explainEvent says, as far as the test reads it.
type story struct {
	Event, State, Code, Message, Rule string
	Row                               int
	Settings                          struct {
		Trigger struct{ Value, Level string }
	}
	Steps []struct {
		Method, Status string
		Remote         string `json:"remote_id"`
	}
}

func (s *service) explain(event string) story {
	s.Helper()
	var told story
	if status := s.call(http.MethodGet, "/v1/events/"+url.PathEscape(event), nil, nil, &told); status != http.StatusOK {
		s.Fatalf("%s is not explained: %d", event, status)
	}
	return told
}

// entry of a timeline.
type entry struct{ Event, State, Code string }

// timeline gives a person's events by id; none when nothing was recorded yet.
func (s *service) timeline(person string) map[string]entry {
	s.Helper()
	var page struct{ Events []entry }
	status := s.call(http.MethodGet, "/v1/people/"+url.PathEscape(person)+"/timeline?limit=100", nil, nil, &page)
	if status != http.StatusOK && status != http.StatusNotFound {
		s.Fatalf("timeline of %s: %d", person, status)
	}
	found := map[string]entry{}
	for _, e := range page.Events {
		found[e.Event] = e
	}
	return found
}

// settled waits until so many events of each person have an outcome.
func (s *service) settled(events int, people ...string) {
	s.Helper()
	s.eventually(fmt.Sprintf("%d events of each of %v have an outcome", events, people), func() bool {
		for _, person := range people {
			done := 0
			for _, e := range s.timeline(person) {
				if e.State != "pending" {
					done++
				}
			}
			if done < events {
				return false
			}
		}
		return true
	})
}

// eventually polls until it holds, within bounds, unless something has failed.
func (s *service) eventually(what string, holds func() bool) {
	s.Helper()
	s.within(patience, what, holds)
}

func (s *service) within(patience time.Duration, what string, holds func() bool) {
	s.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		if s.Failed() {
			s.FailNow()
		}
		select {
		case <-tick.C:
		case <-deadline:
			s.Fatalf("not within %s: %s", patience, what)
		}
	}
}
