package ashbytest_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// valueCases are what customField.setValue takes and refuses, by type.
var valueCases = []struct {
	field string
	good  []string
	bad   []string
}{
	{"Open to work", []string{`true`, `false`}, []string{`"true"`, `1`}},
	{"Last contacted", []string{`"2022-11-10T19:47:56.795Z"`, `"2022-11-10T19:47:56Z"`}, []string{`"2022-11-10"`, `"tomorrow"`, `1668109676`}},
	{"Available from", []string{`"2022-11-10"`, `"2022-11-10T00:00:00.000Z"`}, []string{`"10.11.2022"`, `"2022-13-40"`}},
	{"Company", []string{`"Acme"`, `""`}, []string{`7`, `true`, `["Acme"]`}},
	{"Summary", []string{`"two\nlines"`}, []string{`{}`}},
	{"Second email", []string{`"a@example.com"`}, []string{`"a"`, `7`}},
	{"Assistant phone", []string{`"+47 12345678"`}, []string{`4712345678`}},
	{"Portfolio", []string{`"https://example.com"`, `"http://example.com/x"`}, []string{`"example.com"`, `"ftp://example.com"`, `"javascript:alert(1)"`}},
	{"External id", []string{`"650e5f74-32db-4a0a-b61b-b9afece05023"`}, []string{`"650e5f74"`, `7`}},
	{"Years of experience", []string{`5`, `0`, `-1.5`}, []string{`"5"`, `true`}},
	{"Current salary", []string{`{"value":100000,"currencyCode":"USD"}`}, []string{`100000`, `{"value":"1","currencyCode":"USD"}`, `{"value":1,"currencyCode":"dollars"}`, `{"value":1}`}},
	{"Team size", []string{`{"type":"number-range","minValue":1,"maxValue":9}`}, []string{`{"minValue":1,"maxValue":9}`, `{"type":"number-range","minValue":9,"maxValue":1}`, `[1,9]`}},
	{"Salary expectation", []string{`{"type":"compensation-range","minValue":1,"maxValue":9,"currencyCode":"USD","interval":"1 YEAR"}`}, []string{
		`{"type":"compensation-range","minValue":1,"maxValue":9,"currencyCode":"USD","interval":"1 DECADE"}`,
		`{"type":"compensation-range","minValue":1,"maxValue":9,"interval":"1 YEAR"}`,
	}},
	{"Seniority", []string{`"senior"`}, []string{`"Senior"`, `"chief"`, `"intern"`, `["senior"]`}},
	{"Languages", []string{`["english"]`, `["english","hindi"]`, `[]`}, []string{`"english"`, `["klingon"]`, `[1]`}},
	{"Preferred location", []string{`{"country":"Norway"}`, `{"country":"Norway","region":"Viken","city":"Oslo"}`}, []string{`"Oslo"`, `{}`, `{"city":7}`}},
}

func setValue(field, value string) string {
	return fmt.Sprintf(`{"objectId":"«candidate:1»","objectType":"Candidate","fieldId":"«field:%s»","fieldValue":%s}`, field, value)
}

func TestValuesAreCheckedByTypeAndReadBack(t *testing.T) {
	r := overHTTP(t)
	for _, c := range valueCases {
		for _, good := range c.good {
			out := r.ok("customField.setValue", setValue(c.field, good))
			out.want(map[string]string{"results.title": `"` + c.field + `"`, "results.value": good})
			info := r.ok("candidate.info", `{"id":"«candidate:1»"}`)
			if !slices.ContainsFunc(info.list("results.customFields"), func(v any) bool { return encode(t, v) == encode(t, out.at("results")) }) {
				t.Errorf("%s: %s is not on the candidate", c.field, good)
			}
		}
		for _, bad := range c.bad {
			r.fails("customField.setValue", setValue(c.field, bad), "invalid_input")
		}
	}
}

func TestEveryFieldTypeIsSeededAndCovered(t *testing.T) {
	r := overHTTP(t)
	covered := map[any]bool{}
	for _, c := range valueCases {
		covered[r.ok("customField.info", `{"customFieldId":"«field:`+c.field+`»"}`).at("results.fieldType")] = true
	}
	for _, kind := range []string{
		"Boolean", "CompensationRange", "Currency", "Date", "LongText", "MultiValueSelect", "Number", "NumberRange",
		"String", "ValueSelect", "Url", "UUID", "Email", "Phone", "Location",
	} {
		if !covered[kind] {
			t.Errorf("no case for %s", kind)
		}
	}
}

