// Command local runs the whole service on a laptop with nothing but Go, and
// plays the parts of those who use it.
//
//	go run ./infra/local            run the service and a simulated Ashby
//	go run ./infra/local activate   connect the team to Ashby, as an admin would
//	go run ./infra/local set A=B    change the team's settings
//	go run ./infra/local play       play a campaign, as SourceWhale would
//	go run ./infra/local why ID     ask why an event was or was not written
//
// The service speaks only to loopback. What the commands send they print, so
// that each can be typed by hand.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/sourcewhale/ashby-sync/infra/local/simulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := dispatch(ctx, os.Args[1:], os.Getenv); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func dispatch(ctx context.Context, args []string, getenv func(string) string) error {
	command := "run"
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	switch command {
	case "run":
		return run(ctx, getenv, os.Stdout)
	case simulator.Command:
		return simulator.Main(ctx, args, slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	case "activate":
		return activate(ctx, getenv, os.Stdout)
	case "play":
		return play(ctx, args, getenv, os.Stdout)
	case "set":
		return set(ctx, args, getenv, os.Stdout)
	case "why":
		return why(ctx, args, getenv, os.Stdout)
	}
	return fmt.Errorf("there is no command %q: run, activate, set, play, why", command)
}
