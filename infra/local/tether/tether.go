// Package tether runs processes that do not outlive this one: each is in a process
// group of its own, and on Linux it is killed when we die without stopping it.
package tether

import (
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// Process is a process that was started.
type Process struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

// Start starts the command, whose SysProcAttr it sets. Once the process has ended,
// after runs if it is not nil, and then Ended is closed. The errors are Cmd.Start's.
//
// The process is started on a thread that lives as long as it does: Linux sends
// the parent's death signal when the starting thread ends.
func Start(cmd *exec.Cmd, after func()) (*Process, error) {
	cmd.SysProcAttr = attributes()
	p := &Process{cmd, make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		_ = cmd.Wait() // the command's state and output tell how it ended
		if after != nil {
			after()
		}
		close(p.ended)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// Ended is closed when the process is gone.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// String tells how a process ended that has, such as "exit status 1".
func (p *Process) String() string { return p.cmd.ProcessState.String() }

// Stop ends the process, gently at first and by force after that time, and waits
// for its end. It may be called again.
func (p *Process) Stop(within time.Duration) {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // fails only when it has ended
	patience := time.NewTimer(within)
	defer patience.Stop()
	select {
	case <-p.ended:
	case <-patience.C:
		p.Kill()
	}
}

// Kill ends the process without a word and waits for its end.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // fails only when it has ended
	<-p.ended
}
