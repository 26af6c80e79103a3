package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/sourcewhale/ashby-sync/infra/bench/crowd"
	"github.com/sourcewhale/ashby-sync/infra/bench/report"
)

// What a search may take in a process that has searched before, in ms, and a page
// of it may read.
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
		for _, s := range crowd.Searches() {
			t, err := c.Time(ctx, s, times)
			if err != nil {
				return err
			}
			name, held := strings.ReplaceAll(s.Name, "_", " "), report.Target{}
			reads := report.Most(mostReads)
			if strings.HasPrefix(s.Name, "3_filters") {
				held = report.Most(mostSearch)
			}
			row(fmt.Sprintf("%s: p99 (finds %d)", name, t.Found), ms(t.P99), "ms", held)
			row("  p50", ms(t.Median), "ms", report.Target{})
			row("  of a processor, p99", ms(t.CPU99), "ms", report.Target{})
			row("  table reads of a page", float64(t.WarmReads.Reads), "", reads)
			row("  in a process just started", ms(t.Cold), "ms", report.Target{})
			row("  table reads then", float64(t.ColdReads.Reads), "", report.Target{})
		}
	}
	return nil
}
