// Package poller stands in for Lambda's event source mapping on a laptop: it
// takes messages off a queue, hands them to a function as the SQS events that
// Lambda would build, and acknowledges what the function did not report as failed.
package poller

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// Function is a Lambda function fed by SQS that reports failed items.
type Function func(context.Context, events.SQSEvent) (events.SQSEventResponse, error)

// Mapping says how a queue feeds a function; the template has the same values.
type Mapping struct {
	Name       string
	Queue      queue.Receiver
	Function   Function
	Batch      int           // messages an invocation, at most 10
	Workers    int           // invocations at once
	Visibility time.Duration // the queue's
	Timeout    time.Duration // the function's
	// Every is how often an empty queue is looked at by somebody who does not wait at it;
	// 0: a receive waits until there is something.
	Every time.Duration
}

// wait is how long one receive waits for a message.
const wait = 20 * time.Second

// Run polls until the context ends, then waits for running invocations. One receive
// is under way at a time, and only while there is a worker for what it brings.
func (m Mapping) Run(ctx context.Context, log *slog.Logger) {
	var invocations sync.WaitGroup
	defer invocations.Wait()
	busy := make(chan struct{}, m.Workers)
	failed := func(err error) {
		if err != nil && ctx.Err() == nil {
			log.Error("polling failed", "queue", m.Name, "error", err)
			pause(ctx, time.Second)
		}
	}
	for {
		select {
		case busy <- struct{}{}:
		case <-ctx.Done():
			return
		}
		received, err := m.receive(ctx)
		if len(received) == 0 {
			failed(err)
			<-busy
			continue
		}
		invocations.Go(func() {
			failed(m.hand(ctx, received))
			<-busy
		})
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// receive gives nothing once the context has ended.
func (m Mapping) receive(ctx context.Context) ([]queue.Delivery, error) {
	if m.Every == 0 {
		return m.Queue.Receive(ctx, m.Batch, wait, m.Visibility)
	}
	received, err := m.Queue.Receive(ctx, m.Batch, 0, m.Visibility)
	if err == nil && len(received) == 0 {
		pause(ctx, m.Every)
	}
	return received, err
}

// hand invokes and acknowledges. What has begun is finished even when the context
// ends: Lambda does not stop an invocation either.
func (m Mapping) hand(ctx context.Context, received []queue.Delivery) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), m.Timeout)
	defer cancel()
	answer, err := m.Function(ctx, Event(received))
	if err != nil {
		return err // nothing is acknowledged: all of it becomes visible again
	}
	failed := make(map[string]bool, len(answer.BatchItemFailures))
	for _, f := range answer.BatchItemFailures {
		failed[f.ItemIdentifier] = true
	}
	var done []string
	for _, d := range received {
		if !failed[d.ID] {
			done = append(done, d.Receipt)
		}
	}
	return m.Queue.Delete(context.WithoutCancel(ctx), done...)
}

// Sweep stands in for the schedule: it sweeps at once and then again and again, until
// the context ends.
func Sweep(ctx context.Context, every time.Duration, sweep func(context.Context) error, log *slog.Logger) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := sweep(ctx); err != nil && ctx.Err() == nil {
			log.Error("sweeping failed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Event is what Lambda hands to a function for messages that it received.
func Event(received []queue.Delivery) events.SQSEvent {
	e := events.SQSEvent{Records: make([]events.SQSMessage, 0, len(received))}
	for _, d := range received {
		attributes := map[string]string{
			"ApproximateReceiveCount": strconv.Itoa(d.Receives),
			"SentTimestamp":           strconv.FormatInt(d.SentAt.UnixMilli(), 10),
		}
		if d.Group != "" {
			attributes["MessageGroupId"] = d.Group
		}
		e.Records = append(e.Records, events.SQSMessage{
			MessageId: d.ID, ReceiptHandle: d.Receipt, Body: d.Body, EventSource: "aws:sqs", Attributes: attributes,
		})
	}
	return e
}
