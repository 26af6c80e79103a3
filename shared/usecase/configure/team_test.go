package configure_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/usecase/configure"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

func newStore() *config.Store {
	n := 0
	return config.New(memory.NewTable(clock), clock, func() string { n++; return fmt.Sprint(n) })
}

// waits counts what is expected and released.
type waits struct{ expected, released int }

func (w *waits) Expect(context.Context, string, string) error  { w.expected++; return nil }
func (w *waits) Release(context.Context, string, string) error { w.released++; return nil }

func patch(t *testing.T, given map[string]any) setting.Patch {
	t.Helper()
	p, mistakes := setting.ParsePatch(given)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	return p
}

func TestDefaultsHoldUntilATeamChooses(t *testing.T) {
	c := configure.Configurator{Store: newStore(), Waiting: &waits{}, Now: clock}
	v, err := c.Team(t.Context(), "acme")
	if err != nil || v.Own.Version != 0 || v.Effective.Trigger != setting.OnInterested || !v.Effective.OnlySynced || len(v.Notes) > 0 {
		t.Errorf("got %+v, %v", v, err)
	}
	for _, s := range v.Effective.Sources {
		if s.Level != setting.BuiltIn {
			t.Errorf("%s comes from %s", s.Setting, s.Level)
		}
	}
}

func TestSavesAreOverTheVersionSeen(t *testing.T) {
	store := newStore()
	c := configure.Configurator{Store: store, Waiting: &waits{}, Now: clock}
	v, err := c.SaveTeam(t.Context(), "acme", "u1", patch(t, map[string]any{"trigger": "never"}), 0)
	if err != nil || v.Own.Version != 1 || v.Own.Author != "u1" || v.Effective.Trigger != setting.Never {
		t.Fatalf("got %+v, %v", v, err)
	}
	if v, err = c.SaveTeam(t.Context(), "acme", "u2", patch(t, map[string]any{"only_synced": false}), 1); err != nil || *v.Own.Values.Trigger != setting.Never {
		t.Fatalf("a partial save: %+v, %v", v, err)
	}
	_, err = c.SaveTeam(t.Context(), "acme", "u3", patch(t, map[string]any{"trigger": "on_add"}), 1)
	stale, ok := errors.AsType[*configure.Stale](err)
	if !ok || stale.Current != 2 || !fault.Is(err, fault.Conflict) {
		t.Errorf("a stale save: %v", err)
	}
	v, err = c.SaveTeam(t.Context(), "acme", "u1", patch(t, map[string]any{"trigger": nil}), 2)
	if err != nil || v.Effective.Trigger != setting.OnInterested || v.Effective.Sources[0].Level != setting.BuiltIn {
		t.Errorf("back to the built-in: %+v, %v", v, err)
	}
}

func TestAPatchThatNamesNothingMakesNoRevision(t *testing.T) {
	c := configure.Configurator{Store: newStore(), Waiting: &waits{}, Now: clock}
	v, err := c.SaveTeam(t.Context(), "acme", "u1", patch(t, nil), 0)
	if err != nil || v.Own.Version != 0 {
		t.Errorf("got %+v, %v", v, err)
	}
}

func TestWithOnAddTheSwitchIsSaidToHaveNoEffect(t *testing.T) {
	c := configure.Configurator{Store: newStore(), Waiting: &waits{}, Now: clock}
	v, err := c.SaveTeam(t.Context(), "acme", "u1", patch(t, map[string]any{"trigger": "on_add"}), 0)
	if err != nil || len(v.Notes) != 1 || v.Notes[0].Setting != setting.OnlySyncedName || v.Notes[0].Message == "" {
		t.Errorf("got %+v, %v", v.Notes, err)
	}
}

// racing is a store in which another save is faster, once.
type racing struct {
	*config.Store
	meanwhile func()
}

func (r *racing) SaveSettings(ctx context.Context, team, user string, next setting.Document) (setting.Document, error) {
	if f := r.meanwhile; f != nil {
		r.meanwhile = nil
		f()
	}
	return r.Store.SaveSettings(ctx, team, user, next)
}

func TestASaveThatLosesARaceLearnsTheCurrentVersion(t *testing.T) {
	store := newStore()
	race := &racing{Store: store, meanwhile: func() {
		if _, err := store.SaveSettings(t.Context(), "acme", "", setting.Document{Author: "u2"}); err != nil {
			t.Error(err)
		}
	}}
	c := configure.Configurator{Store: race, Waiting: &waits{}, Now: clock}
	_, err := c.SaveTeam(t.Context(), "acme", "u1", patch(t, map[string]any{"trigger": "on_add"}), 0)
	if stale, ok := errors.AsType[*configure.Stale](err); !ok || stale.Current != 1 {
		t.Errorf("got %v", err)
	}
}
