package plan_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// BenchmarkPlan gives plans a second and core for the commonest events: a note to
// a linked person, a withheld event, and a match with nothing to write. Seconds are
// a processor's, garbage collection included, so that a busy machine does not count.
func BenchmarkPlan(b *testing.B) {
	for name, change := range map[string]func(*plan.Input){
		"note":     linked(person.Synced),
		"withheld": trigger("on_interested", true),
		"matched":  func(*plan.Input) {},
	} {
		b.Run(name, func(b *testing.B) {
			in := situation(change)
			facts := plan.Facts{{Kind: plan.AskEmail, Arg: "ada@example.com"}: {Candidates: []candidate.Candidate{ada()}}}
			b.ReportAllocs()
			used := processor()
			for b.Loop() {
				if out := plan.Plan(in, facts); len(out.Asks) > 0 {
					b.Fatal("a fact is missing")
				}
			}
			b.ReportMetric(float64(b.N)/(processor()-used).Seconds(), "plans/s")
		})
	}
}

func processor() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
