package poller

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// shelf is a queue with fixed deliveries; it ends the run when it is empty.
type shelf struct {
	deliveries [][]queue.Delivery
	deleted    []string
	end        context.CancelFunc
}

func (s *shelf) Receive(ctx context.Context, _ int, _, _ time.Duration) ([]queue.Delivery, error) {
	if len(s.deliveries) == 0 {
		s.end()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	next := s.deliveries[0]
	s.deliveries = s.deliveries[1:]
	return next, nil
}

func (s *shelf) Delete(_ context.Context, receipts ...string) error {
	s.deleted = append(s.deleted, receipts...)
	return nil
}

func (s *shelf) Release(context.Context, time.Duration, ...string) error { return nil }

func poll(t *testing.T, f Function, deliveries ...[]queue.Delivery) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s := &shelf{deliveries: deliveries, end: cancel}
	Mapping{Queue: s, Function: f, Batch: 10, Workers: 1, Timeout: time.Minute}.Run(ctx, slog.New(slog.DiscardHandler))
	return s.deleted
}

func TestOnlyWhatDidNotFailIsAcknowledged(t *testing.T) {
	var seen events.SQSEvent
	deleted := poll(t, func(_ context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
		seen = e
		return events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{{ItemIdentifier: "b"}}}, nil
	}, []queue.Delivery{{ID: "a", Receipt: "ra", Body: "x", Group: "t1", Receives: 2}, {ID: "b", Receipt: "rb"}})
	if !slices.Equal(deleted, []string{"ra"}) {
		t.Errorf("acknowledged %v", deleted)
	}
	m := seen.Records[0]
	if m.Body != "x" || m.Attributes["MessageGroupId"] != "t1" || m.Attributes["ApproximateReceiveCount"] != "2" {
		t.Errorf("the function saw %+v", m)
	}
}

func TestNothingIsAcknowledgedWhenTheFunctionFails(t *testing.T) {
	deleted := poll(t, func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) {
		return events.SQSEventResponse{}, errors.New("boom")
	}, []queue.Delivery{{ID: "a", Receipt: "ra"}})
	if len(deleted) > 0 {
		t.Errorf("acknowledged %v", deleted)
	}
}
