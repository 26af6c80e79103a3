package recordhandler

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// alarm rings teams later. A FIFO queue keeps no message back, so that the ring
// takes the way over our own queue, and is passed on when it arrives.
type alarm struct{ events queue.Sender }

// RingIn rings after the wait.
func (a alarm) RingIn(ctx context.Context, team string, wait time.Duration) error {
	body, err := contract.PackRing(team)
	if err != nil {
		return err
	}
	return a.events.Send(ctx, queue.Message{Body: body, Group: team, Delay: wait})
}
