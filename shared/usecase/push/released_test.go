package push_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
)

// lacking gives the key all permissions but that to write candidates.
func lacking(k *ashbytest.Key) {
	k.Scopes = slices.DeleteFunc(ashbytest.AllScopes(), func(s string) bool { return s == ashbytest.CandidatesWrite })
}

func granting(k *ashbytest.Key) { k.Scopes = ashbytest.AllScopes() }

func TestAMissingPermissionLimitsTheConnection(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.key1(lacking)
		w.record(sent("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.Connection)
		c, _ := w.Connection(t.Context(), "t1")
		if c.Status != connection.Limited || !slices.Equal(c.Missing, []connection.Permission{connection.CandidatesWrite}) {
			t.Errorf("connection %+v", c)
		}
	})
}

func TestWhatWaitsForAPermissionGoesAtOnceAfterACheck(t *testing.T) {
	inWorld(t, func(_ *testing.T, w *world) {
		w.key1(lacking)
		for i := range 6 {
			w.record(sent(fmt.Sprintf("e%d", i), fmt.Sprintf("p%d", i), 0))
		}
		w.record(sent("later", "p1", time.Second))
		w.drain()
		w.is("e1", delivery.Connection)
		time.Sleep(time.Minute)
		w.drain()
		w.is("e1", delivery.Connection)
		w.key1(granting)
		w.checked()
		for i := range 6 {
			w.is(fmt.Sprintf("e%d", i), delivery.Created)
		}
		w.is("later", delivery.Synced)
	})
}

func TestACheckLooksOnceAtWhatStillLacksItsPermission(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.key1(lacking)
		w.record(sent("e1", "p1", 0))
		w.drain()
		time.Sleep(time.Minute)
		before := w.calls("candidate.create")
		w.checked()
		if n := w.calls("candidate.create") - before; n != 1 {
			t.Errorf("tried %d times", n)
		}
		w.drain() // another ring soon after
		if n := w.calls("candidate.create") - before; n != 1 {
			t.Errorf("tried %d times in all", n)
		}
		w.is("e1", delivery.Connection)
	})
}

func TestACheckDoesNotHastenWhatIsToBeTriedAgainLater(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Unavailable, Endpoints: []string{"candidate.search"}, Count: 1})
		w.record(sent("e1", "p1", 0))
		w.drain()
		due := w.get("e1").Due
		time.Sleep(time.Second)
		w.checked()
		if r := w.get("e1"); r.State != delivery.Pending || !r.Due.Equal(due) {
			t.Errorf("due %s, then %+v", due, r)
		}
	})
}
