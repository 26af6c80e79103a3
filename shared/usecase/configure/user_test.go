package configure_test

import (
	"errors"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/usecase/configure"
)

var mel = caller.Caller{Team: "acme", User: "mel", Role: caller.Member}

func TestAUsersSaveThatLosesARaceLearnsTheCurrentVersion(t *testing.T) {
	store := newStore()
	race := &racing{Store: store, meanwhile: func() {
		if _, err := store.SaveSettings(t.Context(), "acme", "mel", setting.Document{Author: "mel"}); err != nil {
			t.Error(err)
		}
	}}
	c := configure.Configurator{Store: race, Waiting: &waits{}, Now: clock}
	_, err := c.SaveUser(t.Context(), mel, patch(t, map[string]any{"trigger": "on_add"}), 0)
	if stale, ok := errors.AsType[*configure.Stale](err); !ok || stale.Current != 1 {
		t.Errorf("got %v", err)
	}
}

func TestASaveThatOvertakesTheLockIsKeptAndDoesNotCount(t *testing.T) {
	store := newStore()
	race := &racing{Store: store, meanwhile: func() { // after the check, before the save
		locked := setting.Document{Author: "ann", Locked: &setting.Locked{By: "ann", At: noon}}
		if _, err := store.SaveSettings(t.Context(), "acme", "", locked); err != nil {
			t.Error(err)
		}
	}}
	c := configure.Configurator{Store: race, Waiting: &waits{}, Now: clock}
	v, err := c.SaveUser(t.Context(), mel, patch(t, map[string]any{"trigger": "on_add"}), 0)
	if err != nil || *v.Own.Values.Trigger != setting.OnAdd || v.Effective.Trigger != setting.OnInterested || v.Locked == nil {
		t.Fatalf("got %+v, %v", v, err)
	}
	if len(v.Notes) != 1 || v.Notes[0].Code != "forced_by_lock" || v.Notes[0].Setting != setting.TriggerName {
		t.Errorf("notes %v", v.Notes)
	}
}

func TestARollbackUnderTheLockMayTouchWhatIsOpen(t *testing.T) {
	store := newStore()
	c := configure.Configurator{Store: store, Waiting: &waits{}, Now: clock}
	for n, given := range []map[string]any{{"trigger": "on_add"}, {"note_types": []any{}}, {"trigger": "never"}} {
		if _, err := c.SaveUser(t.Context(), mel, patch(t, given), n); err != nil {
			t.Fatal(err)
		}
	}
	lock, mistakes := setting.ParseTeamPatch(map[string]any{"lock": true})
	if _, err := c.SaveTeam(t.Context(), "acme", "ann", lock, 0); err != nil || mistakes != nil {
		t.Fatal(err, mistakes)
	}
	for to, refused := range map[int]bool{3: false, 2: true, 1: true, 0: true} {
		_, err := c.RollbackUser(t.Context(), mel, to, 3)
		if fault.Is(err, fault.Forbidden) != refused {
			t.Errorf("to version %d: %v", to, err)
		}
	}
	boss := mel
	boss.Admin = true
	if v, err := c.RollbackUser(t.Context(), boss, 1, 3); err != nil || v.Own.Version != 4 || *v.Own.Values.Trigger != setting.OnAdd {
		t.Errorf("an admin's: %+v, %v", v, err)
	}
	if v, err := c.RollbackUser(t.Context(), mel, 1, 4); err != nil || v.Own.Version != 5 {
		t.Errorf("to an equal version: %+v, %v", v, err)
	}
}

func TestAVersionIsFoundHoweverLongAgoItWas(t *testing.T) {
	c := configure.Configurator{Store: newStore(), Waiting: &waits{}, Now: clock}
	for n := range 230 {
		given := map[string]any{"only_synced": n%2 == 0}
		if n == 4 {
			given["trigger"] = "never"
		}
		if n == 5 {
			given["trigger"] = nil
		}
		if _, err := c.SaveTeam(t.Context(), "acme", "ann", patch(t, given), n); err != nil {
			t.Fatal(err)
		}
	}
	v, err := c.RollbackTeam(t.Context(), "acme", "ben", 5, 230)
	if err != nil || v.Own.Version != 231 || v.Own.Author != "ben" || v.Effective.Trigger != setting.Never {
		t.Errorf("got %+v, %v", v, err)
	}
	for _, to := range []int{-1, 232} {
		if _, err := c.RollbackTeam(t.Context(), "acme", "ben", to, 231); !fault.Is(err, fault.NotFound) {
			t.Errorf("to %d: %v", to, err)
		}
	}
}
