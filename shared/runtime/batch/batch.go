// Package batch translates between SQS's batches as Lambda brings them and work
// on messages, of which each succeeds or fails by itself.
package batch

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"

	"github.com/aws/aws-lambda-go/events"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
)

// Func is a Lambda function that SQS feeds and that reports failed messages. Its
// error is always nil: it would mean the whole batch.
type Func func(context.Context, events.SQSEvent) (events.SQSEventResponse, error)

// Item is one message.
type Item struct {
	ID    string
	Body  string
	Again bool // it came before, and was not acknowledged
}

// Work handles messages and gives one error for each, in their order; nil
// acknowledges.
type Work func(ctx context.Context, items []Item) []error

// Handler makes a function of work. A message whose error asks for it is
// reported as failed, and SQS brings it again; so is one that work gave no
// answer for. What is not to come again is acknowledged with its error logged:
// work sets such messages aside before.
func Handler(log *slog.Logger, work Work) Func {
	return func(ctx context.Context, in events.SQSEvent) (events.SQSEventResponse, error) {
		items := make([]Item, len(in.Records))
		for i, r := range in.Records {
			items[i] = Item{ID: r.MessageId, Body: r.Body, Again: before(r)}
		}
		var errs []error
		panicked := Safely(func() error {
			errs = work(ctx, items)
			return nil
		})
		out := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}} // as JSON a list, never null, which not all that stand in for Lambda take
		for i, item := range items {
			err := panicked
			if err == nil && i < len(errs) {
				err = errs[i]
			} else if err == nil {
				err = fault.New(fault.Internal, "no_answer", "a message was passed over")
			}
			if err == nil {
				continue
			}
			again := Redeliver(err)
			log.LogAttrs(ctx, slog.LevelError, "message failed", slog.String("message", item.ID), slog.Bool("again", again),
				logging.Error(err))
			if again {
				out.BatchItemFailures = append(out.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: item.ID})
			}
		}
		return out, nil
	}
}

// before reports whether a message was brought before.
func before(m events.SQSMessage) bool {
	n, err := strconv.Atoi(m.Attributes["ApproximateReceiveCount"])
	return err == nil && n > 1
}

// Redeliver says whether a message that met this error should come again: where
// time, a repair or another writer can make a difference. What is wrong with the
// message itself stays wrong.
func Redeliver(err error) bool {
	if err == nil {
		return false
	}
	switch fault.Of(err).Kind() {
	case fault.Invalid, fault.TooLarge, fault.Rejected:
		return false
	default:
		return true
	}
}

// Safely calls a function and turns its panic into an Internal fault.
func Safely(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, "panic", "something went wrong on our side").
				Because(fmt.Errorf("%v\n%s", p, debug.Stack()))
		}
	}()
	return do()
}
