package endpoints

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// tool is a program that is installed once and run as a server.
type tool struct {
	name    string                                      // with its version; the folder's name under .tools/
	needs   func(ctx context.Context) error             // what must be on the machine to build it
	build   func(ctx context.Context, dir string) error // installs into an empty folder, which is renamed afterwards
	probe   func(ctx context.Context, dir string) error // whether the folder holds a sound installation; cheap
	command func(dir string, port int) *exec.Cmd        // serves on 127.0.0.1:port
	path    string                                      // answers any status once the server is ready
}

// startTries is how often a server is started anew when it ends before it is
// ready: the port found free a moment ago may be taken by then.
const startTries = 3

// run installs the tool where needed and starts it.
func (t tool) run(ctx context.Context, tools string, log *slog.Logger) (*child, error) {
	dir, err := t.install(ctx, tools, log)
	if err != nil {
		return nil, fmt.Errorf("install %s: %w", t.name, err)
	}
	for try := 1; ; try++ {
		port, err := freePort()
		if err != nil {
			return nil, fmt.Errorf("start %s: %w", t.name, err)
		}
		c, err := startChild(ctx, t.command(dir, port), fmt.Sprintf("http://127.0.0.1:%d", port), t.path)
		if err == nil {
			log.Info("endpoint ready", "tool", t.name, "url", c.url)
			return c, nil
		}
		if try == startTries || ctx.Err() != nil {
			return nil, fmt.Errorf("start %s: %w", t.name, err)
		}
	}
}

// install gives the folder of a sound installation. A new one is built beside
// its place and renamed, so that a half-made one is never taken for whole; a
// lock keeps two processes from building at once.
func (t tool) install(ctx context.Context, tools string, log *slog.Logger) (string, error) {
	dir := filepath.Join(tools, t.name)
	if t.probe(ctx, dir) == nil {
		return dir, nil
	}
	if err := os.MkdirAll(tools, 0o755); err != nil {
		return "", err
	}
	unlock, err := lock(ctx, dir+".lock")
	if err != nil {
		return "", err
	}
	defer unlock()
	if t.probe(ctx, dir) == nil { // another process was faster
		return dir, nil
	}
	log.Info("installing, once", "tool", t.name, "folder", dir)
	begun := time.Now()
	if err := t.replace(ctx, tools, dir); err != nil {
		return "", err
	}
	log.Info("installed", "tool", t.name, "seconds", int(time.Since(begun).Seconds()))
	return dir, nil
}

// replace builds anew and puts the result in the place of whatever was there.
func (t tool) replace(ctx context.Context, tools, dir string) (err error) {
	fresh, err := os.MkdirTemp(tools, t.name+".new-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(fresh)) }()
	if err := t.build(ctx, fresh); err != nil {
		return err
	}
	if err := t.probe(ctx, fresh); err != nil {
		return fmt.Errorf("it installed, but does not run: %w", err)
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(fresh, dir)
}

// lock waits for an exclusive lock on the file; it ends with the process at the
// latest.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
			return func() { _ = file.Close() }, nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), file.Close())
		case <-tick.C:
		}
	}
}

// freePort finds a port of loopback that was free a moment ago.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	at, err := netip.ParseAddrPort(l.Addr().String())
	return int(at.Port()), err
}

// do runs a step of an install in a folder; a failure tells what it printed.
func do(ctx context.Context, dir string, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = dir, env, time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, tail(out))
	}
	return nil
}

func tail(out []byte) string {
	const most = 4 << 10
	return strings.TrimSpace(string(out[max(0, len(out)-most):]))
}
