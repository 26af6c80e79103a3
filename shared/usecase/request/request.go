// Package request puts what people of the team ask for onto a person's timeline:
// a push of all that is known of them, or that and what was withheld.
//
// A request is an event of ours. So it has a place in the person's order, a
// record, an explanation and an outcome like every other, and survives whatever
// an event survives.
package request

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Recorder puts events on timelines, once each, and rings their teams; one error
// for each event, nil for those that are recorded, now or before.
type Recorder interface {
	Record(ctx context.Context, events []event.Event) []error
}

// People knows who is known.
type People interface {
	// Known reports whether anything was recorded of a person, looked at or not.
	Known(ctx context.Context, team, id string) (bool, error)
}

// Requester has the verb of this package.
type Requester struct {
	Recorder Recorder
	People   People
	Now      func() time.Time
}

// Asked is one request.
type Asked struct {
	Team   string
	Person string
	Kind   event.Type // event.PushRequested or event.BackfillRequested
	By     event.Actor
	Key    string // the same request made again has the same key: of the job, or of the call
	Trace  string
	InBulk bool // one of many: others go before it
}

// Ask records a request and gives its event's id. The same request again gives
// the same id, and nothing more happens. NotFound: nobody knows the person.
func (r *Requester) Ask(ctx context.Context, a Asked) (string, error) {
	if !a.Kind.Requested() {
		return "", fault.New(fault.Internal, "not_a_request", "this is nothing that people ask for")
	}
	ok, err := r.People.Known(ctx, a.Team, a.Person)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", fault.New(fault.NotFound, "no_such_person", "nothing is known of this person")
	}
	e := eventOf(a, r.Now().UTC().Round(0))
	return e.ID, r.Recorder.Record(ctx, []event.Event{e})[0]
}

// Request asks for one person of many; the key is the job's.
func (r *Requester) Request(ctx context.Context, team, person string, kind event.Type, by, key string) error {
	_, err := r.Ask(ctx, Asked{Team: team, Person: person, Kind: kind, By: event.Actor{ID: by}, Key: key, InBulk: true})
	return err
}

// EventOf gives the id that a request's event has, recorded or not.
func (r *Requester) EventOf(team, person string, kind event.Type, key string) string {
	return eventOf(Asked{Team: team, Person: person, Kind: kind, Key: key}, time.Time{}).ID
}

// eventOf makes the event. Its id is derived, so that a repeat is known as one.
func eventOf(a Asked, now time.Time) event.Event {
	sum := sha256.New()
	for _, part := range []string{a.Team, a.Person, string(a.Kind), a.Key} {
		sum.Write([]byte(part + "\x00"))
	}
	hash := hex.EncodeToString(sum.Sum(nil))
	e := event.Event{
		ID: "asked-" + hash[:32], Team: a.Team, Type: a.Kind, OccurredAt: now, AcceptedAt: now,
		Actor: a.By, Person: event.Person{ID: a.Person}, BodyHash: hash, Trace: a.Trace,
	}
	if a.InBulk {
		e.Flags = []event.Flag{event.InBulk}
	}
	return e
}
