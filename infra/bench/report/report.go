// Package report keeps what was measured in one run, judges it by its targets, and
// prints it as tables and as JSON.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// Row is one measured figure, beside what it is compared with.
type Row struct {
	Section string `json:"section"`
	What    string `json:"what"`
	// Ours in Unit. A figure that could not be measured is not a row; Report.Note says why.
	Ours float64 `json:"ours"`
	Unit string  `json:"unit"`
	// Reference is what it is compared with, measured in the same run unless Than
	// says otherwise; 0: nothing.
	Reference float64 `json:"reference,omitempty"`
	Than      string  `json:"than,omitempty"` // what the reference is
	Target    Target  `json:"target,omitzero"`
	Judgement string  `json:"judgement,omitempty"` // "met", "NOT met"; filled by Add
}

// Target is what a figure is held to.
type Target struct {
	Most  float64 `json:"most,omitempty"`
	Least float64 `json:"least,omitempty"`
	Zero  bool    `json:"zero,omitempty"`  // it must be 0
	Ratio bool    `json:"ratio,omitempty"` // Most is about the ratio to the reference
}

// Most is a target: no more than that.
func Most(n float64) Target { return Target{Most: n} }

// Least is a target: no less than that.
func Least(n float64) Target { return Target{Least: n} }

// Times is a target for the ratio to the reference.
func Times(n float64) Target { return Target{Most: n, Ratio: true} }

// Zero is a target: none at all.
func Zero() Target { return Target{Zero: true} }

// Ratio to the reference; 0 where there is none.
func (r Row) Ratio() float64 {
	if r.Reference == 0 {
		return 0
	}
	return r.Ours / r.Reference
}

func (t Target) set() bool { return t != Target{} }

func (t Target) met(r Row) bool {
	ours := r.Ours
	if t.Ratio {
		ours = r.Ratio()
	}
	switch {
	case t.Zero:
		return ours == 0
	case t.Least > 0:
		return ours >= t.Least
	default:
		return ours <= t.Most
	}
}

func (t Target) text(unit string) string {
	switch {
	case !t.set():
		return ""
	case t.Zero:
		return "0"
	case t.Ratio:
		return fmt.Sprintf("≤ %s ×", Number(t.Most))
	case t.Least > 0:
		return fmt.Sprintf("≥ %s %s", Number(t.Least), unit)
	default:
		return fmt.Sprintf("≤ %s %s", Number(t.Most), unit)
	}
}

// Report is what one run measured.
type Report struct {
	Machine string   `json:"machine"`
	Commit  string   `json:"commit"`
	Began   string   `json:"began"`
	Seconds float64  `json:"seconds"`
	Rows    []Row    `json:"rows"`
	Notes   []string `json:"notes"` // what could not be measured, and on what a figure rests
}

// Add judges rows and keeps them.
func (r *Report) Add(rows ...Row) {
	for _, row := range rows {
		if row.Target.set() {
			row.Judgement = "NOT met"
			if row.Target.met(row) {
				row.Judgement = "met"
			}
		}
		r.Rows = append(r.Rows, row)
	}
}

// Note keeps a sentence.
func (r *Report) Note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// Missed lists the rows whose target is not met.
func (r *Report) Missed() []Row {
	return slices.Collect(func(yield func(Row) bool) {
		for _, row := range r.Rows {
			if row.Judgement == "NOT met" && !yield(row) {
				return
			}
		}
	})
}

// Print writes a section's figures, all of them.
func (r *Report) Print(to io.Writer, section string) {
	r.table(to, func(row Row) bool { return row.Section == section })
}

// Summary writes the figures that are held to a target, and the notes.
func (r *Report) Summary(to io.Writer) {
	r.table(to, func(row Row) bool { return row.Target.set() })
	for _, n := range r.Notes {
		_, _ = fmt.Fprintln(to, "note:", n)
	}
}

func (r *Report) table(to io.Writer, which func(Row) bool) {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "what\tours\treference in the same run\tratio\ttarget\t")
	for _, row := range r.Rows {
		if which(row) {
			_, _ = fmt.Fprintln(w, strings.Join(row.cells(), "\t")+"\t")
		}
	}
	_ = w.Flush()
}

func (r Row) cells() []string {
	reference, ratio := "", ""
	if r.Reference != 0 {
		reference, ratio = strings.TrimSpace(fmt.Sprintf("%s %s %s", Number(r.Reference), r.Unit, r.Than)), fmt.Sprintf("%.2f ×", r.Ratio())
	}
	return []string{r.What, strings.TrimSpace(Number(r.Ours) + " " + r.Unit), reference, ratio, r.Target.text(r.Unit), r.Judgement}
}

// Number writes a figure with three digits that count, and thousands apart.
func Number(n float64) string {
	size := math.Abs(n)
	switch {
	case n == 0:
		return "0"
	case size < 1000:
		digits := max(0, 2-int(math.Floor(math.Log10(size))))
		text := fmt.Sprintf("%.*f", min(digits, 6), n)
		if strings.Contains(text, ".") {
			text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
		}
		return text
	}
	text := fmt.Sprintf("%.0f", n)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// Save writes the report as JSON.
func (r *Report) Save(path string) error {
	raw, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	return os.WriteFile(path, append(raw, '\n'), 0o600)
}
