// Package load puts load on a service that runs as a process of its own, on loopback,
// and measures how it bears it: rates, waits, errors, and its memory over time.
package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/tether"
)

// Service is a `make run` over a folder of its own.
type Service struct {
	API    string            `json:"api"`
	Team   string            `json:"team"`
	Tokens map[string]string `json:"tokens"`
	Secret string            `json:"webhook_secret"`

	PID     int `json:"-"`
	program string
	env     []string
	process *tether.Process
}

const (
	upWithin   = 2 * time.Minute
	downWithin = 40 * time.Second // a drain may take 30 s to end
	lookEvery  = 50 * time.Millisecond
)

// Start starts the program, which is infra/local built, over a folder, on ports that
// are free, and connects its team to the simulated Ashby.
func Start(ctx context.Context, program, dir string) (*Service, error) {
	env := append(os.Environ(), "STATE_DIR="+dir, "API_PORT=0", "ASHBY_PORT=0", "MODE=embedded", "LOG_LEVEL=warn")
	cmd := exec.Command(program) // stopped by Stop, gently
	cmd.Env = env
	process, err := tether.Start(cmd, nil)
	if err != nil {
		return nil, err
	}
	s := &Service{program: program, env: env, process: process, PID: cmd.Process.Pid}
	if err := s.described(ctx, filepath.Join(dir, "run.json")); err != nil {
		s.Stop()
		return nil, err
	}
	activate := exec.CommandContext(ctx, program, "activate")
	activate.Env = env
	if out, err := activate.CombinedOutput(); err != nil {
		s.Stop()
		return nil, fmt.Errorf("connect the team: %w\n%s", err, out)
	}
	return s, nil
}

// described waits until the service has said where it is.
func (s *Service) described(ctx context.Context, file string) error {
	ctx, cancel := context.WithTimeout(ctx, upWithin)
	defer cancel()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		raw, err := os.ReadFile(file)
		if err == nil {
			return json.Unmarshal(raw, s)
		}
		select {
		case <-look.C:
		case <-s.process.Ended():
			return errors.New("the service ended: " + s.process.String())
		case <-ctx.Done():
			return fmt.Errorf("the service is not up after %s", upWithin)
		}
	}
}

// Stop ends the service and its Ashby.
func (s *Service) Stop() { s.process.Stop(downWithin) }

// Memory is how much of the machine's memory a process holds, in bytes; 0 where the
// system does not tell.
func Memory(pid int) int64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	words := strings.Fields(string(raw))
	if err != nil || len(words) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(words[1], 10, 64)
	return pages * int64(syscall.Getpagesize())
}
