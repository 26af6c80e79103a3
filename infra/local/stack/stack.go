// Package stack runs the whole service in one process: the very handlers that
// Lambda runs, fed with the events that API Gateway and SQS would give them, on
// tables, queues and secrets that live in one file.
package stack

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/issuer"
	"github.com/sourcewhale/ashby-sync/infra/local/poller"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqlite"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// Config says what to run.
type Config struct {
	Dir    string // where the state is kept; it must exist
	Listen string // address, loopback
	Ashby  string // base URL
	Team   string // the team whose webhook secret is shown
	Rate   int    // calls to Ashby a minute
	Sweep  time.Duration
	Settle time.Duration // until a write to Ashby whose answer was lost is looked for; 0: as in AWS
	Drains int           // teams that are worked on at once; 0: 4
	Log    *slog.Logger
	// Beside makes what is served under /dev/, next to the service's own paths; nil: nothing is.
	Beside func(*Stack) http.Handler
}

// Stack is a running service.
type Stack struct {
	URL           string
	WebhookSecret webhook.Key
	// SourceWhaleHook is where SourceWhale's own thin hooks of the team go.
	SourceWhaleHook string
	issuer          *issuer.Issuer
	db              *sqlite.DB
	server          *http.Server
	stop            context.CancelFunc
	loops           sync.WaitGroup
}

// The names of what the template makes in AWS.
const (
	intakeSecret = "intake"
	teamPrefix   = "team/"
)

// queues of the service, with their dead letters as the template has them.
type queues struct{ events, eventsDead, work, workDead queue.Queue }

const maxReceives = 1000

func openQueues(db *sqlite.DB) queues {
	return queues{
		events:     db.Queue("events", sqlite.QueueOptions{DeadLetter: "events-dead", MaxReceives: maxReceives}),
		eventsDead: db.Queue("events-dead", sqlite.QueueOptions{}),
		work:       db.Queue("work.fifo", sqlite.QueueOptions{FIFO: true, DeadLetter: "work-dead.fifo", MaxReceives: maxReceives}),
		workDead:   db.Queue("work-dead.fifo", sqlite.QueueOptions{FIFO: true}),
	}
}

// Start opens the state and serves until Stop.
func Start(ctx context.Context, c Config) (*Stack, error) {
	db, err := sqlite.Open(ctx, filepath.Join(c.Dir, "state.db"), time.Now)
	if err != nil {
		return nil, err
	}
	s := &Stack{db: db}
	if err := s.start(ctx, c); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func (s *Stack) start(ctx context.Context, c Config) error {
	if err := s.db.Recover(ctx); err != nil {
		return err
	}
	ring, err := keyring(ctx, s.db.Secrets())
	if err != nil {
		return err
	}
	generation := ring.Live(c.Team)[0]
	s.WebhookSecret = ring.TeamSecret(c.Team, generation)
	if s.issuer, err = issuer.Open(filepath.Join(c.Dir, "issuer.pem"), time.Now); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return err
	}
	s.URL = "http://" + listener.Addr().String()
	s.SourceWhaleHook = s.URL + "/v1/hooks/sourcewhale/" + ring.HookToken(c.Team, webhook.SourceWhaleHook, generation)
	f, err := build(c, s.db, openQueues(s.db), s.URL)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	loops, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	for _, m := range f.mappings {
		s.loops.Go(func() { m.Run(loops, c.Log) })
	}
	s.loops.Go(func() { poller.Sweep(loops, c.Sweep, f.sweep, c.Log) })
	s.server = &http.Server{Handler: s.routes(f, c), ReadHeaderTimeout: 10 * time.Second}
	s.loops.Go(func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			c.Log.Error("the API stopped", "error", err)
		}
	})
	return nil
}

// Stop ends the service; what was begun is brought to an end.
func (s *Stack) Stop(ctx context.Context) error {
	err := s.server.Shutdown(ctx)
	s.stop()
	ended := make(chan struct{})
	go func() {
		s.loops.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-ctx.Done():
		return errors.Join(err, ctx.Err()) // state survives: the next start goes on
	}
	return errors.Join(err, s.db.Close())
}

// Token signs a user of a team in.
func (s *Stack) Token(team, user, role string, admin bool) (string, error) {
	return s.issuer.Token(team, user, role, admin, issuer.Life)
}

// keyring gives the intake master, made at the first start.
func keyring(ctx context.Context, secrets secret.Store) (webhook.Keyring, error) {
	v, _, err := secrets.Get(ctx, intakeSecret, "")
	if fault.Is(err, fault.NotFound) {
		document, err := webhook.NewDocument(rand.Reader)
		if err != nil {
			return webhook.Keyring{}, err
		}
		if err := secrets.Put(ctx, intakeSecret, rand.Text(), secret.NewValue(document)); err != nil {
			return webhook.Keyring{}, err
		}
		return webhook.ParseKeyring(document)
	}
	if err != nil {
		return webhook.Keyring{}, err
	}
	return webhook.ParseKeyring(v.Reveal())
}

// EnsureDir makes the state folder, for its owner only.
func EnsureDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the state folder: %w", err)
	}
	return nil
}
