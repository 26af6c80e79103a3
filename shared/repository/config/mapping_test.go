package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
)

func TestEveryMappingThatWasSavedIsKept(t *testing.T) {
	s, _, _ := newStore(t)
	first := mapping.Default().With(mapping.Entry{From: []contact.Variable{contact.Company}, To: "cf-1"}).
		Remember([]field.Field{{ID: "cf-1", Title: "Company", Type: field.String}})
	if _, err := s.Activate(t.Context(), active("acme", "f1"), &first); err != nil {
		t.Fatal(err)
	}
	one, err := s.Mapping(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	two, err := s.SaveMapping(t.Context(), "acme", mapping.Mapping{Version: 1, Author: "u1"})
	if err != nil || two.Version != 2 || !two.At.After(one.At) {
		t.Fatalf("saved %+v, %v", two, err)
	}
	history, err := s.MappingHistory(t.Context(), "acme", 10)
	if diff := cmp.Diff([]mapping.Mapping{two, one}, history); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if newest, err := s.MappingHistory(t.Context(), "acme", 1); err != nil || len(newest) != 1 || newest[0].Version != 2 {
		t.Errorf("newest %+v, %v", newest, err)
	}
	if other, err := s.MappingHistory(t.Context(), "globex", 10); err != nil || len(other) != 0 {
		t.Errorf("another team's %+v, %v", other, err)
	}
}

func TestARefusedSaveLeavesNoRevision(t *testing.T) {
	other, rows, c := newStore(t)
	race := &raced{Table: rows, first: func() {
		if _, err := other.SaveMapping(t.Context(), "acme", mapping.Mapping{Author: "u1"}); err != nil {
			t.Error(err)
		}
	}}
	s := config.New(race, c.now, func() string { return "late" })
	_, err := s.SaveMapping(t.Context(), "acme", mapping.Mapping{Author: "u2"})
	wantCode(t, err, fault.Conflict, "stale")
	history, err := s.MappingHistory(t.Context(), "acme", 10)
	if err != nil || len(history) != 1 || history[0].Author != "u1" {
		t.Errorf("history %+v, %v", history, err)
	}
}

func TestAMappingOfBeforeRevisionsIsReadAndSavedOver(t *testing.T) {
	s, rows, _ := newStore(t)
	old := table.Item{
		Key: table.Key{Partition: "acme#set", Sort: "map"}, Token: "old",
		Doc: []byte(`{"Version":4,"Entries":[{"From":["company"],"To":"cf-1","Take":""}],"Rules":null}`),
	}
	if err := table.Put(t.Context(), rows, table.Write{Item: old, If: table.Always()}); err != nil {
		t.Fatal(err)
	}
	m, err := s.Mapping(t.Context(), "acme")
	if err != nil || m.Version != 4 || !m.At.IsZero() || m.Entries[0].To != "cf-1" {
		t.Fatalf("read %+v, %v", m, err)
	}
	if saved, err := s.SaveMapping(t.Context(), "acme", m); err != nil || saved.Version != 5 || saved.At.IsZero() {
		t.Errorf("saved %+v, %v", saved, err)
	}
}
