package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/sourcewhale/ashby-sync/infra/local/deployment"
	"github.com/sourcewhale/ashby-sync/infra/local/poller"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// takeTime is for how long messages that were taken stay hidden when nobody deletes
// them, and takeWait how long one is waited for.
const (
	takeTime = time.Minute
	takeWait = 10 * time.Second
)

// take prints the messages of a queue as the event that Lambda would hand to its
// function, and deletes them: sam local has no event source mappings.
//
//	go run ./infra/local take events | sam local invoke RecordFunction -e - …
//	go run ./infra/local take work   | sam local invoke PushFunction -e - …
func take(ctx context.Context, args []string, getenv func(string) string, out io.Writer) error {
	queues := map[string]struct {
		id    string
		batch int
	}{"events": {"local-ashby-sync-events", 10}, "work": {"local-ashby-sync-work.fifo", 1}}
	if len(args) != 1 || queues[args[0]].id == "" {
		return errors.New("take from which queue? go run ./infra/local take events, or work")
	}
	f, err := readRun(getenv)
	if err != nil {
		return err
	}
	if f.AWS == "" {
		return errors.New("`make local-aws` is not running here")
	}
	account, err := deployment.Connect(lookup([]string{
		"AWS_ENDPOINT_URL=" + f.AWS, "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
	}))
	if err != nil {
		return err
	}
	from := queues[args[0]]
	address, err := account.QueueURL(ctx, from.id)
	if err != nil {
		return err
	}
	q := sqs.New(account.Queues, address)
	var taken []queue.Delivery
	if taken, err = q.Receive(ctx, from.batch, takeWait, takeTime); err != nil {
		return err
	}
	if len(taken) == 0 {
		return fmt.Errorf("nothing is in %s", from.id)
	}
	if err := writeEvent(out, poller.Event(taken)); err != nil {
		return err
	}
	receipts := make([]string, 0, len(taken))
	for _, d := range taken {
		receipts = append(receipts, d.Receipt)
	}
	return q.Delete(ctx, receipts...)
}

func writeEvent(out io.Writer, e events.SQSEvent) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(e)
}
