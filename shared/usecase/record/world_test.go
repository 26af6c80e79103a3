package record_test

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
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/port/table/tabletest"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/usecase/record"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// world is a recorder over a real timeline in memory, whose writes may be lost.
type world struct {
	now    time.Time
	table  table.Table
	lossy  *tabletest.Lossy
	store  *timeline.Store
	bell   bell
	layers settings
	users  users
	tokens int
	mu     sync.Mutex
}

func newWorld() *world {
	w := &world{now: noon}
	w.table = memory.NewTable(w.clock)
	w.lose(nil)
	return w
}

func (w *world) clock() time.Time { return w.now }

// lose starts a process whose writes are lost by plan.
func (w *world) lose(plan func(int) tabletest.Loss) {
	w.lossy = tabletest.NewLossy(w.table, plan)
	w.store = timeline.New(w.lossy, w.clock, w.token)
}

func (w *world) token() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokens++
	return fmt.Sprintf("token%d", w.tokens)
}

func (w *world) recorder() *record.Recorder {
	return &record.Recorder{
		Ledger: w.store, Hooks: w.store, Settings: &w.layers, Users: &w.users, Bell: &w.bell, Now: w.clock, Log: slog.New(slog.DiscardHandler),
	}
}

// record records events and fails the test when one is not.
func (w *world) record(t *testing.T, events ...event.Event) {
	t.Helper()
	if err := errors.Join(w.recorder().Record(context.Background(), events)...); err != nil {
		t.Fatal(err)
	}
}

func (w *world) stored(t *testing.T, id string) delivery.Record {
	t.Helper()
	r, ok, err := w.store.Record(context.Background(), "t1", id)
	if err != nil || !ok {
		t.Fatalf("record of %s: %v, %v", id, ok, err)
	}
	return r
}

func (w *world) timeline(t *testing.T, person string) []string {
	t.Helper()
	page, _, err := w.store.Timeline(context.Background(), "t1", person, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	var events []string
	for _, r := range page {
		events = append(events, r.Event)
	}
	return events
}

// announced fails the test when a pending event lacks its due entry or its
// team's row: work that nobody would ever look at.
func (w *world) announced(t *testing.T, events ...event.Event) {
	t.Helper()
	ctx := context.Background()
	due := map[delivery.Work]bool{}
	for _, class := range []delivery.Class{delivery.Live, delivery.Bulk} {
		work, err := w.store.Due(ctx, "t1", class, w.now.Add(time.Hour), 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range work {
			entry.Row = ""
			due[entry] = true
		}
	}
	_, marked, err := w.store.Mark(ctx, "t1")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		r, ok, err := w.store.Record(ctx, "t1", e.ID)
		if err != nil {
			t.Fatal(err)
		}
		if entry, open := r.Work(); ok && open && (!due[entry] || !marked) {
			t.Errorf("%s is pending, but due entry: %v, team row: %v", e.ID, due[entry], marked)
		}
		if _, payload, _ := w.store.Event(ctx, "t1", e.ID); ok && !payload {
			t.Errorf("%s is recorded without its payload", e.ID)
		}
	}
}

// bell counts rings.
type bell struct {
	rings []string
	err   error
}

func (b *bell) Ring(_ context.Context, team string) error {
	b.rings = append(b.rings, team)
	return b.err
}

// settings are a team's and its users' layers, of version 1 before noon and 2
// from then on.
type settings struct {
	asked []string
	err   error
}

func (s *settings) LayersAt(_ context.Context, team, user string, at time.Time) ([]setting.Layer, error) {
	s.asked = append(s.asked, user)
	version := 1
	if !at.Before(noon) {
		version = 2
	}
	return []setting.Layer{{Level: setting.Team, ID: team, Version: version}}, s.err
}

// users remembers what was said of whom, in no order within a batch.
type users struct {
	seen map[string]caller.Sighting
	err  error
}

func (u *users) SeeUser(_ context.Context, team string, seen caller.Sighting) error {
	if u.seen == nil {
		u.seen = map[string]caller.Sighting{}
	}
	u.seen[team+" "+seen.User] = seen
	return u.err
}

func sent(id string) event.Event {
	return event.Event{
		ID: id, Team: "t1", Type: event.EmailSent, OccurredAt: noon.Add(-time.Hour), AcceptedAt: noon,
		Actor: event.Actor{ID: "u1"}, Campaign: &event.Campaign{ID: "c1", Owner: event.Actor{ID: "owner"}},
		Person: event.Person{ID: "p1"}, BodyHash: "hash of " + id,
	}
}
