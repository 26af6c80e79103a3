package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Process is a simulator that runs as a process of its own, so that it outlives
// a service that is killed, as Ashby would.
type Process struct {
	URL   string `json:"url"`
	PID   int    `json:"pid"`
	State string `json:"state"` // absolute path of its state file
}

const (
	startTime = 10 * time.Second
	record    = "ashby.json" // in the state folder: which process serves it
)

// Ensure gives the simulator of a state folder: the one that runs already, else a
// new one on the port (0: any).
func Ensure(ctx context.Context, dir string, port int) (Process, error) {
	state, err := filepath.Abs(filepath.Join(dir, "ashby.jsonl"))
	if err != nil {
		return Process{}, err
	}
	if p, ok := running(ctx, dir, state); ok {
		return p, nil
	}
	return start(ctx, dir, state, port)
}

// running gives the process on record, if it still answers for this very state.
func running(ctx context.Context, dir, state string) (Process, bool) {
	var p Process
	raw, err := os.ReadFile(filepath.Join(dir, record))
	if err != nil || json.Unmarshal(raw, &p) != nil {
		return Process{}, false
	}
	who, err := whoami(ctx, p.URL)
	return p, err == nil && who.PID == p.PID && who.State == state
}

func start(ctx context.Context, dir, state string, port int) (Process, error) {
	self, err := os.Executable()
	if err != nil {
		return Process{}, err
	}
	logFile, err := os.OpenFile(filepath.Join(dir, "ashby.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return Process{}, err
	}
	defer func() { _ = logFile.Close() }()
	ready := filepath.Join(dir, record)
	if err := os.Remove(ready); err != nil && !errors.Is(err, os.ErrNotExist) {
		return Process{}, err
	}
	child := exec.Command(self, Command, "-addr", fmt.Sprintf("127.0.0.1:%d", port), "-state", state, "-ready", ready)
	child.Stdout, child.Stderr = logFile, logFile
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl-C is for the service; it stops us by Stop
	if err := child.Start(); err != nil {
		return Process{}, err
	}
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		if p, ok := running(ctx, dir, state); ok {
			return p, nil
		}
		select {
		case err := <-ended:
			return Process{}, fmt.Errorf("the simulated Ashby does not start (see %s; is port %d free? ASHBY_PORT chooses another): %w",
				logFile.Name(), port, errors.Join(err, errors.New("it ended")))
		case <-ctx.Done():
			return Process{}, fmt.Errorf("the simulated Ashby does not answer (see %s): %w", logFile.Name(), ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Stop ends the process and waits until it no longer answers.
func (p Process) Stop(ctx context.Context) error {
	if err := syscall.Kill(p.PID, syscall.SIGTERM); err != nil {
		return err
	}
	for {
		if _, err := whoami(ctx, p.URL); err != nil {
			return ctx.Err()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func whoami(ctx context.Context, url string) (Process, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/_sim/process", nil)
	if err != nil {
		return Process{}, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return Process{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	var p Process
	return p, json.NewDecoder(answer.Body).Decode(&p)
}
