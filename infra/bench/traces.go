package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/sourcewhale/ashby-sync/infra/bench/gotest"
	"github.com/sourcewhale/ashby-sync/infra/bench/report"
	"github.com/sourcewhale/ashby-sync/infra/bench/rig"
)

// Targets of the trace.
const (
	mostCalls   = 1.25
	mostDollars = 5.00
)

// why each method is called: the step, or the question, that it is for.
var why = map[string]string{
	"candidate.createNote": "a note for each of five messages of a person",
	"candidate.info":       "what stands there, before a field is written (add, edit)",
	"candidate.update":     "all fields of an add or an edit that differ",
	"candidate.search":     "whether somebody who is not linked is there",
	"candidate.create":     "somebody who is not there",
	"source.list":          "the sources' ids, kept by the process",
	"customField.list":     "the fields' ids, kept by the process",
	"customField.setValue": "custom fields",
}

func (r *run) traces(ctx context.Context) error {
	for _, people := range sizes(r.people, 10) {
		out, err := gotest.Run(ctx, r.root, "-count=1", "-v", "-timeout=20m", "-run=Trace|Naive|Lost",
			"./infra/bench/rig", fmt.Sprintf("-people=%d", people))
		if err != nil {
			return err
		}
		r.trace(people, heard(out))
	}
	r.note("trace: 70 %% linked, 8 events each, 5 %% of the deliveries repeated, calls of 150 ms; list prices of us-east-1, tables that take 5/8/20 ms")
	return nil
}

// figures by name, in the order in which they were said.
type figures struct {
	by    map[string]rig.Figure
	order []rig.Figure
}

func heard(out []byte) figures {
	f := figures{by: map[string]rig.Figure{}}
	for line := range strings.Lines(string(out)) {
		if one, ok := rig.Heard(line); ok {
			f.by[one.Name] = one
			f.order = append(f.order, one)
		}
	}
	return f
}

func (r *run) trace(people int, f figures) {
	largest := people == r.people
	row := func(what, ours, naive string, target report.Target) {
		n, ok := f.by[ours]
		if !ok {
			return
		}
		one := report.Row{
			Section: "trace", What: fmt.Sprintf("%s, %s people", what, report.Number(float64(people))),
			Ours: n.Value, Unit: n.Unit, Target: target,
		}
		if reference, ok := f.by[naive]; ok {
			one.Reference, one.Than = reference.Value, "naive"
		}
		r.add(one)
	}
	row("calls to Ashby per event", "trace/calls_per_event", "naive/calls_per_event", report.Most(mostCalls))
	row("dollars per million events", "trace/dollars_per_million", "naive/dollars_per_million", report.Most(mostDollars))
	row("answers that were 429", "trace/statuses_429", "", report.Zero())
	row("notes written twice per million events, one answer in 100 lost", "lost/notes_doubled_per_million", "naive/notes_doubled_per_million", report.Zero())
	row("  rows written per event", "trace/rows_per_event", "naive/rows_per_event", report.Target{})
	row("  write units per event", "trace/write_units_per_event", "", report.Target{})
	row("  read units per event", "trace/read_units_per_event", "", report.Target{})
	if !largest {
		return
	}
	events := f.by["trace/events"].Value
	for _, one := range f.order {
		r.detail(one, events)
	}
}

// detail adds what a call was for, what a kind of row costs, and what dollars are for.
func (r *run) detail(one rig.Figure, events float64) {
	row := report.Row{Section: "trace", Ours: one.Value, Unit: one.Unit}
	switch kind, name := rest(one.Name); kind {
	case "calls":
		row.What, row.Ours, row.Unit = fmt.Sprintf("  %s: %s", name, why[name]), one.Value/events, "calls per event"
	case "write_units":
		row.What = "  write units per event, row " + name
	case "dollars":
		row.What = "  dollars per million, " + name
	default:
		return
	}
	r.add(row)
}

// rest reads trace/kind/name.
func rest(figure string) (kind, name string) {
	inner, ok := strings.CutPrefix(figure, "trace/")
	kind, name, both := strings.Cut(inner, "/")
	if !ok || !both {
		return "", ""
	}
	return kind, name
}
