package start_test

import (
	"path/filepath"
	"testing"

	"github.com/sourcewhale/ashby-sync/infra/bench/start"
	"github.com/sourcewhale/ashby-sync/infra/local/deployment"
)

func TestAProgramIsTimedUntilItAsksAndUntilItAnswers(t *testing.T) {
	into := t.TempDir()
	if err := deployment.BuildPackages(t.Context(), "../../..", into, "./functions/console"); err != nil {
		t.Fatal(err)
	}
	event := []byte(`{"version":"2.0","rawPath":"/","requestContext":{"http":{"method":"GET","path":"/"}}}`)
	taken, err := start.Measure(t.Context(), []start.Program{{Name: "console", Path: filepath.Join(into, "console"), Event: event}}, 3)
	if err != nil {
		t.Fatal(err)
	}
	one := taken[0]
	if one.Ready.Median <= 0 || one.Answer.Median < one.Ready.Median || one.Ready.P90 < one.Ready.Median || one.Faults <= 0 {
		t.Errorf("%+v", one)
	}
}

func TestAProgramThatCannotStartIsAnErrorThatNamesIt(t *testing.T) {
	if _, err := start.Measure(t.Context(), []start.Program{{Name: "nothing", Path: "/nowhere"}}, 1); err == nil {
		t.Error("what is not there has started")
	}
}
