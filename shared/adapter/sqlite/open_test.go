package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

func openFile(t *testing.T, path string, now func() time.Time) *DB {
	t.Helper()
	db, err := Open(t.Context(), path, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestOpenTakesAnyPathLiterally(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?mode=memory&x=1%20#.db")
	openFile(t, path, time.Now)
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
}

func TestOpenNamesTheFileItCannotOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "missing", "state.db")
	if db, err := Open(t.Context(), path, time.Now); err == nil {
		t.Fatal("opened a file in a folder that does not exist", db.Close())
	}
}

func TestFileIsInWALModeAndReadersCannotWrite(t *testing.T) {
	db := openFile(t, filepath.Join(t.TempDir(), "state.db"), time.Now)
	var mode string
	if err := db.reader.QueryRowContext(t.Context(), `PRAGMA journal_mode`).Scan(&mode); err != nil || mode != "wal" {
		t.Fatalf("journal_mode %q, %v", mode, err)
	}
	var synchronous int
	if err := db.writer.QueryRowContext(t.Context(), `PRAGMA synchronous`).Scan(&synchronous); err != nil || synchronous != 1 {
		t.Fatalf("synchronous %d, %v; want 1 (NORMAL)", synchronous, err)
	}
	if _, err := db.reader.ExecContext(t.Context(), `DELETE FROM item`); err == nil {
		t.Fatal("a reader wrote")
	}
}

func TestWriteKeepsNothingOfAFailedTransaction(t *testing.T) {
	db := openFile(t, filepath.Join(t.TempDir(), "state.db"), time.Now)
	put := func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `INSERT INTO item VALUES ('t', 'p', 's', '{}', 'k', 0)`)
		return err
	}
	refused := fault.New(fault.NotFound, "nothing_here", "")
	err := db.write(t.Context(), func(tx *sql.Tx) error { return errors.Join(put(tx), refused) })
	if !errors.Is(err, refused) {
		t.Fatalf("got %v, want the fault that was returned", err)
	}
	err = db.write(t.Context(), func(tx *sql.Tx) error { return errors.Join(put(tx), errors.New("broken")) })
	if !fault.Is(err, fault.Unavailable) {
		t.Fatalf("got %v, want unavailable", err)
	}
	var rows int
	if err := db.reader.QueryRowContext(t.Context(), `SELECT count(*) FROM item`).Scan(&rows); err != nil || rows != 0 {
		t.Fatalf("%d rows, %v; want none", rows, err)
	}
}

func TestCancelledCallerIsUnavailable(t *testing.T) {
	db := openFile(t, filepath.Join(t.TempDir(), "state.db"), time.Now)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := db.write(ctx, func(*sql.Tx) error { t.Error("ran"); return nil })
	if !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
}
