package record

import (
	"context"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// fresh makes an event's record as it begins: pending, with the settings that
// were in force when it was accepted.
func (l *layers) fresh(ctx context.Context, e event.Event, work delivery.Work) (delivery.Record, error) {
	kept, err := l.at(ctx, e.Team, setting.Asker(e), e.AcceptedAt)
	if err != nil {
		return delivery.Record{}, err
	}
	return delivery.Record{
		Event: e.ID, Person: e.Person.ID, Type: e.Type, Order: delivery.OrderOf(e.OccurredAt, e.AcceptedAt, e.ID),
		OccurredAt: e.OccurredAt, AcceptedAt: e.AcceptedAt, BodyHash: e.BodyHash, Trace: e.Trace,
		Layers: append(setting.Given(e), kept...),
		State:  delivery.Pending, Due: work.Due, Class: work.Class, Changed: work.Due,
	}, nil
}

// layers reads the layers of user and team once for the events of one request,
// which are accepted microseconds apart. Whoever has the turn reads; a channel and
// no mutex, because it is held while the store is asked.
type layers struct {
	settings Settings
	turn     chan struct{} // holds one element while nobody has the turn
	known    map[asked][]setting.Layer
}

func newLayers(s Settings) *layers {
	l := &layers{settings: s, turn: make(chan struct{}, 1), known: map[asked][]setting.Layer{}}
	l.turn <- struct{}{}
	return l
}

type asked struct {
	team, user string
	at         time.Time // to the millisecond
}

func (l *layers) at(ctx context.Context, team, user string, at time.Time) ([]setting.Layer, error) {
	<-l.turn
	defer func() { l.turn <- struct{}{} }()
	key := asked{team, user, at.UTC().Truncate(time.Millisecond)}
	if found, ok := l.known[key]; ok {
		return slices.Clone(found), nil
	}
	found, err := l.settings.LayersAt(ctx, team, user, at)
	if err != nil {
		return nil, err
	}
	l.known[key] = found
	return slices.Clone(found), nil
}
