package wire_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/campaign"
	"github.com/sourcewhale/ashby-sync/infra/local/deployment/deploytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// What goes wrong in the fire, and how large it is: 30 people are 240 events.
var (
	seed   = flag.Uint64("seed", 19, "of what goes wrong in the fire")
	burned = flag.Int("people", 30, "people of the campaign that is under fire")
)

// outlasts is how long the fire may take. What a kill leaves behind waits for the
// settle time, and for a sweep.
const outlasts = 5 * time.Minute

// The real bootstrap files, killed at work, their messages delivered twice, their calls
// to the tables and queues cut off, their calls to Ashby answered with nothing or with
// nonsense: still each note is there once, and each person.
func TestUnderFireEveryNoteIsWrittenOnce(t *testing.T) {
	t.Parallel()
	x := newTrouble(*seed)
	s := deploy(t, deploytest.Config{Settle: "1", Between: x.between, Logs: nothing{}})
	s.Visibility = 5 * time.Second // much of the work takes longer, and is delivered again beside itself
	s.activate()
	s.putPeopleIntoAshbyWhenAdded()
	for _, f := range ofAshby {
		if _, err := s.Ashby.AddFault(f); err != nil {
			t.Fatal(err)
		}
	}
	s.flow("record", "push")
	s.Schedule(t, 2*time.Second)
	killed := s.kills(*seed)

	c := campaign.Campaign{Team: team, Name: "fire", People: *burned, Now: time.Now()}
	for i, request := range campaign.Requests(c.Events()) { // some events come twice
		s.insist(fmt.Sprintf("fire-%d", i), request)
	}
	s.finished(c)
	kills, mishaps, faults := killed(), x.ends(), s.struck()
	t.Logf("seed %d: killed %v, calls to AWS %v, calls to Ashby %v", *seed, kills, mishaps, faults)
	s.notedOnce(c)
	s.writtenOnce(c)
	s.repeat(c)
	if kills["push"] < 3 || mishaps[cutAfter] < 10 || mishaps[twice] < 3 || faults[ashbytest.ResetAfter] < 2 {
		t.Error("that was no fire")
	}
}

// nothing is where logs go that would be too many.
type nothing struct{}

func (nothing) Write(p []byte) (int, error) { return len(p), nil }

// insist sends a request until it is taken, as SourceWhale does.
func (s *service) insist(id string, events []campaign.Event) {
	s.Helper()
	sender := campaign.Sender{API: s.URL, Team: team, Secret: s.secret, HTTP: client, Now: time.Now}
	s.within(outlasts, id+" is taken", func() bool {
		answer, err := sender.Send(s.Context(), id, events)
		return err == nil && answer.Status == http.StatusAccepted
	})
}

// victims are functions by how often they are chosen.
var victims = []string{"push", "push", "push", "record", "intake", "sweep"}

// mostKills ends the killing: after each the team's work rests until its ring is
// delivered again.
const mostKills = 12

// kills kills a process at work about every second, until it is told to end; then it
// tells how often it killed which.
func (s *service) kills(seed uint64) (end func() map[string]int) {
	s.Helper()
	dice := rand.New(rand.NewPCG(seed, 6))
	ctx, stop := context.WithCancel(s.Context())
	done := make(chan map[string]int, 1)
	go func() {
		killed := map[string]int{}
		for left := mostKills; ; {
			select {
			case <-ctx.Done():
				done <- killed
				return
			case <-time.After(time.Duration(300+dice.IntN(1200)) * time.Millisecond):
			}
			if victim := victims[dice.IntN(len(victims))]; left > 0 && s.Kill(victim) {
				killed[victim]++
				left--
			}
		}
	}()
	return func() map[string]int { stop(); return <-done }
}

// finished waits until every event has its last outcome.
func (s *service) finished(c campaign.Campaign) {
	s.Helper()
	left := people(c)
	s.within(outlasts, "every event has its last outcome", func() bool {
		for len(left) > 0 {
			final := 0
			for _, e := range s.timeline(left[0]) {
				if e.State == "final" {
					final++
				}
			}
			if final < campaign.PerPerson {
				return false
			}
			left = left[1:]
		}
		return true
	})
}

var refLine = regexp.MustCompile(`Ref SW-[A-Z2-7]{10}`)

// notedOnce reads Ashby's own log: of each event that gives a note one was applied, of
// no other any.
func (s *service) notedOnce(c campaign.Campaign) {
	s.Helper()
	applied := map[string]int{}
	for _, call := range s.Ashby.Calls(ashbytest.CallFilter{Endpoint: "candidate.createNote"}) {
		if call.Applied {
			applied[refLine.FindString(string(call.Request))]++
		}
	}
	for _, e := range c.Events() {
		want := 0
		if strings.HasSuffix(e.Type, "_sent") || e.Type == "email_reply" {
			want = 1
		}
		if got := applied[plan.Ref(e.ID)]; got != want {
			s.Errorf("%s (%s) has %d notes in Ashby's log, want %d", e.ID, e.Type, got, want)
		}
	}
}

// struck counts what went wrong at Ashby.
func (s *service) struck() map[ashbytest.FaultKind]int {
	out := map[ashbytest.FaultKind]int{}
	for _, f := range s.Ashby.Faults() {
		out[f.Kind] += f.Struck
	}
	s.Ashby.ClearFaults("")
	return out
}
