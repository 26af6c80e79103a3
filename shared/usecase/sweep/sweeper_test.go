package sweep_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/usecase/sweep"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// world is a sweeper over a real timeline in memory.
type world struct {
	now      time.Time
	store    *timeline.Store
	statuses map[string]connection.Status // absent: connected
	mu       sync.Mutex
	rings    []string
	broken   string // the team whose bell is broken
	tokens   int
}

func newWorld() *world {
	w := &world{now: noon, statuses: map[string]connection.Status{}}
	w.store = timeline.New(memory.NewTable(w.clock), w.clock, func() string { w.tokens++; return fmt.Sprint(w.tokens) })
	return w
}

func (w *world) clock() time.Time { return w.now }

func (w *world) Ring(_ context.Context, team string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if team == w.broken {
		return errors.New("the bell is broken")
	}
	w.rings = append(w.rings, team)
	slices.Sort(w.rings)
	return nil
}

func (w *world) Connection(_ context.Context, team string) (connection.Connection, error) {
	status, ok := w.statuses[team]
	if !ok {
		status = connection.Connected
	}
	return connection.Connection{Team: team, Status: status}, nil
}

// work puts something on a team's due list.
func (w *world) work(t *testing.T, team string, due time.Time, class delivery.Class) {
	t.Helper()
	err := errors.Join(w.store.Touch(context.Background(), team), w.store.AddDue(context.Background(), team,
		[]delivery.Work{{Class: class, Due: due, Person: "p1", Event: "e1"}}))
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) sweep() (sweep.Counts, error) {
	s := sweep.Sweeper{Ledger: w.store, Connections: w, Bell: w, Now: w.clock, Log: slog.New(slog.DiscardHandler)}
	return s.Sweep(context.Background())
}

func TestTeamsWithDueWorkAreRungAndNoOthers(t *testing.T) {
	w := newWorld()
	w.work(t, "live", noon, delivery.Live)
	w.work(t, "bulk", noon.Add(-time.Hour), delivery.Bulk)
	w.work(t, "later", noon.Add(time.Second), delivery.Live)
	for _, status := range []connection.Status{
		connection.NotConnected, connection.Attention, connection.Paused, connection.Disconnected,
	} {
		w.work(t, string(status), noon, delivery.Live)
		w.statuses[string(status)] = status
	}
	w.work(t, "limited", noon, delivery.Live)
	w.statuses["limited"] = connection.Limited
	got, err := w.sweep()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sweep.Counts{Teams: 8, Rung: 3, Inactive: 4}, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"bulk", "limited", "live"}, w.rings); diff != "" {
		t.Errorf("rings (-want +got):\n%s", diff)
	}
}

func TestAnIdleTeamIsTakenOffTheListOnlyWhenNobodyCanStillBeAboutToAddWork(t *testing.T) {
	w := newWorld()
	if err := w.store.Touch(context.Background(), "t1"); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		after time.Duration
		want  sweep.Counts
	}{
		{14 * time.Minute, sweep.Counts{Teams: 1}},
		{16 * time.Minute, sweep.Counts{Teams: 1, Retired: 1}},
		{17 * time.Minute, sweep.Counts{}},
	} {
		w.now = noon.Add(step.after)
		got, err := w.sweep()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("after %s (-want +got):\n%s", step.after, diff)
		}
	}
}

func TestOneTeamsTroubleDoesNotKeepTheOthersWaiting(t *testing.T) {
	w := newWorld()
	for _, team := range []string{"a", "b", "c"} {
		w.work(t, team, noon, delivery.Live)
	}
	w.broken = "b"
	got, err := w.sweep()
	if err == nil || got.Rung != 2 || got.Failed != 1 {
		t.Errorf("counts %+v, error %v", got, err)
	}
	if diff := cmp.Diff([]string{"a", "c"}, w.rings); diff != "" {
		t.Errorf("rings (-want +got):\n%s", diff)
	}
}

func TestLiveWorkThatIsOverdueIsCounted(t *testing.T) {
	long := noon.Add(-sweep.LateAfter)
	w := newWorld()
	w.work(t, "overdue", long, delivery.Live)
	w.work(t, "in-time", long.Add(time.Second), delivery.Live)
	w.work(t, "bulk", long, delivery.Bulk) // a backlog may take its time
	w.work(t, "refused", long, delivery.Live)
	w.statuses["refused"] = connection.Attention // its team knows
	got, err := w.sweep()
	if want := (sweep.Counts{Teams: 4, Rung: 3, Late: 1, Inactive: 1}); err != nil || got != want {
		t.Errorf("swept %+v, %v; want %+v", got, err, want)
	}
}

func TestATeamWithoutAnActiveConnectionIsRungForItsProbe(t *testing.T) {
	w := newWorld()
	for _, team := range []string{"soon", "due"} {
		w.work(t, team, noon, delivery.Live)
		w.statuses[team] = connection.Attention
	}
	if err := w.store.PutProbe(context.Background(), "due", noon); err != nil {
		t.Fatal(err)
	}
	if err := w.store.PutProbe(context.Background(), "soon", noon.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.sweep(); err != nil || !slices.Equal(w.rings, []string{"due"}) {
		t.Errorf("rung %v, %v", w.rings, err)
	}
}
