package setting_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestTheLockIsWhoseWhoPutItOnUntilItIsTakenOff(t *testing.T) {
	stands := &setting.Locked{By: "ann", At: noon.Add(-time.Hour)}
	for name, c := range map[string]struct {
		given  map[string]any
		stands *setting.Locked
		want   *setting.Locked
	}{
		"not named, off":    {map[string]any{"trigger": "never"}, nil, nil},
		"not named, on":     {map[string]any{"trigger": "never"}, stands, stands},
		"put on":            {map[string]any{"lock": true}, nil, &setting.Locked{By: "ben", At: noon}},
		"put on once more":  {map[string]any{"lock": true}, stands, stands},
		"taken off":         {map[string]any{"lock": false}, stands, nil},
		"the built-in, off": {map[string]any{"lock": nil}, stands, nil},
	} {
		p, mistakes := setting.ParseTeamPatch(c.given)
		if len(mistakes) > 0 || p.Empty() {
			t.Fatalf("%s: mistakes %v, empty %v", name, mistakes, p.Empty())
		}
		if diff := cmp.Diff(c.want, p.Lock(c.stands, "ben", noon)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWhatTheLockKeepsForAdmins(t *testing.T) {
	for name, c := range map[string]struct {
		given map[string]any
		want  []setting.Name
	}{
		"trigger and toggle, also taken back": {map[string]any{"only_synced": nil, "trigger": "never", "note_types": nil}, setting.Lockable()},
		"the toggle alone":                    {map[string]any{"only_synced": true}, []setting.Name{setting.OnlySyncedName}},
		"nothing else":                        {map[string]any{"note_types": nil, "sync_manual_updates": true}, []setting.Name{}},
	} {
		p, mistakes := setting.ParsePatch(c.given)
		if diff := cmp.Diff(c.want, p.Locked()); diff != "" || len(mistakes) > 0 {
			t.Errorf("%s: %v\n%s", name, mistakes, diff)
		}
	}
}

func TestTheDifferencesOfTwoVersions(t *testing.T) {
	onAdd, no, some, none := setting.OnAdd, false, []event.Type{event.SMSSent}, []event.Type{}
	from := setting.Document{Values: setting.Values{OnlySynced: &no, NoteTypes: &some, Manual: &no}}
	to := setting.Document{
		Values: setting.Values{Trigger: &onAdd, NoteTypes: &none, Manual: new(bool)}, Locked: &setting.Locked{By: "ann"},
	}
	want := []setting.Difference{
		{Setting: setting.TriggerName, To: setting.OnAdd},
		{Setting: setting.OnlySyncedName, From: false},
		{Setting: setting.NoteTypesName, From: some, To: none},
		{Setting: setting.LockName, From: false, To: true},
	}
	if diff := cmp.Diff(want, setting.Differences(from, to)); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	if same := setting.Differences(to, setting.Document{Values: to.Values, Locked: &setting.Locked{By: "ben"}}); same != nil {
		t.Errorf("of equal ones: %v", same)
	}
}
