package bulk_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/job"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/table/tabletest"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/usecase/bulk"
	"github.com/sourcewhale/ashby-sync/shared/usecase/inbox"
	"github.com/sourcewhale/ashby-sync/shared/usecase/record"
	"github.com/sourcewhale/ashby-sync/shared/usecase/request"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// world is a foreman over a real timeline in memory, whose writes may be lost.
type world struct {
	table  *memory.Table
	lossy  *tabletest.Lossy
	store  *timeline.Store
	mu     sync.Mutex
	tokens int
	now    time.Time
}

func newWorld() *world {
	w := &world{now: noon}
	w.table = memory.NewTable(w.clock)
	w.lose(nil)
	return w
}

func (w *world) clock() time.Time { return w.now }

func (w *world) lose(plan func(int) tabletest.Loss) {
	if plan == nil {
		plan = func(int) tabletest.Loss { return tabletest.None }
	}
	w.lossy = tabletest.NewLossy(w.table, plan)
	w.store = timeline.New(w.lossy, w.clock, w.token)
}

func (w *world) token() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokens++
	return fmt.Sprintf("token%d", w.tokens)
}

// silent is a bell, settings and users in which nothing is.
type silent struct{}

func (silent) Ring(context.Context, string) error { return nil }

func (silent) LayersAt(context.Context, string, string, time.Time) ([]setting.Layer, error) {
	return nil, nil
}

func (silent) SeeUser(context.Context, string, caller.Sighting) error { return nil }

func (w *world) recorder() *record.Recorder {
	return &record.Recorder{
		Ledger: w.store, Hooks: w.store, Settings: silent{}, Users: silent{}, Bell: silent{}, Now: w.clock, Log: slog.New(slog.DiscardHandler),
	}
}

func (w *world) foreman() *bulk.Foreman {
	return &bulk.Foreman{
		Store: w.store, Ledger: w.store, Bell: silent{}, Now: w.clock, Token: w.token,
		Requests: &request.Requester{Recorder: w.recorder(), People: w.store, Now: w.clock},
		Causes:   &inbox.Inbox{Store: w.store, Ledger: w.store, Bell: silent{}, Now: w.clock},
	}
}

func (w *world) work(t *testing.T) {
	t.Helper()
	for range 100 {
		more, err := w.foreman().Work(context.Background(), "t1")
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return
		}
	}
	t.Fatal("it does not end")
}

// known makes people that were heard of.
func (w *world) known(t *testing.T, n int) (people []string) {
	t.Helper()
	for i := range n {
		id := fmt.Sprintf("p%d", i)
		to := delivery.PersonChange{}
		to.To.Team, to.To.ID = "t1", id
		if _, err := w.store.SavePerson(context.Background(), "t1", to); err != nil {
			t.Fatal(err)
		}
		people = append(people, id)
	}
	return people
}

// asked counts the events on the people's timelines, and fails where one has more
// than one.
func (w *world) asked(t *testing.T, people []string) (n int) {
	t.Helper()
	for _, p := range people {
		line, _, err := w.store.Timeline(context.Background(), "t1", p, "", 10)
		if err != nil || len(line) > 1 {
			t.Errorf("%s has %d requests, %v", p, len(line), err)
		}
		for _, r := range line {
			if r.Class != delivery.Bulk {
				t.Errorf("a request of a job is %s", r.Class)
			}
		}
		n += len(line)
	}
	return n
}

func TestAJobIsDoneInSlicesAndLeavesTheDueList(t *testing.T) {
	w := newWorld()
	people := w.known(t, 60)
	made, err := w.foreman().People(context.Background(), "t1", "ann", job.Push, append(people, people[0]))
	if err != nil {
		t.Fatal(err)
	}
	if due, _ := w.store.ChoreDue(context.Background(), "t1", w.now); !due {
		t.Error("nothing says that there is a job")
	}
	if more, err := w.foreman().Work(context.Background(), "t1"); !more || err != nil || w.asked(t, people) != 25 {
		t.Errorf("after a slice: %v, %v, %d", more, err, w.asked(t, people))
	}
	w.work(t)
	got, err := w.foreman().Job(context.Background(), "t1", made.ID)
	if err != nil || got.Total != 60 || got.Sent != 60 || got.Job.State != job.Done || got.State != job.Running || got.Forecast != 12*time.Second {
		t.Errorf("got %+v, %v", got, err)
	}
	if due, _ := w.store.ChoreDue(context.Background(), "t1", w.now); due || w.asked(t, people) != 60 {
		t.Errorf("due %v, asked %d", due, w.asked(t, people))
	}
}

