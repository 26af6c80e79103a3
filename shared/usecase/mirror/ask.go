package mirror

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Connections gives a team's connection.
type Connections interface {
	Connection(ctx context.Context, team string) (connection.Connection, error)
}

// Plans keeps when a team's Ashby is read next.
type Plans interface {
	PutMirrorRun(ctx context.Context, team string, due time.Time) error
}

// Bell tells a team's drain that there is work.
type Bell interface {
	Ring(ctx context.Context, team string) error
}

// Asker tells how a copy is, and asks for everything to be read again.
type Asker struct {
	States      States
	Connections Connections
	Plans       Plans
	Bell        Bell
	Now         func() time.Time
}

// Condition of a copy.
type Condition string

// The conditions.
const (
	None     Condition = "none"     // nothing was read yet
	Building Condition = "building" // it is being read for the first time
	Fresh    Condition = "fresh"
	Stale    Condition = "stale"  // it was not read for too long
	Paused   Condition = "paused" // nothing is read while the connection is not active
)

// staleAfter is how old a copy may be.
const staleAfter = 4 * Every

// View is how a copy is.
type View struct {
	Condition Condition
	State     index.State
}

// View tells how a team's copy is.
func (a *Asker) View(ctx context.Context, team string) (View, error) {
	state, _, err := a.States.State(ctx, team)
	if err != nil {
		return View{}, err
	}
	conn, err := a.Connections.Connection(ctx, team)
	if err != nil {
		return View{}, err
	}
	v := View{State: state}
	switch {
	case conn.Fingerprint == "" && state.Live == nil:
		v.Condition = None
	case !conn.Active():
		v.Condition = Paused
	case state.Live == nil && state.Run == nil:
		v.Condition = None
	case state.Live == nil:
		v.Condition = Building
	case a.Now().Sub(state.FreshAsOf) > staleAfter:
		v.Condition = Stale
	default:
		v.Condition = Fresh
	}
	return v, nil
}

// tries bounds the race with the drain, which writes the state page by page.
const tries = 10

// Refresh asks for everything to be read again. A reading of everything that is
// under way is brought to its end first. Conflict: the connection is not active.
func (a *Asker) Refresh(ctx context.Context, team string) (View, error) {
	conn, err := a.Connections.Connection(ctx, team)
	if err != nil {
		return View{}, err
	}
	if !conn.Active() {
		return View{}, fault.New(fault.Conflict, "not_connected", "nothing can be read while the connection is not active")
	}
	for range tries {
		if err = a.want(ctx, team); !fault.Is(err, fault.Conflict) {
			break
		}
	}
	if err != nil {
		return View{}, err
	}
	if err := a.Plans.PutMirrorRun(ctx, team, a.Now().UTC()); err != nil {
		return View{}, err
	}
	if err := a.Bell.Ring(ctx, team); err != nil {
		return View{}, err
	}
	return a.View(ctx, team)
}

func (a *Asker) want(ctx context.Context, team string) error {
	state, over, err := a.States.State(ctx, team)
	if err != nil {
		return err
	}
	if state.Run != nil && state.Run.Full && state.Failures == 0 || state.Wanted && !a.Now().Before(state.NextAt) {
		return nil // that is what is being done
	}
	state.Wanted, state.NextAt, state.Failures = true, time.Time{}, 0
	_, err = a.States.SaveState(ctx, team, state, over)
	return err
}
