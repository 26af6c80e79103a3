package record_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// clockwork keeps what alarms were set.
type clockwork struct {
	waits []time.Duration
	err   error
}

func (c *clockwork) RingIn(_ context.Context, _ string, wait time.Duration) error {
	c.waits = append(c.waits, wait)
	return c.err
}

func byHand(id string) event.Event {
	e := sent(id)
	e.Type, e.Origin = event.ContactEdited, event.Manual
	return e
}

func TestAnEditByHandIsDueWhenMoreHadTimeToComeAndTheTeamIsRungThen(t *testing.T) {
	w, alarm := newWorld(), &clockwork{}
	r := w.recorder()
	r.Alarm = alarm
	if err := errors.Join(r.Record(t.Context(), []event.Event{byHand("e1")})...); err != nil {
		t.Fatal(err)
	}
	if due := w.stored(t, "e1").Due; !due.Equal(noon.Add(plan.Gather)) {
		t.Errorf("due %v", due)
	}
	w.announced(t, byHand("e1"))
	if len(w.bell.rings) != 0 || len(alarm.waits) != 1 || alarm.waits[0] <= plan.Gather || alarm.waits[0] > plan.Gather+2*time.Second {
		t.Errorf("rings %v, alarms %v", w.bell.rings, alarm.waits)
	}
	refreshed := byHand("e2")
	refreshed.Origin = event.DataRefresh
	late := byHand("e3")
	late.AcceptedAt = noon.Add(-time.Minute)
	if err := errors.Join(r.Record(t.Context(), []event.Event{refreshed, late})...); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"e2", "e3"} {
		if due := w.stored(t, id).Due; !due.Equal(noon) {
			t.Errorf("%s is due %v", id, due)
		}
	}
	if len(w.bell.rings) != 1 || len(alarm.waits) != 1 {
		t.Errorf("rings %v, alarms %v", w.bell.rings, alarm.waits)
	}
}

func TestAnAlarmThatFailsLosesNothing(t *testing.T) {
	w := newWorld()
	r := w.recorder()
	r.Alarm = &clockwork{err: errors.New("the queue is down")}
	if err := errors.Join(r.Record(t.Context(), []event.Event{byHand("e1")})...); err != nil {
		t.Fatal(err)
	}
	w.announced(t, byHand("e1"))
}
