package batch_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/runtime/batch"
)

// released keeps what was released, or cannot.
type released struct {
	waits map[string]time.Duration
	err   error
}

func (r *released) Release(_ context.Context, delay time.Duration, receipts ...string) error {
	for _, receipt := range receipts {
		r.waits[receipt] = delay
	}
	return r.err
}

// failing brings messages, by how often each was received, to work that fails all
// but those of no receives, and gives when each comes again.
func failing(ctx context.Context, t *testing.T, err error, receives ...int) map[string]time.Duration {
	t.Helper()
	r := &released{waits: map[string]time.Duration{}, err: err}
	var in events.SQSEvent
	for i, n := range receives {
		in.Records = append(in.Records, events.SQSMessage{
			MessageId: fmt.Sprint("m", i), ReceiptHandle: fmt.Sprint("r", i), Attributes: map[string]string{"ApproximateReceiveCount": fmt.Sprint(n)},
		})
	}
	log := slog.New(slog.DiscardHandler)
	out, failed := batch.Sooner(r, log, batch.Handler(log, func(_ context.Context, items []batch.Item) []error {
		errs := make([]error, len(items))
		for i := range items {
			if receives[i] > 0 {
				errs[i] = fault.New(fault.Unavailable, "down", "")
			}
		}
		return errs
	}))(ctx, in)
	if failed != nil || len(out.BatchItemFailures) != len(slices.DeleteFunc(slices.Clone(receives), func(n int) bool { return n == 0 })) {
		t.Errorf("failures %v, %v", out.BatchItemFailures, failed)
	}
	return r.waits
}

func TestWhatFailedComesAgainAfterSecondsThatDouble(t *testing.T) {
	got := failing(t.Context(), t, nil, 1, 0, 1, 2, 3, 6, 7, 900)
	want := map[string]time.Duration{"r0": 5 * time.Second, "r2": 5 * time.Second, "r3": 10 * time.Second, "r4": 20 * time.Second, "r5": 160 * time.Second}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("come again (-want +got):\n%s", diff)
	}
}

func TestAQueueThatCannotReleaseBringsTheMessagesInItsOwnTime(t *testing.T) {
	if got := failing(t.Context(), t, errors.New("away"), 1); len(got) != 1 {
		t.Errorf("released %v", got)
	}
}

func TestAtTheEndOfAnInvocationNothingIsBegun(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	if got := failing(ctx, t, nil, 1); len(got) != 0 {
		t.Errorf("released %v", got)
	}
}
