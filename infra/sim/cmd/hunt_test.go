package main

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/infra/sim"
	"github.com/sourcewhale/ashby-sync/infra/sim/mutant"
)

// fakeWorlds are worlds of ten events, of which those at some seeds are wrong with
// all guards, and those at others without the guard.
type fakeWorlds struct {
	wrong, wrongWithout map[uint64]bool
	controls            int
}

func (f *fakeWorlds) run(_ context.Context, without string, seed uint64, worlds, events int) (trial, error) {
	if without == "" {
		f.controls++
	}
	var t trial
	for n := 0; t.events < events && (worlds == 0 || n < worlds); n++ {
		t.events += 10
		if at := seed + uint64(n); f.wrong[at] || without != "" && f.wrongWithout[at] {
			t.breach = &sim.Found{Seed: at, Breach: sim.Breach{Count: sim.Lost, Invariant: "nothing is lost"}}
			break
		}
	}
	return t, nil
}

func TestAMutantIsCaughtOnlyByAWorldThatIsRightWithTheGuard(t *testing.T) {
	for name, c := range map[string]struct {
		worlds fakeWorlds
		first  []uint64
		seed   uint64 // 0: alive
		events int
	}{
		"noticed":                           {worlds: fakeWorlds{wrongWithout: map[uint64]bool{3: true}}, seed: 3, events: 30},
		"a world that is wrong anyway":      {worlds: fakeWorlds{wrong: map[uint64]bool{2: true}, wrongWithout: map[uint64]bool{2: true, 5: true}}, seed: 5, events: 50},
		"only worlds that are wrong anyway": {worlds: fakeWorlds{wrong: map[uint64]bool{2: true, 7: true}}, events: 100},
		"never noticed":                     {worlds: fakeWorlds{}, events: 100},
		"noticed too late":                  {worlds: fakeWorlds{wrongWithout: map[uint64]bool{11: true}}, events: 100},
		"remembered":                        {worlds: fakeWorlds{wrongWithout: map[uint64]bool{8: true}}, first: []uint64{8}, seed: 8, events: 10},
		"remembered in vain":                {worlds: fakeWorlds{wrongWithout: map[uint64]bool{4: true}}, first: []uint64{8}, seed: 4, events: 50},
		"the second of two remembered":      {worlds: fakeWorlds{wrongWithout: map[uint64]bool{9: true}}, first: []uint64{8, 9}, seed: 9, events: 20},
		"remembered, and wrong anyway":      {worlds: fakeWorlds{wrong: map[uint64]bool{8: true}}, first: []uint64{8}, events: 100},
	} {
		t.Run(name, func(t *testing.T) {
			h := &hunter{run: c.worlds.run, events: 100, worlds: 1, right: map[uint64]*verdict{}}
			k, err := h.hunt(t.Context(), mutant.Mutant{Name: "no-guard"}, c.first)
			if err != nil {
				t.Fatal(err)
			}
			if k.events != c.events || (k.by == nil) != (c.seed == 0) || k.by != nil && k.by.Seed != c.seed {
				t.Errorf("%d events, %+v; want %d, seed %d", k.events, k.by, c.events, c.seed)
			}
			_, err = h.hunt(t.Context(), mutant.Mutant{Name: "no-other-guard"}, c.first)
			if before := c.worlds.controls; err != nil || before > 2 {
				t.Errorf("%d worlds were run with all guards, %v; each is known after once", before, err)
			}
		})
	}
}

func TestOnlyWorldsThatAreWrongEachTimeAreRemembered(t *testing.T) {
	now := fakeWorlds{wrongWithout: map[uint64]bool{2: true, 3: true, 5: true, 7: true, 8: true}}
	tries := map[uint64]int{}
	run := func(ctx context.Context, without string, seed uint64, worlds, events int) (trial, error) {
		got, err := now.run(ctx, without, seed, worlds, events)
		if got.breach != nil && without != "" {
			if tries[got.breach.Seed]++; got.breach.Seed == 3 && tries[3] > 1 {
				got.breach = nil
			}
		}
		return got, err
	}
	h := &hunter{run: run, events: 1000, worlds: 3, right: map[uint64]*verdict{}}
	k, err := h.hunt(t.Context(), mutant.Mutant{Name: "no-guard"}, []uint64{7, 4})
	if want := []uint64{7, 2, 5}; err != nil || !slices.Equal(k.worlds, want) || k.by == nil || k.by.Seed != 7 {
		t.Errorf("remembers %v, %v; want %v, and what came first to be told", k.worlds, err, want)
	}
}

func TestTheReportNamesGuardFileInvariantSeedAndEventsAndFailsWhereOneLives(t *testing.T) {
	by := &sim.Found{Seed: 3, Breach: sim.Breach{Count: sim.Lost, Invariant: "nothing is lost"}}
	dead := killed{mutant.Mutant{Name: "a", Guard: "the first", File: "a.go"}, 30, by, []uint64{3, 4}}
	alive := killed{Mutant: mutant.Mutant{Name: "b", Guard: "the second", File: "b.go"}, events: 100}
	got := table([]killed{dead, alive})
	for _, want := range []string{"a: the first", "a.go", "nothing is lost (lost)", "3", "30", "b: the second", "NONE", "100"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if sum([]killed{dead}, 0) != nil || sum([]killed{dead, alive}, 0) == nil {
		t.Error("a guard that can be taken out must be an error, and nothing else")
	}
	if seeds := found([]killed{dead, alive}); !slices.Equal(seeds["a"], dead.worlds) || len(seeds["b"]) != 0 {
		t.Errorf("remembers %v", seeds)
	}
}
