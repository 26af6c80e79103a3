package report_test

import (
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/infra/bench/report"
)

func TestFiguresAreJudgedByTheirTargets(t *testing.T) {
	for _, c := range []struct {
		row  report.Row
		want string
	}{
		{report.Row{Ours: 5, Target: report.Most(5)}, "met"},
		{report.Row{Ours: 5.01, Target: report.Most(5)}, "NOT met"},
		{report.Row{Ours: 95, Target: report.Least(95)}, "met"},
		{report.Row{Ours: 94.9, Target: report.Least(95)}, "NOT met"},
		{report.Row{Ours: 4, Reference: 2, Target: report.Times(2.2)}, "met"},
		{report.Row{Ours: 4.5, Reference: 2, Target: report.Times(2.2)}, "NOT met"},
		{report.Row{Ours: 4.5, Target: report.Zero()}, "NOT met"},
		{report.Row{Target: report.Zero()}, "met"},
		{report.Row{Ours: 3}, ""},
	} {
		var r report.Report
		r.Add(c.row)
		if got := r.Rows[0].Judgement; got != c.want {
			t.Errorf("%+v: %q, want %q", c.row, got, c.want)
		}
		if missed := len(r.Missed()) == 1; missed != (c.want == "NOT met") {
			t.Errorf("%+v: missed %v", c.row, missed)
		}
	}
}

func TestTheSummaryHasWhatIsHeldToATarget(t *testing.T) {
	var r report.Report
	r.Add(report.Row{What: "start", Ours: 4.18, Unit: "ms", Reference: 1.9, Than: "hello", Target: report.Times(2.2)}, report.Row{What: "plain", Ours: 1})
	r.Note("on a busy machine")
	var out strings.Builder
	r.Summary(&out)
	for _, want := range []string{"4.18 ms", "1.9 ms hello", "2.20 ×", "≤ 2.2 ×", "on a busy machine"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "plain") {
		t.Error("the summary has what nothing is asked of")
	}
}

func TestNumbersHaveThreeDigitsThatCount(t *testing.T) {
	for n, want := range map[float64]string{0: "0", 0.5: "0.5", 0.96958: "0.97", 9.527: "9.53", 95.2: "95.2", 1234567: "1,234,567", 999.6: "1000", 12: "12", -1234: "-1,234"} {
		if got := report.Number(n); got != want {
			t.Errorf("%v: %s, want %s", n, got, want)
		}
	}
}
