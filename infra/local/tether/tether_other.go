//go:build !linux

package tether

import "syscall"

// attributes put a process into a group of its own, so that Ctrl-C does not take
// it from us while we still clean up.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
