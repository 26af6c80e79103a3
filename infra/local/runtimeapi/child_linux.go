package runtimeapi

import "syscall"

// childAttributes put a function into a process group of its own, so that Ctrl-C
// does not end it in the middle of an invocation, and have it killed when we die.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
