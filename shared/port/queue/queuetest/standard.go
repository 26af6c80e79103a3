package queuetest

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

var standardTests = []test{
	{"a message is delivered with what belongs to it", delivered},
	{"a message in flight is hidden", hidden},
	{"a message comes back when its visibility ends, and its receives are counted", comesBack},
	{"a deleted message does not come back", deleted},
	{"deleting twice is no error", deletedTwice},
	{"a released message comes back at once", released},
	{"a message released with a delay comes back after it", releasedLater},
	{"of a received batch some are deleted and the others come back", partial},
	{"every message reaches one of several receivers", shared},
}

func delivered(t *testing.T, open Open) {
	q := standard(t, open)
	before := time.Now()
	send(t, q, queue.Message{Body: "hello", Group: "team-1"}, queue.Message{Body: "alone"})
	got := await(t, q, 2, long)
	sameSet(t, got, "hello", "alone")
	for _, d := range got {
		if d.ID == "" || d.Receipt == "" || d.Receives != 1 {
			t.Errorf("%q: id %q, receipt %q, receives %d; want ids and 1", d.Body, d.ID, d.Receipt, d.Receives)
		}
		if d.SentAt.Before(before.Add(-second)) || d.SentAt.After(time.Now().Add(second)) {
			t.Errorf("%q: sent at %v, not about %v", d.Body, d.SentAt, before)
		}
		if want := map[string]string{"hello": "team-1"}[d.Body]; d.Group != want {
			t.Errorf("%q: group %q, want %q", d.Body, d.Group, want)
		}
	}
	if got[0].ID == got[1].ID || got[0].Receipt == got[1].Receipt {
		t.Error("two messages share an id or a receipt")
	}
}

func hidden(t *testing.T, open Open) {
	q := standard(t, open)
	send(t, q, queue.Message{Body: "once"})
	await(t, q, 1, long)
	none(t, q, second, "it is in flight")
}

func comesBack(t *testing.T, open Open) {
	q := standard(t, open)
	send(t, q, queue.Message{Body: "again"})
	first := await(t, q, 1, second)[0]
	none(t, q, 0, "it is in flight")
	second := await(t, q, 1, long)[0]
	if second.ID != first.ID || second.Body != first.Body || second.Receives != 2 {
		t.Fatalf("got %+v after %+v; want the same message, received twice", second, first)
	}
}

func deleted(t *testing.T, open Open) {
	q := standard(t, open)
	send(t, q, queue.Message{Body: "done"})
	remove(t, q, await(t, q, 1, second)...)
	none(t, q, 2*second, "it was deleted")
}

func deletedTwice(t *testing.T, open Open) {
	q := standard(t, open)
	send(t, q, queue.Message{Body: "done"})
	got := await(t, q, 1, long)
	remove(t, q, got...)
	remove(t, q, got...)
}

func released(t *testing.T, open Open) {
	q := standard(t, open)
	send(t, q, queue.Message{Body: "later"})
	release(t, q, 0, await(t, q, 1, long)...)
	if got := await(t, q, 1, long)[0]; got.Receives != 2 {
		t.Fatalf("receives %d, want 2", got.Receives)
	}
}

func releasedLater(t *testing.T, open Open) {
	q := standard(t, open)
	send(t, q, queue.Message{Body: "later"})
	release(t, q, 2*second, await(t, q, 1, long)...)
	none(t, q, 0, "its delay has not passed")
	same(t, await(t, q, 1, long), "later")
}

func partial(t *testing.T, open Open) {
	q := standard(t, open)
	send(t, q, queue.Message{Body: "a"}, queue.Message{Body: "b"}, queue.Message{Body: "c"}, queue.Message{Body: "d"})
	got := await(t, q, 4, 2*second)
	var done []queue.Delivery
	for _, d := range got {
		if d.Body == "b" || d.Body == "d" {
			done = append(done, d)
		}
	}
	remove(t, q, done...)
	back := await(t, q, 2, long)
	sameSet(t, back, "a", "c")
	none(t, q, second, "all others were deleted")
}

func shared(t *testing.T, open Open) {
	const receivers, each = 4, 10
	q := standard(t, open)
	var messages []queue.Message
	want := map[string]bool{}
	for i := range receivers * each {
		body := string(rune('A'+i/26)) + string(rune('a'+i%26))
		messages, want[body] = append(messages, queue.Message{Body: body}), true
	}
	send(t, q, messages...)
	results := make(chan []queue.Delivery)
	for range receivers {
		go func() {
			got, err := q.Receive(t.Context(), each, second, long)
			if err != nil {
				t.Errorf("receive: %v", err)
			}
			results <- got
		}()
	}
	var got []queue.Delivery
	for range receivers {
		got = append(got, <-results...)
	}
	got = append(got, await(t, q, len(messages)-len(got), long)...)
	for _, d := range got {
		if !want[d.Body] {
			t.Errorf("%q came twice, or was never sent", d.Body)
		}
		delete(want, d.Body)
	}
}
