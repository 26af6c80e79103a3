package template_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/runtime/metrics"
)

// read is a metric that an alarm looks at.
type read struct {
	namespace, name string
	dimensions      map[string]string
}

// metricsOf gives what an alarm looks at: one metric, or those that its sum is over.
func metricsOf(alarm object) []read {
	var found []read
	for _, m := range append(alarm.list("Properties", "Metrics"), alarm.in("Properties")) {
		one, _ := m.(object)
		if stat := one.in("MetricStat", "Metric"); stat != nil {
			one = stat
		}
		if one["MetricName"] == nil {
			continue // the sum itself
		}
		r := read{one.text("Namespace"), one.text("MetricName"), map[string]string{}}
		for _, d := range one.list("Dimensions") {
			dimension, _ := d.(object)
			r.dimensions[dimension.text("Name")] = dimension.text("Value")
		}
		found = append(found, r)
	}
	return found
}

// made gives the names of the metrics that the code makes.
func made() map[string]bool {
	names := map[string]bool{}
	for _, list := range metrics.Lines() {
		for _, m := range list {
			names[m.Name] = true
		}
	}
	return names
}

func TestAlarmsRestOnMetricsThatTheCodeMakes(t *testing.T) {
	template := parse(t, readTemplate(t))
	made := made()
	alarms := template.ofType("AWS::CloudWatch::Alarm")
	if len(alarms) < 10 {
		t.Fatalf("only %d alarms", len(alarms))
	}
	for id, alarm := range alarms {
		looked := metricsOf(alarm)
		if len(looked) == 0 {
			t.Errorf("%s looks at nothing", id)
		}
		for _, r := range looked {
			if r.namespace != metrics.Namespace {
				if !strings.HasPrefix(r.namespace, "AWS/") || len(r.dimensions) == 0 {
					t.Errorf("%s looks at %s %s", id, r.namespace, r.name)
				}
				continue
			}
			if !made[r.name] {
				t.Errorf("%s looks at %s, which no line bears", id, r.name)
			}
			if r.dimensions["stage"] != "!Ref Stage" || template.functions()[r.dimensions["function"]] == nil || len(r.dimensions) != 2 {
				t.Errorf("%s: %s is made by stage and function, not %v", id, r.name, r.dimensions)
			}
		}
		for _, when := range []string{"AlarmActions", "OKActions"} {
			if actions := alarm.list("Properties", when); len(actions) != 1 || !strings.HasPrefix(written(actions[0]), "!If ") {
				t.Errorf("%s tells nobody by %s: %v", id, when, actions)
			}
		}
	}
}

var section = regexp.MustCompile(`(?m)^## (\w+)$`)

func TestEveryAlarmHasASectionOfTheRunbook(t *testing.T) {
	text, err := os.ReadFile("../runbook.md")
	if err != nil {
		t.Fatal(err)
	}
	book := string(text)
	places := section.FindAllStringSubmatchIndex(book, -1)
	sections := map[string]string{}
	for i, at := range places {
		end := len(book)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		sections[book[at[2]:at[3]]] = book[at[1]:end]
	}
	alarms := parse(t, readTemplate(t)).ofType("AWS::CloudWatch::Alarm")
	for id := range alarms {
		for _, part := range []string{"**Meaning.**", "**Look here.**", "**Do this.**", "**Wake someone**"} {
			if !strings.Contains(sections[id], part) {
				t.Errorf("the runbook's section of %s has no %s", id, part)
			}
		}
	}
	for name := range sections {
		if alarms[name] == nil {
			t.Errorf("the runbook has a section of %s, which is no alarm", name)
		}
	}
}