// A crash is a process whose writes fail from some point on.
func TestACrashAnywhereInAJobLosesNothingAndAsksNobodyTwice(t *testing.T) {
	count := newWorld()
	people := count.known(t, 30)
	if _, err := count.foreman().People(context.Background(), "t1", "ann", job.Push, people); err != nil {
		t.Fatal(err)
	}
	count.lose(nil)
	count.work(t)
	for n := 1; n <= count.lossy.Writes(); n += 7 {
		for _, loss := range []tabletest.Loss{tabletest.Down, tabletest.LostAnswer} {
			w := newWorld()
			people := w.known(t, 30)
			made, err := w.foreman().People(context.Background(), "t1", "ann", job.Push, people)
			if err != nil {
				t.Fatal(err)
			}
			w.lose(tabletest.First(n, 1_000_000, loss))
			for more := true; more; {
				more, _ = w.foreman().Work(context.Background(), "t1") // it crashes
			}
			w.lose(nil)
			w.work(t)
			got, err := w.foreman().Job(context.Background(), "t1", made.ID)
			if err != nil || got.Job.State != job.Done || got.Sent != 30 || w.asked(t, people) != 30 {
				t.Errorf("%v from write %d on: %+v, %v, asked %d", loss, n, got.Job, err, w.asked(t, people))
			}
		}
	}
}

// broken is a place of requests that is out of order.
type broken struct{ bulk.Requests }

func (broken) Request(context.Context, string, string, event.Type, string, string) error {
	return fault.New(fault.Internal, "broken", "it is broken")
}

func TestAJobThatAlwaysFailsIsGivenUpInSight(t *testing.T) {
	w := newWorld()
	made, err := w.foreman().People(context.Background(), "t1", "ann", job.Push, w.known(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	f := w.foreman()
	f.Requests = broken{f.Requests}
	tries := 0
	for ; tries < 1000; tries++ {
		if _, err := f.Work(context.Background(), "t1"); err == nil {
			break
		}
	}
	got, err := w.foreman().Job(context.Background(), "t1", made.ID)
	if err != nil || tries != job.Patience || got.State != job.Failed || len(got.Errors) != 1 || got.Errors[0].Code != "broken" {
		t.Errorf("after %d tries: %+v, %v", tries, got, err)
	}
}

// rejected makes an event that Ashby refused.
func (w *world) rejected(t *testing.T, id string) {
	t.Helper()
	e := event.Event{ID: id, Team: "t1", Type: event.EmailSent, OccurredAt: w.now, AcceptedAt: w.now, Person: event.Person{ID: "p-" + id}}
	if err := errors.Join(w.recorder().Record(context.Background(), []event.Event{e})...); err != nil {
		t.Fatal(err)
	}
	w.refuse(t, id)
}

func (w *world) refuse(t *testing.T, id string) {
	t.Helper()
	from, _, err := w.store.Stored(context.Background(), "t1", id)
	if err != nil {
		t.Fatal(err)
	}
	to, err := from.Move(delivery.Rejected, w.now)
	if err != nil {
		t.Fatal(err)
	}
	to.Due = time.Time{}
	if _, _, err := w.store.Apply(context.Background(), delivery.Change{Team: "t1", From: from, To: to}); err != nil {
		t.Fatal(err)
	}
}

func TestARedriveSendsWhatWasThereAndNotWhatComesBack(t *testing.T) {
	w := newWorld()
	const events = 40
	for i := range events {
		w.rejected(t, fmt.Sprintf("e%02d", i))
	}
	w.now = noon.Add(time.Minute)
	made, err := w.foreman().Redrive(context.Background(), "t1", "ann", delivery.Cause(delivery.Rejected))
	if err != nil || made.Total != events {
		t.Fatalf("made %+v, %v", made, err)
	}
	w.now = noon.Add(2 * time.Minute)
	for more := true; more; {
		if more, err = w.foreman().Work(context.Background(), "t1"); err != nil {
			t.Fatal(err)
		}
		for i := range events { // Ashby refuses them again at once
			id := fmt.Sprintf("e%02d", i)
			if r, _, _ := w.store.Record(context.Background(), "t1", id); r.State == delivery.Pending {
				w.refuse(t, id)
			}
		}
	}
	got, err := w.foreman().Job(context.Background(), "t1", made.ID)
	if err != nil || got.State != job.Done || got.Done != events {
		t.Errorf("got %+v, %v", got, err)
	}
}
