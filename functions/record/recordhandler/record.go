// Package recordhandler turns messages of the events queue into recorded events:
// it opens each message, records what is in it, and sets aside what nobody can
// read.
package recordhandler

import (
	"context"
	"log/slog"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/bell"
	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/runtime/batch"
	"github.com/sourcewhale/ashby-sync/shared/usecase/record"
)

// Parts is what the function is built of. All are required.
type Parts struct {
	Config   table.Table
	Timeline table.Table
	Work     queue.Sender  // where teams are rung
	Events   Own           // our own queue
	Dead     queue.Sender  // where messages go that nobody can read
	Token    func() string // fresh and unique
	Now      func() time.Time
	Log      *slog.Logger
}

// Own is the queue that the messages come from: rings that are to come later go
// the way over it, and what failed is given back to it.
type Own interface {
	queue.Sender
	batch.Releaser
}

// New builds the function.
func New(p Parts) batch.Func {
	store := timeline.New(p.Timeline, p.Now, p.Token)
	teams := config.New(p.Config, p.Now, p.Token)
	h := &handler{dead: p.Dead, recorder: &record.Recorder{
		Ledger: store, Hooks: store, Settings: teams, Users: teams,
		Bell: bell.New(p.Work, p.Token), Alarm: alarm{p.Events}, Now: p.Now, Log: p.Log,
	}}
	return batch.Sooner(p.Events, p.Log, batch.Handler(p.Log, h.work))
}

type handler struct {
	recorder *record.Recorder
	dead     queue.Sender
}

// work records the events of all messages in one go, then their hooks.
func (h *handler) work(ctx context.Context, items []batch.Item) []error {
	errs := make([]error, len(items))
	var events []event.Event
	var from []int // which message each event came with
	for i, item := range items {
		var p contract.Parcel
		errs[i] = batch.Safely(func() (err error) {
			p, err = contract.Unpack(item.Body)
			return err
		})
		if errs[i] != nil {
			continue
		}
		for _, e := range p.Events {
			events, from = append(events, e), append(from, i)
		}
		errs[i] = h.hooks(ctx, p)
		for _, team := range p.Rings {
			errs[i] = worse(errs[i], h.recorder.Bell.Ring(ctx, team))
		}
	}
	for n, err := range h.recorder.Record(ctx, events) {
		errs[from[n]] = worse(errs[from[n]], err)
	}
	for i, item := range items {
		if errs[i] != nil && !batch.Redeliver(errs[i]) {
			errs[i] = h.setAside(ctx, item)
		}
	}
	return errs
}

// hooks records a message's hooks, in order, up to one that fails: what came
// before it means nothing new when the message comes again.
func (h *handler) hooks(ctx context.Context, p contract.Parcel) error {
	for _, hook := range p.Hooks {
		if err := h.recorder.Hook(ctx, hook); err != nil {
			return err
		}
	}
	for _, hook := range p.Candidates {
		if err := h.recorder.Candidate(ctx, hook); err != nil {
			return err
		}
	}
	return nil
}

// worse prefers the error that brings a message again: to record a part of it
// twice does no harm, to set it aside with the rest would lose it.
func worse(a, b error) error {
	if a == nil || batch.Redeliver(b) {
		return b
	}
	return a
}

// setAside puts a message where people look at it. Only then it is acknowledged.
func (h *handler) setAside(ctx context.Context, item batch.Item) error {
	h.recorder.Log.LogAttrs(ctx, slog.LevelError, "message set aside", slog.String("message", item.ID))
	return h.dead.Send(ctx, queue.Message{Body: item.Body})
}
