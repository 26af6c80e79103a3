package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/bench/load"
	"github.com/sourcewhale/ashby-sync/infra/bench/report"
)

// flat is how much more memory may be held after the last third of a load than after
// the first.
const flat = 1.25

func (r *run) loads(ctx context.Context) error {
	program := filepath.Join(r.work, "local")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "./infra/local")
	build.Dir = r.root
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the service: %w\n%s", err, out)
	}
	s, err := load.Start(ctx, program, filepath.Join(r.work, "state"))
	if err != nil {
		return err
	}
	defer s.Stop()
	events := load.Bound{Requests: 1500, Time: 25 * time.Second, Callers: 8}
	settings := load.Bound{Requests: 20_000, Time: 20 * time.Second, Callers: 8}
	if r.short {
		events.Requests, settings.Requests = 20, 50
	}
	// Settings first: what events leave behind is worked off for long after.
	borne, err := s.Settings(ctx, settings)
	if err != nil {
		return err
	}
	r.borne("settings, a read", borne, 1)
	if borne, err = s.Events(ctx, events); err != nil {
		return err
	}
	r.borne("intake, 25 events", borne, 25)
	return nil
}

func (r *run) borne(what string, b load.Borne, events float64) {
	row := func(name string, ours float64, unit string, reference float64, than string, target report.Target) {
		r.add(report.Row{Section: "load", What: what + name, Ours: ours, Unit: unit, Reference: reference, Than: than, Target: target})
	}
	row(": requests", b.Rate(), "/s", 0, "", report.Target{})
	if events > 1 {
		row(": events", b.Rate()*events, "/s", 0, "", report.Target{})
	}
	row(": p50", ms(b.P50), "ms", 0, "", report.Target{})
	row(": p99", ms(b.P99), "ms", 0, "", report.Target{})
	row(fmt.Sprintf(": errors of %d", b.Requests), float64(b.Errors), "", 0, "", report.Zero())
	if b.Memory[0] > 0 {
		row(": memory after two thirds", mb(b.Memory[1]), "MB", mb(b.Memory[0]), "after one", report.Target{})
		row(": memory at the end", mb(b.Memory[2]), "MB", mb(b.Memory[0]), "after one third", report.Times(flat))
	}
}
