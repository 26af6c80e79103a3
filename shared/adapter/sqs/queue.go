package sqs

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// callTimeout bounds one call with the SDK's own retries; a long poll has its
// waiting time on top.
const callTimeout = 5 * time.Second

// Queue is one queue of SQS. It is safe for concurrent use.
type Queue struct {
	client  *sqs.Client
	url     string
	fifo    bool
	timeout time.Duration // of one call
	backoff time.Duration // before the second try of refused entries; doubles, with jitter
}

var _ queue.Queue = (*Queue)(nil)

// New takes the queue at the URL that SQS gave it. Nothing is called yet.
func New(client *sqs.Client, queueURL string) *Queue {
	return &Queue{
		client: client, url: queueURL, fifo: strings.HasSuffix(queueURL, ".fifo"),
		timeout: callTimeout, backoff: 50 * time.Millisecond,
	}
}

// call gives one call its time, beyond what it may wait.
func (q *Queue) call(ctx context.Context, wait time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, q.timeout+wait)
}

// seconds rounds up to SQS's unit, within its limits.
func seconds(d, most time.Duration) int32 {
	d = min(max(d, 0), most)
	return int32((d + time.Second - 1) / time.Second)
}
