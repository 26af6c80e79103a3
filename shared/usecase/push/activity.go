package push

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// The team's recent activity is written by the handful: so many lines, or what came
// together in so long.
const (
	activityLines = 50
	activityEvery = time.Second
)

// activity gathers what has happened in a drain until it is written. It is a recent
// view and no record: what a crash takes of it stands on the timelines.
type activity struct {
	mu    sync.Mutex
	lines []delivery.Happening
	since time.Time
}

// happened notes that records came to stand elsewhere.
func (d *drain) happened(c delivery.Change) {
	ends := append([]delivery.EndChange{{From: c.From, To: c.To}}, c.Also...)
	d.activity.mu.Lock()
	defer d.activity.mu.Unlock()
	for _, e := range ends {
		if e.To.State == delivery.Pending || e.To.State == e.From.State && e.To.Code == e.From.Code {
			continue
		}
		if len(d.activity.lines) == 0 {
			d.activity.since = d.Now()
		}
		d.activity.lines = append(d.activity.lines, delivery.Happening{
			At: d.Now().UTC().Round(0), Event: e.To.Event, Person: e.To.Person, Type: string(e.To.Type), State: e.To.State, Code: e.To.Code,
		})
	}
}

// publish writes what was gathered, when it is time for that or all of it is wanted.
func (d *drain) publish(ctx context.Context, all bool) {
	d.activity.mu.Lock()
	var lines []delivery.Happening
	if all || len(d.activity.lines) >= activityLines || d.Now().Sub(d.activity.since) >= activityEvery {
		lines, d.activity.lines = d.activity.lines, nil
	}
	d.activity.mu.Unlock()
	for part := range slices.Chunk(lines, activityLines) {
		if err := d.Ledger.AddActivity(ctx, d.team, part); err != nil {
			d.Log.LogAttrs(ctx, slog.LevelWarn, "activity not kept", slog.String("team", d.team), slog.String("error", fault.Of(err).Code()))
			return
		}
	}
}
