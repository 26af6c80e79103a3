package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sourcewhale/ashby-sync/infra/sim/mutant"
)

// killMutants builds the simulation once with every guard to be taken out at will,
// and runs worlds without each until one is wrong that is right with it. With
// remember several are looked for, and written down to be tried first from then on.
func killMutants(ctx context.Context, events int, names []string, remember bool) error {
	chosen, err := mutant.Named(names)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	begun := time.Now()
	file, err := buildWithout(ctx, dir, chosen)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "one build for %d mutants, %s\n", len(chosen), time.Since(begun).Round(time.Second))
	h := &hunter{run: processes(file, dir), events: events, worlds: 1, right: map[uint64]*verdict{}}
	if remember {
		h.worlds = mutant.Remembered
	}
	results, err := h.all(ctx, chosen, mutant.Seeds())
	if err != nil {
		return err
	}
	fmt.Printf("%s\n", table(results))
	if remember {
		if err := mutant.Remember(".", found(results)); err != nil {
			return err
		}
	}
	return sum(results, time.Since(begun))
}

// buildWithout compiles the simulation so that it can do without each of the guards.
// What moved is told at once.
func buildWithout(ctx context.Context, dir string, of []mutant.Mutant) (string, error) {
	root, err := os.Getwd()
	if err != nil {
		return "", err
	}
	overlay, err := mutant.Overlay(root, dir, of)
	if err != nil {
		return "", err
	}
	return build(ctx, dir, "-overlay", overlay)
}

// processes runs worlds of a build, each time in a process of its own.
func processes(file, dir string) runner {
	var mu sync.Mutex
	n := 0
	return func(ctx context.Context, without string, seed uint64, worldsAtMost, events int) (trial, error) {
		mu.Lock()
		n++
		report := filepath.Join(dir, fmt.Sprintf("report%d.json", n))
		mu.Unlock()
		r, err := worlds{file: file, seed: seed, step: 1, worlds: worldsAtMost, events: events, stop: true, without: without}.run(ctx, report)
		if err != nil {
			return trial{}, err
		}
		t := trial{events: r.Events}
		if len(r.Breaches) > 0 {
			t.breach = &r.Breaches[0]
		}
		return t, nil
	}
}

// all hunts every mutant, on all cores.
func (h *hunter) all(ctx context.Context, chosen []mutant.Mutant, seeds map[string][]uint64) ([]killed, error) {
	results := make([]killed, len(chosen))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, m := range chosen {
		g.Go(func() (err error) {
			begun := time.Now()
			results[i], err = h.hunt(ctx, m, seeds[m.Name])
			if err != nil {
				return fmt.Errorf("%s: %w", m.Name, err)
			}
			verdict := "ALIVE"
			if results[i].by != nil {
				verdict = "worlds " + strings.Trim(fmt.Sprint(results[i].worlds), "[]")
			}
			fmt.Fprintf(os.Stderr, "  %-26s %s (%d events, %s)\n", m.Name, verdict, results[i].events, time.Since(begun).Round(100*time.Millisecond))
			return nil
		})
	}
	return results, g.Wait()
}

func sum(results []killed, took time.Duration) error {
	alive := 0
	for _, k := range results {
		if k.by == nil {
			alive++
		}
	}
	fmt.Printf("mutants %d caught %d alive %d, %s\n", len(results), len(results)-alive, alive, took.Round(time.Second))
	if alive > 0 {
		return errors.New("a guard can be taken out and nobody notices")
	}
	return nil
}
