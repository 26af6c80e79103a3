package main

import (
	"context"
	"path/filepath"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/bench/report"
	"github.com/sourcewhale/ashby-sync/infra/bench/start"
)

// mostStart is how many times as long as a hello-world Lambda a start may take.
const mostStart = 2.2

// zips are the most that a function may weigh, in MB: push may carry tables of phone
// numbers, settings the description of its API.
var zips = map[string]float64{"push": 5.4, "settings": 4.2}

const mostZip = 3.0

func (r *run) starts(ctx context.Context) error {
	programs, err := start.Build(ctx, r.root, filepath.Join(r.work, "start"))
	if err != nil {
		return err
	}
	rounds := r.rounds
	if r.short {
		rounds = 2
	}
	taken, err := start.Measure(ctx, programs, rounds)
	if err != nil {
		return err
	}
	hello := taken[0]
	row := func(what string, ours float64, unit string, reference float64, target report.Target) {
		than := "hello"
		if reference == 0 {
			than = ""
		}
		r.add(report.Row{Section: "start", What: what, Ours: ours, Unit: unit, Reference: reference, Than: than, Target: target})
	}
	for i, t := range taken {
		name, target := t.Name, report.Times(mostStart)
		if i < len(start.References) {
			name, target = "reference "+name, report.Target{}
		}
		row("start → ready, "+name, ms(t.Ready.Median), "ms", ms(hello.Ready.Median), target)
	}
	for _, t := range taken {
		row("  nine in ten, "+t.Name, ms(t.Ready.P90), "ms", ms(hello.Ready.P90), report.Target{})
		row("  start → first answer, "+t.Name, ms(t.Answer.Median), "ms", ms(hello.Answer.Median), report.Target{})
		row("  page faults, "+t.Name, float64(t.Faults), "", float64(hello.Faults), report.Target{})
	}
	return r.weights(ctx, taken, row)
}

func (r *run) weights(ctx context.Context, taken []start.Taken, row func(string, float64, string, float64, report.Target)) error {
	into := filepath.Join(r.work, "start")
	hello, err := start.Zipped(ctx, into, "hello")
	if err != nil {
		return err
	}
	for i, t := range taken {
		binary, err := start.Size(filepath.Join(into, "arm64", t.Name))
		if err != nil {
			return err
		}
		zipped, err := start.Zipped(ctx, into, t.Name)
		if err != nil {
			return err
		}
		var target report.Target
		if i >= len(start.References) {
			target = report.Most(mostZip)
			if most, ok := zips[t.Name]; ok {
				target = report.Most(most)
			}
		}
		row("zip, "+t.Name, mb(zipped), "MB", mb(hello), target)
		row("  binary, "+t.Name, mb(binary), "MB", 0, report.Target{})
	}
	return nil
}

func ms(d time.Duration) float64 { return d.Seconds() * 1000 }

func mb(bytes int64) float64 { return float64(bytes) / 1e6 }
