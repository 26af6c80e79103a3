package record

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// batch is one call's work.
type batch struct {
	*Recorder
	events   []event.Event
	errs     []error // one for each event
	outcomes []outcome
	work     []delivery.Work // what is due of each
	layers   *layers
}

type outcome uint8

const (
	failed outcome = iota
	recorded
	repeated
	conflicting // repeated with another body
	forgotten   // of a person who is forgotten
)

// teams lists the teams of the batch, in the order in which they come.
func (b *batch) teams() []string {
	b.outcomes, b.work = make([]outcome, len(b.events)), make([]delivery.Work, len(b.events))
	var teams []string
	seen := map[string]bool{}
	for _, e := range b.events {
		if !seen[e.Team] {
			seen[e.Team] = true
			teams = append(teams, e.Team)
		}
	}
	return teams
}

// of gives the places of a team's events.
func (b *batch) of(team string) []int {
	var places []int
	for i, e := range b.events {
		if e.Team == team {
			places = append(places, i)
		}
	}
	return places
}

// record stores the events at the places, which are a team's. What fails for all
// fails each of them.
func (b *batch) record(ctx context.Context, team string, places []int) {
	due := b.Now().UTC()
	work := make([]delivery.Work, len(places))
	for n, i := range places {
		e := b.events[i]
		b.work[i] = delivery.Work{Class: delivery.ClassOf(e), Due: dueAt(e, due), Person: e.Person.ID, Event: e.ID}
		work[n] = b.work[i]
	}
	err := b.Ledger.Touch(ctx, team)
	if err == nil {
		err = b.Ledger.AddDue(ctx, team, work)
	}
	if err != nil {
		b.fail(places, err)
		return
	}
	records := make([]delivery.Record, len(places))
	var g errgroup.Group
	g.SetLimit(parallel)
	for _, turns := range b.turns(places) {
		g.Go(func() error {
			b.inTurn(ctx, turns, places, records)
			return nil
		})
	}
	_ = g.Wait() // errors stand with their events
	b.enter(ctx, team, places, records)
}

// dueAt is when an event is looked at: an edit made by hand leaves time for more,
// so that they go together.
func dueAt(e event.Event, now time.Time) time.Time {
	if gathered := e.AcceptedAt.UTC().Add(plan.Gather); plan.Gathers(e) && gathered.After(now) {
		return gathered
	}
	return now
}

// turns groups the events at the places by id, each group in the order of
// acceptance: of two bodies under one id the first wins, so they are stored one
// after another. What it gives are indices of places.
func (b *batch) turns(places []int) [][]int {
	accepted := make([]int, len(places))
	for n := range places {
		accepted[n] = n
	}
	slices.SortStableFunc(accepted, func(x, y int) int {
		return b.events[places[x]].AcceptedAt.Compare(b.events[places[y]].AcceptedAt)
	})
	var groups [][]int
	known := map[string]int{}
	for _, n := range accepted {
		id := b.events[places[n]].ID
		g, ok := known[id]
		if !ok {
			g = len(groups)
			known[id], groups = g, append(groups, nil)
		}
		groups[g] = append(groups[g], n)
	}
	return groups
}

// inTurn stores the events of one id. Where one fails, those behind it fail with
// it: a later body must not take the place of the first.
func (b *batch) inTurn(ctx context.Context, turns, places []int, records []delivery.Record) {
	var err error
	for _, n := range turns {
		i := places[n]
		if err == nil {
			records[n], b.outcomes[i], err = b.one(ctx, b.events[i], b.work[i])
		}
		b.errs[i] = err
	}
}

// enter puts what is recorded on the timelines.
func (b *batch) enter(ctx context.Context, team string, places []int, records []delivery.Record) {
	var entries []delivery.Record
	var entered []int
	for n, i := range places {
		if b.errs[i] == nil {
			entries, entered = append(entries, records[n]), append(entered, i)
		}
	}
	if len(entries) == 0 {
		return
	}
	if err := b.Ledger.AddEntries(ctx, team, entries); err != nil {
		b.fail(entered, err)
	}
}

