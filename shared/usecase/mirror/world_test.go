package mirror_test

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/fold"
	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/repository/candidates"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mirror"
)

const team, key = "t1", "f1"

// world is a team with an Ashby and a copy of it, on simulated time.
type world struct {
	t      *testing.T
	sim    *ashbytest.Ashby
	made   ashbytest.Seeded
	store  *candidates.Store
	mirror *mirror.Mirror
	reader *ashby.Reader
	table  table.Table
	tokens int
}

func (w *world) token() string {
	w.tokens++
	return fmt.Sprint("token", w.tokens)
}

func inWorld(t *testing.T, people int, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, sim: ashbytest.New(ashbytest.Config{})}
		defer func() { _ = w.sim.Close() }()
		var err error
		if w.made, err = w.sim.Seed(people); err != nil {
			t.Fatal(err)
		}
		client, err := ashby.New(ashby.Config{BaseURL: "https://ashby.example.com", HTTP: w.sim.Transport()})
		if err != nil {
			t.Fatal(err)
		}
		w.table = memory.NewTable(time.Now)
		w.store = candidates.New(w.table, time.Now, w.token)
		w.mirror = &mirror.Mirror{
			States: w.store, Catalogues: w.store, Candidates: w.store, Segments: w.store,
			Fold: fold.Text, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		}
		w.reader = ashby.NewReader(client.With(secret.NewValue(ashbytest.LocalKey)), ashby.NewCatalogue(time.Now), "f1", nil)
		test(w)
	})
}

// step does one step, and waits until the next is due, but no longer than that.
// Errors are what Ashby says, and wait too.
func (w *world) step(most time.Duration) {
	w.t.Helper()
	next, _, _ := w.mirror.Step(context.Background(), team, key, w.reader)
	wait := time.Until(next)
	if next.IsZero() {
		wait = 0
	}
	time.Sleep(max(time.Millisecond, min(wait, most)))
}

// until steps until the state is as wanted.
func (w *world) until(what string, wanted func(index.State) bool) {
	w.t.Helper()
	for range 5000 {
		if wanted(w.state()) {
			return
		}
		w.step(time.Hour)
	}
	w.t.Fatalf("never %s: %+v", what, w.state())
}

func (w *world) state() index.State {
	w.t.Helper()
	s, _, err := w.store.State(context.Background(), team)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// fresh lets the copy catch up with all that is in Ashby now.
func (w *world) fresh() {
	w.t.Helper()
	now := time.Now()
	time.Sleep(time.Millisecond)
	w.until("fresh", func(s index.State) bool { return s.FreshAsOf.After(now) && s.Run == nil && len(s.Old) == 0 })
}

// copied gives the entries that searches see.
func (w *world) copied() map[string]index.Entry {
	w.t.Helper()
	g := w.state().Live
	layers, err := w.store.Layers(context.Background(), team, g.Number, g.Segments, g.Packed)
	if err == nil {
		layers, err = w.store.AllColumns(context.Background(), team, g.Number, layers)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	alive, _ := index.Alive(index.Segments(layers))
	out := map[string]index.Entry{}
	for i, l := range layers {
		entries := l.Segment.Entries()
		for row := range alive[i].Rows() {
			out[entries[row].ID] = entries[row]
		}
	}
	return out
}

// theirs gives the entries of what Ashby lists now.
func (w *world) theirs() (entries map[string]index.Entry, bearing map[string][]string) {
	w.t.Helper()
	w.sim.ClearFaults("")
	fields, err := w.reader.CustomFields(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	entries, bearing = map[string]index.Entry{}, map[string][]string{}
	var asked candidate.Listing
	for {
		page, err := w.reader.List(context.Background(), asked)
		if err != nil {
			time.Sleep(time.Minute) // throttled
			continue
		}
		for _, c := range page.Candidates {
			entries[c.ID] = index.Of(candidate.Known{Listed: c}, fields, fold.Text)
			for _, e := range c.Emails {
				bearing[e.Value] = append(bearing[e.Value], c.ID)
			}
		}
		if page.Next == "" {
			return entries, bearing
		}
		asked.Cursor = page.Next
	}
}

// mustBeEqual compares the copy with Ashby: what searches see, what is kept by
// id, and who bears an address.
func (w *world) mustBeEqual() {
	w.t.Helper()
	theirs, bearing := w.theirs()
	ours := w.copied()
	if !reflect.DeepEqual(theirs, ours) { // comparing by cmp takes long
		diff := cmp.Diff(theirs, ours)
		w.t.Fatalf("Ashby has %d, the copy %d: -theirs +ours\n%.3000s", len(theirs), len(ours), diff)
	}
	ids := make([]string, 0, len(theirs))
	for id := range theirs {
		ids = append(ids, id)
	}
	known, err := w.store.Known(context.Background(), team, ids)
	if err != nil || len(known) != len(ids) {
		w.t.Fatalf("%d of %d are kept by id, %v", len(known), len(ids), err)
	}
	for address, want := range bearing {
		got, err := w.store.Bearers(context.Background(), team, "mail:"+address)
		slices.Sort(want)
		if err != nil || !slices.Equal(slices.Compact(want), got) {
			w.t.Fatalf("bearers of an address: got %v, want %v, %v", got, want, err)
		}
	}
}
