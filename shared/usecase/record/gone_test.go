package record_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/port/table/tabletest"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
)

// about is an event of somebody whom one would know anywhere.
func about(id string, accepted time.Time) event.Event {
	e := sent(id)
	e.Person = event.Person{ID: "quill-person", Snapshot: contact.Snapshot{contact.Emails: {List: []string{"zoe@quill.example"}}}}
	e.AcceptedAt, e.OccurredAt = accepted, accepted
	return e
}

// forget forgets the person of about, as of now.
func (w *world) forget(t *testing.T) delivery.Removed {
	t.Helper()
	if err := w.store.MarkGone(context.Background(), "t1", "quill-person", w.now); err != nil {
		t.Fatal(err)
	}
	removed, err := w.store.Forget(context.Background(), "t1", "quill-person", w.now)
	if err != nil {
		t.Fatal(err)
	}
	return removed
}

// traces lists what is left of the person of about.
func (w *world) traces() []string {
	var out []string
	for _, row := range w.table.(*memory.Table).Rows() {
		text := row.Partition + " " + row.Sort + " " + string(row.Doc)
		if strings.Contains(text, "quill") || bytes.Contains(row.Doc, []byte("zoe")) {
			out = append(out, text)
		}
	}
	return out
}

func (w *world) gone(t *testing.T) {
	t.Helper()
	if left := w.traces(); len(left) > 0 {
		t.Errorf("left over:\n%s", strings.Join(left, "\n"))
	}
}

func TestAnEventThatWasQueuedWhenItsPersonWasForgottenEndsAsForgotten(t *testing.T) {
	w := newWorld()
	w.record(t, about("e1-quill", noon))
	w.now = noon.Add(time.Hour)
	if removed := w.forget(t); removed.Events != 1 {
		t.Errorf("removed %+v", removed)
	}
	w.gone(t)
	w.now = noon.Add(2 * time.Hour)
	w.record(t, about("e2-quill", noon.Add(time.Minute)), sent("other"))
	w.gone(t)
	for _, id := range []string{"e1-quill", "e2-quill"} {
		if r := w.stored(t, id); r.Code != delivery.Forgotten || r.State != delivery.Final || r.Person != "" {
			t.Errorf("%s: %+v", id, r)
		}
	}
	if w.stored(t, "other").State != delivery.Pending {
		t.Error("somebody else's event was not recorded")
	}
}

func TestARedeliveryOfAForgottenEventBringsNobodyBackAndALaterEventStartsAnew(t *testing.T) {
	w := newWorld()
	w.record(t, about("e1", noon))
	w.now = noon.Add(time.Hour)
	w.forget(t)
	w.record(t, about("e1", noon.Add(2*time.Hour))) // sent again, and so accepted again
	w.gone(t)
	w.record(t, about("e2", noon.Add(2*time.Hour)))
	if line := w.timeline(t, "quill-person"); len(line) != 1 || line[0] != "e2" {
		t.Errorf("timeline %v", line)
	}
	w.now = noon.Add(401 * 24 * time.Hour)
	w.record(t, about("e1", w.now))
	if line := w.timeline(t, "quill-person"); len(line) != 1 || line[0] != "e1" {
		t.Error("it is remembered for longer than agreed")
	}
}

func TestAHookThatWasQueuedWhenItsPersonWasForgottenLeavesNothing(t *testing.T) {
	w := newWorld()
	quill := func(stage event.Stage, at time.Duration) event.Hook {
		h := hook(stage, at)
		h.PersonID, h.Snapshot = "quill-person", contact.Snapshot{contact.Emails: {List: []string{"zoe@quill.example"}}}
		return h
	}
	w.hook(t, quill(event.Messaged, 0))
	w.hook(t, quill(event.Replied, time.Minute))
	w.now = noon.Add(time.Hour)
	if removed := w.forget(t); removed.Events != 2 {
		t.Errorf("removed %+v", removed)
	}
	w.hook(t, quill(event.Interested, 2*time.Minute))
	w.gone(t)
	w.hook(t, quill(event.Replied, 2*time.Hour))
	w.hook(t, quill(event.Interested, 3*time.Hour))
	if line := w.timeline(t, "quill-person"); len(line) != 2 {
		t.Errorf("a hook after it does not start anew: %v", line)
	}
}

