package main

import (
	"log/slog"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/runtime/env/envtest"
)

// environment is what the template gives the function, beside an emulator that
// is not there: building the function calls nobody.
func environment() map[string]string {
	return map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
		"AWS_ACCESS_KEY_ID": "AKIDSAMPLE", "AWS_SECRET_ACCESS_KEY": "hunter2", "AWS_SESSION_TOKEN": "session",
		"CONFIG_TABLE": "config", "TIMELINE_TABLE": "timeline", "CANDIDATES_TABLE": "candidates", "WORK_DLQ_URL": "http://127.0.0.1:1/1/dead.fifo",
		"WORK_QUEUE_URL": "http://127.0.0.1:1/1/work.fifo", "TEAM_SECRET_PREFIX": "team/", "ASHBY_BASE_URL": "http://127.0.0.1:1",
	}
}

func TestItIsBuiltFromItsEnvironmentAndTellsWhatIsMissing(t *testing.T) {
	envtest.Suite(t, environment(), func(getenv func(string) string) error {
		handle, err := wire(t.Context(), getenv, slog.New(slog.DiscardHandler))
		if (handle == nil) != (err != nil) {
			t.Errorf("handler %v, error %v", handle != nil, err)
		}
		return err
	}, "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN")
}

func TestLessThanHalfAMinuteIsLeftToAshbyBesideAnEmulatorOnly(t *testing.T) {
	for settle, allowed := range map[string]struct{ emulated, inAWS bool }{
		"": {true, true}, "1s": {true, false}, "29s": {true, false}, "30s": {true, true}, "300s": {true, true}, "301s": {}, "120": {},
	} {
		env := environment()
		env["ASHBY_SETTLE"], env["ASHBY_BASE_URL"] = settle, "https://ashby.example"
		lookup := func(name string) string { return env[name] }
		if _, err := read(lookup); (err == nil) != allowed.emulated {
			t.Errorf("%q beside an emulator: %v", settle, err)
		}
		delete(env, "AWS_ENDPOINT_URL")
		if _, err := read(lookup); (err == nil) != allowed.inAWS {
			t.Errorf("%q in AWS: %v", settle, err)
		}
	}
}
