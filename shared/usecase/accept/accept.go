// Package accept takes in what webhooks bring: who sent it is verified, what it
// says is read, and what is fit is queued. It knows no table.
package accept

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

// Queue takes over what was accepted. Nil means that it has all of it, durably.
type Queue interface {
	Events(ctx context.Context, events []event.Event) error
	Hook(ctx context.Context, h event.Hook) error
	Candidate(ctx context.Context, h event.CandidateHook) error
}

// Request is a request of signed events. Its team is a claim until the signature
// is verified; its events are read afterwards, once.
type Request interface {
	Team() string
	// Wrong gives what is wrong with the request as a whole, which only its team is
	// told; nil when nothing is.
	Wrong() error
	Events(at time.Time, trace string) []event.Verdict
}

// Intake accepts. It is safe for concurrent use.
type Intake struct {
	keys  *Keys
	queue Queue
	now   func() time.Time
}

// New makes an intake.
func New(keys *Keys, queue Queue, now func() time.Time) *Intake {
	return &Intake{keys: keys, queue: queue, now: now}
}

// Events accepts signed events. With a nil error the queue has every accepted
// event, and the verdicts say which those are. Errors: Unauthenticated (also for a
// team that we do not know: its secret cannot be known either), the request's own
// when it is wrong as a whole, Invalid when no event was fit, with all mistakes,
// and Unavailable when the keys cannot be read
// or the queue did not take everything: the whole request may be repeated then.
func (i *Intake) Events(ctx context.Context, r Request, s webhook.Signed, body []byte, trace string) ([]event.Verdict, error) {
	at := i.now()
	err := i.verified(ctx, func(ring webhook.Keyring) error {
		return webhook.Verify(ring.TeamKeys(r.Team()), s, body, at)
	})
	if err != nil {
		return nil, err
	}
	if err := r.Wrong(); err != nil {
		return nil, err
	}
	verdicts := r.Events(at, trace)
	var fit []event.Event
	var mistakes []fault.Detail
	for _, v := range verdicts {
		if v.Accepted() {
			fit = append(fit, v.Event)
		}
		mistakes = append(mistakes, v.Mistakes...)
	}
	if len(fit) == 0 {
		return verdicts, fault.New(fault.Invalid, "no_event_accepted", "none of the events is what the contract says").With(mistakes...)
	}
	return verdicts, queued(i.queue.Events(ctx, fit))
}

// Hook accepts one of SourceWhale's thin hooks by the token in its path. It says
// whether the hook was queued: kinds that we do not know are acknowledged and
// dropped. Errors as of Events.
func (i *Intake) Hook(
	ctx context.Context, token string, read func(team string, at time.Time) (event.Hook, error),
) (h event.Hook, taken bool, err error) {
	at := i.now()
	var team string
	err = i.verified(ctx, func(ring webhook.Keyring) (err error) {
		team, _, err = ring.VerifyToken(token, webhook.SourceWhaleHook)
		return err
	})
	if err != nil {
		return event.Hook{}, false, err
	}
	if h, err = read(team, at); err != nil {
		return event.Hook{Team: team}, false, err
	}
	if h.Kind != event.CandidateCreated && h.Kind != event.CandidateUpdated {
		return h, false, nil
	}
	err = queued(i.queue.Hook(ctx, h))
	return h, err == nil, err
}

// CandidateHook accepts one of Ashby's hooks by the token in its path and the
// signature over its body. It says whether the hook was queued: actions that
// concern no link are acknowledged and dropped. Errors as of Events.
func (i *Intake) CandidateHook(
	ctx context.Context, token, signature string, body []byte, read func(team string, at time.Time) (event.CandidateHook, error),
) (h event.CandidateHook, taken bool, err error) {
	at := i.now()
	var team string
	err = i.verified(ctx, func(ring webhook.Keyring) error {
		proven, generation, err := ring.VerifyToken(token, webhook.AshbyHook)
		if err != nil {
			return err
		}
		team = proven
		return webhook.VerifyAshby(ring.AshbySecrets(team, generation), signature, body)
	})
	if err != nil {
		return event.CandidateHook{}, false, err
	}
	if h, err = read(team, at); err != nil {
		return event.CandidateHook{Team: team}, false, err
	}
	if h.Action != event.CandidateDelete && h.Action != event.CandidateMerge {
		return h, false, nil
	}
	err = queued(i.queue.Candidate(ctx, h))
	return h, err == nil, err
}

// verified checks against the keys that we hold and, if they refuse, once more
// against newer ones: a secret that was just rotated must cost no event.
func (i *Intake) verified(ctx context.Context, check func(webhook.Keyring) error) error {
	ring, version, err := i.keys.Current(ctx)
	if err != nil {
		return err
	}
	refusal := check(ring)
	if refusal == nil {
		return nil
	}
	newer, ok, err := i.keys.Newer(ctx, version)
	if err != nil {
		return err
	}
	if !ok {
		return refusal
	}
	return check(newer)
}

// queued makes every failure of the queue one that the sender repeats.
func queued(err error) error {
	if err == nil {
		return nil
	}
	return fault.New(fault.Unavailable, "queue_unavailable", "this could not be taken in; please send it again").Because(err)
}
