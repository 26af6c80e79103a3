package rig

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// lostOf is how many answers to writes are lost on the way: one in so many.
const lostOf = 100

// TestWhatIsWrittenTwiceWhenAnswersAreLost carries the trace while answers to writes
// get lost, as the naive design is measured.
func TestWhatIsWrittenTwiceWhenAnswersAreLost(t *testing.T) {
	inRig(t, latency, func(t *testing.T, r *Rig) {
		if _, err := r.Sim.AddFault(ashbytest.Fault{Kind: ashbytest.LostAfter, Writes: true, Probability: 1.0 / lostOf}); err != nil {
			t.Fatal(err)
		}
		n := min(*people, 1000)
		events, _ := trace(t, r, n)
		time.Sleep(settled)
		total, written := 0, map[string]bool{}
		for _, list := range r.Sim.Dump(r.orgs["t1"])[0].Notes {
			for _, note := range list {
				written[note.Content] = true
				total++
			}
		}
		t.Log(Say("lost/notes_doubled_per_million", float64(total-len(written))/float64(events)*1e6, "notes"))
		if total != len(written) || total != 5*n {
			t.Errorf("%d notes, %d different ones, want %d", total, len(written), 5*n)
		}
	})
}
