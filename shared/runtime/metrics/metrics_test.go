package metrics_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
	"github.com/sourcewhale/ashby-sync/shared/runtime/metrics"
)

// line logs once and gives the line as CloudWatch reads it.
func line(t *testing.T, say func(*slog.Logger)) map[string]any {
	t.Helper()
	var out bytes.Buffer
	say(metrics.Embed(logging.New(&out, "info"), "dev", "sweep"))
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, out.Bytes())
	}
	return got
}

func defined(t *testing.T, got map[string]any) map[string]string {
	t.Helper()
	aws, ok := got["_aws"].(map[string]any)
	if !ok {
		return nil
	}
	d := aws["CloudWatchMetrics"].([]any)[0].(map[string]any)
	if d["Namespace"] != metrics.Namespace || aws["Timestamp"].(float64) <= 0 {
		t.Errorf("envelope %v", aws)
	}
	for _, dimension := range d["Dimensions"].([]any)[0].([]any) {
		if _, ok := got[dimension.(string)].(string); !ok {
			t.Errorf("dimension %v is no member of the line %v", dimension, got)
		}
	}
	found := map[string]string{}
	for _, m := range d["Metrics"].([]any) {
		one := m.(map[string]any)
		name := one["Name"].(string)
		if _, ok := got[name].(float64); !ok {
			t.Errorf("metric %s is no number in %v", name, got)
		}
		found[name] = one["Unit"].(string)
	}
	return found
}

func TestALineOfTheTableBearsTheMetricsThatItSays(t *testing.T) {
	got := line(t, func(log *slog.Logger) { log.Info("swept", "teams", 3, "late", 1, "team", "t1") })
	want := map[string]string{"teams": "Count", "late": "Count"}
	if found := defined(t, got); len(found) != 2 || found["teams"] != want["teams"] || found["late"] != want["late"] {
		t.Errorf("metrics %v, want %v", found, want)
	}
	if got["stage"] != "dev" || got["function"] != "sweep" || got["team"] != "t1" {
		t.Errorf("line %v", got)
	}
}

func TestALineThatCountsByItselfIsOne(t *testing.T) {
	got := line(t, func(log *slog.Logger) { log.Warn("key refused", "team", "t1") })
	if defined(t, got)["keys_refused"] != "Count" || got["keys_refused"] != 1.0 {
		t.Errorf("line %v", got)
	}
}

func TestOtherLinesStayAsTheyAre(t *testing.T) {
	for name, say := range map[string]func(*slog.Logger){
		"no metric":      func(log *slog.Logger) { log.Info("webhook", "events", 3) },
		"nothing said":   func(log *slog.Logger) { log.Info("swept", "duration", 3) },
		"inside a group": func(log *slog.Logger) { log.WithGroup("g").Info("swept", "teams", 3) },
	} {
		if got := line(t, say); got["_aws"] != nil || got["stage"] != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestNoMetricIsByTeamAndEachNameIsOneMeaning(t *testing.T) {
	units := map[string]metrics.Unit{}
	for message, list := range metrics.Lines() {
		for _, m := range list {
			if before, ok := units[m.Name]; ok && before != m.Unit {
				t.Errorf("%s of %q has another unit elsewhere", m.Name, message)
			}
			units[m.Name] = m.Unit
		}
	}
}
