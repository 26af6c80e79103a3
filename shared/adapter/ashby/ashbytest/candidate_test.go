package ashbytest_test

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

func TestCreateReturnsTheWholeCandidate(t *testing.T) {
	r := overHTTP(t)
	out := r.ok("candidate.create", `{"name":"Nils Berg","email":"nils@example.com","phoneNumber":"+4712345678",
		"linkedInUrl":"https://linkedin.com/in/nils","githubUrl":"https://github.com/nils","website":"https://nils.example.com",
		"alternateEmailAddresses":["nb@example.com"],"sourceId":"«source:SourceWhale»","creditedToUserId":"«user:priya@fjordlight-talent.example.com»",
		"location":{"city":"Bergen","region":"Vestland","country":"Norway"}}`)
	out.want(map[string]string{
		"results.name":                `"Nils Berg"`,
		"results.primaryEmailAddress": `{"value":"nils@example.com","type":"Personal","isPrimary":true}`,
		"results.emailAddresses":      `[{"value":"nils@example.com","type":"Personal","isPrimary":true},{"value":"nb@example.com","type":"Other","isPrimary":false}]`,
		"results.primaryPhoneNumber":  `{"value":"+4712345678","type":"Personal","isPrimary":true}`,
		"results.socialLinks":         `[{"type":"LinkedIn","url":"https://linkedin.com/in/nils"},{"type":"GitHub","url":"https://github.com/nils"},{"type":"Website","url":"https://nils.example.com"}]`,
		"results.source.title":        `"SourceWhale"`, "results.source.sourceType.title": `"Sourced"`,
		"results.creditedToUser.firstName": `"Priya"`,
		"results.tags":                     `[]`, "results.applicationIds": `[]`, "results.fileHandles": `[]`,
	})
}

func TestOnlyANameIsRequired(t *testing.T) {
	r := overHTTP(t)
	out := r.ok("candidate.create", `{"name":"No Address"}`)
	out.want(map[string]string{"results.emailAddresses": `[]`, "results.phoneNumbers": `[]`, "results.primaryEmailAddress": `null`})
	r.fails("candidate.create", `{"email":"nils@example.com"}`, "invalid_input")
	r.fails("candidate.create", `{"name":"  "}`, "invalid_input")
}

func TestCreateNeverDeduplicates(t *testing.T) {
	r := overHTTP(t)
	first := r.person("first", `{"name":"Nils Berg","email":"nils@example.com"}`)
	second := r.person("second", `{"name":"Nils Berg","email":"nils@example.com"}`)
	if first == second {
		t.Error("the second create returned the first candidate")
	}
	if n := len(r.ok("candidate.search", `{"email":"nils@example.com"}`).list("results")); n != 2 {
		t.Errorf("%d candidates", n)
	}
}

func TestCreateCanBeBackdated(t *testing.T) {
	r := overHTTP(t)
	out := r.ok("candidate.create", `{"name":"Nils Berg","createdAt":"2020-01-02T03:04:05.000Z"}`)
	out.want(map[string]string{"results.createdAt": `"2020-01-02T03:04:05.000Z"`})
	recent := r.ok("candidate.list", `{"createdAfter":1700000000000}`).each("results", "name")
	for _, name := range recent {
		if name == "Nils Berg" {
			t.Error("a backdated candidate is in the recent list")
		}
	}
	r.modes(func(m *ashbytest.Modes) { m.BackdatedAdd = false })
	r.ok("candidate.create", `{"name":"Late Lars","createdAt":"2020-01-02T03:04:05.000Z"}`)
	names := r.ok("candidate.list", `{"createdAfter":1700000000000}`).each("results", "name")
	if names[len(names)-1] != "Late Lars" {
		t.Error("with the other mode it is missing from the recent list")
	}
}

