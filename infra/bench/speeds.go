package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/sourcewhale/ashby-sync/infra/bench/gotest"
	"github.com/sourcewhale/ashby-sync/infra/bench/report"
)

// leastPlans a second and core.
const leastPlans = 100_000

// benchmarked are the packages whose benchmarks are run, and which of them.
var benchmarked = []struct{ dir, which string }{
	{"./shared/domain/plan", "."},
	{"./shared/domain/webhook", "."},
	{"./shared/adapter/contract", "."},
	{"./shared/repository/timeline", "."},
	{"./shared/adapter/sqlite", "ConditionalPut"},
	{"./shared/adapter/ashby/ashbytest", "."},
}

// speeds runs the benchmarks. What they print is kept beside the JSON, as benchstat
// reads it.
func (r *run) speeds(ctx context.Context) error {
	bench := []string{"-benchtime=200ms", "-count=5"}
	if r.short {
		bench = []string{"-benchtime=1x", "-count=1"}
	}
	var all []byte
	for _, b := range benchmarked {
		out, err := gotest.Run(ctx, r.root, append(bench, "-run=^$", "-cpu=1", "-benchmem", "-bench="+b.which, b.dir)...)
		if err != nil {
			return err
		}
		all = append(all, out...)
	}
	for _, b := range gotest.Benchmarks(all) {
		name := strings.TrimPrefix(b.Name, "Benchmark")
		row := func(what string, ours float64, unit string, target report.Target) {
			r.add(report.Row{Section: "speed", What: what, Ours: ours, Unit: unit, Target: target})
		}
		if plans, ok := b.By["plans/s"]; ok {
			row(name, plans, "plans/s", report.Least(leastPlans))
		} else {
			row(name, b.By["ns/op"]/1000, "µs", report.Target{})
		}
		row("  allocations", b.By["allocs/op"], "", report.Target{})
		if rate, ok := b.By["events/s"]; ok {
			row("  events", rate, "/s", report.Target{})
		}
	}
	text := strings.TrimSuffix(r.json, filepath.Ext(r.json)) + "stat.txt"
	if err := os.MkdirAll(filepath.Dir(text), 0o750); err != nil {
		return err
	}
	return os.WriteFile(text, all, 0o600)
}
