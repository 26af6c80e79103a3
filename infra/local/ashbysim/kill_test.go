package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// TestMain lets the test's own program stand in for the command, so that a test
// can kill it.
func TestMain(m *testing.M) {
	if os.Getenv("ASHBYSIM_AS_COMMAND") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestAKillLosesNothingThatWasAcknowledged(t *testing.T) {
	state := filepath.Join(t.TempDir(), "ashby.jsonl")
	log := &logbook{}
	command := exec.CommandContext(t.Context(), os.Args[0])
	command.Env = append(os.Environ(), "ASHBYSIM_AS_COMMAND=1", "ASHBY_ADDR=127.0.0.1:0", "ASHBY_STATE="+state)
	command.Stderr = log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	addr := listening(t, log)

	var acknowledged atomic.Int64
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for i := 0; ; i++ {
			status, err := send(t, addr, "candidate.create", fmt.Sprintf(`{"name":"Person %d"}`, i))
			if err != nil {
				return // killed
			}
			if status == http.StatusOK {
				acknowledged.Add(1)
			}
		}
	}()
	for deadline := time.Now().Add(10 * time.Second); acknowledged.Load() < 50; {
		if time.Now().After(deadline) {
			t.Fatal("too few calls")
		}
		<-time.After(time.Millisecond)
	}
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait() // it was killed, and says so
	<-stopped

	ashby, err := ashbytest.Open(ashbytest.Config{}, state)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ashby.Close() }()
	made, applied := 0, true
	for _, c := range ashby.Dump("")[0].Candidates {
		if regexp.MustCompile(`^Person \d+$`).MatchString(c.Name) {
			made++
		}
	}
	logged := len(ashby.Calls(ashbytest.CallFilter{Applied: &applied}))
	// The last one may have been applied without its answer getting out.
	if sure := int(acknowledged.Load()); made < sure || made > sure+1 || logged != made {
		t.Errorf("%d acknowledged, %d in the state, %d in the log", sure, made, logged)
	}
}
