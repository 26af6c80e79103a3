package setting_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

func stored() setting.Values {
	trigger, no, types := setting.Never, false, []event.Type{event.SMSSent}
	return setting.Values{Trigger: &trigger, OnlySynced: &no, NoteTypes: &types, Manual: &no}
}

func TestAPatchChangesWhatItNames(t *testing.T) {
	onAdd, yes := setting.OnAdd, true
	sorted, none := []event.Type{event.EmailSent, event.SMSReply}, []event.Type{}
	for name, c := range map[string]struct {
		given map[string]any
		want  func(*setting.Values)
	}{
		"nothing":                          {nil, func(*setting.Values) {}},
		"a trigger":                        {map[string]any{"trigger": "on_add"}, func(v *setting.Values) { v.Trigger = &onAdd }},
		"a trigger back to the parent's":   {map[string]any{"trigger": nil}, func(v *setting.Values) { v.Trigger = nil }},
		"switches":                         {map[string]any{"only_synced": true, "sync_manual_updates": nil}, func(v *setting.Values) { v.OnlySynced, v.Manual = &yes, nil }},
		"types, in the order of the page":  {map[string]any{"note_types": []any{"sms_reply", "email_sent"}}, func(v *setting.Values) { v.NoteTypes = &sorted }},
		"no types at all, which is chosen": {map[string]any{"note_types": []any{}}, func(v *setting.Values) { v.NoteTypes = &none }},
		"types back to the parent's":       {map[string]any{"note_types": nil}, func(v *setting.Values) { v.NoteTypes = nil }},
	} {
		t.Run(name, func(t *testing.T) {
			p, mistakes := setting.ParsePatch(c.given)
			if len(mistakes) > 0 || p.Empty() != (len(c.given) == 0) {
				t.Fatalf("mistakes %v, empty %v", mistakes, p.Empty())
			}
			want := stored()
			c.want(&want)
			if diff := cmp.Diff(setting.Document{Values: want}, p.Apply(setting.Document{Values: stored()})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEveryMistakeOfAPatchIsTold(t *testing.T) {
	_, mistakes := setting.ParsePatch(map[string]any{
		"trigger": "sometimes", "only_synced": "yes", "sync_manual_updates": 1.0, "colour": "red",
		"note_types": []any{"email_sent", 7.0, "contact_edited", "email_sent", "fax_sent"},
	})
	var got []string
	for _, m := range mistakes {
		got = append(got, m.Path+" "+m.Code)
		if m.Message == "" {
			t.Errorf("%s says nothing", m.Path)
		}
	}
	want := []string{
		"colour unknown_field", "note_types[1] wrong_type", "note_types[2] unknown_value", "note_types[3] repeated",
		"note_types[4] unknown_value", "only_synced wrong_type", "sync_manual_updates wrong_type", "trigger unknown_value",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, given := range []any{true, 1.0, []any{}, map[string]any{}} {
		if _, mistakes := setting.ParsePatch(map[string]any{"trigger": given}); fmt.Sprint(mistakes) == "[]" {
			t.Errorf("a trigger of %T passes", given)
		}
	}
}
