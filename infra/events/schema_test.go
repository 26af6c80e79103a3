package events_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sourcewhale/ashby-sync/infra/events"
	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

func schemaText(t *testing.T) []byte {
	t.Helper()
	text, err := events.Files.ReadFile("event.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaText(t)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("events", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("events")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// fitting says what the schema makes of a body.
func fitting(t *testing.T, schema *jsonschema.Schema, body []byte) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

// accepted says what the code makes of a body.
func accepted(body []byte) bool {
	request, err := contract.Open(body)
	if err != nil {
		return false
	}
	return !slices.ContainsFunc(request.Events(at, ""), func(v event.Verdict) bool { return !v.Accepted() })
}

func TestEverySampleFitsTheSchema(t *testing.T) {
	schema := compiled(t)
	for name, body := range files(t, "requests/*.json") {
		if err := fitting(t, schema, body); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// document is the part of the schema that the code knows too.
type document struct {
	Properties struct{ Events struct{ MaxItems int } }
	Defs       map[string]struct {
		Properties map[string]struct {
			Enum  []*string
			Ref   string `json:"$ref"`
			Items struct{ Enum []string }
		}
	} `json:"$defs"`
}

func TestTheSchemasWordsAreTheCodes(t *testing.T) {
	var d document
	if err := json.Unmarshal(schemaText(t), &d); err != nil {
		t.Fatal(err)
	}
	enum := func(def, property string) []string {
		var out []string
		for _, s := range d.Defs[def].Properties[property].Enum {
			if s != nil {
				out = append(out, *s)
			}
		}
		return out
	}
	for _, c := range []struct {
		def, property string
		want          []string
	}{
		{"event", "type", words(event.Types())},
		{"event", "origin", words([]event.Origin{
			event.Manual, event.DataRefresh, event.Enrichment, event.Import, event.API, event.CampaignRun,
		})},
		{"message", "channel", words([]event.Channel{
			event.Email, event.LinkedIn, event.SMS, event.WhatsApp, event.Phone, event.Meeting, event.Task,
		})},
		{"message", "direction", words([]event.Direction{event.Outbound, event.Inbound})},
		{"override", "level", words([]event.OverrideLevel{event.ForPerson, event.ForCampaign})},
		{"override", "trigger", words(setting.Triggers())},
	} {
		got := enum(c.def, c.property)
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s.%s: schema %v, code %v", c.def, c.property, got, c.want)
		}
	}
	told := map[event.Stage]bool{}
	for _, s := range enum("person", "stage") {
		stage, ok := event.ParseStage(s)
		if !ok {
			t.Errorf("the code does not know the stage %s", s)
		}
		told[stage] = true
	}
	if len(told) != 8 {
		t.Errorf("the schema tells %d of 8 stages", len(told))
	}
	if d.Properties.Events.MaxItems != contract.MaxEvents {
		t.Errorf("schema: %d events, code: %d", d.Properties.Events.MaxItems, contract.MaxEvents)
	}
}

func TestTheSchemasVariablesAreSourceWhales(t *testing.T) {
	var d document
	if err := json.Unmarshal(schemaText(t), &d); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]contact.Kind{
		"#/$defs/variableText": contact.Text, "#/$defs/variableList": contact.List, "#/$defs/variableObjects": contact.Objects,
	}
	count, changeable := map[contact.Kind]int{}, d.Defs["person"].Properties["changed"].Items.Enum
	for name, property := range d.Defs["snapshot"].Properties {
		kind := contact.KindOf(contact.Variable(name))
		if kind != kinds[property.Ref] || (kind == contact.Unknown) != contact.Sensitive(name) {
			t.Errorf("%s is of kind %d in the code, %q in the schema", name, kind, property.Ref)
		}
		if !slices.Contains(changeable, name) {
			t.Errorf("%s cannot be told as changed", name)
		}
		count[kind]++
	}
	// SourceWhale's list: 26 texts, 9 lists, 2 lists of objects, and the 2 that we drop.
	if count[contact.Text] != 26 || count[contact.List] != 9 || count[contact.Objects] != 2 || count[contact.Unknown] != 2 {
		t.Errorf("variables by kind: %v", count)
	}
	if len(changeable) != 39 {
		t.Errorf("%d can be told as changed", len(changeable))
	}
}

// Each change makes of a sample what schema and code must judge alike.
func TestSchemaAndCodeJudgeAlike(t *testing.T) {
	schema := compiled(t)
	edited := string(files(t, "requests/contact_edited.json")["requests/contact_edited.json"])
	added := string(files(t, "requests/campaign_added.json")["requests/campaign_added.json"])
	for _, c := range []struct {
		name, body, old, new string
		ok                   bool
	}{
		{"as it is", edited, `"manual"`, `"manual"`, true},
		{"another origin", edited, `"manual"`, `"import"`, true},
		{"unknown origin", edited, `"manual"`, `"hand"`, false},
		{"no origin on an edit", edited, `"origin": "manual",`, ``, false},
		{"null origin on an edit", edited, `"manual"`, `null`, false},
		{"null origin elsewhere", added, `"occurred_at"`, `"origin": null, "occurred_at"`, true},
		{"no id", edited, `"id": "evt-2010",`, ``, false},
		{"empty id", edited, `"evt-2010"`, `""`, false},
		{"an id that would break a key", edited, `"evt-2010"`, `"evt#2010"`, false},
		{"an id with a line break", edited, `"evt-2010"`, `"evt\n2010"`, false},
		{"an id with a space inside", edited, `"evt-2010"`, `"evt 2010"`, true},
		{"an id with a space at its end", edited, `"evt-2010"`, `"evt-2010 "`, false},
		{"an id that is too long", edited, `"evt-2010"`, `"` + strings.Repeat("x", 129) + `"`, false},
		{"an id that is a number", edited, `"evt-2010"`, `2010`, false},
		{"unknown type", edited, `"contact_edited"`, `"contact_merged"`, false},
		{"a time that is none", edited, `"occurred_at": "2026-11-20T14:00:00Z"`, `"occurred_at": "yesterday"`, false},
		{"a time without a zone", edited, `"occurred_at": "2026-11-20T14:00:00Z"`, `"occurred_at": "2026-11-20T14:00:00"`, false},
		{"a time with fractions", edited, `"occurred_at": "2026-11-20T14:00:00Z"`, `"occurred_at": "2026-11-20T14:00:00.123456Z"`, true},
		{"unknown key in the event", edited, `"origin"`, `"Origin": "x", "origin"`, false},
		{"unknown key in the person", edited, `"updated_at"`, `"updatedAt": "x", "updated_at"`, false},
		{"unknown variable", edited, `"headline": null`, `"hairColour": null`, false},
		{"sensitive variable", edited, `"headline": null`, `"gender": {"any": ["thing"]}`, true},
		{"a variable of another kind", edited, `"phones": []`, `"phones": "1"`, false},
		{"a text that is a list", edited, `"Difference Engines"`, `["Difference Engines"]`, false},
		{"unknown variable changed", edited, `"headline", "phones"]`, `"hairColour"]`, false},
		{"no person", edited, `"person"`, `"persons"`, false},
		{"unknown envelope key", edited, `"team"`, `"version": 1, "team"`, false},
		{"no team", edited, `"team": "team-demo",`, ``, false},
		{"a team with a space", edited, `"team-demo"`, `"team demo"`, false},
		{"unknown stage", added, `"Sourced"`, `"Snoozed"`, false},
		{"null stage", added, `"Sourced"`, `null`, true},
		{"unknown level", added, `"level": "person"`, `"level": "team"`, false},
		{"three overrides", added, `"overrides": [`, `"overrides": [{"level": "person"},`, false},
		{"unknown trigger", added, `"on_reply"`, `"on_open"`, false},
		{"null trigger", added, `"on_reply"`, `null`, true},
		{"a value that is an object", added, `"value": 3`, `"value": {"amount": 3}`, false},
		{"a value that is null", added, `"value": 3`, `"value": null`, false},
		{"a list of numbers", added, `["platform", "q4"]`, `[1, 2]`, false},
		{"a step that is a list", added, `"step": 1`, `"step": [1]`, false},
		{"an actor without id", added, `{"id": "user-7", "email"`, `{"email"`, false},
		{"experience that is no object", added, `[{"company": "Analytical Engines", "title": "Staff Engineer", "from": "2021"}]`, `["x"]`, false},
		{"admin that is a word", added, `"admin": true`, `"admin": "yes"`, false},
	} {
		body := []byte(strings.Replace(c.body, c.old, c.new, 1))
		if !strings.Contains(c.body, c.old) {
			t.Fatalf("%s: the sample has no %s", c.name, c.old)
		}
		schemaSays, codeSays := fitting(t, schema, body) == nil, accepted(body)
		if schemaSays != c.ok || codeSays != c.ok {
			t.Errorf("%s: schema %t, code %t, want %t", c.name, schemaSays, codeSays, c.ok)
		}
	}
}

func words[T ~string](all []T) []string {
	var out []string
	for _, w := range all {
		out = append(out, string(w))
	}
	return out
}
