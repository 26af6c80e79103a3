package measure_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/budget"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/usecase/measure"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

type teams connection.Status

func (s teams) Connection(context.Context, string) (connection.Connection, error) {
	return connection.Connection{Status: connection.Status(s)}, nil
}

func newMeasurer() (*measure.Measurer, *timeline.Store) {
	n, now := 0, func() time.Time { return noon }
	store := timeline.New(memory.NewTable(now), now, func() string { n++; return fmt.Sprint(n) })
	return &measure.Measurer{Book: store, Work: store, Connections: teams(connection.Connected), Now: now}, store
}

func TestAKeyThatWasNeverUsedIsAtItsStart(t *testing.T) {
	m, _ := newMeasurer()
	u, err := m.Usage(t.Context(), "t1")
	want := measure.Usage{Rate: 600, Limit: 958, Flight: 4, Active: true, At: noon}
	if err != nil || u != want {
		t.Errorf("got %+v, %v", u, err)
	}
}

func TestUsageIsWhatTheDrainAndThePeopleLeft(t *testing.T) {
	m, store := newMeasurer()
	l := budget.Of(0)
	s := budget.Begin(budget.State{}, l, noon.Add(-2*time.Minute))
	s.Throttle(noon.Add(-30*time.Minute), time.Second)
	for i := range 100 {
		s.Spend(l, noon.Add(-time.Duration(100-i)*time.Second))
	}
	s.Flying = 2
	if _, err := store.SaveBudget(t.Context(), "t1", s, ""); err != nil {
		t.Fatal(err)
	}
	r, _ := budget.Reserve{}.Take(noon.Add(-time.Second), "a")
	if err := store.SaveReserve(t.Context(), "t1", r, ""); err != nil {
		t.Fatal(err)
	}
	if err := store.PauseEverybody(t.Context(), noon.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	var due []delivery.Work
	for i := range 40 {
		due = append(due, delivery.Work{Class: delivery.Bulk, Due: noon, Person: fmt.Sprint("p", i), Event: "e"})
	}
	due = append(due, delivery.Work{Class: delivery.Live, Due: noon, Person: "q", Event: "e"},
		delivery.Work{Class: delivery.Live, Due: noon.Add(time.Second), Person: "later", Event: "e"})
	if err := store.AddDue(t.Context(), "t1", due); err != nil {
		t.Fatal(err)
	}
	u, err := m.Usage(t.Context(), "t1")
	if err != nil || u.Rate != 300 || u.Used != 60 || u.Flying != 2 || u.Throttled != 1 || u.People != 1 || u.Live != 1 || u.Bulk != 40 || u.More {
		t.Errorf("got %+v, %v", u, err)
	}
	if want := time.Minute + 19*time.Second; u.Forecast != want || !u.PausedUntil.Equal(noon.Add(time.Minute)) {
		t.Errorf("forecast %s, want %s", u.Forecast, want)
	}
}

func TestABacklogIsCountedUpToABound(t *testing.T) {
	_, store := newMeasurer()
	var due []delivery.Work
	for i := range 30 {
		due = append(due, delivery.Work{Class: delivery.Bulk, Due: noon, Person: fmt.Sprint("p", i), Event: "e"})
	}
	if err := store.AddDue(t.Context(), "t1", due); err != nil {
		t.Fatal(err)
	}
	for most, want := range map[int]struct {
		n    int
		more bool
	}{5: {5, true}, 29: {29, true}, 30: {30, false}, 100: {30, false}} {
		if n, more, err := store.Backlog(t.Context(), "t1", delivery.Bulk, noon, most); err != nil || n != want.n || more != want.more {
			t.Errorf("at most %d: %d, %v, %v", most, n, more, err)
		}
	}
}
