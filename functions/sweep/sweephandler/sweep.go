// Package sweephandler turns the schedule's tick into a sweep.
package sweephandler

import (
	"context"
	"log/slog"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/bell"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/runtime/batch"
	"github.com/sourcewhale/ashby-sync/shared/usecase/sweep"
)

// Parts is what the function is built of. All are required.
type Parts struct {
	Config   table.Table
	Timeline table.Table
	Work     queue.Sender  // where teams are rung
	Token    func() string // fresh and unique
	Now      func() time.Time
	Log      *slog.Logger
}

// Func is a Lambda function on a schedule, whose event says nothing. An error
// shows in its metrics; the next minute is the retry.
type Func func(context.Context) error

// New builds the function.
func New(p Parts) Func {
	s := &sweep.Sweeper{
		Ledger: timeline.New(p.Timeline, p.Now, p.Token), Connections: config.New(p.Config, p.Now, p.Token),
		Bell: bell.New(p.Work, p.Token), Now: p.Now, Log: p.Log,
	}
	return func(ctx context.Context) error {
		return batch.Safely(func() error {
			_, err := s.Sweep(ctx)
			return err
		})
	}
}
