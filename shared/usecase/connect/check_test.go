package connect_test

import (
	"context"
	"slices"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/usecase/connect"
)

func TestACheckFollowsTheKeyThroughRefusalAndRecovery(t *testing.T) {
	r := newRig(t)
	r.activate(t, "acme", goodKey)
	permissions := r.org.keys[goodKey]
	delete(r.org.keys, goodKey)

	out, err := r.Check(t.Context(), "acme")
	if err != nil || out.Connection.Status != connection.Attention || out.Connection.Reason != "key_refused" {
		t.Fatalf("revoked: %+v, %v", out.Connection, err)
	}
	if c := r.stored(t, "acme"); c.Status != connection.Attention || c.LastFour != "cdef" {
		t.Errorf("stored %+v", c)
	}
	r.org.keys[goodKey], r.bell.rings = permissions, nil
	out, err = r.Check(t.Context(), "acme")
	if err != nil || out.Connection.Status != connection.Connected || out.Connection.Reason != "" {
		t.Fatalf("back: %+v, %v", out.Connection, err)
	}
	if !slices.Equal(r.bell.rings, []string{"acme"}) {
		t.Errorf("rings %v: what was parked must flow", r.bell.rings)
	}
}

func TestATickedBoxLetsWorkFlow(t *testing.T) {
	r := newRig(t)
	r.org.keys[goodKey] = without(connection.CandidatesWrite)
	r.activate(t, "acme", goodKey)
	r.org.keys[goodKey], r.bell.rings = allPermissions(), nil
	out, err := r.Check(t.Context(), "acme")
	if err != nil || out.Connection.Status != connection.Connected || len(r.bell.rings) != 1 {
		t.Errorf("got %+v, %d rings, %v", out.Connection, len(r.bell.rings), err)
	}
}

func TestEveryCheckThatGoesWellRings(t *testing.T) {
	r := newRig(t)
	r.activate(t, "acme", goodKey)
	r.bell.rings = nil
	if _, err := r.Check(t.Context(), "acme"); err != nil || !slices.Equal(r.bell.rings, []string{"acme"}) {
		t.Errorf("rings %v, %v: an event may wait for a permission that no probe missed", r.bell.rings, err)
	}
}

func TestACheckWithoutAnAnswerChangesNothing(t *testing.T) {
	r := newRig(t)
	r.activate(t, "acme", goodKey)
	before := r.stored(t, "acme")
	r.org.trouble["info"] = fault.New(fault.Unavailable, "ashby_timeout", "")
	_, err := r.Check(t.Context(), "acme")
	wantCode(t, err, fault.Unavailable, "ashby_unreachable")
	if after := r.stored(t, "acme"); after.Version != before.Version {
		t.Errorf("stored %+v", after)
	}
}

func TestThereIsNothingToCheckWithoutAKey(t *testing.T) {
	r := newRig(t)
	_, err := r.Check(t.Context(), "acme")
	wantCode(t, err, fault.Conflict, "not_connected")
}

func TestAKeyThatIsGoneNeedsAttention(t *testing.T) {
	r := newRig(t)
	r.activate(t, "acme", goodKey)
	if err := r.vault.Delete(t.Context(), "sync/acme/ashby-key"); err != nil {
		t.Fatal(err)
	}
	out, err := r.Check(t.Context(), "acme")
	if err != nil || out.Connection.Status != connection.Attention || out.Connection.Reason != "key_missing" {
		t.Errorf("got %+v, %v", out.Connection, err)
	}
}

func TestAPauseOutlastsACheck(t *testing.T) {
	r := newRig(t)
	c := r.activate(t, "acme", goodKey).Connection
	c.PausedAt = noon
	if _, err := r.store.SaveConnection(t.Context(), c.Settled()); err != nil {
		t.Fatal(err)
	}
	out, err := r.Check(t.Context(), "acme")
	if err != nil || out.Connection.Status != connection.Paused {
		t.Errorf("got %+v, %v", out.Connection, err)
	}
}

// racing is a store in which another writer is faster, once.
type racing struct {
	connect.Store
	meanwhile func(context.Context)
}

func (r *racing) SaveConnection(ctx context.Context, c connection.Connection) (connection.Connection, error) {
	if f := r.meanwhile; f != nil {
		r.meanwhile = nil
		f(ctx)
	}
	return r.Store.SaveConnection(ctx, c)
}

func TestACheckIsRepeatedWhenTheDrainWroteMeanwhile(t *testing.T) {
	r := newRig(t)
	r.activate(t, "acme", goodKey)
	race := &racing{Store: r.Store, meanwhile: func(ctx context.Context) {
		c := r.stored(t, "acme")
		if _, err := r.store.SaveConnection(ctx, c); err != nil {
			t.Error(err)
		}
	}}
	r.Store = race
	if out, err := r.Check(t.Context(), "acme"); err != nil || out.Connection.Status != connection.Connected {
		t.Errorf("got %+v, %v", out.Connection, err)
	}
}

func TestDisconnectDeletesTheKeyAndMayBeRepeated(t *testing.T) {
	r := newRig(t)
	if out, err := r.Disconnect(t.Context(), "acme"); err != nil || out.Connection.Status != connection.NotConnected {
		t.Errorf("never connected: %+v, %v", out.Connection, err)
	}
	r.activate(t, "acme", goodKey)
	r.vault.failing = fault.New(fault.Unavailable, "secrets_unavailable", "")
	_, err := r.Disconnect(t.Context(), "acme")
	wantCode(t, err, fault.Unavailable, "secrets_unavailable")
	if c := r.stored(t, "acme"); c.Active() {
		t.Errorf("still %s", c.Status)
	}
	r.vault.failing = nil
	out, err := r.Disconnect(t.Context(), "acme")
	if err != nil || out.Connection.Status != connection.Disconnected || len(r.vault.versions) != 0 {
		t.Errorf("got %+v, %d secrets, %v", out.Connection, len(r.vault.versions), err)
	}
	r.activate(t, "globex", goodKey) // the key is free
}
