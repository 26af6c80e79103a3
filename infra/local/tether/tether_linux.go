package tether

import "syscall"

// attributes put a process into a group of its own, so that Ctrl-C does not take
// it from us while we still clean up, and have it killed when we die.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
