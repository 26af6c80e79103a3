package contract

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// Courier puts what was accepted on the events queue, in messages that Unpack
// reads. Each message's group is its team, so that a busy one does not hold up
// the others. Its errors are the queue's.
type Courier struct{ queue queue.Sender }

// NewCourier makes a courier for a queue.
func NewCourier(q queue.Sender) Courier { return Courier{q} }

// Events sends events of one request, which are of one team. Nil means that the
// queue has all of them.
func (c Courier) Events(ctx context.Context, events []event.Event) error {
	bodies, err := Pack(events, MaxPacked)
	if err != nil {
		return err
	}
	messages := make([]queue.Message, len(bodies))
	for i, body := range bodies {
		messages[i] = queue.Message{Body: body, Group: events[0].Team}
	}
	return c.queue.Send(ctx, messages...)
}

// Hook sends one of SourceWhale's thin hooks.
func (c Courier) Hook(ctx context.Context, h event.Hook) error {
	body, err := PackHook(h)
	if err != nil {
		return err
	}
	return c.queue.Send(ctx, queue.Message{Body: body, Group: h.Team})
}

// Candidate sends one of Ashby's hooks.
func (c Courier) Candidate(ctx context.Context, h event.CandidateHook) error {
	body, err := PackCandidate(h)
	if err != nil {
		return err
	}
	return c.queue.Send(ctx, queue.Message{Body: body, Group: h.Team})
}
