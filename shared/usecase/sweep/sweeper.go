// Package sweep rings every team whose work is due: messages on queues are
// hints, and this is what makes up for every hint that gets lost.
package sweep

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
)

// Ledger knows which teams have work, and when.
type Ledger interface {
	// Teams lists the teams that may have work.
	Teams(ctx context.Context) ([]delivery.Mark, error)
	// AnyDue reports whether anything of a team is due by then.
	AnyDue(ctx context.Context, team string, by time.Time) (bool, error)
	// ChoreDue reports whether work is due by then that needs no active connection,
	// such as to look whether a refused key works again.
	ChoreDue(ctx context.Context, team string, by time.Time) (bool, error)
	// LiveDue reports whether live work of a team is due by then.
	LiveDue(ctx context.Context, team string, by time.Time) (bool, error)
	// Retire takes a team off the list if it has no work and the mark is the one
	// that stands, and old enough; else it leaves it there.
	Retire(ctx context.Context, m delivery.Mark) (bool, error)
}

// Connections gives a team's connection.
type Connections interface {
	Connection(ctx context.Context, team string) (connection.Connection, error)
}

// Bell tells a team's drain that there is work.
type Bell interface {
	Ring(ctx context.Context, team string) error
}

// Sweeper sweeps.
type Sweeper struct {
	Ledger      Ledger
	Connections Connections
	Bell        Bell
	Now         func() time.Time
	Log         *slog.Logger
}

// Counts sums a sweep up.
type Counts struct {
	Teams    int // on the list
	Rung     int
	Late     int // rung, and with live work that has been due for LateAfter
	Inactive int // have work, but no active connection
	Retired  int // taken off the list
	Failed   int // could not be looked at or rung
}

// LateAfter is how long live work of a connected team may be due before somebody
// should look: a drain takes it within seconds.
const LateAfter = 10 * time.Minute

// parallel bounds how many teams are looked at at once.
const parallel = 8

// Sweep looks at every team once. One team's trouble does not keep the others
// waiting; all of it is in the error.
func (s *Sweeper) Sweep(ctx context.Context) (Counts, error) {
	began := s.Now()
	marks, err := s.Ledger.Teams(ctx)
	if err != nil {
		return Counts{}, err
	}
	c := Counts{Teams: len(marks)}
	var mu sync.Mutex
	var g errgroup.Group
	g.SetLimit(parallel)
	for _, m := range marks {
		g.Go(func() error {
			what, failed := s.team(ctx, m)
			mu.Lock()
			defer mu.Unlock()
			c.add(what)
			if failed != nil {
				err = errors.Join(err, fmt.Errorf("team %s: %w", m.Team, failed))
			}
			return nil
		})
	}
	_ = g.Wait() // errors are joined above
	level := slog.LevelInfo
	if c.Failed > 0 {
		level = slog.LevelError
	}
	s.Log.LogAttrs(ctx, level, "swept", slog.Int("teams", c.Teams), slog.Int("rung", c.Rung), slog.Int("late", c.Late),
		slog.Int("inactive", c.Inactive), slog.Int("retired", c.Retired), slog.Int("failed", c.Failed),
		slog.Int64("duration_ms", s.Now().Sub(began).Milliseconds()))
	return c, err
}

type what uint8

const (
	left what = iota
	rung
	late // rung, and waiting for too long
	inactive
	retired
	failed
)

func (c *Counts) add(w what) {
	switch w {
	case rung:
		c.Rung++
	case late:
		c.Rung++
		c.Late++
	case inactive:
		c.Inactive++
	case retired:
		c.Retired++
	case failed:
		c.Failed++
	case left:
	}
}

// team rings a team whose work is due, and takes one without work off the list.
func (s *Sweeper) team(ctx context.Context, m delivery.Mark) (what, error) {
	due, err := s.Ledger.AnyDue(ctx, m.Team, s.Now())
	if err != nil {
		return failed, err
	}
	if !due {
		gone, err := s.Ledger.Retire(ctx, m)
		switch {
		case err != nil:
			return failed, err
		case gone:
			return retired, nil
		}
		return left, nil
	}
	conn, err := s.Connections.Connection(ctx, m.Team)
	switch {
	case err != nil:
		return failed, err
	case !conn.Active():
		if wanted, err := s.wantedInactive(ctx, conn); err != nil {
			return failed, err
		} else if !wanted {
			return inactive, nil
		}
	}
	if err := s.Bell.Ring(ctx, m.Team); err != nil {
		return failed, err
	}
	if !conn.Active() {
		return rung, nil // its team knows
	}
	overdue, err := s.Ledger.LiveDue(ctx, m.Team, s.Now().Add(-LateAfter))
	switch {
	case err != nil:
		return failed, err
	case overdue:
		return late, nil
	}
	return rung, nil
}

// wantedInactive reports whether a team without an active connection is to be rung
// nevertheless: for what needs none, or because its work has waited too long for one.
func (s *Sweeper) wantedInactive(ctx context.Context, c connection.Connection) (bool, error) {
	chore, err := s.Ledger.ChoreDue(ctx, c.Team, s.Now())
	if err != nil || chore || !c.Unconnected() {
		return chore, err
	}
	return s.Ledger.AnyDue(ctx, c.Team, s.Now().Add(-connection.UnconnectedLife))
}