func TestSelectsAreReadWithTheirLabels(t *testing.T) {
	r := overHTTP(t)
	r.ok("customField.setValue", setValue("Seniority", `"staff"`)).want(map[string]string{"results.value": `"staff"`, "results.valueLabel": `"Staff"`})
	r.ok("customField.setValue", setValue("Languages", `["hindi","english"]`)).want(map[string]string{"results.valueLabel": `["Hindi","English"]`})
	r.ok("customField.setValue", setValue("Languages", `["spanish"]`)).want(map[string]string{"results.value": `["spanish"]`})
}

func TestNullClearsAValue(t *testing.T) {
	r := overHTTP(t)
	r.ok("customField.setValue", setValue("Company", `"Acme"`))
	r.ok("customField.setValue", setValue("Company", `null`)).want(map[string]string{"results.value": `null`})
	if slices.Contains(r.ok("candidate.info", `{"id":"«candidate:1»"}`).each("results.customFields", "title"), any("Company")) {
		t.Error("a cleared value is still shown")
	}
	r.ok("customField.setValues", `{"objectId":"«candidate:1»","objectType":"Candidate","values":[{"fieldId":"«field:Title»","fieldValue":null}]}`)
	if slices.Contains(r.ok("candidate.info", `{"id":"«candidate:1»"}`).each("results.customFields", "title"), any("Title")) {
		t.Error("a value cleared by setValues is still shown")
	}
}

func TestLocationValuesAreGeocoded(t *testing.T) {
	r := overHTTP(t)
	r.ok("customField.setValue", setValue("Preferred location", `{"country":"USA","city":"Boston"}`)).
		want(map[string]string{"results.value": `{"country":"United States","city":"Boston"}`})
}

func TestValuesNeedAFieldOfTheObject(t *testing.T) {
	r := overHTTP(t)
	r.fails("customField.setValue", setValue("Old score", `1`), "invalid_input")
	r.fails("customField.setValue", setValue("Job code", `"x"`), "invalid_input")
	r.fails("customField.setValue", `{"objectId":"«candidate:1»","objectType":"Candidate","fieldId":"«nobody»","fieldValue":1}`, "custom_field_not_found")
	r.fails("customField.setValue", `{"objectId":"«nobody»","objectType":"Candidate","fieldId":"«field:Company»","fieldValue":"x"}`, "candidate_not_found")
	r.fails("customField.setValue", `{"objectId":"«candidate:1»","objectType":"Application","fieldId":"«field:Company»","fieldValue":"x"}`, "application_not_found")
	r.fails("customField.setValue", `{"objectId":"«candidate:1»","objectType":"Employee","fieldId":"«field:Company»","fieldValue":"x"}`, "invalid_input")
	r.fails("customField.setValue", `{"objectId":"«candidate:1»","objectType":"Candidate","fieldId":"«field:Company»"}`, "invalid_input")
}

func TestSetValuesReturnsTheValuesNotTheCandidate(t *testing.T) {
	r := overHTTP(t)
	r.ok("customField.setValues", `{"objectId":"«candidate:1»","objectType":"Candidate","values":[
		{"fieldId":"«field:Open to work»","fieldValue":true},{"fieldId":"«field:Languages»","fieldValue":["english","hindi"]}]}`).
		want(map[string]string{"results.0.value": `true`, "results.1.valueLabel": `["English","Hindi"]`, "results.2": `null`})
	r.fails("customField.setValues", `{"objectId":"«candidate:1»","objectType":"Candidate","values":[]}`, "invalid_input")
	r.fails("customField.setValues", `{"objectId":"«candidate:1»","objectType":"Candidate","values":[{"fieldId":"«field:Company»"}]}`, "invalid_input")
}

