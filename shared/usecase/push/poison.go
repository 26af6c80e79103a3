package push

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// An event that ends the process itself, again and again, leaves no error that
// could be counted. So the try is counted before it is made; but only where there
// is a reason to: after a drain of the team that did not end (its ring comes again),
// for a count is a write, and most events never need one.

// DrainAgain is Drain for a ring whose earlier drain did not end: what it worked on
// may be what ended it. Each event is counted before it is looked at, one at a time,
// and put off, so that everything else of the team goes first the next time.
func (p *Pusher) DrainAgain(ctx context.Context, team string, until time.Time) error {
	return p.drain(ctx, team, until, true)
}

// whyEnded is what is said of an event that was set aside unseen.
const whyEnded = "the process that worked on it ended each time before it could say why"

// count raises the tries of the current event before it is planned. over says that
// these were too many. Whatever is recorded of it next takes the count back.
func (w *worker) count(ctx context.Context) (over bool, err error) {
	if !w.wary {
		return false, nil
	}
	now := w.Now().UTC()
	r := w.current().Record
	tries := r.Tries + 1
	if tries > quarantined {
		return true, w.setAside(ctx, r, r.Tries, whyEnded)
	}
	before := r
	r.Tries, r.Due = tries, now.Add(w.wait(tries))
	if err := w.write(ctx, r, w.subject.Person); err != nil {
		return false, err
	}
	w.tried = &counted{w.current().Revision, before.Tries, before.Due}
	return false, w.putOffBeside(ctx, r.Due)
}

// putOffBeside puts off what else is due of the person, who would come first again
// because of it. In this drain it is taken nevertheless, when its turn comes.
func (w *worker) putOffBeside(ctx context.Context, due time.Time) error {
	return w.putOffTo(ctx, due, func(r delivery.Record, was time.Time) bool { return was.Before(due) && r.Tries == 0 && r.Retries == 0 })
}

// counted is how an event stood before its try was counted.
type counted struct {
	revision delivery.Revision // with the count
	tries    int
	due      time.Time
}

// uncount takes a count back of which nothing came: the drain ended first.
func (w *worker) uncount(ctx context.Context) error {
	c := w.tried
	w.tried = nil
	if c == nil || w.current().Revision != c.revision {
		return nil
	}
	r := w.current().Record
	r.Tries, r.Due = c.tries, c.due
	return w.write(ctx, r, w.subject.Person)
}

// setAside quarantines the event.
func (w *worker) setAside(ctx context.Context, r delivery.Record, tries int, detail string) error {
	to, err := r.Move(delivery.Quarantined, w.Now().UTC())
	if err != nil {
		return err
	}
	to.Tries, to.Due, to.Detail = tries, time.Time{}, detail
	w.mu.Lock()
	w.counts.quarantined++
	w.mu.Unlock()
	return w.write(ctx, to, w.subject.Person)
}

// caught works on a person, and takes a panic outside of any event for a failure of
// the person: it must not end the process.
func (w *worker) caught(ctx context.Context, j job) (left bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			cause := fmt.Errorf("%v\n%s", p, debug.Stack())
			w.Log.LogAttrs(ctx, slog.LevelError, "panic", slog.String("team", w.team), slog.String("error", cause.Error()))
			err = fault.New(fault.Internal, "panic", "something went wrong on our side").Because(cause)
		}
	}()
	return w.attempt(ctx, j)
}
