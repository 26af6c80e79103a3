package rig

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/campaign"
)

// queued is how many events of the neighbour wait. The figure counts with 100,000.
var queued = flag.Int("queued", 2000, "events that the neighbour of a quiet team has queued")

// Processes of each function while a neighbour is loud: where Lambda begins, and it
// takes more as the queue grows.
const processes = 10

// TestAQuietTeamDoesNotWaitBehindItsNeighbour queues a neighbour's events at once,
// and then sends a reply of a quiet team every second, with tables that take the
// time that DynamoDB takes.
func TestAQuietTeamDoesNotWaitBehindItsNeighbour(t *testing.T) { synctest.Test(t, quiet) }

func quiet(t *testing.T) {
	const replies = 120
	r, err := New(150 * time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := errors.Join(r.Connect(t.Context(), "loud"), r.Connect(t.Context(), "quiet")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { r.Run(ctx, processes) })

	own := campaign.Campaign{Team: "quiet", Name: "quiet", People: replies, Now: time.Now()}.Events()
	send(t, r, "quiet", own[:replies]) // adds, whom their organisation then has
	time.Sleep(settled)
	loud := campaign.Campaign{Team: "loud", Name: "loud", People: *queued / campaign.PerPerson, Now: time.Now()}.Events()
	send(t, r, "loud", loud)
	sent := map[string]time.Time{}
	waiting := 0
	for _, e := range own[5*replies : 6*replies] {
		sent[e.ID] = time.Now()
		send(t, r, "quiet", []campaign.Event{e})
		time.Sleep(time.Second)
		waiting += r.Events.Len()
	}
	time.Sleep(time.Minute)
	waits := waitsOf(t, r, "quiet", sent)
	t.Log(Say("quiet/queued", float64(len(loud)), "events"))
	t.Log(Say("quiet/messages_waiting", float64(waiting)/replies, "messages"))
	t.Log(Say("quiet/wait_p50", waits[len(waits)/2].Seconds(), "s"))
	t.Log(Say("quiet/wait_p99", waits[len(waits)*99/100].Seconds(), "s"))
	if p99 := waits[len(waits)*99/100]; p99 > 2*time.Second {
		t.Errorf("p99 of the wait is %s", p99)
	}
	cancel()
	running.Wait()
}

func send(t *testing.T, r *Rig, team string, list []campaign.Event) {
	t.Helper()
	for i, request := range campaign.Requests(list) {
		if err := r.Send(t.Context(), team, fmt.Sprintf("%s-%d", list[0].ID, i), request); err != nil {
			t.Fatal(err)
		}
	}
}

// waitsOf gives how long it took until the note of each event stood in Ashby, sorted.
func waitsOf(t *testing.T, r *Rig, team string, sent map[string]time.Time) []time.Duration {
	t.Helper()
	var waits []time.Duration
	for id, at := range sent {
		record, _, err := r.Ledger().Record(t.Context(), team, id)
		step, ok := record.Step("note")
		if err != nil || !ok || step.DoneAt.IsZero() {
			t.Errorf("%s: no note, %s %s, %v", id, record.State, record.Code, err)
			continue
		}
		waits = append(waits, step.DoneAt.Sub(at))
	}
	slices.Sort(waits)
	return waits
}
