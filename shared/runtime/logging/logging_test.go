package logging_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
)

func TestLinesBearTheContextsIdentity(t *testing.T) {
	var out bytes.Buffer
	log := logging.New(&out, "info").With("function", "intake")
	ctx := logging.With(t.Context(), slog.String("request_id", "r1"))
	inner := logging.With(ctx, slog.String("team", "t1"))
	sibling := logging.With(ctx, slog.String("team", "t2"))
	log.InfoContext(inner, "done", "events", 3)
	_ = sibling

	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("not JSON: %q", out.String())
	}
	for k, want := range map[string]any{"msg": "done", "request_id": "r1", "team": "t1", "events": 3.0, "function": "intake"} {
		if line[k] != want {
			t.Errorf("%s = %v, want %v", k, line[k], want)
		}
	}
}

func TestLevelComesByNameAndDefaultsToInfo(t *testing.T) {
	for level, want := range map[string]int{"debug": 3, "DEBUG": 3, "info": 2, "": 2, "loud": 2, "warn": 1, "ERROR": 0} {
		var out bytes.Buffer
		log := logging.New(&out, level)
		log.Debug("d")
		log.Info("i")
		log.Warn("w")
		if got := strings.Count(out.String(), "\n"); got != want {
			t.Errorf("level %q: %d lines, want %d", level, got, want)
		}
	}
}

func TestErrorsShowKindCodeAndCause(t *testing.T) {
	var out bytes.Buffer
	cause := fault.New(fault.Unavailable, "queue_down", "try again").Because(errors.New("dial refused"))
	logging.New(&out, "").Info("failed", logging.Error(cause))
	for _, want := range []string{`"kind":"unavailable"`, `"code":"queue_down"`, "dial refused"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s missing in %s", want, out.String())
		}
	}
	out.Reset()
	logging.New(&out, "").Info("fine", logging.Error(nil))
	if strings.Contains(out.String(), "error") {
		t.Errorf("no error, yet %s", out.String())
	}
}

func TestSecretsDoNotPrintThemselves(t *testing.T) {
	var out bytes.Buffer
	v := secret.NewValue("hunter2")
	logging.New(&out, "").Info("x", "value", v, "any", map[string]any{"v": v})
	if strings.Contains(out.String(), "hunter2") {
		t.Errorf("leaked: %s", out.String())
	}
}
