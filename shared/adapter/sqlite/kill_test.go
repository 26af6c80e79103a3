package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

const doomedFile = "SQLITE_TEST_DOOMED_FILE"

// TestMain lets the test binary play the process that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(doomedFile); path != "" {
		if err := doomed(path); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		fmt.Println("done")
		select {} // until it is killed; nothing is closed
	}
	os.Exit(m.Run())
}

// doomed sends three messages of a group, deletes the first, leaves the second
// in flight, and stores a secret.
func doomed(path string) error {
	ctx := context.Background()
	db, err := Open(ctx, path, time.Now)
	if err != nil {
		return err
	}
	q := db.Queue("work", QueueOptions{FIFO: true})
	for _, body := range []string{"a", "b", "c"} {
		if err := q.Send(ctx, queue.Message{Body: body, Group: "g", Dedup: body}); err != nil {
			return err
		}
	}
	got, err := q.Receive(ctx, 1, 0, time.Hour)
	if err != nil {
		return err
	}
	if err := q.Delete(ctx, got[0].Receipt); err != nil {
		return err
	}
	if _, err := q.Receive(ctx, 1, 0, time.Hour); err != nil {
		return err
	}
	return db.Secrets().Put(ctx, "key", "v1", secret.NewValue("kept"))
}

func TestKilledProcessLosesNothingItWasToldIsDone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	process := exec.CommandContext(t.Context(), os.Args[0])
	process.Env = append(os.Environ(), doomedFile+"="+path)
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "done\n" {
		t.Fatalf("it said %q, %v", line, err)
	}
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = process.Wait()

	now := time.Now()
	db := openFile(t, path, func() time.Time { return now })
	q := db.Queue("work", QueueOptions{FIFO: true})
	receive(t, q, 0, time.Minute) // b is in flight and closes its group
	send(t, q, queue.Message{Body: "c", Group: "g", Dedup: "c"})
	now = now.Add(time.Hour)
	got := receive(t, q, 0, time.Minute, "b", "c")
	if got[0].Receives != 2 || got[1].Receives != 1 {
		t.Errorf("received %d and %d times, want 2 and 1", got[0].Receives, got[1].Receives)
	}
	value, version, err := db.Secrets().Get(t.Context(), "key", "")
	if err != nil || value.Reveal() != "kept" || version != "v1" {
		t.Errorf("secret %q of %q, %v", value.Reveal(), version, err)
	}
}
