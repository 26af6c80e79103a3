package main

import (
	"os"
	"syscall"
	"testing"
)

func TestCommandGivesItsExitCodeOn(t *testing.T) {
	for script, want := range map[string]int{"exit 0": 0, "exit 7": 7, "kill -9 $$": 128 + 9, `test "$PROBE" = x || exit 5`: 0} {
		code, err := command([]string{"sh", "-c", script}, append(os.Environ(), "PROBE=x"), nil)
		if err != nil || code != want {
			t.Errorf("%s: %d, %v; want %d", script, code, err, want)
		}
	}
}

func TestSignalsArePassedOnToTheCommand(t *testing.T) {
	signals := make(chan os.Signal, 1)
	signals <- syscall.SIGTERM
	code, err := command([]string{"sleep", "60"}, os.Environ(), signals)
	if err != nil || code != 128+int(syscall.SIGTERM) {
		t.Fatalf("%d, %v", code, err)
	}
}

func TestCommandThatIsNotThereIsAnError(t *testing.T) {
	if code, err := command([]string{"/no/such/command"}, nil, nil); err == nil || code != 1 {
		t.Fatalf("%d, %v", code, err)
	}
}
