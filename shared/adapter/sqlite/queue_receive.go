package sqlite

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// otherProcess is how often a waiting receiver looks for messages that another
// process put into the file.
const otherProcess = 500 * time.Millisecond

// Receive gives messages that are due, waiting for the first until one is sent,
// released or visible again.
func (q *fileQueue) Receive(ctx context.Context, max int, wait, visibility time.Duration) ([]queue.Delivery, error) {
	over := time.NewTimer(wait)
	defer over.Stop()
	for {
		bell := q.db.bells.next(q.name) // before looking, so that nothing sent meanwhile is missed
		got, next, err := q.take(ctx, min(max, queue.MaxBatch), visibility)
		if err != nil || len(got) > 0 || wait <= 0 {
			return got, err
		}
		look := time.NewTimer(next)
		select {
		case <-ctx.Done():
			look.Stop()
			return nil, unavailable(ctx.Err())
		case <-over.C:
			look.Stop()
			return nil, nil
		case <-bell:
		case <-look.C:
		}
		look.Stop()
	}
}

// take receives what is due now. Where nothing is, it says how long to wait
// before it is worth looking again.
func (q *fileQueue) take(ctx context.Context, max int, visibility time.Duration) (got []queue.Delivery, next time.Duration, err error) {
	err = q.write(ctx, func(tx *sql.Tx, now time.Time) error {
		if err := q.bury(ctx, tx, now); err != nil {
			return err
		}
		if got, err = q.receive(ctx, tx, max, now, visibility); err != nil || len(got) > 0 {
			return err
		}
		next, err = q.nextDue(ctx, tx, now)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	return got, next, nil
}

const (
	dueStandard = `SELECT seq FROM message WHERE queue = ?1 AND visible <= ?2 ORDER BY visible, seq LIMIT ?3`
	// A group with a hidden message is closed: what is hidden was received, for
	// messages of a FIFO queue have no delay of their own.
	dueFIFO = `SELECT seq FROM message WHERE queue = ?1
		AND grp NOT IN (SELECT grp FROM message WHERE queue = ?1 AND visible > ?2) ORDER BY seq LIMIT ?3`
)

func (q *fileQueue) receive(ctx context.Context, tx *sql.Tx, max int, now time.Time, visibility time.Duration) ([]queue.Delivery, error) {
	due := dueStandard
	if q.FIFO {
		due = dueFIFO
	}
	token := rand.Text()
	rows, err := tx.QueryContext(ctx, `UPDATE message SET visible = ?4, receives = receives + 1, receipt = ?5
		WHERE seq IN (`+due+`) RETURNING seq, id, body, grp, receives, sent`,
		q.name, now.UnixMilli(), max, now.Add(visibility).UnixMilli(), token)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	type numbered struct {
		seq int64
		queue.Delivery
	}
	var found []numbered
	for rows.Next() {
		var n numbered
		var sent int64
		if err := rows.Scan(&n.seq, &n.ID, &n.Body, &n.Group, &n.Receives, &sent); err != nil {
			return nil, err
		}
		n.SentAt, n.Receipt = time.UnixMilli(sent), strconv.FormatInt(n.seq, 10)+"."+token
		found = append(found, n)
	}
	slices.SortFunc(found, func(a, b numbered) int { return cmp.Compare(a.seq, b.seq) }) // RETURNING has no order
	var got []queue.Delivery
	for _, n := range found {
		got = append(got, n.Delivery)
	}
	return got, rows.Err()
}

// bury moves to the dead letters what is due and was received too often.
func (q *fileQueue) bury(ctx context.Context, tx *sql.Tx, now time.Time) error {
	if q.DeadLetter == "" || q.MaxReceives <= 0 {
		return nil
	}
	result, err := tx.ExecContext(ctx, `UPDATE message SET queue = ?, visible = ?, receives = 0, receipt = ''
		WHERE queue = ? AND visible <= ? AND receives >= ?`,
		q.DeadLetter, now.UnixMilli(), q.name, now.UnixMilli(), q.MaxReceives)
	if err != nil {
		return err
	}
	moved, err := result.RowsAffected()
	if moved > 0 {
		defer q.db.bells.ring(q.DeadLetter) // who wakes waits for this transaction
	}
	return err
}

// nextDue is how long until the next hidden message is visible, at most
// otherProcess.
func (q *fileQueue) nextDue(ctx context.Context, tx *sql.Tx, now time.Time) (time.Duration, error) {
	var visible sql.NullInt64
	err := tx.QueryRowContext(ctx, `SELECT min(visible) FROM message WHERE queue = ? AND visible > ?`, q.name, now.UnixMilli()).Scan(&visible)
	if err != nil || !visible.Valid {
		return otherProcess, err
	}
	return min(time.UnixMilli(visible.Int64).Sub(now), otherProcess), nil
}

// Delete acknowledges. A message that is gone already is no error; one that was
// received again is Conflict, and the others are deleted all the same.
func (q *fileQueue) Delete(ctx context.Context, receipts ...string) error {
	return q.settle(ctx, receipts, func(tx *sql.Tx, _ time.Time, seq int64, token string) (sql.Result, error) {
		return tx.ExecContext(ctx, `DELETE FROM message WHERE seq = ? AND queue = ? AND receipt = ?`, seq, q.name, token)
	})
}

// Release makes messages visible again after the delay. Errors are those of Delete.
func (q *fileQueue) Release(ctx context.Context, delay time.Duration, receipts ...string) error {
	return q.settle(ctx, receipts, func(tx *sql.Tx, now time.Time, seq int64, token string) (sql.Result, error) {
		return tx.ExecContext(ctx, `UPDATE message SET visible = ? WHERE seq = ? AND queue = ? AND receipt = ?`,
			now.Add(delay).UnixMilli(), seq, q.name, token)
	})
}

type settlement func(tx *sql.Tx, now time.Time, seq int64, token string) (sql.Result, error)

func (q *fileQueue) settle(ctx context.Context, receipts []string, one settlement) error {
	if len(receipts) == 0 {
		return nil
	}
	var stale bool
	err := q.write(ctx, func(tx *sql.Tx, now time.Time) error {
		for _, receipt := range receipts {
			number, token, _ := strings.Cut(receipt, ".")
			seq, err := strconv.ParseInt(number, 10, 64)
			if err != nil || token == "" {
				stale = true
				continue
			}
			result, err := one(tx, now, seq, token)
			if err != nil {
				return err
			}
			changed, err := result.RowsAffected()
			if err != nil {
				return err
			}
			if changed == 0 && q.holds(ctx, tx, seq) {
				stale = true
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	q.db.bells.ring(q.name)
	if stale {
		return fault.New(fault.Conflict, "receipt_stale", "the message was given to another receiver meanwhile")
	}
	return nil
}

// holds reports whether the queue has the message.
func (q *fileQueue) holds(ctx context.Context, tx *sql.Tx, seq int64) bool {
	var one int
	return tx.QueryRowContext(ctx, `SELECT 1 FROM message WHERE seq = ? AND queue = ?`, seq, q.name).Scan(&one) == nil
}
