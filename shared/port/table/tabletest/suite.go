// Package tabletest holds every implementation of table.Table to one behaviour,
// and has a table that loses writes and answers, for tests of what is above.
package tabletest

import (
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// KnownFailure is a test that an emulator is known to fail. It is skipped and
// says so; on the service it stands for it must pass.
type KnownFailure struct {
	Emulator string // and its version
	Test     string // name within the suite
	Why      string
}

// Open makes an empty table whose rows expire by the given clock, and cleans up
// after the test.
type Open func(t *testing.T, now func() time.Time) table.Table

// Suite checks every promise of the contract, each on a table of its own.
func Suite(t *testing.T, open Open, known ...KnownFailure) {
	tests := slices.Concat(
		writeTests, expiryTests, queryTests, countTests, batchTests,
		transactTests, limitTests, raceTests, settleTests, walkTests,
	)
	for _, k := range known {
		if !slices.ContainsFunc(tests, func(c test) bool { return c.name == k.Test }) {
			t.Errorf("%s is said to fail %q, which is no test of the suite", k.Emulator, k.Test)
		}
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			for _, k := range known {
				if k.Test == c.name {
					t.Skipf("known to fail on %s: %s", k.Emulator, k.Why)
				}
			}
			clock := &clock{at: time.Now().UTC().Truncate(time.Second)}
			c.run(t, &bench{Table: open(t, clock.now), clock: clock})
		})
	}
}

// test is one promise.
type test struct {
	name string
	run  func(t *testing.T, b *bench)
}
