// Command ashbysim serves the simulated Ashby on its own.
//
//	ashbysim [-addr 127.0.0.1:4100] [-state .local/ashby.jsonl] [-webhook-scale 0.01]
//
// Each flag has an environment variable: ASHBY_ADDR, ASHBY_STATE,
// ASHBY_WEBHOOK_SCALE. Without a state file everything lives in memory. An empty
// state is seeded with fictional data. Control is under /_sim/ (see package
// ashbytest); listen on loopback addresses only, it has no authentication.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
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

type config struct {
	addr  string
	state string
	scale float64
}

func configure(args []string, getenv func(string) string) (config, error) {
	or := func(name, otherwise string) string {
		if value := getenv(name); value != "" {
			return value
		}
		return otherwise
	}
	scale, err := strconv.ParseFloat(or("ASHBY_WEBHOOK_SCALE", "0.01"), 64)
	if err != nil {
		return config{}, fmt.Errorf("ASHBY_WEBHOOK_SCALE: %w", err)
	}
	var c config
	flags := flag.NewFlagSet("ashbysim", flag.ContinueOnError)
	flags.StringVar(&c.addr, "addr", or("ASHBY_ADDR", "127.0.0.1:4100"), "address to listen on")
	flags.StringVar(&c.state, "state", getenv("ASHBY_STATE"), "file that keeps the state; memory only if empty")
	flags.Float64Var(&c.scale, "webhook-scale", scale, "factor on the delays between webhook attempts (10, 30, 70 s ...)")
	return c, flags.Parse(args)
}

func run(ctx context.Context, args []string, getenv func(string) string, log *slog.Logger) error {
	c, err := configure(args, getenv)
	if err != nil {
		return err
	}
	ashby, err := open(c, log) //nolint:contextcheck // webhooks do not end with a request; Close stops them
	if err != nil {
		return err
	}
	defer func() { _ = ashby.Close() }()
	listener, err := net.Listen("tcp", c.addr)
	if err != nil {
		return err
	}
	log.Info("the simulated Ashby listens", "addr", listener.Addr().String(), "state", c.state)
	return serve(ctx, listener, ashby)
}

func open(c config, log *slog.Logger) (*ashbytest.Ashby, error) {
	cfg := ashbytest.Config{Seed: 1, Log: log}
	ashby := ashbytest.New(cfg)
	if c.state != "" {
		var err error
		if ashby, err = ashbytest.Open(cfg, c.state); err != nil {
			return nil, err
		}
	}
	if len(ashby.Dump("")) == 0 {
		if _, err := ashby.Seed(0); err != nil {
			return nil, err
		}
	}
	return ashby, ashby.SetModes(func(m *ashbytest.Modes) { m.WebhookScale = c.scale })
}

// serve answers until ctx ends, then lets calls in flight finish for a moment.
func serve(ctx context.Context, listener net.Listener, ashby *ashbytest.Ashby) error {
	server := &http.Server{Handler: ashby, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		// Calls that are held on purpose do not end by themselves.
		return errors.Join(ashby.Close(), server.Close())
	}
	return nil
}
