package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sourcewhale/ashby-sync/infra/sim"
)

// mutant is a guard taken out of the service: a text of one of its files, found
// there exactly once, with another in its place. A text that is not there any more
// is an error, so that a guard that moved does not pass for one that was tried.
type mutant struct {
	name  string
	guard string // what it is that is gone, for people
	file  string
	old   string
	new   string
}

// killed is what became of a mutant.
type killed struct {
	mutant
	events int
	took   time.Duration
	by     *sim.Found // nil: nobody noticed
}

// killMutants builds the simulation with each guard taken out, and runs worlds
// until one is wrong.
func killMutants(ctx context.Context, events int, names []string) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	chosen := mutants
	if len(names) > 0 {
		chosen = slices.DeleteFunc(slices.Clone(mutants), func(m mutant) bool { return !slices.Contains(names, m.name) })
	}
	for _, m := range chosen { // all of them first: what moved is told at once
		if _, err = m.patched(root); err != nil {
			return err
		}
	}
	results := make([]killed, len(chosen))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.NumCPU())
	var mu sync.Mutex
	for i, m := range chosen {
		g.Go(func() (err error) {
			if results[i], err = m.kill(ctx, root, events); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			results[i].print()
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	alive := 0
	for _, k := range results {
		if k.by == nil {
			alive++
		}
	}
	fmt.Printf("mutants %d caught %d alive %d\n", len(results), len(results)-alive, alive)
	if alive > 0 {
		return errors.New("a guard can be taken out and nobody notices")
	}
	return nil
}

func (k killed) print() {
	if k.by == nil {
		fmt.Printf("ALIVE  %-28s %s: %s\n       not noticed within %d events\n", k.name, k.file, k.guard, k.events)
		return
	}
	fmt.Printf("caught %-28s %s: %s\n       by %q (%s) in world %d, after %d events, %s\n",
		k.name, k.file, k.guard, k.by.Invariant, k.by.Count, k.by.Seed, k.events, k.took.Round(100*time.Millisecond))
}

// kill builds the simulation without the guard, and runs it.
func (m mutant) kill(ctx context.Context, root string, events int) (killed, error) {
	begun := time.Now()
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return killed{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	overlay, err := m.overlay(root, dir)
	if err != nil {
		return killed{}, err
	}
	file, err := build(ctx, dir, "-overlay", overlay)
	if err != nil {
		return killed{}, fmt.Errorf("%s: %w", m.name, err)
	}
	r, err := worlds{file: file, seed: 1, step: 1, events: events, stop: true}.run(ctx, filepath.Join(dir, "report.json"))
	if err != nil {
		return killed{}, fmt.Errorf("%s: %w", m.name, err)
	}
	k := killed{mutant: m, events: r.Events, took: time.Since(begun)}
	if len(r.Breaches) > 0 {
		k.by = &r.Breaches[0]
	}
	return k, nil
}

// overlay writes what `go test -overlay` reads.
func (m mutant) overlay(root, dir string) (string, error) {
	text, err := m.patched(root)
	if err != nil {
		return "", err
	}
	changed := filepath.Join(dir, "changed.go")
	if err := os.WriteFile(changed, []byte(text), 0o600); err != nil {
		return "", err
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(root, m.file): changed}})
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "overlay.json")
	return file, os.WriteFile(file, list, 0o600)
}

func (m mutant) patched(root string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, m.file))
	if err != nil {
		return "", fmt.Errorf("mutant %s: %w", m.name, err)
	}
	if n := strings.Count(string(text), m.old); n != 1 {
		return "", fmt.Errorf("mutant %s: what it takes out is %d times in %s; write it anew", m.name, n, m.file)
	}
	return strings.Replace(string(text), m.old, m.new, 1), nil
}
