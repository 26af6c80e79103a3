// Package measure tells how a team's key is being used, how much work waits for it,
// and when that will be done.
package measure

import (
	"context"
	"math"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/budget"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
)

// Book has what is spent of keys.
type Book interface {
	Budget(ctx context.Context, team string) (budget.State, delivery.Revision, error)
	Reserve(ctx context.Context, team string) (budget.Reserve, delivery.Revision, error)
	// EverybodyPaused says until when no team may call.
	EverybodyPaused(ctx context.Context) (time.Time, error)
}

// Work knows what is due.
type Work interface {
	// Backlog counts what of a class is due by then, up to most.
	Backlog(ctx context.Context, team string, class delivery.Class, by time.Time, most int) (n int, more bool, err error)
}

// Connections gives a team's connection.
type Connections interface {
	Connection(ctx context.Context, team string) (connection.Connection, error)
}

// Measurer has the verb of this package.
type Measurer struct {
	Book        Book
	Work        Work
	Connections Connections
	Now         func() time.Time
}

// Usage of a team's key.
type Usage struct {
	Rate, Limit    int // calls a minute: now and at most
	Flying, Flight int // calls on their way: now and at most
	Used           int // calls of the last minute
	People         int // of those of people in the settings, in the last minute
	Throttled      int // times that Ashby asked to slow down in the last hour
	PausedUntil    time.Time
	Live, Bulk     int  // events that are due
	More           bool // there are more than were counted
	Active         bool // work goes on
	Forecast       time.Duration
	At             time.Time
}

const (
	mostCounted = 10_000
	fresh       = 5 * time.Second // so old a drain's word on what it is doing may be
	// Calls that an event takes on average: an update or a note of somebody who is
	// known, and the search and creation of somebody who is not.
	callsLive = 1.25
	callsBulk = 2.25
)

// Usage tells how a team's key is used. The forecast is how long what is due takes
// at the pace of now, from when work may go on.
func (m *Measurer) Usage(ctx context.Context, team string) (Usage, error) {
	now := m.Now().UTC()
	state, _, err := m.Book.Budget(ctx, team)
	if err != nil {
		return Usage{}, err
	}
	reserve, _, err := m.Book.Reserve(ctx, team)
	if err != nil {
		return Usage{}, err
	}
	until, err := m.Book.EverybodyPaused(ctx)
	if err != nil {
		return Usage{}, err
	}
	conn, err := m.Connections.Connection(ctx, team)
	if err != nil {
		return Usage{}, err
	}
	u := told(state, now)
	u.People, u.Active, u.At = reserve.Used(now), conn.Active(), now
	if u.PausedUntil = state.Paused; until.After(u.PausedUntil) {
		u.PausedUntil = until
	}
	if !u.PausedUntil.After(now) {
		u.PausedUntil = time.Time{}
	}
	return m.counted(ctx, team, u)
}

// told reads what the last drain left.
func told(s budget.State, now time.Time) Usage {
	l := budget.Of(0)
	limit, most := s.Ceiling, s.Most
	if s.Rate == 0 {
		s = budget.Begin(s, l, now)
	}
	if limit == 0 {
		limit, most = l.Ceiling, l.InFlight
	}
	u := Usage{Rate: int(s.Rate), Limit: int(limit), Flight: min(most, s.AtOnce()), Used: s.Used(now)}
	if now.Sub(s.At) < fresh {
		u.Flying = s.Flying
	}
	for _, at := range s.Throttled {
		if now.Sub(at) < time.Hour {
			u.Throttled++
		}
	}
	return u
}

// counted counts what is due and how long it takes.
func (m *Measurer) counted(ctx context.Context, team string, u Usage) (Usage, error) {
	var moreLive, moreBulk bool
	var err error
	if u.Live, moreLive, err = m.Work.Backlog(ctx, team, delivery.Live, u.At, mostCounted); err != nil {
		return Usage{}, err
	}
	if u.Bulk, moreBulk, err = m.Work.Backlog(ctx, team, delivery.Bulk, u.At, mostCounted); err != nil {
		return Usage{}, err
	}
	u.More = moreLive || moreBulk
	calls := float64(u.Live)*callsLive + float64(u.Bulk)*callsBulk
	u.Forecast = time.Duration(math.Ceil(calls/float64(u.Rate)*60)) * time.Second
	if calls > 0 && !u.PausedUntil.IsZero() {
		u.Forecast += u.PausedUntil.Sub(u.At)
	}
	return u, nil
}
