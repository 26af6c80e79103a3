package main

import (
	"context"
	"fmt"

	"github.com/sourcewhale/ashby-sync/infra/bench/gotest"
	"github.com/sourcewhale/ashby-sync/infra/bench/report"
)

const (
	limit     = 1000 // calls a minute that Ashby allows
	leastUse  = 95   // per cent of them, while there is a backlog
	mostReply = 3.0  // seconds of a reply's wait beside a bulk add, and Ashby's own time
	mostQuiet = 2.0  // seconds of a quiet team's wait
	ownCalls  = 3    // search, create and note: Ashby's own time of a reply
)

func (r *run) waits(ctx context.Context) error {
	args := []string{"-count=1", "-v", "-timeout=20m", "./shared/usecase/push", "-run=TestABacklogUses"}
	if r.short {
		args[len(args)-1] += ".*/window/150ms"
	}
	out, err := gotest.Run(ctx, r.root, args...)
	if err != nil {
		return err
	}
	for _, b := range gotest.Backlogs(out) {
		row := func(what string, ours float64, unit string, target report.Target) {
			r.add(report.Row{Section: "wait", What: fmt.Sprintf("%s, %s of %s a call", what, b.Server, b.Latency), Ours: ours, Unit: unit, Target: target})
		}
		row("use of the budget", b.PerMinute*100/limit, "%", report.Least(leastUse))
		row("answers that were 429", float64(b.Refused), "", report.Zero())
		row("a reply beside a bulk add of 5,000, p99", b.P99.Seconds(), "s", report.Most(mostReply+ownCalls*b.Latency.Seconds()))
		row("  p50", b.P50.Seconds(), "s", report.Target{})
	}
	return r.quiet(ctx)
}

func (r *run) quiet(ctx context.Context) error {
	for _, queued := range sizes(r.queued, 80) {
		out, err := gotest.Run(ctx, r.root, "-count=1", "-v", "-timeout=20m", "-run=QuietTeam", "./infra/bench/rig", fmt.Sprintf("-queued=%d", queued))
		if err != nil {
			return err
		}
		f := heard(out)
		row := func(what, name string, target report.Target) {
			r.add(report.Row{
				Section: "wait", What: fmt.Sprintf("%s beside %s queued events", what, report.Number(f.by["quiet/queued"].Value)),
				Ours: f.by[name].Value, Unit: f.by[name].Unit, Target: target,
			})
		}
		row("a quiet team's reply, p99", "quiet/wait_p99", report.Most(mostQuiet))
		row("  p50", "quiet/wait_p50", report.Target{})
		row("  messages waiting meanwhile, mean", "quiet/messages_waiting", report.Target{})
	}
	return nil
}
