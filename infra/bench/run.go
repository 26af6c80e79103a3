package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sourcewhale/ashby-sync/infra/bench/report"
)

// run is one run of the command.
type run struct {
	settings
	work string // folder for what is built, that goes when the run ends
	out  io.Writer

	mu     sync.Mutex
	report report.Report
}

// section is a part of a run.
type section struct {
	name, title string
	simulated   bool // goes by simulated time, so that others may run beside it
	measure     func(*run, context.Context) error
}

var sections = []section{
	{"start", "Cold start: from exec until a function asks for its first event, and size", false, (*run).starts},
	{"speed", "Throughput and allocations, one core", false, (*run).speeds},
	{"load", "Load on a running service, on loopback", false, (*run).loads},
	{"crowd", "Copy of the candidates, and search", false, (*run).crowds},
	{"trace", "Calls to Ashby, rows and dollars, on the trace", true, (*run).traces},
	{"wait", "Use of Ashby's budget, and waiting (simulated)", true, (*run).waits},
}

// measure runs the sections and prints them. A section that fails is told, and the
// others still run.
func measure(ctx context.Context, s settings, out io.Writer) error {
	work, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	if s.root, err = filepath.Abs(s.root); err != nil {
		return err
	}
	began, before := time.Now(), busy()
	r := &run{settings: s, work: work, out: out}
	r.report.Machine, r.report.Commit, r.report.Began = machine(), commit(ctx, s.root), began.UTC().Format(time.RFC3339)
	_, _ = fmt.Fprintf(out, "%s, commit %s\n", r.report.Machine, r.report.Commit)
	var failed []string
	for _, simulated := range []bool{false, true} {
		failed = append(failed, r.all(ctx, simulated)...)
	}
	r.report.Seconds = time.Since(began).Seconds()
	r.report.Note("load of the machine: %s before, %s after; what is timed by the clock is worth as much as the machine was idle", before, busy())
	for _, f := range failed {
		r.report.Note("%s", f)
	}
	_, _ = fmt.Fprintf(out, "\nSummary, after %.0f s on %s\n", r.report.Seconds, r.report.Machine)
	r.report.Summary(out)
	if missed := len(r.report.Missed()); missed > 0 {
		_, _ = fmt.Fprintf(out, "%d targets are NOT met; infra/bench/README.md says why, and what would get there\n", missed)
	}
	if err := r.report.Save(s.json); err != nil {
		return err
	}
	if len(failed) > 0 {
		return fmt.Errorf("%d sections failed: %s", len(failed), failed[0])
	}
	return nil
}

// all runs the sections of one kind, the simulated ones side by side.
func (r *run) all(ctx context.Context, simulated bool) (failed []string) {
	var g errgroup.Group
	if !simulated {
		g.SetLimit(1)
	}
	for _, s := range sections {
		if s.simulated != simulated || len(r.only) > 0 && !slices.Contains(r.only, s.name) {
			continue
		}
		g.Go(func() error {
			began := time.Now()
			err := s.measure(r, ctx)
			r.mu.Lock()
			defer r.mu.Unlock()
			_, _ = fmt.Fprintf(r.out, "\n%s (%.0f s)\n", s.title, time.Since(began).Seconds())
			r.report.Print(r.out, s.name)
			if err != nil {
				_, _ = fmt.Fprintln(r.out, "FAILED:", err)
				failed = append(failed, s.name+": "+err.Error())
			}
			return nil
		})
	}
	_ = g.Wait() // failures are listed
	return failed
}

func (r *run) add(rows ...report.Row) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Add(rows...)
}

func (r *run) note(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Note(format, args...)
}

// busy is how many processes wanted to run in the last minute, where the system tells.
func busy() string {
	raw, err := os.ReadFile("/proc/loadavg")
	words := bytes.Fields(raw)
	if err != nil || len(words) == 0 {
		return "unknown"
	}
	return string(words[0])
}

// machine tells what was measured on.
func machine() string {
	text := fmt.Sprintf("%s/%s, %d cores, %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	if raw, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(raw)) {
			if name, ok := strings.CutPrefix(line, "model name"); ok {
				text += ", " + strings.TrimSpace(strings.TrimLeft(name, "\t :"))
				break
			}
		}
	}
	return text
}

func commit(ctx context.Context, root string) string {
	cmd := exec.CommandContext(ctx, "git", "rev-parse", "--short", "HEAD")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}
