package sqlite

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/queue/queuetest"
	"github.com/sourcewhale/ashby-sync/shared/port/secret/secrettest"
)

func TestQueuePassesTheSuite(t *testing.T) {
	queuetest.Suite(t, func(t *testing.T, s queuetest.Setup) (q, dead queue.Queue) {
		db := openFile(t, filepath.Join(t.TempDir(), "state.db"), time.Now)
		o := QueueOptions{FIFO: s.FIFO}
		if s.MaxReceives > 0 {
			o.DeadLetter, o.MaxReceives = "dead", s.MaxReceives
		}
		return db.Queue("work", o), db.Queue("dead", QueueOptions{FIFO: s.FIFO})
	}, nil)
}

func TestSecretsPassTheSuite(t *testing.T) {
	secrettest.Suite(t, openFile(t, filepath.Join(t.TempDir(), "state.db"), time.Now).Secrets(), nil)
}

func TestFileWithSecretsIsReadableByItsOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	if err := os.WriteFile(path, nil, 0o644); err != nil { // what Open has to mend
		t.Fatal(err)
	}
	send(t, openFile(t, path, time.Now).Queue("work", QueueOptions{}), queue.Message{Body: "x"})
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v; want 0600", name, info.Mode(), err)
		}
	}
}

func send(t *testing.T, q queue.Sender, messages ...queue.Message) {
	t.Helper()
	if err := q.Send(t.Context(), messages...); err != nil {
		t.Fatal(err)
	}
}

// receive checks the bodies that one call gives.
func receive(t *testing.T, q queue.Receiver, wait, visibility time.Duration, want ...string) []queue.Delivery {
	t.Helper()
	got, err := q.Receive(t.Context(), queue.MaxBatch, wait, visibility)
	if err != nil {
		t.Fatal(err)
	}
	var bodies []string
	for _, d := range got {
		bodies = append(bodies, d.Body)
	}
	if !slices.Equal(bodies, want) {
		t.Fatalf("received %v, want %v", bodies, want)
	}
	return got
}

// simulated runs a test on simulated time, with a file of its own.
func simulated(t *testing.T, test func(t *testing.T, db *DB)) {
	path := filepath.Join(t.TempDir(), "state.db")
	synctest.Test(t, func(t *testing.T) { test(t, openFile(t, path, time.Now)) })
}

func TestReceiverWakesAtTheMomentAMessageIsDue(t *testing.T) {
	simulated(t, func(t *testing.T, db *DB) {
		q := db.Queue("work", QueueOptions{})
		begun := time.Now()
		after := func(want time.Duration) {
			t.Helper()
			if got := time.Since(begun); got != want {
				t.Fatalf("woke after %v, want %v", got, want)
			}
		}
		send(t, q, queue.Message{Body: "late", Delay: 1234 * time.Millisecond})
		got := receive(t, q, time.Minute, 700*time.Millisecond, "late")
		after(1234 * time.Millisecond)
		receive(t, q, time.Minute, time.Hour, "late")
		after(1934 * time.Millisecond)
		if err := q.Delete(t.Context(), got[0].Receipt); !fault.Is(err, fault.Conflict) {
			t.Fatalf("an old receipt deletes: %v", err)
		}
	})
}

func TestReceiverWakesAtOnceForWhatThisProcessDoes(t *testing.T) {
	simulated(t, func(t *testing.T, db *DB) {
		q := db.Queue("work", QueueOptions{FIFO: true, DeadLetter: "dead", MaxReceives: 2})
		for _, step := range []struct {
			what string
			do   func()
		}{
			{"send", func() {
				send(t, q, queue.Message{Body: "a", Group: "g", Dedup: "a"}, queue.Message{Body: "b", Group: "g", Dedup: "b"})
			}},
			{"release", func() {
				if err := q.Release(t.Context(), 0, inFlight(t, db)...); err != nil {
					t.Error(err)
				}
			}},
		} {
			begun := time.Now()
			go func() {
				time.Sleep(10 * time.Millisecond)
				step.do()
			}()
			receive(t, q, time.Minute, time.Hour, "a", "b")
			if took := time.Since(begun); took != 10*time.Millisecond {
				t.Fatalf("%s: woke after %v", step.what, took)
			}
		}
	})
}

