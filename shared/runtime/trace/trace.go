// Package trace carries the correlation id of the work at hand: from the request
// that brought an event, through its queue message, to Ashby's answer.
package trace

import (
	"context"
	"log/slog"

	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
)

type key struct{}

// With returns a context that bears the id, and whose log lines show it as
// "trace".
func With(ctx context.Context, id string) context.Context {
	return logging.With(context.WithValue(ctx, key{}, id), slog.String("trace", id))
}

// ID gives the id that the context bears; empty when it bears none.
func ID(ctx context.Context) string {
	id, _ := ctx.Value(key{}).(string)
	return id
}
