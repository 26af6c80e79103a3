package push

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
)

// expireEvery is how often one process looks for what waited too long for a team to
// connect: a look reads every part of the due list, and events ring many times a
// minute for a team that has no connection.
const expireEvery = 10 * time.Minute

// expire ends the events that waited too long for a team to connect. They stay
// in sight on their timelines. An unknown step is left: it may have been applied.
func (d *drain) expire(ctx context.Context) error {
	if !d.expiries.due(d.team, d.Now()) {
		return nil
	}
	before := d.Now().Add(-connection.UnconnectedLife)
	for _, class := range []delivery.Class{delivery.Live, delivery.Bulk} {
		for ended := 1; ended > 0 && d.running(); {
			work, err := d.Ledger.Due(ctx, d.team, class, before, bulkAtOnce)
			if err != nil {
				return err
			}
			ended = 0
			for _, w := range work {
				n, err := d.expireOf(ctx, w)
				if err != nil {
					return err
				}
				ended += n
			}
		}
	}
	if !d.running() {
		d.expiries.again(d.team) // there may be more
	}
	return d.unmirror(ctx, before)
}

// expireOf ends the event of one entry, or drops an entry that is good no more.
func (d *drain) expireOf(ctx context.Context, entry delivery.Work) (ended int, err error) {
	w := &worker{drain: d, id: entry.Person, unlock: func() {}}
	if _, err := w.load(ctx, job{person: entry.Person, work: []delivery.Work{entry}}); err != nil {
		return 0, err
	}
	if len(w.looks) > 0 { // what it asks for is asked for again when a key is activated
		return 1, w.looked(ctx)
	}
	for i, r := range w.records {
		if _, unknown := r.Unknown(); r.Event != entry.Event || r.State == delivery.Final || unknown {
			continue
		}
		w.at = i
		to, err := r.Move(delivery.ExpiredUnconnected, d.Now().UTC())
		if err != nil {
			return 0, err
		}
		to.Due = time.Time{}
		d.Log.LogAttrs(ctx, slog.LevelInfo, "event expired", slog.String("team", d.team), slog.String("event", r.Event))
		return 1, w.write(ctx, to, w.subject.Person)
	}
	return 0, nil
}

// expiries remember when this process last looked at a team that is not connected.
type expiries struct {
	mu     sync.Mutex
	looked map[string]time.Time
}

// due reports whether it is time to look, and remembers that.
func (e *expiries) due(team string, now time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if at, ok := e.looked[team]; ok && now.Sub(at) < expireEvery && !now.Before(at) {
		return false
	}
	if e.looked == nil || len(e.looked) >= mostWitnesses {
		e.looked = map[string]time.Time{}
	}
	e.looked[team] = now
	return true
}

// again lets the next drain look.
func (e *expiries) again(team string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.looked, team)
}
