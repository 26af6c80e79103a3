package sqs

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// Send puts the messages on the queue, batch after batch, and stops at the first
// batch that cannot be completed. Entries that SQS refuses are tried again; on a
// FIFO queue one that is taken only then stands behind later ones of its group.
func (q *Queue) Send(ctx context.Context, messages ...queue.Message) error {
	if err := queue.Check(q.fifo, messages...); err != nil {
		return err
	}
	for _, batch := range batches(messages) {
		send := func(ctx context.Context, pending []int) (answer, error) { return q.sendBatch(ctx, batch, pending) }
		if err := q.settle(ctx, len(batch), send); err != nil {
			return err
		}
	}
	return nil
}

// batches splits by SQS's limits on count and on bytes.
func batches(messages []queue.Message) [][]queue.Message {
	var all [][]queue.Message
	first, size := 0, 0
	for i, m := range messages {
		if i > first && (i-first == queue.MaxBatch || size+len(m.Body) > queue.MaxBatchBytes) {
			all = append(all, messages[first:i])
			first, size = i, 0
		}
		size += len(m.Body)
	}
	if first < len(messages) {
		all = append(all, messages[first:])
	}
	return all
}

func (q *Queue) sendBatch(ctx context.Context, batch []queue.Message, pending []int) (answer, error) {
	entries := make([]types.SendMessageBatchRequestEntry, len(pending))
	for i, n := range pending {
		entries[i] = q.entry(n, batch[n])
	}
	out, err := q.client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &q.url, Entries: entries})
	if err != nil {
		return answer{}, err
	}
	return answered(out.Failed, out.Successful, func(e types.SendMessageBatchResultEntry) *string { return e.Id }), nil
}

func (q *Queue) entry(n int, m queue.Message) types.SendMessageBatchRequestEntry {
	e := types.SendMessageBatchRequestEntry{
		Id: aws.String(strconv.Itoa(n)), MessageBody: aws.String(m.Body),
		DelaySeconds: seconds(m.Delay, queue.MaxDelay),
	}
	if m.Group != "" {
		e.MessageGroupId = aws.String(m.Group)
	}
	if q.fifo {
		e.MessageDeduplicationId = aws.String(m.Dedup)
	}
	return e
}
