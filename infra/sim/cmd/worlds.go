package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sourcewhale/ashby-sync/infra/sim"
	"github.com/sourcewhale/ashby-sync/infra/sim/mutant"
)

// build compiles the simulation into a folder, and gives the file.
func build(ctx context.Context, dir string, flags ...string) (string, error) {
	file := filepath.Join(dir, "worlds.test")
	args := append(append([]string{"test", "-c", "-ldflags=-s -w", "-o", file}, flags...), "./infra/sim")
	out, err := exec.CommandContext(ctx, "go", args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("the simulation does not build: %w\n%s", err, out)
	}
	return file, nil
}

// asTheSeedSays is the environment in which a world is the same again: one goroutine
// at a time, and no garbage collection in the middle of a world, for it interrupts
// them anywhere.
var asTheSeedSays = []string{"GOMAXPROCS=1", "GOGC=off", "GOMEMLIMIT=4GiB"}

// worlds are the flags of one process.
type worlds struct {
	file   string
	seed   uint64
	step   int
	worlds int // at most; 0: as many as it takes
	events int
	stop   bool // at the first world that is wrong
	told   bool // how it goes, while it does

	without string // a guard, if one is taken out
}

// run runs them in a process of its own, on one core, and reads its report.
func (w worlds) run(ctx context.Context, report string) (*sim.Report, error) {
	args := []string{
		"-test.timeout=0", "-sim.seed", strconv.FormatUint(w.seed, 10), "-sim.step", strconv.Itoa(w.step),
		"-sim.worlds", strconv.Itoa(w.worlds), "-sim.events", strconv.Itoa(w.events), "-sim.report", report,
	}
	if w.stop {
		args = append(args, "-sim.stop")
	}
	cmd := exec.CommandContext(ctx, w.file, args...)
	cmd.Env = append(os.Environ(), mutant.Env+"="+w.without)
	cmd.Env = append(cmd.Env, asTheSeedSays...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if w.told {
		cmd.Stderr = os.Stderr
	}
	runErr := cmd.Run() // that worlds are wrong is in the report
	text, err := os.ReadFile(report)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("a process gave no report: %s", tail(out.String())), runErr)
	}
	r := sim.NewReport()
	return r, json.Unmarshal(text, r)
}

func tail(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}

// runWorlds runs worlds on all cores, and prints what they met and found.
func runWorlds(ctx context.Context, events int, seed uint64) error {
	dir, err := os.MkdirTemp("", "sim")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file, err := build(ctx, dir)
	if err != nil {
		return err
	}
	begun, cores := time.Now(), runtime.NumCPU()
	reports := make([]*sim.Report, cores)
	g, ctx := errgroup.WithContext(ctx)
	for i := range cores {
		g.Go(func() (err error) {
			w := worlds{file: file, seed: seed + uint64(i), step: cores, events: (events + cores - 1) / cores, told: true}
			reports[i], err = w.run(ctx, filepath.Join(dir, fmt.Sprintf("report%d.json", i)))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	total := sim.NewReport()
	for _, r := range reports {
		total.Merge(r)
	}
	return tell(total, time.Since(begun), cores)
}

// tell prints a report; an error says that it is no good one. The last line of the
// output is the verdict.
func tell(r *sim.Report, took time.Duration, cores int) error {
	fmt.Printf("%d worlds, %d teams, %d people (%.0f %% share a candidate or change their address), %d cores, %s, %.0f events per second\n",
		r.Worlds, r.Teams, r.People, 100*float64(r.Sharing)/float64(max(r.People, 1)), cores, took.Round(time.Second),
		float64(r.Events)/took.Seconds())
	fmt.Println("teams by profile:", counted(r.Profiles))
	fmt.Println("what went wrong, how often:")
	troubles := r.Troubles()
	for _, name := range slices.Sorted(maps.Keys(troubles)) {
		fmt.Printf("  %-24s %d\n", name, troubles[name])
	}
	var failed error
	if missing := r.Uncovered(); len(missing) > 0 {
		fmt.Printf("met too seldom to prove anything (%d): %s\n", len(missing), strings.Join(missing, ", "))
		failed = errors.New("not everything was met often enough")
	}
	for _, b := range r.Breaches {
		fmt.Printf("%s: %s: %s\n  again: make sim-replay SEED=%d\n", b.Count, b.Invariant, b.What, b.Seed)
	}
	if len(r.Invariants) > 0 {
		fmt.Println("broken invariants:", counted(r.Invariants))
	}
	fmt.Printf("events %d lost %d duplicated %d reordered %d stuck %d over_limit %d\n", r.Events,
		r.Counts[sim.Lost], r.Counts[sim.Duplicated], r.Counts[sim.Reordered], r.Counts[sim.Stuck], r.Counts[sim.OverLimit])
	if r.Failed() > 0 {
		failed = errors.New("invariants are broken")
	}
	return failed
}

func counted(m map[string]int) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s %d", k, m[k]))
	}
	return strings.Join(parts, ", ")
}

// replay runs one world, without a guard if one is named, and shows all that happens
// in it.
func replay(ctx context.Context, seed uint64, without []string) error {
	dir, err := os.MkdirTemp("", "sim")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var guards []mutant.Mutant
	if len(without) > 0 {
		if guards, err = mutant.Named(without); err != nil {
			return err
		}
	}
	file, err := buildWithout(ctx, dir, guards)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, file, "-test.v", "-sim.worlds=1", "-sim.trace", "-sim.seed", strconv.FormatUint(seed, 10))
	cmd.Env = append(append(os.Environ(), asTheSeedSays...), mutant.Env+"="+strings.Join(without, ""))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}
