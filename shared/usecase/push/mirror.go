package push

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Mirror keeps our copy of a team's candidates, with an account of theirs.
type Mirror interface {
	// Step does its next piece, and says when the one after it is due. complete:
	// the copy holds all that the key sees.
	Step(ctx context.Context, team, fingerprint string, a Account) (next time.Time, complete bool, err error)
	// Gone takes a candidate out that was deleted or merged away.
	Gone(ctx context.Context, team, candidate string) error
	// Look reads one candidate anew.
	Look(ctx context.Context, team, candidate string, a Account) error
}

// mirrorAtOnce bounds how much of the mirror's work is read at once.
const mirrorAtOnce = 50

// mirrorJob stands for the mirror among the people worked on: no id has a “#”.
const mirrorJob = "#mirror"

// mirrorWork gives the next piece of the copy as a job, for a drain that has
// nothing else to begin. A team without any entry has no copy yet.
func (d *drain) mirrorWork(ctx context.Context) ([]job, error) {
	if d.Mirror == nil || d.flying[mirrorJob] || d.Now().Before(d.rested[mirrorJob]) {
		return nil, nil
	}
	work, err := d.Ledger.MirrorWork(ctx, d.team, mirrorAtOnce)
	if err != nil {
		return nil, err
	}
	planned := slices.ContainsFunc(work, func(w delivery.Work) bool { return w.Event == delivery.MirrorRun })
	due := slices.DeleteFunc(work, func(w delivery.Work) bool { return w.Due.After(d.Now()) })
	if planned && len(due) == 0 {
		return nil, nil
	}
	if !planned {
		if err := d.Ledger.PutMirrorRun(ctx, d.team, d.Now().UTC()); err != nil {
			return nil, err
		}
	}
	return []job{{person: mirrorJob, work: due}}, nil
}

// mirrored does a piece of the copy and says until when to leave it alone.
func (d *drain) mirrored(ctx context.Context, j job) (rest time.Time) {
	next, err := d.mirrorOn(ctx, j)
	switch {
	case err == nil:
		return next
	case errors.Is(err, errNotNow):
		return time.Time{} // the next drain goes on
	}
	level := slog.LevelError
	f := fault.Of(err)
	switch fateOf(f) {
	case ours, refused, uncertain:
		if fault.Is(err, fault.Conflict) {
			level = slog.LevelInfo // another drain has the copy
		}
	default:
		level = slog.LevelWarn
	}
	d.Log.LogAttrs(ctx, level, "mirror stopped", slog.String("team", d.team), slog.String("kind", f.Kind().String()), slog.String("error", err.Error()))
	return d.until
}

func (d *drain) mirrorOn(ctx context.Context, j job) (next time.Time, err error) {
	for _, w := range j.work {
		if err := d.mirrorOne(ctx, w); err != nil {
			return time.Time{}, d.unmirrored(ctx, err)
		}
	}
	next, complete, err := d.Mirror.Step(ctx, d.team, d.connection.Fingerprint, d.account)
	if err != nil {
		if refused := d.unmirrored(ctx, err); refused != nil {
			return time.Time{}, errors.Join(refused, d.planMirror(ctx, next))
		}
	}
	if complete {
		if err := d.indexed(ctx); err != nil {
			return time.Time{}, err
		}
	}
	return next, d.planMirror(ctx, next)
}

// planMirror puts the next reading on the due list, unless it is due now: then the
// entry that stands will do.
func (d *drain) planMirror(ctx context.Context, next time.Time) error {
	if !next.After(d.Now()) {
		return nil
	}
	return d.Ledger.PutMirrorRun(context.WithoutCancel(ctx), d.team, next.UTC())
}

