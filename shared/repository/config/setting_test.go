package config_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
)

func triggered(trigger setting.Trigger) setting.Values { return setting.Values{Trigger: &trigger} }

func save(t *testing.T, s *config.Store, values setting.Values, expected int) setting.Document {
	t.Helper()
	d, err := s.SaveSettings(t.Context(), "acme", "", setting.Document{Version: expected, Values: values, Author: "u1"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSettingsAreEmptyUntilSaved(t *testing.T) {
	s, _, _ := newStore(t)
	d, err := s.Settings(t.Context(), "acme", "")
	if err != nil || d.Version != 0 || d.Values != (setting.Values{}) {
		t.Errorf("got %+v, %v", d, err)
	}
}

func TestAStaleSaveIsRefusedWithWhatIsStored(t *testing.T) {
	s, _, _ := newStore(t)
	first := save(t, s, triggered(setting.OnAdd), 0)
	current, err := s.SaveSettings(t.Context(), "acme", "", setting.Document{Values: triggered(setting.Never), Author: "u2"})
	wantCode(t, err, fault.Conflict, "stale")
	if diff := cmp.Diff(first, current); diff != "" {
		t.Error(diff)
	}
}

func TestOfTwoSavesAtOnceOneIsStale(t *testing.T) {
	other, rows, c := newStore(t)
	race := &raced{Table: rows, first: func() { save(t, other, triggered(setting.OnAdd), 0) }}
	s := config.New(race, c.now, func() string { return "late" })
	current, err := s.SaveSettings(t.Context(), "acme", "", setting.Document{Values: triggered(setting.Never), Author: "u2"})
	wantCode(t, err, fault.Conflict, "stale")
	if current.Version != 1 || *current.Values.Trigger != setting.OnAdd {
		t.Errorf("current is %+v", current)
	}
}

func TestTheLayerInForceIsTheNewestNotLaterThanTheTime(t *testing.T) {
	s, _, c := newStore(t)
	save(t, s, triggered(setting.OnAdd), 0)
	c.at = noon.Add(time.Minute)
	save(t, s, triggered(setting.Never), 1)

	for at, want := range map[time.Time]setting.Trigger{
		noon.Add(-time.Nanosecond):              "",
		noon:                                    setting.OnAdd,
		noon.Add(time.Minute - time.Nanosecond): setting.OnAdd,
		noon.Add(time.Minute):                   setting.Never,
		noon.Add(time.Hour).In(time.FixedZone("", 3600)): setting.Never,
	} {
		layers, err := s.LayersAt(t.Context(), "acme", "u9", at)
		if err != nil {
			t.Fatal(err)
		}
		var got setting.Trigger
		for _, l := range layers {
			if l.Level != setting.Team || l.Author != "u1" || l.Version == 0 {
				t.Errorf("layer %+v", l)
			}
			got = *l.Values.Trigger
		}
		if got != want {
			t.Errorf("at %v: %q, want %q", at, got, want)
		}
	}
}

func TestTimesOfRevisionsRiseThoughTheClockGoesBack(t *testing.T) {
	s, _, c := newStore(t)
	first := save(t, s, triggered(setting.OnAdd), 0)
	c.at = noon.Add(-time.Hour)
	second := save(t, s, triggered(setting.Never), 1)
	if !second.At.After(first.At) {
		t.Errorf("second revision at %v, first at %v", second.At, first.At)
	}
	layers, err := s.LayersAt(t.Context(), "acme", "", second.At)
	if err != nil || len(layers) != 1 || *layers[0].Values.Trigger != setting.Never {
		t.Errorf("got %+v, %v", layers, err)
	}
}

func TestTeamsDoNotSeeEachOthersSettings(t *testing.T) {
	s, _, _ := newStore(t)
	save(t, s, triggered(setting.OnAdd), 0)
	d, err := s.Settings(t.Context(), "globex", "")
	layers, layersErr := s.LayersAt(t.Context(), "globex", "", noon.Add(time.Hour))
	if err != nil || layersErr != nil || d.Version != 0 || len(layers) != 0 {
		t.Errorf("got %+v %v, %v %v", d, err, layers, layersErr)
	}
}

func TestTheStoredBytesOfSettings(t *testing.T) {
	s, rows, _ := newStore(t)
	yes, types := true, []event.Type{event.EmailSent}
	save(t, s, setting.Values{OnlySynced: &yes, NoteTypes: &types}, 0)
	const want = `{"Version":1,"Values":{"Trigger":null,"OnlySynced":true,"NoteTypes":["email_sent"],"Manual":null},` +
		`"Choices":{"Displayed":null,"Filterable":null,"Mandatory":null,"Protected":null,` +
		`"NativeEmail":null,"Backfill":null,"PrivateNotes":null},` +
		`"Author":"u1","At":"2026-11-23T12:00:00Z","Locked":null}`
	for _, sort := range []string{"team", "h#team#2026-11-23T12:00:00.000000000Z#000000001"} {
		item, ok, err := rows.Get(t.Context(), table.Key{Partition: "acme#set", Sort: sort})
		if err != nil || !ok || string(item.Doc) != want {
			t.Errorf("%s: %v %v\n got %s\nwant %s", sort, ok, err, item.Doc, want)
		}
	}
}

func TestATeamWithoutAMappingHasTheDefaultOne(t *testing.T) {
	s, _, _ := newStore(t)
	m, err := s.Mapping(t.Context(), "acme")
	if diff := cmp.Diff(mapping.Default(), m); diff != "" || err != nil {
		t.Error(diff, err)
	}
	saved, err := s.SaveMapping(t.Context(), "acme", m)
	if err != nil || saved.Version != 1 {
		t.Fatalf("saved version %d, %v", saved.Version, err)
	}
	_, err = s.SaveMapping(t.Context(), "acme", m)
	wantCode(t, err, fault.Conflict, "stale")
}
