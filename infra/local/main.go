// Command local runs the whole service on a laptop with nothing but Go, and
// plays the parts of those who use it.
//
//	go run ./infra/local            run the service and a simulated Ashby
//	go run ./infra/local activate   connect the team to Ashby, as an admin would
//	go run ./infra/local set A=B    change the team's settings
//	go run ./infra/local play       play a campaign, as SourceWhale would
//	go run ./infra/local why ID     ask why an event was or was not written
//	go run ./infra/local aws        serve what sam local needs around the functions
//	go run ./infra/local take QUEUE print what a queue holds as the event that Lambda would get
//
// The service speaks only to loopback. What the commands send they print, so
// that each can be typed by hand.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/sourcewhale/ashby-sync/infra/local/simulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := command(ctx, os.Args[1:], os.Getenv, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// command runs one of the commands; run is the default.
func command(ctx context.Context, args []string, getenv func(string) string, out io.Writer) error {
	name := "run"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	switch name {
	case "run":
		return run(ctx, getenv, out)
	case simulator.Command:
		return simulator.Main(ctx, args, slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	case "activate":
		return activate(ctx, getenv, out)
	case "play":
		return play(ctx, args, getenv, out)
	case "set":
		return set(ctx, args, getenv, out)
	case "why":
		return why(ctx, args, getenv, out)
	case "aws":
		return localAWS(ctx, getenv, out)
	case "take":
		return take(ctx, args, getenv, out)
	}
	return fmt.Errorf("there is no command %q: run, activate, set, play, why, aws, take", name)
}
