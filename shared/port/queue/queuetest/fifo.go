package queuetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

var fifoTests = []test{
	{"fifo: while a message is in flight, nothing of its group is given and other groups go on", blocking},
	{"fifo: deleting opens the group for the next", deleteOpens},
	{"fifo: releasing gives the same message again, before the next", releaseOpens},
	{"fifo: a message released with a delay keeps its group closed until then", releaseCloses},
	{"fifo: when visibility ends, the same message comes before the next", visibilityOpens},
	{"fifo: order within a group is the order of sending", ordered},
	{"fifo: one call may give several messages of a group, in order", several},
	{"fifo: a second message of a deduplication id is accepted and dropped", deduplicated},
	{"fifo: a deduplication id stays known after its message was deleted", deduplicatedAfter},
	{"fifo: a message without group or deduplication id is refused", incomplete},
}

// in makes a message whose body is its deduplication id as well.
func in(group, body string) queue.Message {
	return queue.Message{Body: body, Group: group, Dedup: body}
}

func blocking(t *testing.T, open Open) {
	q := fifo(t, open)
	send(t, q, in("g", "g1"), in("g", "g2"), in("h", "h1"), in("h", "h2"))
	first := await(t, q, 1, long)[0]
	other := map[string]string{"g": "h", "h": "g"}[first.Group]
	for _, want := range []string{other + "1", other + "2"} {
		got := await(t, q, 1, long)
		same(t, got, want)
		if want == other+"1" {
			remove(t, q, got...) // opens the other group only
		}
	}
	none(t, q, second, "both groups have a message in flight, or none left")
}

func deleteOpens(t *testing.T, open Open) {
	q := fifo(t, open)
	send(t, q, in("g", "a"), in("g", "b"))
	for _, want := range []string{"a", "b"} {
		got := await(t, q, 1, long)
		same(t, got, want)
		none(t, q, 0, "the group has a message in flight")
		remove(t, q, got...)
	}
	none(t, q, 0, "all were deleted")
}

func releaseOpens(t *testing.T, open Open) {
	q := fifo(t, open)
	send(t, q, in("g", "a"), in("g", "b"))
	got := await(t, q, 1, long)
	release(t, q, 0, got...)
	again := await(t, q, 1, long)
	same(t, again, "a")
	if again[0].Receives != 2 {
		t.Fatalf("receives %d, want 2", again[0].Receives)
	}
}

func releaseCloses(t *testing.T, open Open) {
	q := fifo(t, open)
	send(t, q, in("g", "a"), in("g", "b"))
	release(t, q, 2*second, await(t, q, 1, long)...)
	none(t, q, 0, "the delay of the group's first message has not passed")
	same(t, await(t, q, 1, long), "a")
}

func visibilityOpens(t *testing.T, open Open) {
	q := fifo(t, open)
	send(t, q, in("g", "a"), in("g", "b"))
	await(t, q, 1, second)
	same(t, await(t, q, 1, long), "a")
}

func ordered(t *testing.T, open Open) {
	q := fifo(t, open)
	groups, want, got := []string{"g", "h", "i"}, map[string][]string{}, map[string][]string{}
	var messages []queue.Message
	for i := range 24 {
		group := groups[i%len(groups)]
		body := fmt.Sprintf("%s%02d", group, i)
		messages, want[group] = append(messages, in(group, body)), append(want[group], body)
	}
	send(t, q, messages...)
	for range messages {
		one := await(t, q, 1, long)
		got[one[0].Group] = append(got[one[0].Group], one[0].Body)
		remove(t, q, one...)
	}
	for _, group := range groups {
		if !slices.Equal(got[group], want[group]) {
			t.Errorf("group %s: received %v, want %v", group, got[group], want[group])
		}
	}
}

func several(t *testing.T, open Open) {
	q := fifo(t, open)
	send(t, q, in("g", "a"), in("g", "b"), in("g", "c"), in("g", "d"))
	got := receive(t, q, 3, second, long)
	if want := []string{"a", "b", "c"}; len(got) == 0 || !slices.Equal(bodies(got), want[:len(got)]) {
		t.Fatalf("received %v, want the first ones of %v", bodies(got), want)
	}
	none(t, q, 0, "the group has messages in flight")
}

func deduplicated(t *testing.T, open Open) {
	q := fifo(t, open)
	message := func(body, dedup string) queue.Message { return queue.Message{Body: body, Group: "g", Dedup: dedup} }
	send(t, q, message("one", "1"), message("one in the same batch", "1"))
	send(t, q, message("one again", "1"), message("two", "2"))
	for _, want := range []string{"one", "two"} {
		got := await(t, q, 1, long)
		same(t, got, want)
		remove(t, q, got...)
	}
	none(t, q, second, "all others were repetitions")
}

func deduplicatedAfter(t *testing.T, open Open) {
	q := fifo(t, open)
	send(t, q, in("g", "a"))
	remove(t, q, await(t, q, 1, long)...)
	send(t, q, in("g", "a"))
	none(t, q, second, "its id was used less than five minutes ago")
}

func incomplete(t *testing.T, open Open) {
	q := fifo(t, open)
	for _, m := range []queue.Message{{Body: "x", Dedup: "d"}, {Body: "x", Group: "g"}, {Body: "x", Group: "g", Dedup: "d", Delay: second}} {
		if err := q.Send(t.Context(), in("g", "fine"), m); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: got %v, want invalid", m, err)
		}
	}
	none(t, q, 0, "one message of each call was refused")
}
