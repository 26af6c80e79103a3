// Package record puts accepted events onto their people's timelines, once each,
// and rings the teams they are for.
//
// The order of its writes is what keeps events from being lost, wherever it
// crashes: the team's row, the due entry, the payload, the record, the timeline.
// Each later row rests on what the earlier ones stored, never on what this
// delivery says, so a repeat writes nothing new. Ashby is never called.
package record

import (
	"context"
	"log/slog"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// Ledger keeps timelines. Errors are faults; of those, Conflict means that
// another writer came between.
type Ledger interface {
	// Touch says that a team has work; it comes before AddDue.
	Touch(ctx context.Context, team string) error
	// AddDue puts entries on the team's due list.
	AddDue(ctx context.Context, team string, work []delivery.Work) error
	// PutEvent stores a payload once and gives what is stored; ours is empty when
	// it was there before.
	PutEvent(ctx context.Context, e event.Event) (stored event.Event, ours delivery.Revision, err error)
	// DropEvent takes a payload away again that this caller stored.
	DropEvent(ctx context.Context, team, event string, ours delivery.Revision) error
	// Create makes a record once and gives what is stored.
	Create(ctx context.Context, team string, r delivery.Record) (stored delivery.Stored, created bool, err error)
	// Apply writes a change over what was read.
	Apply(ctx context.Context, c delivery.Change) (delivery.Stored, delivery.Subject, error)
	// AddEntries puts events on timelines; again changes nothing.
	AddEntries(ctx context.Context, team string, records []delivery.Record) error
	// Gone tells which of these people and events were forgotten.
	Gone(ctx context.Context, team string, people, events []string) (delivery.Gone, error)
	// MarkEventGone says that an event ended as forgotten, without any row of it.
	MarkEventGone(ctx context.Context, team, event string, at time.Time) error
	// Forget takes away what was stored of a person's events accepted until then.
	Forget(ctx context.Context, team, person string, until time.Time) (delivery.Removed, error)
}

// Hooks keeps what hooks need to be understood, and what they change.
type Hooks interface {
	// HookState reads what was last known of a person.
	HookState(ctx context.Context, team, person string) (delivery.HookState, error)
	// Derive writes what a hook comes to, or gives the events that are known
	// already and writes nothing.
	Derive(ctx context.Context, d delivery.Derivation) (known []string, err error)
	HookSeen(ctx context.Context, h event.CandidateHook) (bool, error)
	SeeHook(ctx context.Context, h event.CandidateHook) error
	// EndCandidate remembers that a candidate is no more; into is empty or the
	// survivor of a merge.
	EndCandidate(ctx context.Context, team, candidate, into string, at time.Time) error
	PeopleOf(ctx context.Context, team, candidate string) ([]string, error)
	// Load reads a person with their latest events' records, in order.
	Load(ctx context.Context, team, person string, besides []string) (delivery.Subject, []delivery.Stored, error)
	SavePerson(ctx context.Context, team string, c delivery.PersonChange) (delivery.Subject, error)
}

// Settings gives the layers of user and team that were in force at a time.
type Settings interface {
	LayersAt(ctx context.Context, team, user string, at time.Time) ([]setting.Layer, error)
}

// Users keeps the latest that is known of who is an admin.
type Users interface {
	SeeUser(ctx context.Context, team string, seen caller.Sighting) error
}

// Bell tells a team's drain that there is work. To ring for nothing costs
// little, and a ring that gets lost is made up for by the sweep.
type Bell interface {
	Ring(ctx context.Context, team string) error
}

// Alarm rings later, for work that is not due yet. It may get lost, as a ring may.
type Alarm interface {
	RingIn(ctx context.Context, team string, wait time.Duration) error
}

// Recorder records batches.
type Recorder struct {
	Ledger   Ledger
	Hooks    Hooks
	Settings Settings
	Users    Users
	Bell     Bell
	Alarm    Alarm // nil: the sweep finds what comes due
	Now      func() time.Time
	Log      *slog.Logger
}

// parallel bounds how many events of a batch are stored at once.
const parallel = 16

// Record stores events and gives one error for each, nil for those that are
// recorded, now or before. Teams of which anything is recorded are rung once.
func (r *Recorder) Record(ctx context.Context, events []event.Event) []error {
	b := &batch{Recorder: r, events: events, errs: make([]error, len(events)), layers: newLayers(r.Settings)}
	for _, team := range b.teams() {
		b.store(ctx, team)
		b.see(ctx, team) // before the ring, so that it counts for these very events
		b.tell(ctx, team)
	}
	return b.errs
}

// late is how much later than due an alarm rings: clocks are not alike, and a ring
// that comes early finds nothing.
const late = time.Second

// ringIn sets the alarm for what comes due.
func (r *Recorder) ringIn(ctx context.Context, team string, due time.Time) string {
	if due.IsZero() || r.Alarm == nil {
		return "no"
	}
	if err := r.Alarm.RingIn(ctx, team, max(due.Sub(r.Now()), 0)+late); err != nil {
		return "failed"
	}
	return "yes"
}

// ring tells the team's drain that there is work, and says for the log what came
// of it. The sweep makes up for a ring that failed.
func (r *Recorder) ring(ctx context.Context, team string, wanted bool) string {
	if !wanted {
		return "no"
	}
	if err := r.Bell.Ring(ctx, team); err != nil {
		return "failed"
	}
	return "yes"
}
