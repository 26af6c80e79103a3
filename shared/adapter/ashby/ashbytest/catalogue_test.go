package ashbytest_test

import (
	"slices"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

func TestCreatingATagOfAKnownTitleReturnsTheOldOne(t *testing.T) {
	r := overHTTP(t)
	r.ok("candidateTag.create", `{"title":"Outreach"}`).want(map[string]string{"results.id": encode(t, r.vars["tag:Outreach"])})
	first := r.ok("candidateTag.create", `{"title":"Fresh"}`).text("results.id")
	r.ok("candidateTag.create", `{"title":"Fresh"}`).want(map[string]string{"results.id": encode(t, first)})
	if other := r.ok("candidateTag.create", `{"title":"fresh"}`).text("results.id"); other == first {
		t.Error("titles match in any case")
	}
	r.fails("candidateTag.create", `{}`, "invalid_input")
}

func TestSourcesAreOnePageAndTitlesMayRepeat(t *testing.T) {
	r := overHTTP(t)
	out := r.ok("source.list", `{}`)
	titles := out.each("results", "title")
	if !slices.Equal(titles, []any{"SourceWhale", "LinkedIn", "Careers page", "LinkedIn"}) {
		t.Errorf("%v", titles)
	}
	out.want(map[string]string{
		"moreDataAvailable": `false`, "nextCursor": `null`, "syncToken": `null`,
		"results.1.sourceType.title": `"Sourced"`, "results.3.sourceType.title": `"Inbound"`,
	})
	if n := len(r.ok("source.list", `{"includeArchived":true}`).list("results")); n != 5 {
		t.Errorf("%d with archived", n)
	}
}

func TestUsersAreFoundByAddressOrNotAtAll(t *testing.T) {
	r := overHTTP(t)
	out := r.ok("user.search", `{"email":"INGRID@fjordlight-talent.example.com"}`)
	out.want(map[string]string{"results.0.firstName": `"Ingrid"`, "results.0.globalRole": `"Organization Admin"`, "results.0.isEnabled": `true`, "results.1": `null`})
	r.ok("user.search", `{"email":"nobody@example.com"}`).want(map[string]string{"results": `[]`})
	r.fails("user.search", `{}`, "invalid_input")
	if n := len(r.ok("user.list", `{}`).list("results")); n != 3 {
		t.Errorf("%d users", n)
	}
}

func TestTheSeedHasWhatALocalRunNeeds(t *testing.T) {
	r := overHTTP(t)
	if n := len(r.ok("candidate.list", `{}`).list("results")); n != 25 {
		t.Errorf("%d people", n)
	}
	for _, title := range []string{"Company", "Title"} {
		r.ok("customField.info", `{"customFieldId":"«field:`+title+`»"}`).want(map[string]string{
			"results.fieldType": `"String"`, "results.objectType": `"Candidate"`, "results.isArchived": `false`,
		})
	}
	if n := len(r.ok("project.list", `{}`).list("results")); n != 2 {
		t.Errorf("%d projects", n)
	}
}

func TestTheSameSeedGivesTheSameIDs(t *testing.T) {
	one, other := overHTTP(t), overHTTP(t)
	if encode(t, one.made) != encode(t, other.made) {
		t.Error("two simulators differ")
	}
	if err := one.sim.Reset(); err != nil {
		t.Fatal(err)
	}
	again, err := one.sim.Seed(0)
	if err != nil {
		t.Fatal(err)
	}
	if encode(t, again) != encode(t, other.made) {
		t.Error("seeding after a reset differs")
	}
	different := ashbytest.New(ashbytest.Config{Seed: 2})
	made, err := different.Seed(0)
	if err != nil {
		t.Fatal(err)
	}
	if made.Org == other.made.Org {
		t.Error("another seed gives the same ids")
	}
}
