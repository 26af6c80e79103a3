package record

import (
	"context"
	"log/slog"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// rounds bounds how often a hook is looked at again because another writer came
// between. What is left over is redelivered.
const rounds = 5

// Hook records what a thin hook means, in the light of what was known before:
// what is last known and the events that follow from it are one write. The same
// hook again means nothing new.
func (r *Recorder) Hook(ctx context.Context, h event.Hook) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	derived := 0
	for range rounds {
		derived, err = r.derive(ctx, h)
		if !fault.Is(err, fault.Conflict) {
			break
		}
	}
	if err != nil {
		return err
	}
	r.Log.LogAttrs(ctx, slog.LevelInfo, "hook recorded", slog.String("team", h.Team), slog.String("kind", string(h.Kind)),
		slog.String("person", h.PersonID), slog.Int("events", derived), slog.String("rung", r.ring(ctx, h.Team, derived > 0)))
	return nil
}

// derive records what the hook means, but for a person who was forgotten after it
// was accepted: as with events, that is looked up before and after.
func (r *Recorder) derive(ctx context.Context, h event.Hook) (derived int, err error) {
	people := []string{h.PersonID}
	gone, err := r.Ledger.Gone(ctx, h.Team, people, nil)
	if err != nil || gone.Ends("", h.PersonID, h.AcceptedAt) {
		return 0, err
	}
	if derived, err = r.deriveKept(ctx, h); err != nil {
		return derived, err
	}
	gone, err = r.Ledger.Gone(ctx, h.Team, people, nil)
	if err != nil || !gone.Ends("", h.PersonID, h.AcceptedAt) {
		return derived, err
	}
	_, err = r.Ledger.Forget(ctx, h.Team, h.PersonID, gone.People[h.PersonID])
	return 0, err
}

func (r *Recorder) deriveKept(ctx context.Context, h event.Hook) (derived int, err error) {
	state, err := r.Hooks.HookState(ctx, h.Team, h.PersonID)
	if err != nil {
		return 0, err
	}
	d := delivery.Derivation{Team: h.Team, Person: h.PersonID, From: state, To: state.With(h)}
	events, err := r.unforgotten(ctx, h.Team, event.Expand(h, state.Last))
	if err != nil {
		return 0, err
	}
	work := make([]delivery.Work, len(events))
	l := newLayers(r.Settings)
	for i, e := range events {
		work[i] = delivery.Work{Class: delivery.ClassOf(e), Due: r.Now().UTC(), Person: h.PersonID, Event: e.ID}
		fresh, err := l.fresh(ctx, e, work[i])
		if err != nil {
			return 0, err
		}
		d.Events, d.Records = append(d.Events, e), append(d.Records, fresh)
	}
	if len(events) > 0 {
		if err := r.Ledger.Touch(ctx, h.Team); err != nil {
			return 0, err
		}
		if err := r.Ledger.AddDue(ctx, h.Team, work); err != nil {
			return 0, err
		}
	}
	known, err := r.Hooks.Derive(ctx, d)
	if err != nil || len(known) == 0 {
		return len(d.Events), err
	}
	d = without(d, known)
	_, err = r.Hooks.Derive(ctx, d)
	return len(d.Events), err
}

// unforgotten leaves out the events that were forgotten: the same hook came before.
func (r *Recorder) unforgotten(ctx context.Context, team string, events []event.Event) ([]event.Event, error) {
	if len(events) == 0 {
		return nil, nil
	}
	ids := make([]string, len(events))
	for i, e := range events {
		ids[i] = e.ID
	}
	gone, err := r.Ledger.Gone(ctx, team, nil, ids)
	return slices.DeleteFunc(events, func(e event.Event) bool { return gone.Ends(e.ID, "", e.AcceptedAt) }), err
}

// without leaves out events that are recorded already: a contact that changes
// back and forth between two contacts gives the same edit again.
func without(d delivery.Derivation, known []string) delivery.Derivation {
	var events []event.Event
	var records []delivery.Record
	for i, e := range d.Events {
		if !slices.Contains(known, e.ID) {
			events, records = append(events, e), append(records, d.Records[i])
		}
	}
	d.Events, d.Records = events, records
	return d
}
