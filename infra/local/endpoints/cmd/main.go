// Command cmd runs another command against AWS-compatible endpoints:
//
//	go run ./infra/local/endpoints/cmd -- go test ./...
//
// Without a command it prints the variables that lead to the endpoints and keeps
// them up until it is interrupted.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/sourcewhale/ashby-sync/infra/local/endpoints"
)

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	code, err := run(args, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// run gives the exit code: the command's own, 128 plus the signal that ended it,
// or 1 for a failure of ours.
func run(args []string, log *slog.Logger) (int, error) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	running, err := start(signals, log)
	if err != nil {
		return 1, err
	}
	defer running.Stop()
	if len(args) == 0 {
		for _, pair := range running.Env() {
			fmt.Println("export " + pair)
		}
		<-signals
		return 0, nil
	}
	return command(args, append(os.Environ(), running.Env()...), signals)
}

// start gives up at the first signal.
func start(signals <-chan os.Signal, log *slog.Logger) (*endpoints.Running, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan struct{})
	defer close(done)
	go func() {
		select {
		case <-signals:
			cancel()
		case <-done:
		}
	}()
	return endpoints.Start(ctx, "", log)
}

// command runs to its own end; signals are passed on to it.
func command(args, env []string, signals <-chan os.Signal) (int, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = env, os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	done := make(chan struct{})
	go func() {
		for {
			select {
			case s := <-signals:
				_ = cmd.Process.Signal(s) // fails only when it has ended
			case <-done:
				return
			}
		}
	}()
	err := cmd.Wait()
	close(done)
	if ended, ok := errors.AsType[*exec.ExitError](err); ok {
		if status, ok := ended.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			return 128 + int(status.Signal()), nil
		}
		return ended.ExitCode(), nil
	}
	if err != nil {
		return 1, err
	}
	return 0, nil
}
