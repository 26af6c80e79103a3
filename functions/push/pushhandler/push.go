// Package pushhandler turns rings of the work queue into drains: one ring, one
// team, until nothing is due or the invocation's time is up.
package pushhandler

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/bell"
	"github.com/sourcewhale/ashby-sync/shared/adapter/fold"
	"github.com/sourcewhale/ashby-sync/shared/adapter/teamkey"
	"github.com/sourcewhale/ashby-sync/shared/domain/budget"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/repository/candidates"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/runtime/batch"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mirror"
	"github.com/sourcewhale/ashby-sync/shared/usecase/push"
	"github.com/sourcewhale/ashby-sync/shared/usecase/record"
)

// Parts is what the function is built of. All are required but Rate, Settle and Jitter.
type Parts struct {
	Config       table.Table
	Timeline     table.Table
	Candidates   table.Table // nil: no copy of Ashby is kept
	Secrets      secret.Store
	SecretPrefix string       // names of teams' keys begin with it
	Work         queue.Sender // where teams are rung again
	Dead         queue.Sender // where messages go that are no rings
	Ashby        *ashby.Client
	Rate         int            // calls a minute for one key at most; 0: what is known of Ashby
	Settle       time.Duration  // until a write whose answer was lost is looked for; 0: push.DefaultSettle
	Token        func() string  // fresh and unique
	Jitter       func() float64 // [0, 1), spreads back-offs; nil: by chance
	Now          func() time.Time
	Log          *slog.Logger
}

const (
	// drainTime is how long a drain may take where the context does not say.
	drainTime = 30 * time.Second
	keyLife   = 5 * time.Minute // of a key in memory; a version's value never changes
)

// New builds the function.
func New(p Parts) batch.Func {
	if p.Jitter == nil {
		p.Jitter = rand.Float64
	}
	ring, people, teams := bell.New(p.Work, p.Token), timeline.New(p.Timeline, p.Now, p.Token), config.New(p.Config, p.Now, p.Token)
	h := &handler{Parts: p, pusher: &push.Pusher{
		Ledger:  people,
		Teams:   teams,
		Chores:  foreman(p, teams, people),
		Keys:    teamkey.New(secret.Cached(p.Secrets, keyLife, p.Now), p.SecretPrefix),
		Ashby:   opener{p.Ashby, ashby.NewCatalogue(p.Now), nil},
		Bell:    ring,
		Budgets: people, Limits: budget.Of(p.Rate),
		Now: p.Now, Token: p.Token, Jitter: p.Jitter, Log: p.Log, Settle: p.Settle,
	}}
	if p.Candidates != nil {
		copies := candidates.New(p.Candidates, p.Now, p.Token)
		ended := &record.Recorder{Ledger: people, Hooks: people, Bell: ring, Now: p.Now, Log: p.Log}
		h.pusher.Ended = ended.Candidate
		h.pusher.Ashby = opener{p.Ashby, ashby.NewCatalogue(p.Now), copies}
		h.pusher.Mirror = reflector{&mirror.Mirror{
			States: copies, Catalogues: copies, Candidates: copies, Segments: copies, Missing: missing{people, p.Now}.seek, Fold: fold.Text, Now: p.Now, Log: p.Log,
		}}
	}
	return batch.Handler(p.Log, h.work)
}

type handler struct {
	Parts
	pusher *push.Pusher
}

// work drains the team of each ring, of which there is one as a rule.
func (h *handler) work(ctx context.Context, items []batch.Item) []error {
	until, ok := ctx.Deadline()
	if !ok {
		until = h.Now().Add(drainTime)
	}
	errs := make([]error, len(items))
	for i, item := range items {
		team, err := bell.Team(item.Body)
		if err != nil {
			h.Log.LogAttrs(ctx, slog.LevelError, "message set aside", slog.String("message", item.ID))
			errs[i] = h.Dead.Send(ctx, queue.Message{Body: item.Body, Group: "undecodable", Dedup: h.Token()})
			continue
		}
		// A ring is a hint: what a drain could not do stays due, and the sweep rings
		// again. To bring this ring again would only keep later ones waiting.
		drain := h.pusher.Drain
		if item.Again { // the drain for it ended before it could say so
			drain = h.pusher.DrainAgain
		}
		if err := batch.Safely(func() error { return drain(ctx, team, until) }); err != nil {
			h.Log.LogAttrs(ctx, slog.LevelError, "drain failed", slog.String("team", team), logging.Error(err))
		}
	}
	return errs
}
