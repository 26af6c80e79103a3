package load_test

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/bench/load"
)

func TestARunningServiceBearsALittleLoad(t *testing.T) {
	program := filepath.Join(t.TempDir(), "local")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./infra/local")
	build.Dir = "../../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s, err := load.Start(t.Context(), program, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	for name, do := range map[string]func() (load.Borne, error){
		"events": func() (load.Borne, error) {
			return s.Events(t.Context(), load.Bound{Requests: 12, Time: 5 * time.Minute, Callers: 3})
		},
		"settings": func() (load.Borne, error) {
			return s.Settings(t.Context(), load.Bound{Requests: 40, Time: 5 * time.Minute, Callers: 4})
		},
	} {
		got, err := do()
		if err != nil || got.Errors > 0 || got.Requests < 12 || got.P99 < got.P50 || got.P50 <= 0 || got.Memory[2] == 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestAServiceThatEndsAtOnceIsAnError(t *testing.T) {
	if _, err := load.Start(t.Context(), "/bin/false", t.TempDir()); err == nil {
		t.Error("nothing has started")
	}
}
