// Package sqlite keeps tables, queues and secrets in one file, for running the
// whole service on a laptop: kill -9 loses nothing that was acknowledged to
// another process.
//
// The file is in WAL mode with synchronous NORMAL: one writer at a time, readers
// never wait. No function links this package.
//
// Each part brings its own schema: every *.sql file of this folder holds
// CREATE … IF NOT EXISTS statements and is run by Open.
package sqlite
