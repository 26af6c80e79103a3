package memory_test

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/queue/queuetest"
)

func TestQueueKeepsTheContract(t *testing.T) {
	queuetest.Suite(t, func(_ *testing.T, s queuetest.Setup) (q, dead queue.Queue) {
		letters := memory.NewQueue(time.Now, memory.QueueOptions{FIFO: s.FIFO})
		return memory.NewQueue(time.Now, memory.QueueOptions{FIFO: s.FIFO, MaxReceives: s.MaxReceives, DeadLetter: letters}), letters
	}, nil)
}

func TestAQueueMayGiveAMessageTwiceAndInAnotherOrder(t *testing.T) {
	last := func(n int) int { return n - 1 }
	q := memory.NewQueue(time.Now, memory.QueueOptions{Pick: last, Twice: func() bool { return true }})
	if err := q.Send(t.Context(), queue.Message{Body: "a"}, queue.Message{Body: "b"}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		got, err := q.Receive(t.Context(), 1, 0, time.Minute)
		if err != nil || len(got) != 1 || got[0].Body != "b" {
			t.Fatalf("received %v, %v", got, err)
		}
	}
}

func TestAFairQueueGivesTheQuietGroupFirst(t *testing.T) {
	q := memory.NewQueue(time.Now, memory.QueueOptions{Fair: true})
	send := func(group string, n int) {
		for range n {
			if err := q.Send(t.Context(), queue.Message{Body: group, Group: group}); err != nil {
				t.Fatal(err)
			}
		}
	}
	send("loud", 5)
	if _, err := q.Receive(t.Context(), 2, 0, time.Minute); err != nil {
		t.Fatal(err)
	}
	send("quiet", 1)
	got, err := q.Receive(t.Context(), 2, 0, time.Minute)
	if err != nil || len(got) != 2 || got[0].Group != "quiet" || got[1].Group != "loud" {
		t.Errorf("%+v, %v", got, err)
	}
}
