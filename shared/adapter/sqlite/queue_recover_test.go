package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/sqlite"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

func TestRecoverGivesBackWhatADeadProcessHeldAndNothingElse(t *testing.T) {
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "state.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	q := db.Queue("work", sqlite.QueueOptions{})
	if err := q.Send(t.Context(), queue.Message{Body: "held"}, queue.Message{Body: "delayed", Delay: 10 * time.Minute}); err != nil {
		t.Fatal(err)
	}
	receive := func() []queue.Delivery {
		got, err := q.Receive(t.Context(), 10, 0, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if first := receive(); len(first) != 1 {
		t.Fatalf("received %+v, want the message without a delay", first)
	}
	if hidden := receive(); len(hidden) != 0 {
		t.Fatalf("received %+v, want nothing while it is held", hidden)
	}
	if err := db.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again := receive(); len(again) != 1 || again[0].Body != "held" || again[0].Receives != 2 {
		t.Errorf("received %+v, want the held message for the second time", again)
	}
}
