package ashby

import (
	"context"
	"log/slog"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Call is what there is to know of one call, without a word of what was said:
// for metrics, budgets and the log.
type Call struct {
	Method        string
	Write         bool
	Row           int           // of the table of answers
	Status        int           // HTTP; 0: no answer
	Kind          string        // of the fault; empty: success
	Code          string        // of the fault; empty: success
	RequestID     string        // Ashby's
	VersionStatus string        // of Ashby's API; anything but "active" asks for an upgrade
	Duration      time.Duration // from dialling to the last byte
	RetryAfter    time.Duration // as told with a Throttled
	Warnings      int
	OurBug        bool // Ashby does not take the request as we make it
	BytesSent     int
	BytesRead     int
}

// tell reports a call to the observer and writes its one line.
func (c *Client) tell(ctx context.Context, r Reply, v Verdict, m Meta, sent int, took time.Duration) {
	call := Call{
		Method: r.Method, Write: of(r.Method).write, Row: v.Row, Status: r.Status, RequestID: m.RequestID,
		VersionStatus: m.VersionStatus, Duration: took, Warnings: len(m.Warnings), BytesSent: sent, BytesRead: len(r.Body),
	}
	level := slog.LevelInfo
	if v.Err != nil {
		call.Kind, call.Code, call.RetryAfter = v.Err.Kind().String(), v.Err.Code(), v.Err.RetryAfter()
		level, call.OurBug = levelOf(v.Err), OurBug(v.Err)
	}
	c.observe(call)
	c.log.LogAttrs(ctx, level, "ashby call", call.attrs()...)
}

// levelOf: our bugs are errors; what needs a person or may repeat is a warning;
// a plain refusal is an answer like any other.
func levelOf(err *fault.Error) slog.Level {
	switch {
	case OurBug(err):
		return slog.LevelError
	case err.Kind() == fault.Rejected:
		return slog.LevelInfo
	}
	return slog.LevelWarn
}

func (c Call) attrs() []slog.Attr {
	out := []slog.Attr{
		slog.String("method", c.Method),
		slog.Bool("write", c.Write),
		slog.Int("row", c.Row),
		slog.Int("status", c.Status),
		slog.Float64("duration_ms", float64(c.Duration.Microseconds())/1000),
		slog.Int("bytes_sent", c.BytesSent),
		slog.Int("bytes_read", c.BytesRead),
	}
	for _, a := range []slog.Attr{
		slog.String("kind", c.Kind), slog.String("code", c.Code),
		slog.String("request_id", c.RequestID), slog.String("version_status", c.VersionStatus),
	} {
		if a.Value.String() != "" {
			out = append(out, a)
		}
	}
	if c.RetryAfter > 0 {
		out = append(out, slog.Float64("retry_after_s", c.RetryAfter.Seconds()))
	}
	if c.OurBug {
		out = append(out, slog.Int("requests_not_accepted", 1)) // a metric with an alarm
	}
	if c.Warnings > 0 {
		out = append(out, slog.Int("warnings", c.Warnings))
	}
	return out
}
