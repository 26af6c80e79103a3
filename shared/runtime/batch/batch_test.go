package batch_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/runtime/batch"
)

var messages = events.SQSEvent{Records: []events.SQSMessage{
	{MessageId: "a", Body: "1"}, {MessageId: "b", Body: "2", Attributes: map[string]string{"ApproximateReceiveCount": "2"}}, {MessageId: "c", Body: "3"},
}}

// failures runs work on three messages and gives the ids of those that failed.
func failures(t *testing.T, work batch.Work) []string {
	t.Helper()
	out, err := batch.Handler(slog.New(slog.DiscardHandler), work)(t.Context(), messages)
	if err != nil {
		t.Fatalf("an error for the whole batch: %v", err)
	}
	var ids []string
	for _, f := range out.BatchItemFailures {
		ids = append(ids, f.ItemIdentifier)
	}
	return ids
}

func TestOnlyWhatAsksForItComesAgain(t *testing.T) {
	var seen []batch.Item
	got := failures(t, func(_ context.Context, items []batch.Item) []error {
		seen = items
		return []error{nil, fault.New(fault.Unavailable, "down", ""), fault.New(fault.Invalid, "undecodable", "")}
	})
	if diff := cmp.Diff([]string{"b"}, got); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]batch.Item{{ID: "a", Body: "1"}, {ID: "b", Body: "2", Again: true}, {ID: "c", Body: "3"}}, seen); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
}

func TestAPanicFailsTheMessagesAndNotTheFunction(t *testing.T) {
	got := failures(t, func(context.Context, []batch.Item) []error { panic("poison") })
	if diff := cmp.Diff([]string{"a", "b", "c"}, got); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
}

func TestAMessageWithoutAnAnswerComesAgain(t *testing.T) {
	got := failures(t, func(context.Context, []batch.Item) []error { return []error{nil} })
	if diff := cmp.Diff([]string{"b", "c"}, got); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
}

func TestRedeliveryByKind(t *testing.T) {
	want := map[fault.Kind]bool{
		fault.Internal: true, fault.Unavailable: true, fault.Ambiguous: true, fault.Throttled: true, fault.Conflict: true,
		fault.NotFound: true, fault.Unauthenticated: true, fault.Forbidden: true, fault.KeyRefused: true,
		fault.PermissionMissing: true, fault.Invalid: false, fault.TooLarge: false, fault.Rejected: false,
	}
	for kind, again := range want {
		if got := batch.Redeliver(fault.New(kind, "x", "")); got != again {
			t.Errorf("%s: %v", kind, got)
		}
	}
	if batch.Redeliver(nil) || !batch.Redeliver(errors.New("nobody classified it")) {
		t.Error("no error, or one without a kind")
	}
}

func TestABatchWithoutFailuresSaysSoWithAList(t *testing.T) {
	handle := batch.Handler(slog.New(slog.DiscardHandler), func(context.Context, []batch.Item) []error { return []error{nil} })
	out, err := handle(t.Context(), events.SQSEvent{Records: []events.SQSMessage{{MessageId: "m1"}}})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := json.Marshal(out); err != nil || string(text) != `{"batchItemFailures":[]}` {
		t.Errorf("answer %s, %v", text, err)
	}
}