func TestSetValuesIsAllOrNothingUnlessTheModeSaysOtherwise(t *testing.T) {
	r := overHTTP(t)
	mixed := `{"objectId":"«candidate:1»","objectType":"Candidate","values":[{"fieldId":"«field:Summary»","fieldValue":"kept?"},{"fieldId":"«field:Seniority»","fieldValue":"bogus"}]}`
	has := func() bool {
		return slices.Contains(r.ok("candidate.info", `{"id":"«candidate:1»"}`).each("results.customFields", "title"), any("Summary"))
	}
	r.fails("customField.setValues", mixed, "invalid_input")
	if has() {
		t.Error("half was applied")
	}
	r.modes(func(m *ashbytest.Modes) { m.PartialValues = true })
	r.fails("customField.setValues", mixed, "invalid_input")
	if !has() {
		t.Error("nothing was applied")
	}
}

func TestOverlappingSetValueCallsLoseUpdatesInRaceMode(t *testing.T) {
	for _, race := range []time.Duration{0, time.Second} {
		synctest.Test(t, func(t *testing.T) {
			r := inMemory(t, ashbytest.Config{})
			r.modes(func(m *ashbytest.Modes) { m.Race = ashbytest.Ms(race); m.Latency = 10 })
			var both sync.WaitGroup
			for _, body := range []string{setValue("Summary", `"one"`), setValue("Portfolio", `"https://example.com"`)} {
				both.Go(func() { r.ok("customField.setValue", body) })
			}
			both.Wait()
			titles := encode(t, r.ok("candidate.info", `{"id":"«candidate:1»"}`).each("results.customFields", "title"))
			found := strings.Count(titles, "Summary") + strings.Count(titles, "Portfolio")
			if want := map[bool]int{false: 2, true: 1}[race > 0]; found != want {
				t.Errorf("race %v: %d of 2 updates are there: %s", race, found, titles)
			}
		})
	}
}

func TestFieldsAreListedWithOptionsAndNewerKeys(t *testing.T) {
	r := overHTTP(t)
	out := r.ok("customField.info", `{"customFieldId":"«field:Seniority»"}`)
	out.want(map[string]string{
		"results.objectType": `"Candidate"`, "results.fieldType": `"ValueSelect"`, "results.isPrivate": `false`,
		"results.selectableValues.0": `{"label":"Junior","value":"junior","isArchived":false}`,
		"results.selectableValues.4": `{"label":"Intern","value":"intern","isArchived":true}`,
	})
	r.ok("customField.info", `{"customFieldId":"«field:Pipeline key»"}`).
		want(map[string]string{"results.isEditableOnlyViaPublicApi": `true`, "results.description": `"Set by integrations only"`})
}

func TestArchivedFieldsAreListedOnRequest(t *testing.T) {
	r := overHTTP(t)
	has := func(body string) bool {
		return slices.Contains(r.ok("customField.list", body).each("results", "title"), any("Company"))
	}
	if !has(`{}`) {
		t.Error("not listed before")
	}
	r.control("POST", "archive-field", `{"field":"«field:Company»"}`)
	if has(`{}`) || !has(`{"includeArchived":true}`) {
		t.Error("archived, yet listed, or missing on request")
	}
}

func TestCreatedFieldsWork(t *testing.T) {
	r := overHTTP(t)
	created := r.ok("customField.create", `{"fieldType":"ValueSelect","objectType":"Candidate","title":"Mood","selectableValues":[{"label":"Good","value":"g"}],"isPrivate":true}`)
	created.want(map[string]string{"results.isPrivate": `true`, "results.selectableValues.0.label": `"Good"`, "results.isArchived": `false`})
	r.vars["field:Mood"] = created.text("results.id")
	r.ok("customField.setValue", setValue("Mood", `"g"`)).want(map[string]string{"results.valueLabel": `"Good"`})
	second := r.ok("customField.create", `{"fieldType":"String","objectType":"Candidate","title":"Mood"}`)
	if second.text("results.id") == r.vars["field:Mood"] {
		t.Error("titles are unique, or the old field was returned")
	}
	r.ok("customField.create", `{"fieldType":"Number","objectType":"Opening_Version","title":"Headcount"}`).
		want(map[string]string{"results.objectType": `"Opening"`})
	for _, bad := range []string{
		`{"fieldType":"ValueSelect","objectType":"Candidate","title":"x"}`,
		`{"fieldType":"string","objectType":"Candidate","title":"x"}`,
		`{"fieldType":"String","objectType":"Opening","title":"x"}`,
		`{"fieldType":"String","objectType":"Candidate"}`,
	} {
		r.fails("customField.create", bad, "invalid_input")
	}
}
