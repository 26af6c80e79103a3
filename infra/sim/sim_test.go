package sim

import (
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// Without flags a small run proves that the worlds work; `make sim` sets them.
var (
	seedFlag   = flag.Uint64("sim.seed", 1, "seed of the first world")
	stepFlag   = flag.Uint64("sim.step", 1, "from one world's seed to the next one's")
	eventsFlag = flag.Int("sim.events", 3000, "events to accept, at least")
	worldsFlag = flag.Int("sim.worlds", 0, "worlds to run at most; 0: as many as it takes")
	withFlag   = flag.String("sim.with", "", "only worlds in which this is going to happen, such as merge")
	stopFlag   = flag.Bool("sim.stop", false, "stop at the first world that is wrong")
	traceFlag  = flag.Bool("sim.trace", false, "print all that happens, and the story of what is wrong")
	logFlag    = flag.Bool("sim.log", false, "with the service's own log")
	reportFlag = flag.String("sim.report", "", "file that gets the report")
)

func TestNothingIsLostOrDoneTwiceOrStuckUnderFire(t *testing.T) {
	begun := time.Now()
	told := begun
	r := NewReport()
	for seed := *seedFlag; r.Events < *eventsFlag && (*worldsFlag == 0 || r.Worlds < *worldsFlag); seed += *stepFlag {
		found := len(r.Breaches)
		synctest.Test(t, func(t *testing.T) { runWorld(t, seed, r) })
		runtime.GC() // never in the middle of a world, where `make sim` turns it off
		for _, b := range r.Breaches[found:] {
			tell("seed %d: %s: %s: %s", b.Seed, b.Count, b.Invariant, b.What)
		}
		if time.Since(told) > progressEvery {
			told = time.Now()
			tell("%d of %d events, up to seed %d", r.Events, *eventsFlag, seed)
		}
		if *stopFlag && len(r.Breaches) > 0 {
			break
		}
	}
	r.Seconds = time.Since(begun).Seconds()
	for _, b := range r.Breaches {
		t.Errorf("seed %d: %s: %s: %s", b.Seed, b.Count, b.Invariant, b.What)
	}
	t.Logf("%d events in %d worlds", r.Events, r.Worlds)
	if *reportFlag == "" {
		return
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(*reportFlag, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// progressEvery is how often a long run says how far it is.
const progressEvery = 30 * time.Second

// tell says how a run for a report goes while it does.
func tell(format string, args ...any) {
	if *reportFlag != "" {
		fmt.Fprintf(os.Stderr, format+"\n", args...)
	}
}

func runWorld(t *testing.T, seed uint64, r *Report) {
	var trace func(string, ...any)
	var log *slog.Logger
	if *traceFlag {
		trace = func(format string, args ...any) { fmt.Printf(format+"\n", args...) }
	}
	if *logFlag {
		log = slog.New(slog.NewTextHandler(os.Stdout, nil))
	}
	w, err := New(seed, synctest.Wait, trace, log)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if *withFlag != "" && !w.plans(*withFlag) {
		return
	}
	w.Run()
	breaches := w.Judge()
	r.Add(w, breaches)
	if *traceFlag {
		for _, b := range breaches {
			fmt.Println(w.Story(b))
		}
	}
}
