package accept_test

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

var one = claim{"t1", []string{"good"}}

func TestKeysThatCannotBeReadAreUnavailableNeverUnauthenticated(t *testing.T) {
	for name, spoil := range map[string]func(*vault){
		"store down":   (*vault).down,
		"no secret":    func(v *vault) { v.err = fault.New(fault.NotFound, "secret_not_found", "") },
		"not allowed":  func(v *vault) { v.err = fault.New(fault.Invalid, "secret_invalid", "") },
		"not a ring":   func(v *vault) { v.content = "hunter2" },
		"an empty one": func(v *vault) { v.content = "" },
	} {
		w := newWorld(ringA)
		spoil(w.vault)
		if _, err := w.send(t, ring(t, ringA), "t1", one); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
		if _, _, err := w.candidate(t, ring(t, ringA), 1, "{}", merged); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s, Ashby's hook: %v", name, err)
		}
	}
}

func TestKeysAreReadOnceInFiveMinutes(t *testing.T) {
	w := newWorld(ringA)
	for range 3 {
		if _, err := w.send(t, ring(t, ringA), "t1", one); err != nil {
			t.Fatal(err)
		}
	}
	if w.vault.reads != 1 {
		t.Errorf("%d reads", w.vault.reads)
	}
	w.now = w.now.Add(5*time.Minute + time.Second)
	if _, err := w.send(t, ring(t, ringA), "t1", one); err != nil || w.vault.reads != 2 {
		t.Errorf("%d reads, %v", w.vault.reads, err)
	}
}

func TestAStaleKeyringBeatsAnOutage(t *testing.T) {
	w := newWorld(ringA)
	if _, err := w.send(t, ring(t, ringA), "t1", one); err != nil {
		t.Fatal(err)
	}
	w.vault.down()
	w.now = w.now.Add(time.Hour)
	if _, err := w.send(t, ring(t, ringA), "t1", one); err != nil {
		t.Errorf("refused although the keys were known: %v", err)
	}
}

func TestARotationCostsNoEvent(t *testing.T) {
	w := newWorld(ringA)
	if _, err := w.send(t, ring(t, ringA), "t1", one); err != nil {
		t.Fatal(err)
	}
	w.vault.rotate(ringBA)
	if _, err := w.send(t, ring(t, ringBA), "t1", one); err != nil {
		t.Errorf("signed by the new master: %v", err)
	}
	if _, err := w.send(t, ring(t, ringA), "t1", one); err != nil {
		t.Errorf("signed by the old one: %v", err)
	}
	if len(w.shelf.events) != 3 {
		t.Errorf("%d events queued", len(w.shelf.events))
	}
}

func TestARefusalThatCannotBeCheckedAgainIsUnavailable(t *testing.T) {
	w := newWorld(ringA)
	if _, err := w.send(t, ring(t, ringA), "t1", one); err != nil {
		t.Fatal(err)
	}
	w.vault.rotate(ringBA)
	w.vault.down()
	if _, _, err := w.candidate(t, ring(t, ringBA), 1, "{}", merged); !fault.Is(err, fault.Unavailable) {
		t.Errorf("told no although the key may be newer than ours: %v", err)
	}
	// The outage must not have cost the keys that we had.
	if _, err := w.send(t, ring(t, ringA), "t1", one); err != nil {
		t.Errorf("the old keys were lost: %v", err)
	}
}

func TestWrongSignaturesDoNotBecomeReadsOfTheSecret(t *testing.T) {
	w := newWorld(ringA)
	for range 50 {
		if _, _, err := w.Hook(t.Context(), "AQEAAAAB", created); !fault.Is(err, fault.Unauthenticated) {
			t.Fatal(err)
		}
	}
	if w.vault.reads > 2 {
		t.Errorf("%d reads", w.vault.reads)
	}
	w.now = w.now.Add(16 * time.Second)
	_, _, _ = w.Hook(t.Context(), "AQEAAAAB", created)
	if w.vault.reads != 3 {
		t.Errorf("%d reads after a while", w.vault.reads)
	}
}

func TestARevocationHoldsWithinFiveMinutes(t *testing.T) {
	w, r := newWorld(ringA), ring(t, ringA)
	token := r.HookToken("t1", webhook.SourceWhaleHook, 1)
	if _, _, err := w.Hook(t.Context(), token, created); err != nil {
		t.Fatal(err)
	}
	w.vault.rotate(`{"masters":["` + masterA + `"],"revoked":[{"team":"t1","purpose":"hook_sourcewhale","generation":1}]}`)
	w.now = w.now.Add(5*time.Minute + time.Second)
	if _, _, err := w.Hook(t.Context(), token, created); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("still taken: %v", err)
	}
}
