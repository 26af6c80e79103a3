// Package secret is the contract of the secret store, in Secrets Manager's own
// terms, and a value that cannot print itself.
//
// Adapters: secretsmanager (AWS), sqlite (one file, for `make run`). The suite in
// secrettest holds them to one behaviour.
package secret

import (
	"context"
	"log/slog"
)

// Value holds a secret. Its content hides behind a pointer, because fmt walks
// into unexported fields without asking their methods; every way to print it
// says "[secret]".
type Value struct{ content *string }

// NewValue wraps a secret.
func NewValue(content string) Value { return Value{&content} }

// Reveal gives the content, for the one place that must send or sign with it.
func (v Value) Reveal() string {
	if v.content == nil {
		return ""
	}
	return *v.content
}

// Empty reports whether there is nothing inside.
func (v Value) Empty() bool { return v.Reveal() == "" }

// String hides the content.
func (Value) String() string { return "[secret]" }

// GoString hides the content from %#v.
func (Value) GoString() string { return "[secret]" }

// LogValue hides the content from slog.
func (Value) LogValue() slog.Value { return slog.StringValue("[secret]") }

// MarshalText hides the content from encoders.
func (Value) MarshalText() ([]byte, error) { return []byte("[secret]"), nil }

// Store keeps named secrets with versions. Errors are faults: NotFound,
// Unavailable; Put also Conflict, and Invalid for a name or version that the
// store does not take.
type Store interface {
	// Get reads a version, or the current one when version is empty, and says
	// which version it is.
	Get(ctx context.Context, name, version string) (value Value, got string, err error)
	// Put stores a new version, creating the secret if needed, and makes it
	// current at once. The same version id (a UUID) and value again is no error
	// and changes nothing, even if another version became current meanwhile; with
	// another value it is Conflict.
	Put(ctx context.Context, name, version string, value Value) error
	// Delete removes the secret with all versions, at once. Absent: no error.
	Delete(ctx context.Context, name string) error
}
