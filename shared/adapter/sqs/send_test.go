package sqs

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

func messages(bodies ...string) []queue.Message {
	all := make([]queue.Message, len(bodies))
	for i, b := range bodies {
		all[i] = queue.Message{Body: b, Group: "g", Dedup: "d-" + b}
	}
	return all
}

type script = []func(http.ResponseWriter, *http.Request, batchRequest)

func TestRefusedEntriesAndOnlyThoseAreSentAgain(t *testing.T) {
	f := &fakeSQS{}
	f.script = script{
		f.refuse(refusal{ID: "0", Code: "InternalError", SenderFault: false}, refusal{ID: "2", Code: "RequestThrottled", SenderFault: true}),
		f.refuse(refusal{ID: "2", Code: "InternalError", SenderFault: false}),
	}
	if err := newQueue(t, "q", f).Send(t.Context(), messages("a", "b", "c")...); err != nil {
		t.Fatal(err)
	}
	if got := f.bodies(); got != "b a c" {
		t.Fatalf("the queue has %q, want b, then a, then c, each once", got)
	}
}

func TestEntryThatTheAnswerDoesNotMentionIsSentAgain(t *testing.T) {
	f := &fakeSQS{}
	f.script = script{f.refuse(refusal{ID: "1"})}
	if err := newQueue(t, "q", f).Send(t.Context(), messages("a", "b")...); err != nil {
		t.Fatal(err)
	}
	if got := f.bodies(); got != "a b" {
		t.Fatalf("the queue has %q, want a and b", got)
	}
}

func TestSendersFaultIsNotRepeatedAndTheOthersAreCompleted(t *testing.T) {
	f := &fakeSQS{}
	f.script = script{f.refuse(refusal{ID: "0", Code: "InvalidMessageContents", SenderFault: true}, refusal{ID: "1", Code: "InternalError", SenderFault: false})}
	err := newQueue(t, "q", f).Send(t.Context(), messages("a", "b", "c")...)
	if !fault.Is(err, fault.Invalid) {
		t.Fatalf("got %v, want invalid", err)
	}
	if got := f.bodies(); got != "c b" || f.called() != 2 {
		t.Fatalf("the queue has %q after %d calls, want c and b after 2", got, f.called())
	}
}

func TestEntriesThatStayRefusedMakeTheCallUnavailable(t *testing.T) {
	f := &fakeSQS{}
	for range 2 * tries {
		f.script = append(f.script, f.refuse(refusal{ID: "1", Code: "InternalError", SenderFault: false}))
	}
	err := newQueue(t, "q", f).Send(t.Context(), messages("a", "b")...)
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "InternalError") {
		t.Fatalf("got %v, want unavailable with SQS's reason", err)
	}
	if f.called() != tries {
		t.Fatalf("%d calls, want %d", f.called(), tries)
	}
}

func TestSendStopsAtABatchThatCannotBeCompleted(t *testing.T) {
	f := &fakeSQS{}
	for range tries {
		f.script = append(f.script, fail(http.StatusServiceUnavailable, "ServiceUnavailable"))
	}
	err := newQueue(t, "q", f).Send(t.Context(), messages(strings.Split(strings.Repeat("x", 11), "")...)...)
	if !fault.Is(err, fault.Unavailable) || len(f.taken) != 0 || f.called() != tries {
		t.Fatalf("%v, %d taken in %d calls; want unavailable and nothing of the second batch", err, len(f.taken), f.called())
	}
}

func TestLostAnswerIsRepeatedWithTheSameDeduplicationID(t *testing.T) {
	f := &fakeSQS{}
	f.script = script{f.loseAnswer}
	if err := newQueue(t, "q.fifo", f).Send(t.Context(), messages("a")...); err != nil {
		t.Fatal(err)
	}
	if len(f.taken) != 2 {
		t.Fatalf("sent %d times, want twice", len(f.taken))
	}
	for _, e := range f.taken {
		if aws.ToString(e.MessageDeduplicationID) != "d-a" || aws.ToString(e.MessageGroupID) != "g" {
			t.Errorf("sent %+v, want group g and deduplication id d-a", e)
		}
	}
}

