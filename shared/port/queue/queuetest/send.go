package queuetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

var sendTests = []test{
	{"more messages than a batch holds all arrive", manyMessages},
	{"more bytes than a batch holds all arrive", manyBytes},
	{"the largest message arrives", largest},
	{"a message too large is refused and nothing is sent", tooLarge},
	{"a message that no queue carries is refused and nothing is sent", illegible},
	{"no message at all is sent", nothing},
	{"a delayed message waits", delayed},
	{"bodies arrive byte for byte", bytewise},
}

func manyMessages(t *testing.T, open Open) {
	q := standard(t, open)
	var messages []queue.Message
	var want []string
	for i := range 25 {
		want = append(want, fmt.Sprintf("m%02d", i))
		messages = append(messages, queue.Message{Body: want[i]})
	}
	send(t, q, messages...)
	sameSet(t, await(t, q, len(want), long), want...)
}

func manyBytes(t *testing.T, open Open) {
	q := standard(t, open)
	var messages []queue.Message
	want := map[string]bool{}
	for i := range 6 {
		body := strings.Repeat(fmt.Sprint(i), 100<<10)
		messages, want[body] = append(messages, queue.Message{Body: body}), true
	}
	send(t, q, messages...)
	for _, d := range await(t, q, len(messages), long) {
		if !want[d.Body] {
			t.Errorf("a body of %d bytes came twice, or was never sent", len(d.Body))
		}
		delete(want, d.Body)
	}
}

func largest(t *testing.T, open Open) {
	q := standard(t, open)
	body := strings.Repeat("x", queue.MaxMessageBytes)
	send(t, q, queue.Message{Body: body})
	if got := await(t, q, 1, long)[0]; got.Body != body {
		t.Fatalf("received %d bytes, want %d of x", len(got.Body), len(body))
	}
}

func tooLarge(t *testing.T, open Open) {
	q := standard(t, open)
	err := q.Send(t.Context(), queue.Message{Body: "fine"}, queue.Message{Body: strings.Repeat("é", queue.MaxMessageBytes/2) + "x"})
	if !fault.Is(err, fault.TooLarge) {
		t.Fatalf("got %v, want too_large", err)
	}
	none(t, q, second, "one message of the call was refused")
}

func illegible(t *testing.T, open Open) {
	q := standard(t, open)
	for _, body := range []string{"", "a\x00b", "\xff"} {
		if err := q.Send(t.Context(), queue.Message{Body: "fine"}, queue.Message{Body: body}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: got %v, want invalid", body, err)
		}
	}
	none(t, q, second, "one message of each call was refused")
}

func nothing(t *testing.T, open Open) {
	q := standard(t, open)
	send(t, q)
	none(t, q, 0, "nothing was sent")
}

func delayed(t *testing.T, open Open) {
	q := standard(t, open)
	send(t, q, queue.Message{Body: "late", Delay: 2 * second}, queue.Message{Body: "now"})
	same(t, await(t, q, 1, long), "now")
	none(t, q, 0, "its delay has not passed")
	same(t, await(t, q, 1, long), "late")
}

func bytewise(t *testing.T, open Open) {
	q := standard(t, open)
	want := map[string]bool{}
	for _, body := range []string{
		"Grüße, 世界 🐳 \u202eعربي\u202c e\u0301 é \U0010fffd", " leading and trailing \n", "tab\treturn\r\nline\n",
		`{"a":"<b>&amp;\u0000\\\"'"}`, "%00 + %2B =", "\ufeffmark", "\u2028\u2029\u0085",
	} {
		want[body] = true
		send(t, q, queue.Message{Body: body})
	}
	for _, d := range await(t, q, len(want), long) {
		if !want[d.Body] {
			t.Errorf("%q came twice, or was never sent", d.Body)
		}
		delete(want, d.Body)
	}
}
