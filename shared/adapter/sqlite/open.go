package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver, under the name "sqlite"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// readers is the size of the pool of read connections.
const readers = 4

//go:embed *.sql
var schemas embed.FS

// DB is one open file. It is safe for concurrent use, also by several processes.
type DB struct {
	writer *sql.DB // one connection: writes queue here instead of failing as busy
	reader *sql.DB // read-only connections; each statement sees all committed writes
	now    func() time.Time
	sweep  sweeper
	bells  bells
}

// Open opens the file, making it and its schema where they are missing. The
// folder must exist. Only its owner can read the file. The clock decides which rows have expired.
func Open(ctx context.Context, path string, now func() time.Time) (*DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if err := private(path); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db := &DB{now: now}
	// Freed pages are overwritten, so that a deleted key is not to be found in the file.
	if db.writer, err = open(path, 1, "journal_mode(WAL)", "synchronous(NORMAL)", "secure_delete(1)"); err != nil {
		return nil, err
	}
	if err := db.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), db.writer.Close())
	}
	if db.reader, err = open(path, readers, "query_only(1)"); err != nil {
		return nil, errors.Join(err, db.writer.Close())
	}
	return db, nil
}

// private sees to it that only its owner can read the file: secrets stand in it.
// SQLite gives the files beside it the same mode. A file that exists is not
// opened for that, because closing it would drop the locks of its other users.
func private(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return os.Chmod(path, 0o600)
	}
	if err != nil {
		return err
	}
	return file.Close()
}

// open makes a pool of connections that wait for locks. Transactions take the
// write lock at their start, so none fails half-way for having read first.
func open(path string, connections int, pragmas ...string) (*sql.DB, error) {
	query := url.Values{"_txlock": {"immediate"}, "_pragma": append([]string{"busy_timeout(10000)"}, pragmas...)}
	dsn := url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}
	pool, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return pool, nil
}

// migrate runs every schema file of the package.
func (db *DB) migrate(ctx context.Context) error {
	names, err := fs.Glob(schemas, "*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		schema, err := schemas.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := db.writer.ExecContext(ctx, string(schema)); err != nil {
			return fmt.Errorf("schema %s: %w", name, err)
		}
	}
	return nil
}

// Close waits for running statements and closes the file.
func (db *DB) Close() error { return errors.Join(db.reader.Close(), db.writer.Close()) }

// write runs f in a write transaction and commits it when f returns nil.
// A fault (or a refusal) that f returns comes back as it is; any other failure
// is Unavailable, for nothing was written, save that of the commit itself, which
// is Ambiguous. Do not read through db.reader inside f: it does not see f's writes.
func (db *DB) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return unavailable(err)
	}
	if err := f(tx); err != nil {
		_ = tx.Rollback() // a connection that cannot roll back is discarded by the pool
		return classify(err)
	}
	if err := tx.Commit(); err != nil {
		return fault.New(fault.Ambiguous, "store_ambiguous", "the write may not have been stored").Because(err)
	}
	return nil
}

// classify leaves faults as they are; what else a statement can say is Unavailable.
func classify(err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	return unavailable(err)
}

func unavailable(err error) error {
	return fault.New(fault.Unavailable, "store_unavailable", "the store cannot be reached").Because(err)
}
