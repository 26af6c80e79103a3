// Package simulator serves the simulated Ashby as a process of its own, and
// starts, finds again and stops that process.
//
//	ashby [-addr 127.0.0.1:4100] [-state .local/ashby.jsonl] [-webhook-scale 0.01]
//
// Without a state file everything lives in memory. An empty state is seeded with
// fictional data. Control is under /_sim/ (see package ashbytest); it listens on
// loopback only, for there is no authentication.
package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// Command is the first argument by which a program that embeds this package
// runs as the simulator.
const Command = "ashby"

type options struct {
	addr, state, ready string
	scale              float64
}

// Main serves until the context ends.
func Main(ctx context.Context, args []string, log *slog.Logger) error {
	var o options
	flags := flag.NewFlagSet(Command, flag.ContinueOnError)
	flags.StringVar(&o.addr, "addr", "127.0.0.1:4100", "address to listen on")
	flags.StringVar(&o.state, "state", "", "file that keeps the state; memory only if empty")
	flags.StringVar(&o.ready, "ready", "", "file to be written once it listens")
	flags.Float64Var(&o.scale, "webhook-scale", 0.01, "factor on the delays between webhook attempts (10, 30, 70 s ...)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.addr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host(listener)); !ip.IsLoopback() {
		return errors.Join(fmt.Errorf("%s is no loopback address", o.addr), listener.Close())
	}
	ashby, err := open(o, log) //nolint:contextcheck // its webhooks go out on its own time, until Close
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	me := Process{URL: "http://" + listener.Addr().String(), PID: os.Getpid(), State: o.state}
	if err := announce(o.ready, me); err != nil {
		return errors.Join(err, listener.Close(), ashby.Close())
	}
	log.Info("the simulated Ashby listens", "url", me.URL, "state", me.State)
	return errors.Join(serve(ctx, listener, ashby, me), ashby.Close())
}

func host(l net.Listener) string {
	h, _, _ := net.SplitHostPort(l.Addr().String())
	return h
}

func open(o options, log *slog.Logger) (*ashbytest.Ashby, error) {
	cfg := ashbytest.Config{Seed: 1, Log: log}
	ashby := ashbytest.New(cfg)
	if o.state != "" {
		var err error
		if ashby, err = ashbytest.Open(cfg, o.state); err != nil {
			return nil, err
		}
	}
	if len(ashby.Dump("")) == 0 {
		if _, err := ashby.Seed(0); err != nil {
			return nil, err
		}
	}
	return ashby, ashby.SetModes(func(m *ashbytest.Modes) { m.WebhookScale = o.scale })
}

// announce writes the record by rename, so that nobody reads half of it.
func announce(path string, me Process) error {
	if path == "" {
		return nil
	}
	raw, err := json.Marshal(me)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", raw, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// serve answers until ctx ends, then lets calls in flight finish for a moment.
func serve(ctx context.Context, listener net.Listener, ashby http.Handler, me Process) error {
	mux := http.NewServeMux()
	mux.Handle("/", ashby)
	mux.HandleFunc("GET /_sim/process", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(me) })
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if server.Shutdown(grace) != nil {
		return server.Close() // calls that are held on purpose do not end by themselves
	}
	return nil
}