func TestCreateRefusesWhatItCannotUse(t *testing.T) {
	r := overHTTP(t)
	for _, c := range []struct{ body, code string }{
		{`{"name":"N","linkedInUrl":"linkedin.com/in/n"}`, "invalid_input"},
		{`{"name":"N","website":"ftp://example.com"}`, "invalid_input"},
		{`{"name":"N","email":"not an address"}`, "invalid_input"},
		{`{"name":"N","alternateEmailAddresses":["x"]}`, "invalid_input"},
		{`{"name":"N","alternateEmailAddresses":"x@example.com"}`, "invalid_input"},
		{`{"name":"N","sourceId":"7"}`, "invalid_input"},
		{`{"name":"N","sourceId":"«nobody»"}`, "source_not_found"},
		{`{"name":"N","creditedToUserId":"«nobody»"}`, "user_not_found"},
		{`{"name":"N","location":{"city":7}}`, "invalid_input"},
		{`{"name":"N","createdAt":"yesterday"}`, "invalid_input"},
	} {
		r.fails("candidate.create", c.body, c.code)
	}
	if n := len(r.ok("candidate.search", `{"name":"N"}`).list("results")); n == 0 {
		t.Error("the search itself finds nothing")
	}
	for _, name := range r.ok("candidate.list", `{}`).each("results", "name") {
		if name == "N" {
			t.Error("a refused create left a candidate")
		}
	}
}

func TestLocationIsReadAsComponentsAndGeocoded(t *testing.T) {
	r := overHTTP(t)
	out := r.ok("candidate.create", `{"name":"Nils Berg","location":{"city":"San Francisco","region":"California","country":"USA"}}`)
	out.want(map[string]string{
		"results.location.locationSummary":    `"United States, California, San Francisco"`,
		"results.location.locationComponents": `[{"type":"Country","name":"United States"},{"type":"Region","name":"California"},{"type":"City","name":"San Francisco"}]`,
	})
	r.modes(func(m *ashbytest.Modes) { m.Geocode = false })
	out = r.ok("candidate.create", `{"name":"Nils Berg","location":{"country":"USA"}}`)
	out.want(map[string]string{"results.location.locationComponents": `[{"type":"Country","name":"USA"}]`})
}

func TestUpdateLeavesWhatIsNotSent(t *testing.T) {
	r := overHTTP(t)
	before := r.ok("candidate.info", `{"id":"«candidate:0»"}`)
	after := r.ok("candidate.update", `{"candidateId":"«candidate:0»","name":"Ada Berg","sendNotifications":false}`)
	after.want(map[string]string{"results.name": `"Ada Berg"`})
	for _, key := range []string{"emailAddresses", "phoneNumbers", "socialLinks", "tags", "customFields", "source", "location", "createdAt"} {
		if a, b := encode(t, before.at("results."+key)), encode(t, after.at("results."+key)); a != b {
			t.Errorf("%s changed from %s to %s", key, a, b)
		}
	}
	if before.text("results.updatedAt") >= after.text("results.updatedAt") {
		t.Error("updatedAt did not advance")
	}
}

func TestUpdateCallsTheWebsiteWebsiteURL(t *testing.T) {
	r := overHTTP(t)
	r.ok("candidate.update", `{"candidateId":"«candidate:0»","websiteUrl":"https://a.example.com"}`).
		want(map[string]string{"results.socialLinks.1": `{"type":"Website","url":"https://a.example.com"}`})
	r.post("candidate.update", `{"candidateId":"«candidate:0»","website":"https://b.example.com"}`).
		want(map[string]string{"success": `true`, "results.socialLinks.1.url": `"https://a.example.com"`})
}

func TestSocialLinksReplaceAllAndSilenceTheSingleParameters(t *testing.T) {
	r := overHTTP(t)
	out := r.ok("candidate.update", `{"candidateId":"«candidate:0»","linkedInUrl":"https://linkedin.com/in/ignored",
		"socialLinks":[{"type":"GitHub","url":"https://github.com/ada"},{"type":"Medium","url":"https://medium.com/@ada"}]}`)
	out.want(map[string]string{"results.socialLinks": `[{"type":"GitHub","url":"https://github.com/ada"},{"type":"Medium","url":"https://medium.com/@ada"}]`})
	r.ok("candidate.update", `{"candidateId":"«candidate:0»","socialLinks":[]}`).want(map[string]string{"results.socialLinks": `[]`})
	r.fails("candidate.update", `{"candidateId":"«candidate:0»","socialLinks":[{"type":"Xing","url":"https://xing.com/ada"}]}`, "invalid_input")
	r.fails("candidate.update", `{"candidateId":"«candidate:0»","socialLinks":[{"type":"GitHub","url":"github"}]}`, "invalid_input")
}

