package sqlite

import (
	"context"
	"database/sql"
)

// Recover makes every message visible that somebody holds. It is for the one
// process that owns the file, at its start: who held a message then is no more,
// and waiting for the visibility to end would only cost time. Receive counts stay.
func (db *DB) Recover(ctx context.Context) error {
	return db.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE message SET visible = ?1 WHERE visible > ?1 AND receipt <> ''`, db.now().UnixMilli())
		return err
	})
}
