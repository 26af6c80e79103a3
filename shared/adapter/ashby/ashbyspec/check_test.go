package ashbyspec

import (
	"strings"
	"testing"
)

const (
	id      = "650e5f74-32db-4a0a-b61b-b9afece05023"
	otherID = "7d31034c-790b-4265-bf63-d65396d59d0b"
)

// fill lets the tables below write «id» for a valid id.
func fill(body string) []byte {
	return []byte(strings.NewReplacer("«id»", id, "«other»", otherID).Replace(body))
}

func loaded(t *testing.T) *Spec {
	t.Helper()
	spec, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func TestValidRequestsPass(t *testing.T) {
	spec := loaded(t)
	for method, bodies := range map[string][]string{
		"apiKey.info": {`{}`},
		"candidate.create": {
			`{"name":"Ada Lane"}`,
			`{"name":"Ada Lane","email":"ada@example.com","alternateEmailAddresses":["a@example.com"],"sourceId":"«id»","location":{"city":"Oslo"},"createdAt":"2026-03-01T10:00:00.000Z"}`,
		},
		"candidate.update": {
			`{"candidateId":"«id»","socialLinks":[{"type":"LinkedIn","url":"https://linkedin.com/in/ada"}],"sendNotifications":false,"location":{"country":"Norway"}}`,
		},
		"candidate.info":   {`{"id":"«id»"}`, `{"externalMappingId":"x"}`},
		"candidate.list":   {`{}`, `{"cursor":"a","syncToken":"b","limit":100,"createdAfter":1659979196538,"createdBefore":1659979196538}`},
		"candidate.search": {`{"email":"ada@example.com","name":"Ada"}`},
		"candidate.createNote": {
			`{"candidateId":"«id»","note":"hello"}`,
			`{"candidateId":"«id»","note":{"type":"text/html","value":"<b>hi</b>"},"isPrivate":true,"createdAt":"2026-03-01T10:00:00Z"}`,
		},
		"candidate.listNotes": {`{"candidateId":"«id»","limit":50}`},
		"candidate.addEmailMessage": {
			`{"candidateId":"«id»","emailProviderEmailId":"sw-1","subject":"Hi","from":"a@example.com","to":"b@example.com","body":"<b>x</b>","sentAt":"2026-03-01T10:00:00Z"}`,
		},
		"customField.list": {`{"includeArchived":true,"limit":100}`},
		"customField.setValue": {
			`{"objectId":"«id»","objectType":"Candidate","fieldId":"«other»","fieldValue":5}`,
		},
		"customField.setValues": {
			`{"objectId":"«id»","objectType":"Candidate","values":[{"fieldId":"«other»","fieldValue":{"type":"number-range","minValue":1,"maxValue":2}},{"fieldId":"«id»","fieldValue":["a"]}]}`,
		},
		"webhook.create": {`{"webhookType":"candidateMerge","requestUrl":"https://example.com/h","secretToken":"s"}`},
	} {
		for _, body := range bodies {
			if err := spec.CheckRequest(method, fill(body)); err != nil {
				t.Errorf("%s %s: %v", method, body, err)
			}
		}
	}
}

func TestInvalidRequestsAreRefused(t *testing.T) {
	spec := loaded(t)
	for _, c := range []struct{ name, method, body, mention string }{
		{"required key missing", "candidate.create", `{"email":"ada@example.com"}`, "name"},
		{"wrong scalar type", "candidate.create", `{"name":7}`, "name"},
		{"list where a string belongs", "candidate.update", `{"candidateId":"«id»","alternateEmail":["a@example.com"]}`, "alternateEmail"},
		{"unknown enum value in a list", "candidate.update", `{"candidateId":"«id»","socialLinks":[{"type":"Xing","url":"u"}]}`, "type"},
		{"required key of a nested object missing", "candidate.update", `{"candidateId":"«id»","socialLinks":[{"type":"GitHub"}]}`, "url"},
		{"id that is no uuid", "candidate.createNote", `{"candidateId":"7","note":"x"}`, "candidateId"},
		{"note of neither alternative", "candidate.createNote", `{"candidateId":"«id»","note":7}`, "note"},
		{"note of an unknown type", "candidate.createNote", `{"candidateId":"«id»","note":{"type":"text/markdown","value":"x"}}`, "note"},
		{"timestamp that is none", "candidate.createNote", `{"candidateId":"«id»","note":"x","createdAt":"yesterday"}`, "createdAt"},
		{"timestamp as a number", "candidate.list", `{"createdAfter":"2026-01-01"}`, "createdAfter"},
		{"candidateId where id belongs", "candidate.info", `{"candidateId":"«id»"}`, ""},
		{"additional key where none is allowed", "candidate.removeTag", `{"candidateId":"«id»","tagId":"«other»","x":1}`, "x"},
		{"unknown object type", "customField.setValue", `{"objectId":"«id»","objectType":"Employee","fieldId":"«id»","fieldValue":1}`, "objectType"},
		{"value list of numbers", "customField.setValue", `{"objectId":"«id»","objectType":"Candidate","fieldId":"«id»","fieldValue":[1]}`, "fieldValue"},
		{"value object of no kind", "customField.setValue", `{"objectId":"«id»","objectType":"Candidate","fieldId":"«id»","fieldValue":{"amount":1}}`, "fieldValue"},
		{"unknown interval", "customField.setValue", `{"objectId":"«id»","objectType":"Candidate","fieldId":"«id»","fieldValue":{"type":"compensation-range","minValue":1,"maxValue":2,"currencyCode":"USD","interval":"1 EON"}}`, "fieldValue"},
		{"no values at all", "customField.setValues", `{"objectId":"«id»","objectType":"Candidate","values":[]}`, "values"},
		{"unknown webhook type", "webhook.create", `{"webhookType":"candidateCreate","requestUrl":"u","secretToken":"s"}`, "webhookType"},
		{"misspelt key", "candidate.create", `{"name":"Ada","linkedinUrl":"https://linkedin.com/in/ada"}`, "linkedinUrl"},
		{"create's name for a key in update", "candidate.update", `{"candidateId":"«id»","website":"https://example.com"}`, "website"},
		{"misspelt key in a nested object", "candidate.create", `{"name":"Ada","location":{"town":"Oslo"}}`, "town"},
		{"misspelt key in a list", "customField.setValues", `{"objectId":"«id»","objectType":"Candidate","values":[{"fieldId":"«id»","fieldValue":1,"fieldTitle":"x"}]}`, "fieldTitle"},
		{"not JSON", "candidate.create", `{`, "JSON"},
		{"not an object", "candidate.create", `[]`, "object"},
		{"unknown method", "candidate.delete", `{}`, "not described"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := spec.CheckRequest(c.method, fill(c.body))
			if err == nil {
				t.Fatalf("%s accepted %s", c.method, c.body)
			}
			if !strings.Contains(err.Error(), c.mention) {
				t.Fatalf("the error does not mention %q: %v", c.mention, err)
			}
		})
	}
}

