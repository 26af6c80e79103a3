package sim

import (
	"flag"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

var (
	seedFlag   = flag.Uint64("sim.seed", 1, "seed of the first world")
	eventsFlag = flag.Int("sim.events", 2000, "events to accept at least")
	traceFlag  = flag.Bool("sim.trace", false, "print what happens")
)

func TestWorlds(t *testing.T) {
	events, worlds := 0, 0
	begun := time.Now()
	counts := map[Count]int{}
	inv := map[string]int{}
	for seed := *seedFlag; events < *eventsFlag; seed++ {
		synctest.Test(t, func(t *testing.T) {
			var trace func(string, ...any)
			if *traceFlag {
				trace = func(f string, args ...any) { fmt.Printf(f+"\n", args...) }
			}
			w, err := New(seed, synctest.Wait, trace, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer w.sim.Close()
			w.Run()
			events += len(w.accepted)
			for _, b := range w.Judge() {
				counts[b.Count]++
				inv[b.Invariant]++
				if *traceFlag {
					t.Logf("%s", w.Story(b))
				}
				if inv[b.Invariant] < 4 {
					t.Logf("seed %d: %s: %s: %s", seed, b.Count, b.Invariant, b.What)
				}
			}
		})
		worlds++
	}
	took := time.Since(begun)
	t.Logf("%d events in %d worlds, %s: %.0f/s; %v %v", events, worlds, took, float64(events)/took.Seconds(), counts, inv)
}