// mirrorOne follows what a hook said of a candidate.
func (d *drain) mirrorOne(ctx context.Context, w delivery.Work) error {
	var err error
	switch task, id := delivery.MirrorEvent(w.Event); task {
	case delivery.MirrorBury:
		err = d.Mirror.Gone(ctx, d.team, id)
	case delivery.MirrorReread:
		err = d.Mirror.Look(ctx, d.team, id, d.account)
	case delivery.MirrorSeek:
		err = d.seek(ctx, id)
	case delivery.MirrorNothing:
		return nil
	}
	if err != nil {
		return err
	}
	return d.Ledger.DropDue(ctx, d.team, w)
}

// seek asks Ashby for a candidate with people that it listed no more. One that is
// not there ends as if a hook had told of its deletion; not being there proves
// nothing while the key does not see others that are there.
func (d *drain) seek(ctx context.Context, id string) error {
	_, there, err := d.account.One(ctx, id)
	if err != nil {
		return err
	}
	if there {
		return d.Mirror.Look(ctx, d.team, id, d.account)
	}
	proven, err := d.proven(ctx, id)
	if err != nil || !proven || d.Ended == nil {
		return err
	}
	return d.Ended(ctx, event.CandidateHook{
		Team: d.team, ActionID: "mirror", Action: event.CandidateAction("listed no more: " + id), Deleted: id, AcceptedAt: d.Now().UTC(),
	})
}

// proven reports whether the key would see the candidate if it were there. The
// same key listed it before and lists others now; where people are linked to others
// too, it must see one of these.
func (d *drain) proven(ctx context.Context, id string) (bool, error) {
	linked, err := d.Ledger.Linked(ctx, d.team, d.connection.Generation, shownBy)
	if err != nil || !slices.ContainsFunc(linked, func(other string) bool { return other != id }) {
		return err == nil, err
	}
	return d.seesLinked(ctx)
}

// unmirrored draws the team's conclusions from what Ashby answered to the mirror;
// nil when there is nothing more to it than waiting.
func (d *drain) unmirrored(ctx context.Context, err error) error {
	f := fault.Of(err)
	w := &worker{drain: d}
	if f.Kind() == fault.KeyRefused && f.Code() == codeUnclear {
		f = w.probed(ctx, f)
	}
	switch fateOf(f) {
	case keyless:
		d.stop(keyRefused)
		return errors.Join(err, d.keyIsRefused(ctx, keyRefused))
	case parked:
		return w.limited(ctx, f)
	case paced:
		_, slowed := d.slowDown(ctx, f)
		return slowed
	default:
		return err
	}
}

// indexedAtOnce bounds how many events are released together.
const indexedAtOnce = 200

// indexed releases what waited for the copy to be complete.
func (d *drain) indexed(ctx context.Context) error {
	for {
		page, _, err := d.Ledger.Listed(ctx, d.team, delivery.Cause(delivery.IndexBuilding), "", indexedAtOnce)
		if err != nil || len(page) == 0 {
			return err
		}
		events := make([]string, len(page))
		for i, l := range page {
			events[i] = l.Event
		}
		records, err := d.Ledger.Records(ctx, d.team, events)
		if err != nil {
			return err
		}
		released := 0
		for _, from := range records {
			if from.State != delivery.Waiting || from.Code != delivery.IndexBuilding {
				continue
			}
			to := from.Record
			to.State, to.Due, to.Changed = delivery.Pending, d.Now().UTC(), d.Now().UTC()
			_, _, err := d.Ledger.Apply(ctx, delivery.Change{Team: d.team, From: from, To: to})
			if err != nil && !fault.Is(err, fault.Conflict) {
				return err
			}
			released++
		}
		if released == 0 {
			return nil
		}
	}
}

// unmirror takes what is planned of the copy off the due list of a team that has
// been without a key for long.
func (d *drain) unmirror(ctx context.Context, before time.Time) error {
	work, err := d.Ledger.MirrorWork(ctx, d.team, mirrorAtOnce)
	for _, w := range work {
		if err == nil && w.Due.Before(before) {
			err = d.Ledger.DropDue(ctx, d.team, w)
		}
	}
	return err
}