const person = `{"id":"«id»","createdAt":"2026-03-01T10:00:00.000Z","updatedAt":"2026-03-01T10:00:00.000Z","name":"Ada Lane",
 "primaryEmailAddress":{"value":"ada@example.com","type":"Personal","isPrimary":true},
 "emailAddresses":[{"value":"ada@example.com","type":"Personal","isPrimary":true}],"phoneNumbers":[],
 "socialLinks":[{"type":"LinkedIn","url":"https://linkedin.com/in/ada"}],
 "tags":[{"id":"«id»","title":"Outreach","isArchived":false}],"applicationIds":[],"fileHandles":[],
 "customFields":[{"id":"«id»","title":"Mood","isPrivate":false,"value":"pos","valueLabel":"Positive"}],
 "profileUrl":"https://app.example.com/x"}`

func TestValidAnswersPass(t *testing.T) {
	spec := loaded(t)
	for _, c := range []struct{ method, body string }{
		{"candidate.info", `{"success":true,"results":` + person + `}`},
		{"candidate.list", `{"success":true,"results":[` + person + `],"moreDataAvailable":true,"nextCursor":"G8"}`},
		{"candidate.list", `{"success":true,"results":[],"moreDataAvailable":false,"syncToken":"t"}`},
		{"candidate.info", `{"success":false,"errors":["candidate_not_found"],"errorInfo":{"code":"candidate_not_found","message":"m","requestId":"r","meta":{}}}`},
		{"candidate.createNote", `{"success":true,"results":{"id":"«id»","createdAt":"2026-03-01T10:00:00Z","isPrivate":false,"content":"x","author":{"id":"«id»","firstName":"A","lastName":"B"}}}`},
		{"candidate.createNote", `{"success":false,"errors":["invalid_input"],"errorInfo":{"code":"invalid_input"}}`},
	} {
		if err := spec.CheckResponse(c.method, fill(c.body)); err != nil {
			t.Errorf("%s %s: %v", c.method, c.body, err)
		}
	}
}

