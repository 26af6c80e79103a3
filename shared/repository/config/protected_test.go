package config_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
)

func protecting(ids ...string) setting.Document {
	return setting.Document{Author: "u1", Choices: setting.Choices{Protected: ids}}
}

func TestWhatIsProtectedIsOneValueWithTwoDoors(t *testing.T) {
	s, _, _ := newStore(t)
	d, err := s.SaveSettings(t.Context(), "acme", "", protecting("phone", "email"))
	if err != nil || d.Version != 1 {
		t.Fatalf("saved %+v, %v", d, err)
	}
	m, err := s.Mapping(t.Context(), "acme")
	if err != nil || m.Version != 1 || m.Author != "u1" || m.Rule("phone").Policy != field.OnlyIfBlank || m.Rule("email").Policy != field.OnlyIfBlank {
		t.Fatalf("the mapping after a save of the settings: %+v, %v", m, err)
	}
	m.Rules = map[string]mapping.Rule{"phone": {Policy: field.OnlyIfBlank}, "name": {Policy: field.OnlyIfBlank}, "location": {Policy: field.Never}}
	m.Author = "u2"
	if m, err = s.SaveMapping(t.Context(), "acme", m); err != nil || m.Version != 2 {
		t.Fatalf("saved %+v, %v", m, err)
	}
	d, err = s.Settings(t.Context(), "acme", "")
	if err != nil || d.Version != 2 || d.Author != "u2" || !slices.Equal(d.Choices.Protected, []string{"name", "phone"}) {
		t.Fatalf("the settings after a save of the mapping: %+v, %v", d, err)
	}
	page, _, err := s.Revisions(t.Context(), "acme", "", "", 10)
	if err != nil || len(page) != 2 || len(page[1].Choices.Protected) != 2 {
		t.Errorf("history %+v, %v", page, err)
	}
	d.Choices.Protected = nil
	if _, err = s.SaveSettings(t.Context(), "acme", "", d); err != nil {
		t.Fatal(err)
	}
	m, err = s.Mapping(t.Context(), "acme")
	if err != nil || m.Version != 3 || len(m.Rules) != 1 || m.Rules["location"].Policy != field.Never {
		t.Errorf("unprotected: %+v, %v", m, err)
	}
}

func TestASaveThatProtectsNothingNewLeavesTheOtherDocumentAlone(t *testing.T) {
	s, _, _ := newStore(t)
	d, err := s.SaveSettings(t.Context(), "acme", "", protecting("phone"))
	if err != nil {
		t.Fatal(err)
	}
	d.Values = triggered(setting.OnAdd)
	if _, err := s.SaveSettings(t.Context(), "acme", "", d); err != nil {
		t.Fatal(err)
	}
	m, _ := s.Mapping(t.Context(), "acme")
	if m.Version != 1 {
		t.Errorf("the mapping has version %d", m.Version)
	}
	if _, err := s.SaveMapping(t.Context(), "acme", m); err != nil {
		t.Fatal(err)
	}
	if d, _ := s.Settings(t.Context(), "acme", ""); d.Version != 2 {
		t.Errorf("the settings have version %d", d.Version)
	}
	if own, err := s.SaveSettings(t.Context(), "acme", "u9", protecting("email")); err != nil || own.Version != 1 {
		t.Errorf("a user's additions: %+v, %v", own, err)
	}
	if m, _ := s.Mapping(t.Context(), "acme"); m.Rule("email").Policy == field.OnlyIfBlank {
		t.Error("a user's additions are in the team's mapping")
	}
}

func TestASaveIsNotStaleBecauseOfTheDocumentBesideIt(t *testing.T) {
	other, rows, c := newStore(t)
	race := &raced{Table: rows, first: func() {
		if _, err := other.SaveMapping(t.Context(), "acme", mapping.Default()); err != nil {
			t.Error(err)
		}
	}}
	n := 1000
	s := config.New(race, c.now, func() string { n++; return fmt.Sprint(n) })
	if d, err := s.SaveSettings(t.Context(), "acme", "", protecting("phone")); err != nil || d.Version != 1 {
		t.Fatalf("the mapping was saved meanwhile: %+v, %v", d, err)
	}
	if m, _ := s.Mapping(t.Context(), "acme"); m.Version != 2 || !slices.Equal(m.Protected(), []string{"phone"}) {
		t.Errorf("the mapping is %+v", m)
	}
	race.first = func() {
		again := protecting("phone")
		again.Version = 1
		if _, err := other.SaveSettings(t.Context(), "acme", "", again); err != nil {
			t.Error(err)
		}
	}
	m, _ := s.Mapping(t.Context(), "acme")
	m.Rules = nil
	if _, err := s.SaveMapping(t.Context(), "acme", m); err != nil {
		t.Errorf("the settings were saved meanwhile: %v", err)
	}
	if _, err := s.SaveSettings(t.Context(), "acme", "", protecting("name")); !fault.Is(err, fault.Conflict) {
		t.Errorf("a save over an old version: %v", err)
	}
}

func TestWhatStandsForAUserIsOfBothDocuments(t *testing.T) {
	s, _, _ := newStore(t)
	if _, err := s.SaveSettings(t.Context(), "acme", "", setting.Document{Choices: setting.Choices{Displayed: &[]string{"tags", "source"}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SaveSettings(t.Context(), "acme", "u1", setting.Document{Choices: setting.Choices{Displayed: &[]string{"tags"}}}); err != nil {
		t.Fatal(err)
	}
	for user, want := range map[string]int{"u1": 1, "u2": 2, "": 2} {
		if got, err := s.Standing(t.Context(), "acme", user); err != nil || len(got.Displayed) != want || got.TeamVersion != 1 {
			t.Errorf("%q: %+v, %v", user, got, err)
		}
	}
}
