// Command bench measures speed and cost of the service in one run, beside references
// that are measured in the same run, and says which targets are met.
//
//	go run ./infra/bench             everything
//	go run ./infra/bench -only start,speed
//
// What waits on simulated time (calls, costs, waits) is the same on any machine; what
// is timed runs alone, one thing after another. README.md has the last figures.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := options(os.Args[1:], os.Stderr)
	if err == nil {
		err = measure(ctx, o, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// settings of a run.
type settings struct {
	root   string
	json   string
	only   []string // sections; nil: all
	rounds int      // of starts
	people int      // of the trace
	queued int      // events of a loud neighbour
	crowd  int      // candidates
	short  bool     // of benchmarks and load: only that they run
}

func options(args []string, complain io.Writer) (settings, error) {
	var s settings
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(complain)
	f.StringVar(&s.root, "root", ".", "the project's `folder`")
	f.StringVar(&s.json, "json", ".local/bench.json", "`file` for the figures")
	only := f.String("only", "", "sections, separated by commas: start, speed, load, crowd, trace, wait; empty: all")
	f.IntVar(&s.rounds, "rounds", 40, "starts of each program")
	f.IntVar(&s.people, "people", 10_000, "people of the trace, beside a tenth and a hundredth of them")
	f.IntVar(&s.queued, "queued", 100_000, "events that a quiet team's neighbour has queued, beside a tenth and a hundredth of them")
	f.IntVar(&s.crowd, "crowd", 100_000, "candidates to copy and search, beside a tenth and a hundredth of them")
	f.BoolVar(&s.short, "short", false, "only see that everything runs: the figures are worth nothing")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if *only != "" {
		s.only = strings.Split(*only, ",")
	}
	return s, nil
}

// sizes are a hundredth, a tenth and all of it, so that the slope shows.
func sizes(all, least int) []int {
	var out []int
	for _, n := range []int{all / 100, all / 10, all} {
		if n >= least && (len(out) == 0 || n > out[len(out)-1]) {
			out = append(out, n)
		}
	}
	return out
}
