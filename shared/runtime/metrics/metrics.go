// Package metrics makes CloudWatch metrics of the wide log lines, by the embedded
// metric format: a line whose message stands in the table below bears beside its
// own attributes the member _aws, from which CloudWatch reads the metrics. Nothing
// is called and nothing is counted here; what a line does not say is no metric.
//
// The team is never a dimension: each value of a dimension is a metric that is
// paid for, and a list of teams is nobody's business who looks at a graph.
package metrics

import (
	"context"
	"log/slog"
)

// Namespace is where CloudWatch shows the metrics.
const Namespace = "ashby-sync"

// Unit of a metric, as CloudWatch spells it.
type Unit string

// The units in use.
const (
	Count        Unit = "Count"
	Milliseconds Unit = "Milliseconds"
)

// Metric is a numeric attribute of a line that CloudWatch is to read.
type Metric struct {
	Name  string // of the attribute, and of the metric
	Unit  Unit
	Fixed bool // the line itself counts: the metric is 1 and is no attribute
}

// Lines gives for each message the metrics that its line bears.
func Lines() map[string][]Metric {
	return map[string][]Metric{
		// sweep
		"swept": {
			{Name: "teams", Unit: Count}, {Name: "rung", Unit: Count}, {Name: "late", Unit: Count}, {Name: "failed", Unit: Count},
		},
		// record
		"events recorded": {{Name: "recorded", Unit: Count}},
		// push
		"drain ended": {
			{Name: "events", Unit: Count},
			{Name: "calls", Unit: Count},
			{Name: "throttled", Unit: Count},
			{Name: "unknown_old", Unit: Count},
			{Name: "quarantined", Unit: Count},
			{Name: "duration_ms", Unit: Milliseconds},
		},
		"key refused": {{Name: "keys_refused", Unit: Count, Fixed: true}},
		"ashby call":  {{Name: "requests_not_accepted", Unit: Count}}, // only where there is one
		// anywhere
		"secret read": {{Name: "secret_reads", Unit: Count, Fixed: true}},
		"panic":       {{Name: "panics", Unit: Count, Fixed: true}},
	}
}

// Embed gives a logger whose lines bear their metrics, by stage and function.
func Embed(log *slog.Logger, stage, function string) *slog.Logger {
	return slog.New(embedding{Handler: log.Handler(), stage: stage, function: function, lines: Lines()})
}

type embedding struct {
	slog.Handler

	stage, function string
	lines           map[string][]Metric
	deep            bool // inside a group, where CloudWatch does not look
}

// Handle adds to a line what CloudWatch reads.
func (h embedding) Handle(ctx context.Context, r slog.Record) error {
	metrics := h.lines[r.Message]
	if len(metrics) == 0 || h.deep {
		return h.Handler.Handle(ctx, r)
	}
	said := map[string]bool{}
	r.Attrs(func(a slog.Attr) bool {
		said[a.Key] = true
		return true
	})
	r = r.Clone()
	var read []definition
	for _, m := range metrics {
		if m.Fixed {
			r.AddAttrs(slog.Int(m.Name, 1))
		} else if !said[m.Name] {
			continue
		}
		read = append(read, definition{m.Name, m.Unit})
	}
	if len(read) > 0 {
		r.AddAttrs(slog.String("stage", h.stage), slog.String("function", h.function), slog.Any("_aws", envelope{ //nolint:sloglint // the format's own name
			Timestamp: r.Time.UnixMilli(),
			Directives: []directive{{
				Namespace: Namespace, Dimensions: [][]string{{"stage", "function"}}, Metrics: read,
			}},
		}))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the wrapping.
func (h embedding) WithAttrs(attrs []slog.Attr) slog.Handler {
	h.Handler = h.Handler.WithAttrs(attrs)
	return h
}

// WithGroup keeps the wrapping; what is in a group CloudWatch does not see.
func (h embedding) WithGroup(name string) slog.Handler {
	h.Handler, h.deep = h.Handler.WithGroup(name), true
	return h
}

// envelope is the embedded metric format's own member of a line.
// Source: CloudWatch user guide, "Specification: Embedded metric format".
type envelope struct {
	Timestamp  int64       `json:"Timestamp"` // ms since 1970
	Directives []directive `json:"CloudWatchMetrics"`
}

type directive struct {
	Namespace  string       `json:"Namespace"`
	Dimensions [][]string   `json:"Dimensions"`
	Metrics    []definition `json:"Metrics"`
}

type definition struct {
	Name string `json:"Name"`
	Unit Unit   `json:"Unit"`
}
