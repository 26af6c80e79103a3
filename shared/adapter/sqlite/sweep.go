package sqlite

import (
	"context"
	"database/sql"
	"sync/atomic"
	"time"
)

const (
	sweepEvery = 256 // write transactions on tables between two sweeps
	sweepRows  = 512 // rows that one sweep deletes at most: it shares the caller's transaction
)

// sweeper counts writes. Rows past their expiry are invisible anyway; sweeping
// only keeps the file from growing.
type sweeper struct{ writes atomic.Uint64 }

// due reports whether this write should sweep as well.
func (s *sweeper) due() bool { return s.writes.Add(1)%sweepEvery == 0 }

// sweepItems deletes some expired rows, of any table.
func sweepItems(ctx context.Context, tx *sql.Tx, now time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM item WHERE (tab, pk, sk) IN
		(SELECT tab, pk, sk FROM item WHERE expires > 0 AND expires <= ? LIMIT ?)`, now.UnixMilli(), sweepRows)
	return err
}
