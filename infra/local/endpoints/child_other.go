//go:build !linux

package endpoints

import "syscall"

// childAttributes put a server into a process group of its own, so that Ctrl-C
// does not take it from a command that is still cleaning up.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