// inFlight gives the receipts of every message in flight.
func inFlight(t *testing.T, db *DB) (receipts []string) {
	t.Helper()
	rows, err := db.reader.QueryContext(t.Context(), `SELECT seq || '.' || receipt FROM message WHERE receipt <> '' ORDER BY seq`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var receipt string
		if err := rows.Scan(&receipt); err != nil {
			t.Fatal(err)
		}
		receipts = append(receipts, receipt)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return receipts
}

func TestReceiverOfDeadLettersWakesWhenOneIsBuried(t *testing.T) {
	simulated(t, func(t *testing.T, db *DB) {
		q, dead := db.Queue("work", QueueOptions{DeadLetter: "dead", MaxReceives: 1}), db.Queue("dead", QueueOptions{})
		send(t, q, queue.Message{Body: "poison"})
		receive(t, q, 0, time.Second, "poison")
		go func() {
			time.Sleep(1100 * time.Millisecond)
			receive(t, q, 0, time.Second)
		}()
		begun := time.Now()
		receive(t, dead, time.Minute, time.Hour, "poison")
		if took := time.Since(begun); took != 1100*time.Millisecond {
			t.Fatalf("woke after %v", took)
		}
	})
}

func TestReceiverFindsWhatAnotherProcessSent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	synctest.Test(t, func(t *testing.T) {
		here, there := openFile(t, path, time.Now), openFile(t, path, time.Now)
		go func() {
			time.Sleep(time.Millisecond)
			send(t, there.Queue("work", QueueOptions{}), queue.Message{Body: "x"})
		}()
		begun := time.Now()
		receive(t, here.Queue("work", QueueOptions{}), time.Minute, time.Hour, "x")
		if took := time.Since(begun); took > otherProcess {
			t.Fatalf("found after %v", took)
		}
	})
}

func TestWaitEndsEmptyWhenNothingComes(t *testing.T) {
	simulated(t, func(t *testing.T, db *DB) {
		begun := time.Now()
		receive(t, db.Queue("work", QueueOptions{}), 7*time.Second, time.Hour)
		if took := time.Since(begun); took != 7*time.Second {
			t.Fatalf("waited %v", took)
		}
	})
}

func TestWaitingReceiverLeavesWithItsCaller(t *testing.T) {
	simulated(t, func(t *testing.T, db *DB) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		_, err := db.Queue("work", QueueOptions{}).Receive(ctx, 1, time.Minute, time.Hour)
		if !fault.Is(err, fault.Unavailable) || time.Since(begun) != time.Second {
			t.Fatalf("%v after %v", err, time.Since(begun))
		}
	})
}

func TestDeduplicationEndsWithItsWindowAndIsPerQueue(t *testing.T) {
	simulated(t, func(t *testing.T, db *DB) {
		q, other := db.Queue("work", QueueOptions{FIFO: true}), db.Queue("other", QueueOptions{FIFO: true})
		m := queue.Message{Body: "x", Group: "g", Dedup: "d"}
		take := func(want ...string) {
			t.Helper()
			for _, d := range receive(t, q, 0, time.Hour, want...) {
				if err := q.Delete(t.Context(), d.Receipt); err != nil {
					t.Fatal(err)
				}
			}
		}
		send(t, q, m)
		take("x")
		send(t, other, m)
		receive(t, other, 0, time.Hour, "x")
		time.Sleep(queue.DedupWindow - time.Millisecond)
		send(t, q, m)
		take()
		time.Sleep(time.Millisecond)
		send(t, q, m)
		take("x")
	})
}

func TestDeleteGoesOnBehindAStaleReceipt(t *testing.T) {
	simulated(t, func(t *testing.T, db *DB) {
		q := db.Queue("work", QueueOptions{})
		send(t, q, queue.Message{Body: "a"}, queue.Message{Body: "b"})
		got := receive(t, q, 0, time.Hour, "a", "b")
		if err := q.Delete(t.Context(), "nonsense", got[1].Receipt); !fault.Is(err, fault.Conflict) {
			t.Fatalf("got %v, want conflict", err)
		}
		time.Sleep(time.Hour)
		receive(t, q, 0, time.Hour, "a")
	})
}

func TestQueuesOfOneFileAreApart(t *testing.T) {
	simulated(t, func(t *testing.T, db *DB) {
		one, two := db.Queue("one", QueueOptions{FIFO: true}), db.Queue("two", QueueOptions{FIFO: true})
		m := func(body string) queue.Message { return queue.Message{Body: body, Group: "g", Dedup: body} }
		send(t, one, m("1"))
		send(t, two, m("2"))
		got := receive(t, one, 0, time.Hour, "1")
		receive(t, two, 0, time.Hour, "2")
		if err := two.Delete(t.Context(), got[0].Receipt); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		receive(t, one, 0, time.Hour, "1")
	})
}
