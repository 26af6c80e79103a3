// Package queue is the contract of our queues, in SQS's own terms: standard
// queues and FIFO queues with groups and deduplication, visibility, receive
// counts and dead letters. Messages are hints and hand-overs; what waits is state
// in the table, never a position in a queue.
//
// Adapters: sqs (AWS), sqlite (one file, for `make run`). The suite in queuetest
// holds them to one behaviour.
package queue

import (
	"context"
	"time"
)

// Limits of a queue, as SQS has them (the smaller, older message size on
// purpose: emulators hold to it).
const (
	MaxMessageBytes = 256 << 10 // body and attributes
	MaxBatchBytes   = 256 << 10
	MaxBatch        = 10
	DedupWindow     = 5 * time.Minute
)

// Message is one message to send.
type Message struct {
	Body  string
	Group string // FIFO: the ordered group; standard queue: the tenant, for fairness; may be empty there
	Dedup string // FIFO only: a second message of the same id within DedupWindow is accepted and dropped
	Delay time.Duration
}

// Delivery is a message as received.
type Delivery struct {
	ID       string
	Body     string
	Group    string
	Receipt  string // for Delete and Release; good until visibility ends
	Receives int    // how often it was received, this time included
	SentAt   time.Time
}

// Sender puts messages on a queue.
type Sender interface {
	// Send returns nil only when the queue has every message. It splits by count
	// and bytes and retries entries that are refused; what is left over makes the
	// whole call a fault of kind Unavailable (some may have been sent: a receiver
	// must bear duplicates). A message that Check refuses: TooLarge or Invalid,
	// nothing sent.
	Send(ctx context.Context, messages ...Message) error
}

// Receiver takes messages off a queue. In AWS Lambda's poller does this; the
// embedded runner and the tests use it directly.
type Receiver interface {
	// Receive gives up to max (≤ 10) messages, waiting up to wait for the first.
	// Each is hidden for the visibility; of a FIFO group nothing more is given
	// while a message of it is hidden.
	Receive(ctx context.Context, max int, wait, visibility time.Duration) ([]Delivery, error)
	// Delete acknowledges. Deleting twice is no error. A receipt that is good no
	// longer may be Conflict; the others are deleted all the same.
	Delete(ctx context.Context, receipts ...string) error
	// Release makes messages visible again after the delay (0: at once).
	// Errors are those of Delete.
	Release(ctx context.Context, delay time.Duration, receipts ...string) error
}

// Queue is both ends.
type Queue interface {
	Sender
	Receiver
}
