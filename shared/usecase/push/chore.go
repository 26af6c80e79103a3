package push

import (
	"context"
	"log/slog"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Chores is work of a team that calls nobody and makes work for the drain: jobs.
type Chores interface {
	// Work does a slice; more says that there is, or may be, another one.
	Work(ctx context.Context, team string) (more bool, err error)
}

// Times of chores in a drain.
const (
	choreEvery = 2 * time.Second        // how often it is looked whether there is any
	choreTurn  = 300 * time.Millisecond // how long live work may wait for a turn of them
)

// chores is what a drain knows of them.
type chores struct {
	looked time.Time
	more   bool
}

// chore does slices of the team's jobs for a moment, where it is time for that. The
// people whom they are about come by the due list like all others.
func (d *drain) chore(ctx context.Context) {
	began := d.Now()
	if d.Chores == nil || !d.chores.more && began.Sub(d.chores.looked) < choreEvery {
		return
	}
	d.chores.looked = began
	for first := true; first || d.chores.more && d.Now().Sub(began) < choreTurn; first = false {
		if d.chores.more = d.slice(ctx); !d.chores.more {
			return
		}
	}
}

// choresAlone does what there is of them for a team to whose Ashby nothing goes.
func (d *drain) choresAlone(ctx context.Context) {
	if d.Chores == nil {
		return
	}
	for d.chores.more = true; d.chores.more && ctx.Err() == nil && d.Now().Before(d.lastStart()); {
		d.chores.more = d.slice(ctx)
	}
}

// slice says whether another one may follow. What failed stays due: the sweep rings
// for it.
func (d *drain) slice(ctx context.Context) (more bool) {
	more, err := d.Chores.Work(ctx, d.team)
	if err != nil {
		d.Log.LogAttrs(ctx, slog.LevelWarn, "job not worked on", slog.String("team", d.team), slog.String("error", fault.Of(err).Code()))
		return false
	}
	return more
}
