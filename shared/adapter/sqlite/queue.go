package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// QueueOptions are what SQS knows as attributes of a queue.
type QueueOptions struct {
	FIFO        bool
	DeadLetter  string // name of the queue in the same file that takes what was received too often
	MaxReceives int    // how often a message is received before it goes there; 0: any number
}

// fileQueue is one queue of the file.
type fileQueue struct {
	db   *DB
	name string
	QueueOptions
}

// Queue gives the queue of that name; it exists from its first message on. Its
// messages survive the process. The clock of Open decides what is visible;
// waiting receivers wake at once for what this process sends and releases, and
// within otherProcess for what another process does.
func (db *DB) Queue(name string, o QueueOptions) queue.Queue {
	return &fileQueue{db: db, name: name, QueueOptions: o}
}

// Send stores all the messages or none.
func (q *fileQueue) Send(ctx context.Context, messages ...queue.Message) error {
	if err := queue.Check(q.FIFO, messages...); err != nil {
		return err
	}
	if len(messages) == 0 {
		return nil
	}
	err := q.write(ctx, func(tx *sql.Tx, now time.Time) error {
		for _, m := range messages {
			if known, err := q.known(ctx, tx, m.Dedup, now); known || err != nil {
				if err != nil {
					return err
				}
				continue
			}
			_, err := tx.ExecContext(ctx, `INSERT INTO message (queue, id, body, grp, sent, visible, receives, receipt)
				VALUES (?, ?, ?, ?, ?, ?, 0, '')`, q.name, rand.Text(), m.Body, m.Group, now.UnixMilli(), now.Add(m.Delay).UnixMilli())
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		q.db.bells.ring(q.name)
	}
	return err
}

// known reports whether a FIFO queue saw the id within the window, and notes it.
func (q *fileQueue) known(ctx context.Context, tx *sql.Tx, dedup string, now time.Time) (bool, error) {
	if !q.FIFO {
		return false, nil
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM message_dedup WHERE until <= ?`, now.UnixMilli()); err != nil {
		return false, err
	}
	result, err := tx.ExecContext(ctx, `INSERT INTO message_dedup VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
		q.name, dedup, now.Add(queue.DedupWindow).UnixMilli())
	if err != nil {
		return false, err
	}
	added, err := result.RowsAffected()
	return added == 0, err
}

// write runs f in a transaction at the time at which its turn has come. A commit
// whose fate is unknown is Unavailable: receivers bear duplicates, and receipts
// may be used twice.
func (q *fileQueue) write(ctx context.Context, f func(tx *sql.Tx, now time.Time) error) error {
	return repeatable(q.db.write(ctx, func(tx *sql.Tx) error { return f(tx, q.db.now()) }))
}

// bells wake the receivers that wait in this process.
type bells struct {
	mu      sync.Mutex
	byQueue map[string]chan struct{}
}

// next is closed when the queue's bell rings for the next time.
func (b *bells) next(queue string) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.byQueue == nil {
		b.byQueue = map[string]chan struct{}{}
	}
	if b.byQueue[queue] == nil {
		b.byQueue[queue] = make(chan struct{})
	}
	return b.byQueue[queue]
}

// ring wakes whoever waits for the queue.
func (b *bells) ring(queue string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if bell := b.byQueue[queue]; bell != nil {
		close(bell)
		delete(b.byQueue, queue)
	}
}
