package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// fileSecrets are the secrets of the file.
type fileSecrets struct{ db *DB }

// Secrets gives the secret store of the file. It is for local use only: values
// stand in the file in clear, protected by nothing but the file's mode (0600).
func (db *DB) Secrets() secret.Store { return fileSecrets{db} }

// Get reads a version, or the current one when version is empty.
func (s fileSecrets) Get(ctx context.Context, name, version string) (secret.Value, string, error) {
	var value, got string
	err := s.db.reader.QueryRowContext(ctx, `SELECT value, version FROM secret
		WHERE name = ?1 AND CASE ?2 WHEN '' THEN current = 1 ELSE version = ?2 END`, name, version).Scan(&value, &got)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return secret.Value{}, "", fault.New(fault.NotFound, "secret_not_found", "there is no such secret or version")
	case err != nil:
		return secret.Value{}, "", unavailable(err)
	}
	return secret.NewValue(value), got, nil
}

// Put stores a version and makes it current.
func (s fileSecrets) Put(ctx context.Context, name, version string, value secret.Value) error {
	if name == "" || version == "" {
		return fault.New(fault.Invalid, "secret_invalid", "the secret's name or version is missing")
	}
	err := s.db.write(ctx, func(tx *sql.Tx) error {
		var stored string
		err := tx.QueryRowContext(ctx, `SELECT value FROM secret WHERE name = ? AND version = ?`, name, version).Scan(&stored)
		switch {
		case err == nil && stored == value.Reveal():
			return nil
		case err == nil:
			return fault.New(fault.Conflict, "secret_version_taken", "the version exists with another value")
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE secret SET current = 0 WHERE name = ?`, name); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO secret VALUES (?, ?, ?, 1)`, name, version, value.Reveal())
		return err
	})
	return repeatable(err)
}

// Delete removes the secret with all versions, from the write-ahead log too:
// pages of the file itself are overwritten when they are freed.
func (s fileSecrets) Delete(ctx context.Context, name string) error {
	err := s.db.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM secret WHERE name = ?`, name)
		return err
	})
	if err != nil {
		return repeatable(err)
	}
	if _, err := s.db.writer.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return unavailable(err) // deleted, but still to be found: the caller may repeat it
	}
	return nil
}

// repeatable turns a commit whose fate is unknown into Unavailable: these writes
// may be repeated.
func repeatable(err error) error {
	if fault.Is(err, fault.Ambiguous) {
		return unavailable(err)
	}
	return err
}