func TestStandardQueueGetsTheGroupAndNoDeduplicationID(t *testing.T) {
	f := &fakeSQS{}
	if err := newQueue(t, "q", f).Send(t.Context(), messages("a")...); err != nil {
		t.Fatal(err)
	}
	if e := f.taken[0]; aws.ToString(e.MessageGroupID) != "g" || e.MessageDeduplicationID != nil {
		t.Fatalf("sent %+v", e)
	}
}

func TestHangingCallIsCutOffAndUnavailable(t *testing.T) {
	f := &fakeSQS{}
	for range tries {
		f.script = append(f.script, func(_ http.ResponseWriter, r *http.Request, _ batchRequest) { <-r.Context().Done() })
	}
	q := newQueue(t, "q", f)
	q.timeout = 20 * time.Millisecond
	if err := q.Send(t.Context(), messages("a")...); !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want unavailable for want of time", err)
	}
}

func TestCallerThatGaveUpIsNotRetriedFor(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f := &fakeSQS{}
	f.script = script{func(w http.ResponseWriter, r *http.Request, b batchRequest) {
		cancel()
		fail(http.StatusServiceUnavailable, "ServiceUnavailable")(w, r, b)
	}}
	err := newQueue(t, "q", f).Send(ctx, messages("a")...)
	if !fault.Is(err, fault.Unavailable) || f.called() != 1 {
		t.Fatalf("%v after %d calls; want unavailable after one", err, f.called())
	}
}

func TestBatchesKeepToCountAndBytes(t *testing.T) {
	for _, c := range []struct {
		what  string
		sizes []int
		want  []int // messages per batch
	}{
		{"none", nil, nil},
		{"ten", []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, []int{10}},
		{"eleven", []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, []int{10, 1}},
		{"exactly the bytes", []int{queue.MaxBatchBytes - 1, 1, 1}, []int{2, 1}},
		{"each as large as a batch", []int{queue.MaxBatchBytes, queue.MaxBatchBytes}, []int{1, 1}},
	} {
		var all []queue.Message
		for _, size := range c.sizes {
			all = append(all, queue.Message{Body: strings.Repeat("x", size)})
		}
		var got []int
		for _, b := range batches(all) {
			got = append(got, len(b))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: batches of %v, want %v", c.what, got, c.want)
		}
	}
}

func TestDeleteGoesOnBehindAStaleReceipt(t *testing.T) {
	f := &fakeSQS{}
	f.script = script{f.refuse(refusal{ID: "3", Code: "ReceiptHandleIsInvalid", SenderFault: true})}
	err := newQueue(t, "q.fifo", f).Delete(t.Context(), strings.Split("abcdefghijklm", "")...)
	if !fault.Is(err, fault.Conflict) {
		t.Fatalf("got %v, want conflict", err)
	}
	if got := f.bodies(); got != "a b c e f g h i j k l m" {
		t.Fatalf("deleted %q, want all but d", got)
	}
}

func TestRefusalsHaveTheirKind(t *testing.T) {
	const expired = "Reason: The receipt handle has expired." // in SQS's words
	cause := errors.New(expired)
	for _, c := range []struct {
		code   string
		sender bool
		cause  error
		want   fault.Kind
	}{
		{"InvalidMessageContents", true, nil, fault.Invalid},
		{"InvalidParameterValue", true, errors.New("Reason: group"), fault.Invalid},
		{"InvalidParameterValue", true, cause, fault.Conflict},
		{"AWS.SimpleQueueService.BatchRequestTooLong", true, nil, fault.TooLarge},
		{"ReceiptHandleIsInvalid", true, nil, fault.Conflict},
		{"RequestThrottled", true, nil, fault.Unavailable},
		{"InternalError", false, nil, fault.Unavailable},
		{"InvalidParameterValue", false, nil, fault.Unavailable},
		{"AccessDenied", true, nil, fault.Unavailable},
		{"AWS.SimpleQueueService.NonExistentQueue", true, nil, fault.Unavailable},
		{"", false, nil, fault.Unavailable},
	} {
		if c.cause == nil {
			c.cause = errors.New("x")
		}
		if err := refused(c.code, c.sender, c.cause); !fault.Is(err, c.want) || !errors.Is(err, c.cause) {
			t.Errorf("%s, sender's fault %v: got %v, want %v with its cause", c.code, c.sender, err, c.want)
		}
	}
}