func TestASingleLinkReplacesTheOneOfItsNetwork(t *testing.T) {
	r := overHTTP(t)
	out := r.ok("candidate.update", `{"candidateId":"«candidate:0»","linkedInUrl":"https://linkedin.com/in/new"}`)
	out.want(map[string]string{"results.socialLinks": `[{"type":"LinkedIn","url":"https://linkedin.com/in/new"}]`})
}

func TestEmailPromotesAnAddressAlreadyOnTheRecord(t *testing.T) {
	r := overHTTP(t)
	r.person("nils", `{"name":"Nils Berg","email":"old@example.com","alternateEmailAddresses":["new@example.com"]}`)
	out := r.ok("candidate.update", `{"candidateId":"«nils»","email":"NEW@example.com"}`)
	out.want(map[string]string{
		"results.primaryEmailAddress.value": `"new@example.com"`,
		"results.emailAddresses":            `[{"value":"old@example.com","type":"Personal","isPrimary":false},{"value":"new@example.com","type":"Other","isPrimary":true}]`,
	})
}

func TestEmailAddsAPrimaryWhereThereWasNone(t *testing.T) {
	r := overHTTP(t)
	r.person("nils", `{"name":"Nils Berg"}`)
	r.ok("candidate.update", `{"candidateId":"«nils»","email":"n@example.com"}`).
		want(map[string]string{"results.primaryEmailAddress.value": `"n@example.com"`})
}

func TestTheFateOfTheOldPrimaryIsAMode(t *testing.T) {
	r := overHTTP(t)
	r.person("nils", `{"name":"Nils Berg","email":"old@example.com","alternateEmailAddresses":["other@example.com"]}`)
	r.ok("candidate.update", `{"candidateId":"«nils»","email":"new@example.com"}`).
		want(map[string]string{"results.emailAddresses": `[{"value":"new@example.com","type":"Personal","isPrimary":true},{"value":"other@example.com","type":"Other","isPrimary":false}]`})
	r.modes(func(m *ashbytest.Modes) { m.OldPrimary = "kept" })
	r.ok("candidate.update", `{"candidateId":"«nils»","email":"newer@example.com"}`).
		want(map[string]string{"results.emailAddresses.1": `{"value":"new@example.com","type":"Personal","isPrimary":false}`})
}

func TestResendingTheOldPrimaryAsAlternateKeepsIt(t *testing.T) {
	r := overHTTP(t)
	r.person("nils", `{"name":"Nils Berg","email":"old@example.com"}`)
	r.ok("candidate.update", `{"candidateId":"«nils»","email":"new@example.com","alternateEmail":"old@example.com"}`).
		want(map[string]string{
			"results.primaryEmailAddress.value": `"new@example.com"`,
			"results.emailAddresses.1":          `{"value":"old@example.com","type":"Other","isPrimary":false}`,
		})
}

func TestAlternateEmailAdds(t *testing.T) {
	r := overHTTP(t)
	r.person("nils", `{"name":"Nils Berg","email":"a@example.com"}`)
	r.ok("candidate.update", `{"candidateId":"«nils»","alternateEmail":"b@example.com"}`)
	r.ok("candidate.update", `{"candidateId":"«nils»","alternateEmail":"c@example.com"}`)
	out := r.ok("candidate.update", `{"candidateId":"«nils»","alternateEmail":"B@example.com"}`)
	if n := len(out.list("results.emailAddresses")); n != 3 {
		t.Errorf("%d addresses", n)
	}
}

func TestNotificationsGoOutUnlessToldNot(t *testing.T) {
	r := overHTTP(t)
	r.ok("candidate.update", `{"candidateId":"«candidate:0»","name":"A","sendNotifications":false}`)
	if n := r.stored("candidate:0").Notified; n != 0 {
		t.Errorf("notified %d times", n)
	}
	r.ok("candidate.update", `{"candidateId":"«candidate:0»","name":"B"}`)
	if n := r.stored("candidate:0").Notified; n != 1 {
		t.Errorf("notified %d times", n)
	}
	r.ok("candidate.createNote", `{"candidateId":"«candidate:0»","note":"x"}`)
	if n := r.stored("candidate:0").Notified; n != 1 {
		t.Error("a note notified by default")
	}
}

