// Package queuetest is the suite that every queue passes.
//
// It works on real time, because SQS does: visibilities are one second, the
// shortest that SQS knows, waiting is left to Receive, and all tests of a suite
// run at the same time, each on a queue of its own.
package queuetest

import (
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// Setup says what queue a test wants.
type Setup struct {
	FIFO        bool
	MaxReceives int // after so many receives a message moves to the dead letters; 0: never
}

// Open makes a new, empty queue and, where MaxReceives is set, the queue of its
// dead letters, of the same kind.
type Open func(t *testing.T, s Setup) (q, dead queue.Queue)

// Known names tests of the suite that an emulator is known to fail, with the
// emulator and the reason. They are skipped; a name that the suite does not have
// fails it.
type Known map[string]string

type test struct {
	name string
	run  func(t *testing.T, open Open)
}

var tests = slices.Concat(standardTests, sendTests, fifoTests, deadTests, waitTests)

// Suite runs every test against queues that open makes.
func Suite(t *testing.T, open Open, known Known) {
	for name := range known {
		if !slices.ContainsFunc(tests, func(c test) bool { return c.name == name }) {
			t.Errorf("the suite has no test %q", name)
		}
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if reason := known[c.name]; reason != "" {
				t.Skip("known: " + reason)
			}
			c.run(t, open)
		})
	}
}

const (
	second = time.Second
	long   = time.Minute     // a visibility that no test outlives
	soon   = 8 * time.Second // how long a test waits for what must come
)

func standard(t *testing.T, open Open) queue.Queue {
	t.Helper()
	q, _ := open(t, Setup{})
	return q
}

func fifo(t *testing.T, open Open) queue.Queue {
	t.Helper()
	q, _ := open(t, Setup{FIFO: true})
	return q
}

func send(t *testing.T, q queue.Sender, messages ...queue.Message) {
	t.Helper()
	if err := q.Send(t.Context(), messages...); err != nil {
		t.Fatalf("send: %v", err)
	}
}

// receive makes one call.
func receive(t *testing.T, q queue.Receiver, most int, wait, visibility time.Duration) []queue.Delivery {
	t.Helper()
	got, err := q.Receive(t.Context(), most, wait, visibility)
	if err != nil {
		t.Fatalf("receive: %v", err)
	}
	if len(got) > most {
		t.Fatalf("received %d messages, asked for %d", len(got), most)
	}
	return got
}

// await receives until there are n messages, a call at a time; SQS may give
// fewer than there are.
func await(t *testing.T, q queue.Receiver, n int, visibility time.Duration) []queue.Delivery {
	t.Helper()
	var got []queue.Delivery
	for deadline := time.Now().Add(soon); len(got) < n; {
		if time.Now().After(deadline) {
			t.Fatalf("received %d messages %v in %v, want %d", len(got), bodies(got), soon, n)
		}
		got = append(got, receive(t, q, min(queue.MaxBatch, n-len(got)), second, visibility)...)
	}
	return got
}

// none checks that nothing comes within the wait.
func none(t *testing.T, q queue.Receiver, wait time.Duration, why string) {
	t.Helper()
	if got := receive(t, q, queue.MaxBatch, wait, long); len(got) > 0 {
		t.Fatalf("received %v: %s", bodies(got), why)
	}
}

func remove(t *testing.T, q queue.Receiver, deliveries ...queue.Delivery) {
	t.Helper()
	if err := q.Delete(t.Context(), receipts(deliveries)...); err != nil {
		t.Fatalf("delete: %v", err)
	}
}

func release(t *testing.T, q queue.Receiver, delay time.Duration, deliveries ...queue.Delivery) {
	t.Helper()
	if err := q.Release(t.Context(), delay, receipts(deliveries)...); err != nil {
		t.Fatalf("release: %v", err)
	}
}

func receipts(deliveries []queue.Delivery) []string {
	all := make([]string, len(deliveries))
	for i, d := range deliveries {
		all[i] = d.Receipt
	}
	return all
}

func bodies(deliveries []queue.Delivery) []string {
	all := make([]string, len(deliveries))
	for i, d := range deliveries {
		all[i] = d.Body[:min(len(d.Body), 40)]
	}
	return all
}

// same checks bodies, in order.
func same(t *testing.T, got []queue.Delivery, want ...string) {
	t.Helper()
	if b := bodies(got); !slices.Equal(b, want) {
		t.Fatalf("received %v, want %v", b, want)
	}
}

// sameSet checks bodies, in any order.
func sameSet(t *testing.T, got []queue.Delivery, want ...string) {
	t.Helper()
	b := bodies(got)
	slices.Sort(b)
	slices.Sort(want)
	if !slices.Equal(b, want) {
		t.Fatalf("received %v, want %v", b, want)
	}
}