func TestInvalidAnswersAreRefused(t *testing.T) {
	spec := loaded(t)
	broken := func(old, new string) string {
		changed := strings.Replace(person, old, new, 1)
		if changed == person {
			t.Fatalf("%q is not in the sample", old)
		}
		return `{"success":true,"results":` + changed + `}`
	}
	for name, c := range map[string]struct{ method, body string }{
		"unknown email type":           {"candidate.info", broken(`"type":"Personal"`, `"type":"Home"`)},
		"unknown social network":       {"candidate.info", broken(`"type":"LinkedIn"`, `"type":"Xing"`)},
		"required list missing":        {"candidate.info", broken(`"phoneNumbers":[],`, ``)},
		"required list null":           {"candidate.info", broken(`"phoneNumbers":[]`, `"phoneNumbers":null`)},
		"number for a name":            {"candidate.info", broken(`"Ada Lane"`, `7`)},
		"id that is no uuid":           {"candidate.info", broken(`«id»`, `c-1`)},
		"timestamp that is none":       {"candidate.info", broken(`2026-03-01T10:00:00.000Z`, `2026-03-01`)},
		"value missing in a field":     {"candidate.info", broken(`"value":"pos",`, ``)},
		"tag without archive flag":     {"candidate.info", broken(`,"isArchived":false`, ``)},
		"wrong thing deep in a list":   {"candidate.list", `{"success":true,"results":[{"id":"«id»"}],"moreDataAvailable":false}`},
		"page without the more flag":   {"candidate.list", `{"success":true,"results":[]}`},
		"success without results":      {"candidate.createNote", `{"success":true}`},
		"no success flag":              {"candidate.info", `{"results":` + person + `}`},
		"success as a string":          {"candidate.info", `{"success":"true","results":` + person + `}`},
		"failure without errors":       {"candidate.info", `{"success":false,"errorInfo":{"code":"x"}}`},
		"failure with errors as text":  {"candidate.info", `{"success":false,"errors":"x","errorInfo":{"code":"x"}}`},
		"error info without its code":  {"candidate.info", `{"success":false,"errors":["x"],"errorInfo":{"message":"x"}}`},
		"failure that claims success":  {"candidate.info", `{"success":true,"errors":["x"],"errorInfo":{"code":"x"}}`},
		"results that claim a failure": {"candidate.info", `{"success":false,"results":` + person + `}`},
		"unknown field type":           {"customField.info", `{"success":true,"results":{"id":"«id»","title":"x","objectType":"Candidate","isArchived":false,"fieldType":"Colour","isRequired":false}}`},
		"value object of no kind":      {"customField.setValue", `{"success":true,"results":{"id":"«id»","title":"x","value":{"amount":1}}}`},
		"unknown global role":          {"user.search", `{"success":true,"results":[{"id":"«id»","firstName":"A","lastName":"B","globalRole":"Owner","isEnabled":true,"updatedAt":"2026-03-01T10:00:00Z"}]}`},
		"not an object":                {"candidate.info", `[]`},
		"not JSON":                     {"candidate.info", `<html>`},
		"unknown method":               {"candidate.delete", `{"success":true,"results":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			if spec.CheckResponse(c.method, fill(c.body)) == nil {
				t.Fatalf("%s accepted %s", c.method, c.body)
			}
		})
	}
}

func TestWebhookPayloadsAreChecked(t *testing.T) {
	spec := loaded(t)
	merge := `{"webhookActionId":"«id»","action":"candidateMerge","data":{"deletedCandidate":{"id":"«id»"},"mergedCandidate":{"id":"«other»"}}}`
	if err := spec.CheckWebhook("candidateMerge", fill(merge)); err != nil {
		t.Error(err)
	}
	if err := spec.CheckWebhook("ping", fill(`{"action":"ping","data":{"webhookActionType":"ping"}}`)); err != nil {
		t.Error(err)
	}
	for name, body := range map[string]string{
		"another action": `{"action":"candidateDelete","data":{}}`,
		"no data":        `{"action":"candidateMerge"}`,
		"a bad id":       `{"action":"candidateMerge","data":{"deletedCandidate":{"id":"7"}}}`,
	} {
		if spec.CheckWebhook("candidateMerge", fill(body)) == nil {
			t.Errorf("accepted %s: %s", name, body)
		}
	}
	if spec.CheckWebhook("candidateCreate", []byte(`{}`)) == nil {
		t.Error("accepted a webhook that is not described")
	}
}
