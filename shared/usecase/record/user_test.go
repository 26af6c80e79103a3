package record_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

// says is an event that says of its actor whether they are an admin.
func says(id, user string, admin bool, at time.Duration) event.Event {
	e := sent(id)
	e.AcceptedAt = noon.Add(at)
	e.Actor = event.Actor{ID: user, Admin: admin, AdminSaid: true}
	return e
}

func TestTheLatestThatABatchSaysOfAUserIsKept(t *testing.T) {
	w := newWorld()
	other := says("e1", "ann", false, 0)
	other.Team = "t2"
	w.record(t,
		says("e1", "ann", true, time.Second), says("e2", "ann", false, 0), says("e3", "mel", false, 0), other,
		sent("e4"),                  // says nothing of u1
		says("e5", "", true, 0),     // of nobody
		says("e6", "bob", true, -1), // and of bob, before
	)
	want := map[string]caller.Sighting{
		"t1 ann": {User: "ann", Admin: true, At: noon.Add(time.Second)},
		"t1 mel": {User: "mel", At: noon},
		"t1 bob": {User: "bob", Admin: true, At: noon.Add(-1)},
		"t2 ann": {User: "ann", At: noon},
	}
	if diff := cmp.Diff(want, w.users.seen); diff != "" {
		t.Errorf("seen (-want +got):\n%s", diff)
	}
}

func TestThatAUserCannotBeNotedCostsNoEvent(t *testing.T) {
	w := newWorld()
	w.users.err = errors.New("the store is down")
	w.record(t, says("e1", "ann", true, 0))
	w.announced(t, says("e1", "ann", true, 0))
}
