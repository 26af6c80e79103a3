// Package start measures how long Lambda functions take to start: from exec until
// the process asks for its first event, and until it has answered it.
package start

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// Program is a bootstrap file, and the event that it is given first.
type Program struct {
	Name  string
	Path  string // of the executable
	Event []byte
}

// Taken is what starts of a program took.
type Taken struct {
	Program
	Ready, Answer Spread // since exec
	Faults        int64  // page faults until the answer, the median
}

// Spread is a median and what nine in ten kept within.
type Spread struct{ Median, P90 time.Duration }

// patience is how long a program may take to answer.
const patience = time.Minute

// Measure starts each program so many times. The rounds are interleaved, so that
// what else the machine does falls upon all of them alike; the first round, which
// reads the files from the disk, does not count.
func Measure(ctx context.Context, programs []Program, rounds int) ([]Taken, error) {
	h, err := newHost(ctx)
	if err != nil {
		return nil, err
	}
	defer h.close()
	all := make([][]sample, len(programs))
	for round := range rounds + 1 {
		for i, p := range programs {
			s, err := h.once(ctx, p)
			if err != nil {
				return nil, fmt.Errorf("start %s: %w", p.Name, err)
			}
			if round > 0 {
				all[i] = append(all[i], s)
			}
		}
	}
	out := make([]Taken, len(programs))
	for i, p := range programs {
		out[i] = Taken{
			Program: p,
			Ready:   spread(all[i], func(s sample) time.Duration { return s.ready }),
			Answer:  spread(all[i], func(s sample) time.Duration { return s.answer }),
			Faults:  int64(spread(all[i], func(s sample) time.Duration { return time.Duration(s.faults) }).Median),
		}
	}
	return out, nil
}

// sample is one start.
type sample struct {
	ready, answer time.Duration
	faults        int64
}

func spread(samples []sample, of func(sample) time.Duration) Spread {
	var all []time.Duration
	for _, s := range samples {
		all = append(all, of(s))
	}
	slices.Sort(all)
	return Spread{all[len(all)/2], all[len(all)*9/10]}
}

// once starts a program, waits until it has answered its first event, and ends it.
func (h *host) once(ctx context.Context, p Program) (sample, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	id, v := h.expect(p.Event)
	defer h.forget(id)
	cmd := exec.CommandContext(ctx, p.Path)
	cmd.Dir, cmd.Env = filepath.Dir(p.Path), h.environment(id, p.Name)
	cmd.Stderr = nil
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return sample{}, err
	}
	var s sample
	var failed error
	select {
	case <-v.answered:
		s.ready, s.answer = v.readyAt.Sub(began), v.answeredAt.Sub(began)
		failed = v.failed
	case <-ctx.Done():
		failed = fmt.Errorf("no answer within %s", patience)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // it was killed
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.faults = usage.Minflt + usage.Majflt
	}
	return s, failed
}

// Size gives how many bytes a file has.
func Size(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
