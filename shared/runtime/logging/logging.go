// Package logging sets up structured logs: JSON lines, a level from the
// environment, and the identity of the work (request, team) from the context.
//
// What may be logged: constant messages, snake_case keys, ids, counts, codes.
// Never payloads, names, addresses or secrets.
package logging

import (
	"context"
	"io"
	"log/slog"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// New makes a logger of JSON lines. The level is debug, info, warn or error in
// any case; anything else means info.
func New(w io.Writer, level string) *slog.Logger {
	var l slog.Level // info
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(contextual{slog.NewJSONHandler(w, &slog.HandlerOptions{Level: l})})
}

type key struct{}

// With returns a context whose log lines bear the given attributes, after those
// they bear already. It reaches every line logged with that context
// (InfoContext and its like) through a logger made by New.
func With(ctx context.Context, attrs ...slog.Attr) context.Context {
	before, _ := ctx.Value(key{}).([]slog.Attr)
	return context.WithValue(ctx, key{}, append(slices.Clone(before), attrs...))
}

// Error describes an error as the attribute "error": kind and code for machines,
// and the chain of causes, which is ours alone.
func Error(err error) slog.Attr {
	f := fault.Of(err)
	if f == nil {
		return slog.Attr{}
	}
	return slog.Group("error", slog.String("kind", f.Kind().String()), slog.String("code", f.Code()),
		slog.String("text", err.Error()))
}

// contextual adds the context's attributes to each record.
type contextual struct{ slog.Handler }

// Handle adds what the context bears.
func (h contextual) Handle(ctx context.Context, r slog.Record) error {
	if attrs, ok := ctx.Value(key{}).([]slog.Attr); ok {
		r = r.Clone()
		r.AddAttrs(attrs...)
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the wrapping.
func (h contextual) WithAttrs(attrs []slog.Attr) slog.Handler {
	return contextual{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the wrapping.
func (h contextual) WithGroup(name string) slog.Handler { return contextual{h.Handler.WithGroup(name)} }
