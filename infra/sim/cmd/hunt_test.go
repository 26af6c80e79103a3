package main

import (
	"context"
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
		first  uint64
		seed   uint64 // 0: alive
		events int
	}{
		"noticed":                           {worlds: fakeWorlds{wrongWithout: map[uint64]bool{3: true}}, seed: 3, events: 30},
		"a world that is wrong anyway":      {worlds: fakeWorlds{wrong: map[uint64]bool{2: true}, wrongWithout: map[uint64]bool{2: true, 5: true}}, seed: 5, events: 50},
		"only worlds that are wrong anyway": {worlds: fakeWorlds{wrong: map[uint64]bool{2: true, 7: true}}, events: 100},
		"never noticed":                     {worlds: fakeWorlds{}, events: 100},
		"noticed too late":                  {worlds: fakeWorlds{wrongWithout: map[uint64]bool{11: true}}, events: 100},
		"remembered":                        {worlds: fakeWorlds{wrongWithout: map[uint64]bool{8: true}}, first: 8, seed: 8, events: 10},
		"remembered in vain":                {worlds: fakeWorlds{wrongWithout: map[uint64]bool{4: true}}, first: 8, seed: 4, events: 50},
		"remembered, and wrong anyway":      {worlds: fakeWorlds{wrong: map[uint64]bool{8: true}}, first: 8, events: 100},
	} {
		t.Run(name, func(t *testing.T) {
			h := &hunter{run: c.worlds.run, events: 100, right: map[uint64]*verdict{}}
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

func TestTheReportNamesGuardFileInvariantSeedAndEventsAndFailsWhereOneLives(t *testing.T) {
	dead := killed{mutant.Mutant{Name: "a", Guard: "the first", File: "a.go"}, 30, &sim.Found{Seed: 3, Breach: sim.Breach{Count: sim.Lost, Invariant: "nothing is lost"}}}
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
	if seeds := found([]killed{dead, alive}); len(seeds) != 1 || seeds["a"] != 3 {
		t.Errorf("remembers %v", seeds)
	}
}