// Whoever forgets comes between any two writes of a batch that is being recorded.
func TestForgettingAtAnyMomentOfARecordingLeavesNothing(t *testing.T) {
	sound := newWorld()
	sound.record(t, about("e1", noon), about("e2", noon.Add(1)))
	for n := 1; n <= sound.lossy.Writes()+1; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			w := newWorld()
			w.now = noon.Add(time.Minute)
			other := timeline.New(w.table, w.clock, w.token)
			w.lose(func(write int) tabletest.Loss {
				if write == n {
					err := other.MarkGone(context.Background(), "t1", "quill-person", w.now)
					if err == nil {
						_, err = other.Forget(context.Background(), "t1", "quill-person", w.now)
					}
					if err != nil {
						t.Error(err)
					}
				}
				return tabletest.None
			})
			w.record(t, about("e1", noon), about("e2", noon.Add(1)))
			if n > sound.lossy.Writes() {
				w.forget(t)
			}
			w.gone(t)
		})
	}
}

// A recording and then the forgetting die at any of their writes. Asked for again,
// the forgetting finds what was left half recorded.
func TestAForgettingThatDiesAndIsAskedForAgainLeavesNothing(t *testing.T) {
	died := func(w *world, n int) *tabletest.Lossy {
		return tabletest.NewLossy(w.table, tabletest.First(n, 1<<30, tabletest.Down))
	}
	about2 := []event.Event{about("e1-quill", noon), about("e2-quill", noon.Add(1))}
	setUp := func(n int) *world {
		w := newWorld()
		w.now = noon.Add(time.Minute)
		recording := died(w, n)
		w.store = timeline.New(recording, w.clock, w.token)
		_ = w.recorder().Record(context.Background(), about2)
		return w
	}
	for n := 1; n <= 8; n++ {
		for m := 1; m <= 12; m++ {
			t.Run(fmt.Sprint(n, m), func(t *testing.T) {
				w := setUp(n)
				w.store = timeline.New(died(w, m), w.clock, w.token)
				if err := w.store.MarkGone(context.Background(), "t1", "quill-person", w.now); err == nil {
					_, _ = w.store.Forget(context.Background(), "t1", "quill-person", w.now)
				}
				w.store = timeline.New(w.table, w.clock, w.token)
				w.forget(t)
				w.gone(t)
			})
		}
	}
}

// The entry that says what is due of an event that was left half recorded may have
// been dropped by then: its delivery comes again, and takes away what is left.
func TestTheRedeliveryOfAnEventThatWasHalfRecordedWhenItsPersonWasForgottenTakesItAway(t *testing.T) {
	w := newWorld()
	w.now = noon.Add(time.Minute)
	e := about("e1-quill", noon)
	if _, _, err := w.store.PutEvent(context.Background(), e); err != nil {
		t.Fatal(err)
	}
	w.forget(t)
	w.record(t, e)
	w.gone(t)
}

// Somebody forgets a person while a new event of theirs is being recorded: it was
// accepted later, and starts anew.
func TestForgettingAtAnyMomentOfARecordingLeavesWhatWasAcceptedLater(t *testing.T) {
	sound := newWorld()
	e := about("e1", noon.Add(time.Minute))
	sound.record(t, e)
	for n := 1; n <= sound.lossy.Writes(); n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			w := newWorld()
			w.now = noon.Add(time.Hour)
			other := timeline.New(w.table, w.clock, w.token)
			w.lose(func(write int) tabletest.Loss {
				if write == n {
					err := other.MarkGone(context.Background(), "t1", "quill-person", noon)
					if err == nil {
						_, err = other.Forget(context.Background(), "t1", "quill-person", noon)
					}
					if err != nil {
						t.Error(err)
					}
				}
				return tabletest.None
			})
			w.record(t, e)
			w.announced(t, e)
			if r := w.stored(t, "e1"); r.State != delivery.Pending {
				t.Errorf("it is %s %s", r.State, r.Code)
			}
		})
	}
}