func (b *batch) fail(places []int, err error) {
	for _, i := range places {
		b.errs[i], b.outcomes[i] = err, failed
	}
}

// one stores one event: its payload, then its record. It gives the record that
// is stored, whoever stored it. A panic is this event's own failure.
func (b *batch) one(ctx context.Context, e event.Event, work delivery.Work) (r delivery.Record, o outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			o, err = failed, panicked(p)
		}
	}()
	first, ours, err := b.Ledger.PutEvent(ctx, e)
	if err != nil {
		return delivery.Record{}, failed, err
	}
	fresh, err := b.layers.fresh(ctx, first, work)
	if err != nil {
		return delivery.Record{}, failed, err
	}
	stored, created, err := b.Ledger.Create(ctx, e.Team, fresh)
	if err != nil {
		return delivery.Record{}, failed, err
	}
	switch {
	case stored.BodyHash != e.BodyHash:
		return stored.Record, conflicting, b.conflict(ctx, e, ours, stored)
	case created:
		return stored.Record, recorded, nil
	}
	return stored.Record, repeated, nil
}

func panicked(p any) error {
	return fault.New(fault.Internal, "panic", "recording failed").Because(fmt.Errorf("%v\n%s", p, debug.Stack()))
}

// conflict notes on a record that another body came under its id. A payload that
// this delivery stored, because the first one's had expired, is not the record's.
func (b *batch) conflict(ctx context.Context, e event.Event, ours delivery.Revision, stored delivery.Stored) error {
	if ours != "" {
		if err := b.Ledger.DropEvent(ctx, e.Team, e.ID, ours); err != nil {
			return err
		}
	}
	if stored.Conflict {
		return nil
	}
	to := stored.Record
	to.Conflict = true
	_, _, err := b.Ledger.Apply(ctx, delivery.Change{Team: e.Team, From: stored, To: to})
	return err
}

// tell rings the team, if anything of it is recorded, and logs its part.
func (b *batch) tell(ctx context.Context, team string) {
	var c counts
	for _, i := range b.of(team) {
		c.add(b.outcomes[i], b.errs[i])
	}
	now, later := b.dueOf(team)
	rung, alarm := b.ring(ctx, team, now), b.ringIn(ctx, team, later)
	b.Log.LogAttrs(ctx, c.level(), "events recorded", slog.String("team", team), slog.Int("recorded", c.recorded),
		slog.Int("repeated", c.repeated), slog.Int("conflicting", c.conflicting), slog.Int("forgotten", c.forgotten), slog.Int("failed", c.failed),
		slog.String("rung", rung), slog.String("alarm", alarm), slog.String("cause", c.cause))
}

// dueOf says whether any of a team's recorded events is due now, and when the first
// of the others will be; zero: there are none.
func (b *batch) dueOf(team string) (due bool, later time.Time) {
	now := b.Now().UTC()
	for _, i := range b.of(team) {
		switch at := dueAt(b.events[i], now); {
		case b.errs[i] != nil:
		case !at.After(now):
			due = true
		case later.IsZero() || at.Before(later):
			later = at
		}
	}
	return due, later
}

// counts sums up a team's part of a batch.
type counts struct {
	recorded, repeated, conflicting, forgotten, failed int

	cause string
}

func (c *counts) add(o outcome, err error) {
	switch {
	case err != nil:
		c.failed++
		c.cause = fault.Of(err).Code()
	case o == recorded:
		c.recorded++
	case o == conflicting:
		c.conflicting++
	case o == forgotten:
		c.forgotten++
	default:
		c.repeated++
	}
}

func (c *counts) level() slog.Level {
	if c.failed > 0 {
		return slog.LevelError
	}
	return slog.LevelInfo
}
