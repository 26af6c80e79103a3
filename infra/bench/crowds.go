package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/sourcewhale/ashby-sync/infra/bench/crowd"
	"github.com/sourcewhale/ashby-sync/infra/bench/report"
)

// What a search may take of a processor in a process that has searched before, in
// ms, and a page of it may read.
const (
	mostSearch = 50
	mostReads  = 8
)

func (r *run) crowds(ctx context.Context) error {
	times := 200
	if r.short {
		times = 3
	}
	for _, size := range sizes(r.crowd, 10) {
		c, err := crowd.New(ctx, size)
		if err != nil {
			return err
		}
		row := func(what string, ours float64, unit string, target report.Target) {
			r.add(report.Row{Section: "crowd", What: fmt.Sprintf("%s, %s candidates", what, report.Number(float64(size))), Ours: ours, Unit: unit, Target: target})
		}
		n := float64(size)
		row("copied in", float64(c.Took.Microseconds())/n, "µs each", report.Target{})
		row("  rows written", float64(c.Wrote.Writes)/n, "each", report.Target{})
		row("  bytes written", float64(c.Wrote.Stored)/n, "each", report.Target{})
		reads, cold := 0, 0
		for _, s := range crowd.Searches() {
			t, err := c.Time(ctx, s, times)
			if err != nil {
				return err
			}
			var held report.Target
			if strings.HasPrefix(s.Name, "3_filters") {
				held = report.Most(mostSearch)
			}
			name := strings.ReplaceAll(s.Name, "_", " ")
			row(fmt.Sprintf("search, %s, finds %d: p99 of a processor", name, t.Found), ms(t.CPU99), "ms", held)
			row("  p50 by the clock", ms(t.Median), "ms", report.Target{})
			row("  p99 by the clock", ms(t.P99), "ms", report.Target{})
			row("  in a process just started, by the clock", ms(t.Cold), "ms", report.Target{})
			reads, cold = max(reads, t.WarmReads.Reads), max(cold, t.ColdReads.Reads)
		}
		row("table reads of a page, the most of all searches", float64(reads), "", report.Most(mostReads))
		row("  in a process just started", float64(cold), "", report.Target{})
	}
	return nil
}
