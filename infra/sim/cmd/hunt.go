package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/sourcewhale/ashby-sync/infra/sim"
	"github.com/sourcewhale/ashby-sync/infra/sim/mutant"
)

// trial is what became of some worlds: they end with the first that is wrong.
type trial struct {
	events int
	breach *sim.Found // nil: all were right
}

// runner runs the worlds from a seed on, without a guard: until one is wrong, or so
// many events came or, if it is not zero, so many worlds were. No name: with all guards.
type runner func(ctx context.Context, without string, seed uint64, worlds, events int) (trial, error)

// hunter looks for worlds that are wrong for want of a guard.
type hunter struct {
	run    runner
	events int // of worlds that are run without a guard, at most
	worlds int // that are wanted: more than one are to be remembered, and have to be wrong each time

	mu    sync.Mutex
	right map[uint64]*verdict // worlds with all guards, by seed
}

// verdict is whether a world is right with all guards, found out once.
type verdict struct {
	once  sync.Once
	right bool
	err   error
}

// killed is what became of a mutant.
type killed struct {
	mutant.Mutant
	events int
	by     *sim.Found // nil: nobody noticed
	worlds []uint64   // in which it was noticed
}

// hunt runs worlds without a guard until so many are wrong as are wanted that are
// right with it. Those that showed it the last time come first: that is only where to
// begin, and says nothing by itself.
func (h *hunter) hunt(ctx context.Context, m mutant.Mutant, first []uint64) (killed, error) {
	k := killed{Mutant: m}
	for _, seed := range first {
		if len(k.worlds) >= h.worlds {
			return k, nil
		}
		if _, err := h.try(ctx, &k, seed, 1); err != nil {
			return k, err
		}
	}
	for seed := uint64(1); seed != 0 && k.events < h.events && len(k.worlds) < h.worlds; {
		var err error
		if seed, err = h.try(ctx, &k, seed, 0); err != nil {
			return k, err
		}
	}
	return k, nil
}

// try runs worlds from a seed on, until one is wrong. next is the seed to go on with;
// zero when all were right.
func (h *hunter) try(ctx context.Context, k *killed, seed uint64, worlds int) (next uint64, err error) {
	t, err := h.run(ctx, k.Name, seed, worlds, h.events-k.events)
	if err != nil {
		return 0, err
	}
	k.events += t.events
	if t.breach == nil {
		return 0, nil
	}
	at := t.breach.Seed
	caught, err := h.catches(ctx, k, at)
	if caught {
		k.worlds = append(k.worlds, at)
		if k.by == nil {
			k.by = t.breach
		}
	}
	return at + 1, err
}

// catches reports whether a world that was wrong without the guard counts: one that is
// wrong with it, too, catches nothing, and one that is wrong only now and then is not
// worth to be remembered.
func (h *hunter) catches(ctx context.Context, k *killed, seed uint64) (bool, error) {
	if slices.Contains(k.worlds, seed) {
		return false, nil
	}
	if right, err := h.isRight(ctx, seed); err != nil || !right || h.worlds == 1 {
		return right, err
	}
	again, err := h.run(ctx, k.Name, seed, 1, 1)
	return again.breach != nil, err
}

// isRight reports whether a world is right with all guards.
func (h *hunter) isRight(ctx context.Context, seed uint64) (bool, error) {
	h.mu.Lock()
	v := h.right[seed]
	if v == nil {
		v = &verdict{}
		h.right[seed] = v
	}
	h.mu.Unlock()
	v.once.Do(func() {
		var t trial
		t, v.err = h.run(ctx, "", seed, 1, 1)
		if v.right = t.breach == nil; !v.right {
			fmt.Fprintf(os.Stderr, "world %d is wrong with all guards: %s: %s\n", seed, t.breach.Invariant, t.breach.What)
		}
	})
	return v.right, v.err
}

// table tells of each guard what noticed that it was gone.
func table(results []killed) string {
	var out strings.Builder
	t := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "guard\tfile\tinvariant broken\tseed\tevents")
	for _, k := range results {
		by, seed := "NONE: it can be taken out", "-"
		if k.by != nil {
			by, seed = fmt.Sprintf("%s (%s)", k.by.Invariant, k.by.Count), fmt.Sprint(k.by.Seed)
		}
		_, _ = fmt.Fprintf(t, "%s: %s\t%s\t%s\t%s\t%d\n", k.Name, k.Guard, k.File, by, seed, k.events)
	}
	_ = t.Flush() // into memory
	return out.String()
}

// found gives the worlds that showed what is missing.
func found(results []killed) map[string][]uint64 {
	seeds := map[string][]uint64{}
	for _, k := range results {
		seeds[k.Name] = k.worlds
	}
	return seeds
}
