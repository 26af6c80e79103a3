package template_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/runtime/metrics"
)

var substituted = regexp.MustCompile(`\$\{([A-Za-z:]+)(\.\w+)?\}`)

// graphs gives what each graph of the dashboard shows, by its title.
func graphs(t *testing.T, template object) map[string][]read {
	t.Helper()
	boards := template.ofType("AWS::CloudWatch::Dashboard")
	if len(boards) != 1 {
		t.Fatalf("%d dashboards", len(boards))
	}
	var shown struct {
		Widgets []struct {
			Properties struct {
				Title   string
				Metrics [][]any
			}
		}
	}
	for _, board := range boards {
		body := regexp.MustCompile(`^!Sub `).ReplaceAllString(board.text("Properties", "DashboardBody"), "")
		if err := json.Unmarshal([]byte(body), &shown); err != nil {
			t.Fatalf("the dashboard's body is not JSON: %v\n%s", err, body)
		}
	}
	out := map[string][]read{}
	for _, w := range shown.Widgets {
		for _, m := range w.Properties.Metrics {
			words := make([]string, 0, len(m))
			for _, word := range m {
				if text, ok := word.(string); ok {
					words = append(words, text)
				}
			}
			r := read{words[0], words[1], map[string]string{}}
			for i := 2; i+1 < len(words); i += 2 {
				r.dimensions[words[i]] = words[i+1]
			}
			out[w.Properties.Title] = append(out[w.Properties.Title], r)
		}
	}
	return out
}

func TestTheDashboardShowsMetricsThatAreMade(t *testing.T) {
	template := parse(t, readTemplate(t))
	made, shown := made(), map[string]bool{}
	all := graphs(t, template)
	if len(all) < 6 {
		t.Fatalf("only %d graphs", len(all))
	}
	for title, looked := range all {
		for _, r := range looked {
			shown[r.name] = true
			if r.namespace != metrics.Namespace {
				for _, value := range r.dimensions {
					if in := substituted.FindStringSubmatch(value); in == nil || template.in("Resources", in[1]) == nil {
						t.Errorf("%q: %s is of %s, which the template does not have", title, r.name, value)
					}
				}
				continue
			}
			if !made[r.name] {
				t.Errorf("%q: no line bears %s", title, r.name)
			}
			if r.dimensions["stage"] != "${Stage}" || template.functions()[r.dimensions["function"]] == nil || len(r.dimensions) != 2 {
				t.Errorf("%q: %s is made by stage and function, not %v", title, r.name, r.dimensions)
			}
		}
	}
	for _, alarm := range template.ofType("AWS::CloudWatch::Alarm") {
		for _, r := range metricsOf(alarm) {
			if !shown[r.name] && r.name != "secret_reads" && r.name != "panics" && r.name != "failed" {
				t.Errorf("an alarm rests on %s, which no graph shows", r.name)
			}
		}
	}
}
