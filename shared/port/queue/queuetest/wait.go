package queuetest

import (
	"context"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

var waitTests = []test{
	{"a waiting receiver gets a message sent meanwhile", wakes},
	{"a receiver that does not wait is answered at once", impatient},
	{"a waiting receiver returns when its caller gives up", givesUp},
}

const longWait = 10 * time.Second

func wakes(t *testing.T, open Open) {
	q := standard(t, open)
	got := make(chan []queue.Delivery)
	begun := time.Now()
	go func() {
		deliveries, err := q.Receive(t.Context(), 1, longWait, long)
		if err != nil {
			t.Errorf("receive: %v", err)
		}
		got <- deliveries
	}()
	send(t, q, queue.Message{Body: "wake up"})
	same(t, <-got, "wake up")
	if took := time.Since(begun); took >= longWait {
		t.Fatalf("woke after %v, the whole wait", took)
	}
}

func impatient(t *testing.T, open Open) {
	q := standard(t, open)
	begun := time.Now()
	none(t, q, 0, "nothing was sent")
	if took := time.Since(begun); took > soon {
		t.Fatalf("waited %v", took)
	}
}

func givesUp(t *testing.T, open Open) {
	q := standard(t, open)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	got, err := q.Receive(ctx, 1, longWait, long)
	if len(got) > 0 || err != nil && !fault.Is(err, fault.Unavailable) {
		t.Fatalf("got %v, %v; want nothing, or unavailable", bodies(got), err)
	}
	if took := time.Since(begun); took >= longWait {
		t.Fatalf("returned after %v, the whole wait", took)
	}
}
