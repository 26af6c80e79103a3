package ashbytest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

func TestSearchByNameIsASubstring(t *testing.T) {
	r := overHTTP(t)
	names := r.ok("candidate.search", `{"name":"beau"}`).each("results", "name")
	if len(names) != 2 || names[0] != "Clara Beaumont" || names[1] != "Elie Beaubrun" {
		t.Errorf("found %v", names)
	}
}

func TestSearchByEmailIsExactOverAllAddressesInAnyCase(t *testing.T) {
	r := overHTTP(t)
	for body, want := range map[string]int{
		`{"email":"ADA.Lindqvist@example.com"}`:      1,
		`{"email":"work.ada.lindqvist@example.com"}`: 1,
		`{"email":"lindqvist@example.com"}`:          0,
		`{"email":"nobody@example.com"}`:             0,
	} {
		if n := len(r.ok("candidate.search", body).list("results")); n != want {
			t.Errorf("%s: %d hits, want %d", body, n, want)
		}
	}
}

func TestSearchCombinesWithAnd(t *testing.T) {
	r := overHTTP(t)
	if n := len(r.ok("candidate.search", `{"email":"ada.lindqvist@example.com","name":"ada"}`).list("results")); n != 1 {
		t.Errorf("%d hits", n)
	}
	if n := len(r.ok("candidate.search", `{"email":"ada.lindqvist@example.com","name":"clara"}`).list("results")); n != 0 {
		t.Errorf("%d hits", n)
	}
}

func TestSearchGivesAHundredAtMostAndDoesNotPage(t *testing.T) {
	r := overHTTP(t)
	for range 110 {
		r.ok("candidate.create", `{"name":"Same Name","email":"same@example.com"}`)
	}
	for _, body := range []string{`{"name":"same"}`, `{"email":"same@example.com"}`, `{}`} {
		out := r.ok("candidate.search", body)
		if n := len(out.list("results")); n != 100 {
			t.Errorf("%s: %d hits", body, n)
		}
		out.want(map[string]string{"nextCursor": `null`, "moreDataAvailable": `null`})
	}
}

func TestAnEmptySearchIsAMode(t *testing.T) {
	r := overHTTP(t)
	if n := len(r.ok("candidate.search", `{}`).list("results")); n != 25 {
		t.Errorf("%d hits", n)
	}
	r.modes(func(m *ashbytest.Modes) { m.EmptySearch = "invalid" })
	r.fails("candidate.search", `{}`, "invalid_input")
}

func TestSearchMayLagBehindCreatesAndNewAddresses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := inMemory(t, ashbytest.Config{})
		r.modes(func(m *ashbytest.Modes) { m.SearchLag = ashbytest.Ms(30 * time.Second) })
		r.person("nils", `{"name":"Nils Berg","email":"nils@example.com"}`)
		hits := func(body string) int { return len(r.ok("candidate.search", body).list("results")) }
		if hits(`{"email":"nils@example.com"}`)+hits(`{"name":"nils berg"}`) != 0 {
			t.Error("found at once")
		}
		r.ok("candidate.info", `{"id":"«nils»"}`)
		time.Sleep(31 * time.Second)
		if hits(`{"email":"nils@example.com"}`) != 1 || hits(`{"name":"nils berg"}`) != 1 {
			t.Error("not found after the lag")
		}
		r.ok("candidate.update", `{"candidateId":"«nils»","alternateEmail":"nb@example.com"}`)
		if hits(`{"email":"nb@example.com"}`) != 0 || hits(`{"email":"nils@example.com"}`) != 1 {
			t.Error("a new address is found at once, or an old one is lost")
		}
		time.Sleep(31 * time.Second)
		if hits(`{"email":"nb@example.com"}`) != 1 {
			t.Error("a new address is not found after the lag")
		}
	})
}

func TestSearchForgetsAddressesThatWereDropped(t *testing.T) {
	r := overHTTP(t)
	r.person("nils", `{"name":"Nils Berg","email":"old@example.com"}`)
	r.ok("candidate.update", `{"candidateId":"«nils»","email":"new@example.com"}`)
	if n := len(r.ok("candidate.search", `{"email":"old@example.com"}`).list("results")); n != 0 {
		t.Error("the dropped address is still found")
	}
}
