package tether_test

import (
	"bufio"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/tether"
)

// run starts a shell script and waits for its first line.
func run(t *testing.T, script string, after func()) *tether.Process {
	t.Helper()
	cmd := exec.Command("/bin/sh", "-c", script)
	lines, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	in, held, err := os.Pipe() // its input ends with the test
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _, _ = lines.Close(), in.Close(), held.Close() })
	cmd.Stdin, cmd.Stdout = in, out
	p, err := tether.Start(cmd, after)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Stop(0) })
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(lines).ReadString('\n'); line != "up\n" {
		t.Fatalf("it said %q, %v", line, err)
	}
	return p
}

func TestAProcessIsAskedToEndAndIsGoneThen(t *testing.T) {
	cleaned := false
	p := run(t, "echo up; exec cat", func() { cleaned = true })
	p.Stop(time.Minute)
	p.Stop(time.Minute) // again is no harm
	<-p.Ended()
	if !cleaned || p.String() != "signal: terminated" {
		t.Errorf("%s, cleaned up: %v", p, cleaned)
	}
}

func TestAProcessThatWillNotEndIsKilled(t *testing.T) {
	p := run(t, "trap '' TERM; echo up; exec cat", nil)
	p.Stop(time.Millisecond)
	if p.String() != "signal: killed" {
		t.Errorf("%s", p)
	}
}

func TestAProgramThatIsNotThereIsNoProcess(t *testing.T) {
	if p, err := tether.Start(exec.Command("/nowhere/at/all"), nil); err == nil {
		t.Errorf("started %v", p)
	}
}