// stored is a candidate as the simulator holds it.
func (r *rig) stored(name string) ashbytest.Candidate {
	r.t.Helper()
	for _, state := range r.sim.Dump("") {
		for _, c := range state.Candidates {
			if c.ID == r.vars[name] {
				return c
			}
		}
	}
	r.t.Fatalf("no candidate %s", name)
	return ashbytest.Candidate{}
}

func TestUpdateRefusesUnknownCandidates(t *testing.T) {
	r := overHTTP(t)
	r.fails("candidate.update", `{"candidateId":"«nobody»","name":"X"}`, "candidate_not_found")
	r.fails("candidate.update", `{"name":"X"}`, "invalid_input")
	r.fails("candidate.update", `{"candidateId":"7","name":"X"}`, "invalid_input")
}

func TestInfoWantsIDNotCandidateID(t *testing.T) {
	r := overHTTP(t)
	r.ok("candidate.info", `{"id":"«candidate:0»"}`).want(map[string]string{"results.name": `"Ada Lindqvist"`})
	r.fails("candidate.info", `{"candidateId":"«candidate:0»"}`, "invalid_input")
	r.fails("candidate.info", `{"externalMappingId":"x"}`, "candidate_not_found")
}

func TestReadOnlyFieldsComeFromRecruitersOnly(t *testing.T) {
	r := overHTTP(t)
	r.person("nils", `{"name":"Nils Berg"}`)
	r.post("candidate.update", `{"candidateId":"«nils»","company":"X","position":"Y","school":"Z","timezone":"UTC"}`).
		want(map[string]string{"success": `true`, "results.company": `null`})
	if err := r.sim.Edit(r.vars["nils"], func(c *ashbytest.Candidate) { c.Company, c.Timezone = "Acme", "Europe/Oslo" }); err != nil {
		t.Fatal(err)
	}
	r.ok("candidate.info", `{"id":"«nils»"}`).want(map[string]string{"results.company": `"Acme"`, "results.timezone": `"Europe/Oslo"`})
}

func TestTagsAreASet(t *testing.T) {
	r := overHTTP(t)
	r.person("nils", `{"name":"Nils Berg"}`)
	added := r.ok("candidate.addTag", `{"candidateId":"«nils»","tagId":"«tag:Outreach»"}`)
	added.want(map[string]string{"results.tags.0.title": `"Outreach"`, "results.tags.0.isArchived": `false`})
	again := r.ok("candidate.addTag", `{"candidateId":"«nils»","tagId":"«tag:Outreach»"}`)
	if len(again.list("results.tags")) != 1 || again.text("results.updatedAt") != added.text("results.updatedAt") {
		t.Error("adding a present tag changed something")
	}
	r.ok("candidate.removeTag", `{"candidateId":"«nils»","tagId":"«tag:Outreach»"}`).want(map[string]string{"results.tags": `[]`})
	r.ok("candidate.removeTag", `{"candidateId":"«nils»","tagId":"«tag:Outreach»"}`).want(map[string]string{"results.tags": `[]`})
	r.fails("candidate.addTag", `{"candidateId":"«nils»","tagId":"«nobody»"}`, "tag_not_found")
	r.fails("candidate.addTag", `{"candidateId":"«nobody»","tagId":"«tag:Outreach»"}`, "candidate_not_found")
}

func TestProjectsAreASet(t *testing.T) {
	r := overHTTP(t)
	r.person("nils", `{"name":"Nils Berg"}`)
	for range 2 {
		r.ok("candidate.addProject", `{"candidateId":"«nils»","projectId":"«project:Nordic engineering pool»"}`)
	}
	if n := len(r.stored("nils").Projects); n != 1 {
		t.Errorf("in %d projects", n)
	}
	r.fails("candidate.addProject", `{"candidateId":"«nils»","projectId":"«nobody»"}`, "project_not_found")
}

