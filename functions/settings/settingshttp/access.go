package settingshttp

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
	"github.com/sourcewhale/ashby-sync/shared/runtime/problem"
)

// Verifier tells who calls. Errors are Unauthenticated, and Unavailable when it
// cannot tell.
type Verifier interface {
	Verify(ctx context.Context, token string) (caller.Caller, error)
}

// visit is what one request's log line tells; it is filled on the way.
type visit struct {
	operation string
	who       caller.Caller
	failure   error
}

type visitKey struct{}

func visitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{}
}

func noteFailure(ctx context.Context, err error) { visitOf(ctx).failure = err }

// who is the caller of an operation that needs a token.
func who(ctx context.Context) caller.Caller { return visitOf(ctx).who }

// door lets a caller pass to the operations that need one, and tells which
// operation it is.
type door struct {
	verify Verifier
	see    func(context.Context, caller.Caller) // told of every caller who passes
}

func (d door) pass(ctx huma.Context, next func(huma.Context)) {
	v := visitOf(ctx.Context())
	v.operation = ctx.Operation().OperationID
	if len(ctx.Operation().Security) == 0 {
		next(ctx)
		return
	}
	who, err := d.verify.Verify(ctx.Context(), bearer(ctx.Header("Authorization")))
	if err != nil {
		v.failure = err
		r, w := humago.Unwrap(ctx)
		if fault.Is(err, fault.Unauthenticated) {
			w.Header().Set("WWW-Authenticate", "Bearer")
		}
		problem.Write(w, r, err)
		return
	}
	v.who = who
	d.see(ctx.Context(), who)
	next(ctx)
}

func bearer(header string) string {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// observed logs one line for each request, by operation: paths hold ids of people.
func observed(log *slog.Logger, now func() time.Time, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, v, out := now(), &visit{}, &status{ResponseWriter: w}
		ctx := context.WithValue(r.Context(), visitKey{}, v)
		next.ServeHTTP(out, r.WithContext(ctx))
		attrs := []slog.Attr{slog.String("operation", v.operation), slog.Int("status", out.code)}
		if v.who.Team != "" {
			attrs = append(attrs, slog.String("team", v.who.Team), slog.String("user", v.who.User))
		}
		attrs = append(attrs, slog.Int64("duration_ms", now().Sub(start).Milliseconds()))
		level := slog.LevelInfo
		if v.failure != nil {
			attrs = append(attrs, logging.Error(v.failure))
		}
		if out.code >= http.StatusInternalServerError {
			level = slog.LevelError
		}
		log.LogAttrs(ctx, level, "request", attrs...)
	})
}

// status remembers what was answered.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	if s.code == 0 {
		s.code = code
	}
	s.ResponseWriter.WriteHeader(code)
}

func (s *status) Write(b []byte) (int, error) {
	if s.code == 0 {
		s.code = http.StatusOK
	}
	return s.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController through.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }
