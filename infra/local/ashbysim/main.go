// Command ashbysim serves the simulated Ashby on its own, without the rest of a
// local run.
//
//	ashbysim [-addr 127.0.0.1:4100] [-state .local/ashby.jsonl] [-webhook-scale 0.01]
//
// Each flag has an environment variable, which the flag overrides: ASHBY_ADDR,
// ASHBY_STATE, ASHBY_WEBHOOK_SCALE. SIGTERM ends it politely.
package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/sourcewhale/ashby-sync/infra/local/simulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	if err := run(ctx, os.Args[1:], os.Getenv, log); err != nil {
		log.Error("the simulated Ashby stopped", "error", err)
		os.Exit(1)
	}
}

// run serves until ctx ends. What the environment says comes first, so that
// flags override it.
func run(ctx context.Context, args []string, getenv func(string) string, log *slog.Logger) error {
	var settings []string
	for _, s := range []struct{ flag, variable string }{
		{"-addr", "ASHBY_ADDR"}, {"-state", "ASHBY_STATE"}, {"-webhook-scale", "ASHBY_WEBHOOK_SCALE"},
	} {
		if value := getenv(s.variable); value != "" {
			settings = append(settings, s.flag, value)
		}
	}
	return simulator.Main(ctx, append(settings, args...), log)
}