func TestAMergedAwayCandidateIsNotFoundAndTheSurvivorInherits(t *testing.T) {
	r := overHTTP(t)
	r.person("kept", `{"name":"Nils Berg","email":"kept@example.com"}`)
	r.person("away", `{"name":"N. Berg","email":"away@example.com","linkedInUrl":"https://linkedin.com/in/nils"}`)
	r.ok("candidate.createNote", `{"candidateId":"«away»","note":"called"}`)
	r.ok("candidate.addTag", `{"candidateId":"«away»","tagId":"«tag:Outreach»"}`)
	r.control("POST", "merge", `{"from":"«away»","into":"«kept»"}`).want(map[string]string{"ok": `true`})
	for _, call := range [][2]string{
		{"candidate.info", `{"id":"«away»"}`},
		{"candidate.update", `{"candidateId":"«away»","name":"X"}`},
		{"candidate.createNote", `{"candidateId":"«away»","note":"x"}`},
		{"candidate.listNotes", `{"candidateId":"«away»"}`},
		{"customField.setValue", `{"objectId":"«away»","objectType":"Candidate","fieldId":"«field:Company»","fieldValue":"x"}`},
	} {
		r.fails(call[0], call[1], "candidate_not_found")
	}
	if away := r.stored("away"); away.MergedInto != r.vars["kept"] || away.Deleted {
		t.Errorf("the candidate merged away is %+v", away)
	}
	r.ok("candidate.info", `{"id":"«kept»"}`).want(map[string]string{
		"results.primaryEmailAddress.value": `"kept@example.com"`,
		"results.emailAddresses.1":          `{"value":"away@example.com","type":"Personal","isPrimary":false}`,
		"results.socialLinks.0.type":        `"LinkedIn"`,
		"results.tags.0.title":              `"Outreach"`,
	})
	if got := r.ok("candidate.listNotes", `{"candidateId":"«kept»"}`).each("results", "content"); len(got) != 1 || got[0] != "called" {
		t.Errorf("notes %v", got)
	}
	if ids := r.ok("candidate.search", `{"email":"away@example.com"}`).each("results", "id"); len(ids) != 1 || ids[0] != r.vars["kept"] {
		t.Errorf("the address leads to %v", ids)
	}
}

func TestAMergeMayAlsoInheritNothing(t *testing.T) {
	r := overHTTP(t)
	r.modes(func(m *ashbytest.Modes) { m.MergeInherits = false })
	r.person("kept", `{"name":"Nils Berg","email":"kept@example.com"}`)
	r.person("away", `{"name":"N. Berg","email":"away@example.com"}`)
	if err := r.sim.Merge(r.vars["away"], r.vars["kept"]); err != nil {
		t.Fatal(err)
	}
	if n := len(r.ok("candidate.search", `{"email":"away@example.com"}`).list("results")); n != 0 {
		t.Error("the address is still found")
	}
}

func TestADeletedCandidateIsNotFound(t *testing.T) {
	r := overHTTP(t)
	r.control("POST", "delete", `{"candidate":"«candidate:0»"}`).want(map[string]string{"ok": `true`})
	r.fails("candidate.info", `{"id":"«candidate:0»"}`, "candidate_not_found")
	if n := len(r.ok("candidate.list", `{}`).list("results")); n != 24 {
		t.Errorf("%d listed", n)
	}
	if again := r.control("POST", "delete", `{"candidate":"«candidate:0»"}`); again.status != 400 {
		t.Errorf("deleted twice: %d", again.status)
	}
}

func TestFiveThousandCandidatesListAndSearchQuickly(t *testing.T) {
	r := overHTTP(t)
	if err := r.sim.Reset(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.sim.Seed(5000); err != nil {
		t.Fatal(err)
	}
	start, seen := time.Now(), map[any]bool{}
	for cursor := `{}`; ; {
		out := r.ok("candidate.list", cursor)
		for _, id := range out.each("results", "id") {
			seen[id] = true
		}
		if out.at("moreDataAvailable") == false {
			break
		}
		cursor = `{"cursor":"` + out.text("nextCursor") + `"}`
	}
	if len(seen) != 5000 {
		t.Errorf("listed %d", len(seen))
	}
	t.Logf("listed 5,000 in %v, checking included", time.Since(start))
}
