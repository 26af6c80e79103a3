package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/campaign"
	"github.com/sourcewhale/ashby-sync/infra/local/dev"
	"github.com/sourcewhale/ashby-sync/infra/local/simulator"
	"github.com/sourcewhale/ashby-sync/infra/local/stack"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
)

// team is the one that a local run signs users in for.
const team = "team-demo"

const goodbye = 35 * time.Second // a drain may take 30 s to bring its work to an end

// run serves until it is told to stop.
func run(ctx context.Context, getenv func(string) string, out io.Writer) error {
	c, err := configure(getenv)
	if err != nil {
		return err
	}
	if err := stack.EnsureDir(c.stateDir); err != nil {
		return err
	}
	unlock, err := claim(c.stateDir)
	if err != nil {
		return err
	}
	defer unlock()
	logFile, err := os.OpenFile(filepath.Join(c.stateDir, "service.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = logFile.Close() }()
	ashbyURL, key := c.ashbyURL, ""
	if ashbyURL == "" {
		sim, err := simulator.Ensure(ctx, c.stateDir, c.ashbyPort)
		if err != nil {
			return err
		}
		defer stopSimulator(ctx, sim)
		ashbyURL, key = sim.URL, ashbytest.LocalKey
	}
	log := logging.New(logFile, getenv("LOG_LEVEL"))
	start := startEmbedded
	if c.mode == lambda {
		start = startLambda
	}
	s, err := start(ctx, c, ashbyURL, key, logFile, log)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d is taken, perhaps by a `make run` over another folder; API_PORT chooses another: %w", c.apiPort, err)
	}
	if err != nil {
		return err
	}
	f, err := describe(s, ashbyURL, key)
	if err == nil {
		err = f.write(c.stateDir)
	}
	if err == nil {
		greet(out, f, c)
		<-ctx.Done()
		_, _ = fmt.Fprintln(out, "\nStopping; what was begun is brought to an end.")
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
	defer cancel()
	return errors.Join(err, s.stop(end))
}

// service is what a run serves, whichever way it runs.
type service struct {
	url           string
	webhookSecret webhook.Key
	hook          string // for SourceWhale's thin hooks
	token         func(team, user, role string, admin bool) (string, error)
	stop          func(context.Context) error
}

// The modes of a run.
const (
	embedded = "embedded" // one process, its state in one file
	lambda   = "lambda"   // the bootstrap files, over AWS's wire
)

func startEmbedded(ctx context.Context, c config, ashby, key string, _ io.Writer, log *slog.Logger) (service, error) {
	s, err := stack.Start(ctx, stack.Config{
		Dir: c.stateDir, Listen: fmt.Sprintf("127.0.0.1:%d", c.apiPort), Ashby: ashby, Team: team,
		Rate: c.rate, Sweep: c.sweep, Settle: c.settle, Log: log,
		Beside: func(s *stack.Stack) http.Handler { return beside(ofStack(s), ashby, key) },
	})
	if err != nil {
		return service{}, err
	}
	return ofStack(s), nil
}

func ofStack(s *stack.Stack) service {
	return service{url: s.URL, webhookSecret: s.WebhookSecret, hook: s.SourceWhaleHook, token: s.Token, stop: s.Stop}
}

// claim makes sure that one service at a time runs over a state folder. The
// claim ends with the process, however it ends.
func claim(dir string) (release func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, "run.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("a service runs over %s already (see its run.json); STATE_DIR chooses another folder", dir), f.Close())
	}
	return func() { _ = f.Close() }, nil
}

// stopSimulator ends the simulated Ashby with the service that it was for; only
// a service that is killed leaves it running.
func stopSimulator(ctx context.Context, sim simulator.Process) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = sim.Stop(ctx)
}

// beside is what the page has here only. A sign-in that fails shows when the run describes itself; key is empty where Ashby is not simulated.
func beside(s service, ashbyURL, key string) http.Handler {
	tokens, _ := signIn(s)
	sim := ashbyURL
	if key == "" {
		sim = ""
	}
	return dev.New(dev.Config{
		Session: dev.Session{Tokens: tokens, AshbyKey: key}, Ashby: sim,
		Player: dev.Player{Token: rand.Text, Sender: campaign.Sender{
			API: s.url, Team: team, Secret: s.webhookSecret, HTTP: &http.Client{Timeout: 30 * time.Second}, Now: time.Now,
		}},
	})
}

// describe tells where everything is, and signs an admin, a member and a viewer in.
func describe(s service, ashbyURL, key string) (runFile, error) {
	tokens, err := signIn(s)
	return runFile{
		API: s.url, Page: s.url + "/", Ashby: ashbyURL, AshbyKey: key, Team: team,
		Tokens: tokens, WebhookSecret: s.webhookSecret.Reveal(),
		Hooks: map[string]string{"sourcewhale": s.hook},
	}, err
}

func signIn(s service) (map[string]string, error) {
	tokens := map[string]string{}
	for _, u := range []struct {
		name, role string
		admin      bool
	}{{"admin", "member", true}, {"member", "member", false}, {"viewer", "viewer", false}} {
		token, err := s.token(team, "u-"+u.name, u.role, u.admin)
		if err != nil {
			return nil, err
		}
		tokens[u.name] = token
	}
	return tokens, nil
}

func greet(out io.Writer, f runFile, c config) {
	kept := "state is kept"
	if c.mode == lambda {
		kept = "what was in tables and queues is gone then"
	}
	_, _ = fmt.Fprintf(out, `The service runs.

  page    %s
  API     %sv1/openapi.json
  Ashby   %s   (simulated unless ASHBY_BASE_URL says otherwise; /_sim/state, /_sim/calls, /_sim/faults)
  state   %s   (run.json: addresses, key, tokens, webhook secret; service.log)

In a second terminal:

  make activate                    connect the team to Ashby
  make play                        play a campaign with ten people
  make why EVENT=spring-p0001-7    ask why an event was or was not written

Ctrl-C stops it; %s.
`, f.Page, f.Page, f.Ashby, c.stateDir, kept)
}
