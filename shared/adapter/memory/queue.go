package memory

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// QueueOptions are what SQS knows as attributes of a queue, and what it may do
// that a receiver has to bear.
type QueueOptions struct {
	FIFO        bool
	DeadLetter  *Queue // takes what was received too often
	MaxReceives int    // how often a message is received before it goes there; 0: any number
	// Twice says of a message that is being given whether it stays where it is as
	// well, so that somebody else gets it too; nil: never.
	Twice func() bool
	// Fair gives the messages of the group first of which the fewest are under way,
	// as SQS's fair queues do in effect; a FIFO queue has no use for it.
	Fair bool
	// Pick says which of so many messages that may be given comes next; nil: the
	// one that was sent first.
	Pick func(n int) int
}

// Queue is one queue. It is safe for concurrent use.
type Queue struct {
	QueueOptions
	now func() time.Time

	mu       sync.Mutex
	seq      int
	messages []*message // in order of sending
	known    map[string]time.Time
	changed  chan struct{} // closed when something is sent or released
}

type message struct {
	queue.Delivery
	visible time.Time
}

var _ queue.Queue = (*Queue)(nil)

// NewQueue makes an empty queue that goes by the given clock, which must run with
// the timers of package time.
func NewQueue(now func() time.Time, o QueueOptions) *Queue {
	return &Queue{QueueOptions: o, now: now, known: map[string]time.Time{}, changed: make(chan struct{})}
}

// Send stores all the messages or none.
func (q *Queue) Send(ctx context.Context, messages ...queue.Message) error {
	if err := queue.Check(q.FIFO, messages...); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return unreachable(err)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range messages {
		q.put(m)
	}
	q.tell()
	return nil
}

func (q *Queue) put(m queue.Message) {
	now := q.now()
	if q.FIFO {
		for id, until := range q.known {
			if !now.Before(until) {
				delete(q.known, id)
			}
		}
		if _, repeated := q.known[m.Dedup]; repeated {
			return
		}
		q.known[m.Dedup] = now.Add(queue.DedupWindow)
	}
	q.seq++
	q.messages = append(q.messages, &message{
		Delivery: queue.Delivery{ID: "m" + strconv.Itoa(q.seq), Body: m.Body, Group: m.Group, SentAt: now},
		visible:  now.Add(m.Delay),
	})
}

// tell wakes those who wait. It needs the lock.
func (q *Queue) tell() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// Receive gives messages, waiting for the first of them.
func (q *Queue) Receive(ctx context.Context, most int, wait, visibility time.Duration) ([]queue.Delivery, error) {
	end := q.now().Add(wait)
	for {
		q.mu.Lock()
		got := q.take(most, visibility)
		changed, next, hidden := q.changed, time.Time{}, false
		if len(got) == 0 {
			next, hidden = q.next()
		}
		q.mu.Unlock()
		now := q.now()
		if len(got) > 0 || !now.Before(end) {
			return got, nil
		}
		until := end
		if hidden && next.Before(until) {
			until = next
		}
		timer := time.NewTimer(until.Sub(now))
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, unreachable(ctx.Err())
		}
		timer.Stop()
	}
}

// take gives up to so many messages that may be given now.
func (q *Queue) take(most int, visibility time.Duration) []queue.Delivery {
	now := q.now()
	var got []queue.Delivery
	for len(got) < min(most, queue.MaxBatch) {
		open := q.open(now, got)
		if len(open) == 0 {
			break
		}
		m := open[0]
		switch {
		case q.Pick != nil:
			m = open[q.Pick(len(open))]
		case q.Fair:
			m = q.quietest(now, open)
		}
		if q.MaxReceives > 0 && m.Receives >= q.MaxReceives {
			q.bury(m)
			continue
		}
		m.Receives++
		q.seq++
		m.Receipt = m.ID + "." + strconv.Itoa(q.seq)
		got = append(got, m.Delivery)
		if q.Twice == nil || !q.Twice() {
			m.visible = now.Add(visibility)
		}
	}
	return got
}

// open lists the messages that may be given now. Of a FIFO group that is the
// first one, while none of it is hidden but by this very call.
func (q *Queue) open(now time.Time, got []queue.Delivery) []*message {
	mine := func(m *message) bool {
		return slices.ContainsFunc(got, func(d queue.Delivery) bool { return d.ID == m.ID })
	}
	var open []*message
	closed := map[string]bool{}
	for _, m := range q.messages {
		switch {
		case mine(m):
		case m.visible.After(now):
			closed[m.Group] = q.FIFO
		case !closed[m.Group]:
			closed[m.Group] = q.FIFO
			open = append(open, m)
		}
	}
	return open
}

// quietest is the first message of the group of which the fewest are under way.
func (q *Queue) quietest(now time.Time, open []*message) *message {
	busy := map[string]int{}
	for _, m := range q.messages {
		if m.visible.After(now) {
			busy[m.Group]++
		}
	}
	return slices.MinFunc(open, func(a, b *message) int { return busy[a.Group] - busy[b.Group] })
}

func (q *Queue) bury(m *message) {
	q.messages = slices.DeleteFunc(q.messages, func(o *message) bool { return o == m })
	if q.DeadLetter == nil {
		return
	}
	q.DeadLetter.mu.Lock()
	defer q.DeadLetter.mu.Unlock()
	dead := *m
	dead.visible, dead.Receives = time.Time{}, 0
	q.DeadLetter.messages = append(q.DeadLetter.messages, &dead)
	q.DeadLetter.tell()
}

// Next is when the next message may be given that may not be given now; ok is
// false when there is none.
func (q *Queue) Next() (at time.Time, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.next()
}

func (q *Queue) next() (at time.Time, ok bool) {
	now := q.now()
	for _, m := range q.messages {
		if m.visible.After(now) && (!ok || m.visible.Before(at)) {
			at, ok = m.visible, true
		}
	}
	return at, ok
}

// Len is how many messages there are, hidden ones included.
func (q *Queue) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.messages)
}

// Delete acknowledges.
func (q *Queue) Delete(_ context.Context, receipts ...string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.messages = slices.DeleteFunc(q.messages, func(m *message) bool { return slices.Contains(receipts, m.Receipt) })
	q.tell() // a group may be open now
	return nil
}

// Release makes messages visible again after the delay.
func (q *Queue) Release(_ context.Context, delay time.Duration, receipts ...string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range q.messages {
		if slices.Contains(receipts, m.Receipt) {
			m.visible = q.now().Add(delay)
		}
	}
	q.tell()
	return nil
}

func unreachable(err error) error {
	return fault.New(fault.Unavailable, "queue_unavailable", "the queue cannot be reached").Because(err)
}
