// Package forget takes away all that is kept of a person, for good.
//
// What lies in Ashby is Ashby's and stays. What comes late (queued, delivered
// again, being recorded at that very moment) finds the person forgotten; what
// comes new starts as with a stranger.
package forget

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
)

// Timeline keeps people and their events.
type Timeline interface {
	// MarkGone says that a person is forgotten as of a time; it comes first.
	MarkGone(ctx context.Context, team, person string, at time.Time) error
	// Forget takes away what was accepted of a person until then.
	Forget(ctx context.Context, team, person string, until time.Time) (delivery.Removed, error)
}

// Config keeps what people chose and asked for.
type Config interface {
	// ForgetPerson takes away the values that were given for a person, and their id
	// out of jobs; it gives the number of values.
	ForgetPerson(ctx context.Context, team, person string) (values int, err error)
}

// Forgetter has the verb of this package.
type Forgetter struct {
	Timeline Timeline
	Config   Config
	Now      func() time.Time
}

// Forgotten says what was removed.
type Forgotten struct {
	At     time.Time
	Values int
	delivery.Removed
}

// Person forgets a person, known or not: something of theirs may be queued. An
// error says that it is not complete; to ask again goes on where it stopped.
func (f *Forgetter) Person(ctx context.Context, team, id string) (Forgotten, error) {
	out := Forgotten{At: f.Now().UTC().Round(0)}
	if err := f.Timeline.MarkGone(ctx, team, id, out.At); err != nil {
		return Forgotten{}, err
	}
	var err error
	if out.Values, err = f.Config.ForgetPerson(ctx, team, id); err != nil {
		return Forgotten{}, err
	}
	out.Removed, err = f.Timeline.Forget(ctx, team, id, out.At)
	return out, err
}
