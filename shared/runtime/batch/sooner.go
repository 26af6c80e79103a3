package batch

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
)

// Releaser makes messages visible again after the delay. That it cannot is no
// harm: they are visible again when the time is over for which they are hidden.
type Releaser interface {
	Release(ctx context.Context, delay time.Duration, receipts ...string) error
}

const (
	first     = 5 * time.Second // until a message comes again that failed once; doubles
	sooner    = 6               // receives after which the queue's own time is the wait
	leftAtEnd = 4 * time.Second // of an invocation, without which nothing is released
	atMost    = 2 * time.Second // that releasing may take
)

// Sooner lets a function's failed messages come again after seconds. A queue hides
// what it gave away for several times what an invocation may take, so that without
// it one call that failed would cost a message that whole time. The wait doubles,
// and after a few times is the queue's own: an outage does not use up the number of
// times that a message may be received.
func Sooner(queue Releaser, log *slog.Logger, f Func) Func {
	return func(ctx context.Context, in events.SQSEvent) (events.SQSEventResponse, error) {
		out, err := f(ctx, in)
		if deadline, bound := ctx.Deadline(); bound && time.Until(deadline) < leftAtEnd {
			return out, err
		}
		failed := map[string]bool{}
		for _, failure := range out.BatchItemFailures {
			failed[failure.ItemIdentifier] = true
		}
		receipts := map[time.Duration][]string{}
		for _, m := range in.Records {
			if wait, again := soon(m); again && failed[m.MessageId] {
				receipts[wait] = append(receipts[wait], m.ReceiptHandle)
			}
		}
		ctx, cancel := context.WithTimeout(ctx, atMost)
		defer cancel()
		for _, wait := range slices.Sorted(maps.Keys(receipts)) { // the simulation is the same again
			of := receipts[wait]
			if err := queue.Release(ctx, wait, of...); err != nil {
				log.LogAttrs(ctx, slog.LevelWarn, "messages come again late", slog.Int("messages", len(of)), logging.Error(err))
			}
		}
		return out, err
	}
}

// soon says after which wait a failed message comes again; false: the queue's own.
func soon(m events.SQSMessage) (time.Duration, bool) {
	receives, err := strconv.Atoi(m.Attributes["ApproximateReceiveCount"])
	if err != nil || receives < 1 || receives > sooner || m.ReceiptHandle == "" {
		return 0, false
	}
	return first << (receives - 1), true
}
