package main

import (
	"log/slog"
	"strings"
	"testing"
)

// environment is what the template gives the function, beside an emulator that
// is not there: building the function calls nobody.
func environment() map[string]string {
	return map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
		"AWS_ACCESS_KEY_ID": "AKIDSAMPLE", "AWS_SECRET_ACCESS_KEY": "hunter2", "AWS_SESSION_TOKEN": "session",
		"CONFIG_TABLE": "config", "TIMELINE_TABLE": "timeline", "WORK_DLQ_URL": "http://127.0.0.1:1/1/dead.fifo",
		"WORK_QUEUE_URL": "http://127.0.0.1:1/1/work.fifo", "TEAM_SECRET_PREFIX": "team/", "ASHBY_BASE_URL": "http://127.0.0.1:1",
	}
}

func TestItIsBuiltFromItsEnvironment(t *testing.T) {
	values := environment()
	handle, err := wire(t.Context(), func(name string) string { return values[name] }, slog.New(slog.DiscardHandler))
	if err != nil || handle == nil {
		t.Fatalf("handler %v, error %v", handle != nil, err)
	}
}

func TestEveryMissingSettingIsNamedAtOnceAndNoValueIsRepeated(t *testing.T) {
	values := environment()
	optional := map[string]bool{"AWS_ENDPOINT_URL": true, "AWS_SESSION_TOKEN": true}
	for name := range values {
		if !optional[name] && name != "AWS_SECRET_ACCESS_KEY" {
			values[name] = " "
		}
	}
	_, err := wire(t.Context(), func(name string) string { return values[name] }, slog.New(slog.DiscardHandler))
	if err == nil {
		t.Fatal("it starts without its settings")
	}
	for name := range values {
		if told := strings.Contains(err.Error(), name+" "); told == (optional[name] || name == "AWS_SECRET_ACCESS_KEY") {
			t.Errorf("%s: told %v", name, told)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Error("a value is repeated")
	}
}
