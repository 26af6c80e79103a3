package sqs

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// SQS's limits.
const (
	maxWait       = 20 * time.Second
	maxVisibility = 12 * time.Hour
)

var wantedAttributes = []types.MessageSystemAttributeName{
	types.MessageSystemAttributeNameApproximateReceiveCount,
	types.MessageSystemAttributeNameSentTimestamp,
	types.MessageSystemAttributeNameMessageGroupId,
}

// Receive gives up to max messages. Times are rounded up to seconds; SQS waits 20
// of them at most.
func (q *Queue) Receive(ctx context.Context, max int, wait, visibility time.Duration) ([]queue.Delivery, error) {
	waitSeconds := seconds(wait, maxWait)
	ctx, cancel := q.call(ctx, time.Duration(waitSeconds)*time.Second)
	defer cancel()
	out, err := q.client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: &q.url, MaxNumberOfMessages: int32(min(max, queue.MaxBatch)), // ≤ 10
		WaitTimeSeconds: waitSeconds, VisibilityTimeout: seconds(visibility, maxVisibility),
		MessageSystemAttributeNames: wantedAttributes,
	})
	if err != nil {
		return nil, failed(err)
	}
	deliveries := make([]queue.Delivery, len(out.Messages))
	for i, m := range out.Messages {
		deliveries[i] = delivery(m)
	}
	return deliveries, nil
}

// delivery reads a message; numbers that SQS did not give are zero.
func delivery(m types.Message) queue.Delivery {
	receives, _ := strconv.Atoi(m.Attributes["ApproximateReceiveCount"])
	sent, _ := strconv.ParseInt(m.Attributes["SentTimestamp"], 10, 64)
	return queue.Delivery{
		ID: aws.ToString(m.MessageId), Body: aws.ToString(m.Body), Group: m.Attributes["MessageGroupId"],
		Receipt: aws.ToString(m.ReceiptHandle), Receives: receives, SentAt: time.UnixMilli(sent),
	}
}

// Delete acknowledges. A receipt that is good no longer is Conflict on queues
// that tell (FIFO); the others are deleted all the same.
func (q *Queue) Delete(ctx context.Context, receipts ...string) error {
	return q.each(ctx, receipts, func(ctx context.Context, receipts []string, pending []int) (answer, error) {
		entries := make([]types.DeleteMessageBatchRequestEntry, len(pending))
		for i, n := range pending {
			entries[i] = types.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(n)), ReceiptHandle: &receipts[n]}
		}
		out, err := q.client.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &q.url, Entries: entries})
		if err != nil {
			return answer{}, err
		}
		return answered(out.Failed, out.Successful, func(e types.DeleteMessageBatchResultEntry) *string { return e.Id }), nil
	})
}

// Release makes messages visible again after the delay, in whole seconds.
func (q *Queue) Release(ctx context.Context, delay time.Duration, receipts ...string) error {
	return q.each(ctx, receipts, func(ctx context.Context, receipts []string, pending []int) (answer, error) {
		entries := make([]types.ChangeMessageVisibilityBatchRequestEntry, len(pending))
		for i, n := range pending {
			entries[i] = types.ChangeMessageVisibilityBatchRequestEntry{
				Id: aws.String(strconv.Itoa(n)), ReceiptHandle: &receipts[n], VisibilityTimeout: seconds(delay, maxVisibility),
			}
		}
		out, err := q.client.ChangeMessageVisibilityBatch(ctx, &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &q.url, Entries: entries})
		if err != nil {
			return answer{}, err
		}
		return answered(out.Failed, out.Successful, func(e types.ChangeMessageVisibilityBatchResultEntry) *string { return e.Id }), nil
	})
}

type receiptCall func(ctx context.Context, receipts []string, pending []int) (answer, error)

// each settles receipts ten at a time and goes on after a failure: every one
// acknowledged is one fewer that comes back.
func (q *Queue) each(ctx context.Context, receipts []string, call receiptCall) error {
	var failures []error
	for len(receipts) > 0 {
		batch := receipts[:min(len(receipts), queue.MaxBatch)]
		receipts = receipts[len(batch):]
		failures = append(failures, q.settle(ctx, len(batch), func(ctx context.Context, pending []int) (answer, error) {
			return call(ctx, batch, pending)
		}))
	}
	return errors.Join(failures...)
}
