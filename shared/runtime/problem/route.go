package problem

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
	"github.com/sourcewhale/ashby-sync/shared/runtime/trace"
)

// Routes serves a mux whose own refusals (no such path, not that method) are
// problem documents too.
func Routes(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refusal, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		probe := statusOnly{header: http.Header{}}
		refusal.ServeHTTP(&probe, r)
		if probe.status == http.StatusMethodNotAllowed {
			w.Header()["Allow"] = probe.header["Allow"]
			send(w, Document{
				Type: "about:blank", Title: http.StatusText(probe.status), Status: probe.status,
				Code: "method_not_allowed", RequestID: trace.ID(r.Context()),
			})
			return
		}
		Write(w, r, fault.New(fault.NotFound, "no_such_path", "there is nothing at this path"))
	})
}

// statusOnly learns how a handler would answer.
type statusOnly struct {
	header http.Header
	status int
}

// Header collects.
func (s *statusOnly) Header() http.Header { return s.header }

// WriteHeader remembers.
func (s *statusOnly) WriteHeader(status int) { s.status = status }

// Write drops the body.
func (s *statusOnly) Write(b []byte) (int, error) { return len(b), nil }

// Guard answers a panic of next with an internal problem and logs where it
// happened. What was panicked with is logged by its type only, unless it is the
// Go runtime's own error: anything else might hold a payload.
func Guard(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			err := fault.New(fault.Internal, "internal", "something went wrong on our side").Because(panicError(p))
			log.ErrorContext(r.Context(), "panic", logging.Error(err), slog.String("stack", string(debug.Stack())))
			Write(w, r, err)
		}()
		next.ServeHTTP(w, r)
	})
}

func panicError(p any) error {
	if err, ok := p.(runtime.Error); ok {
		return err
	}
	return fmt.Errorf("panic with a %T", p)
}
