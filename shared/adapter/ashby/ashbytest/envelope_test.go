package ashbytest_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

func TestEveryAnswerCarriesTheAPIVersion(t *testing.T) {
	r := overHTTP(t)
	for _, answer := range []reply{
		r.ok("apiKey.info", `{}`),
		r.fails("candidate.info", `{"id":"«nobody»"}`, "candidate_not_found"),
		r.as("wrong").post("apiKey.info", `{}`),
	} {
		if answer.header.Get("Ashby-Version") != "2026-01-01" || answer.header.Get("Ashby-Version-Status") != "active" {
			t.Errorf("headers %v", answer.header)
		}
	}
}

func TestAVersionThatDoesNotExistIsRejected(t *testing.T) {
	r := overHTTP(t)
	req := r.request("apiKey.info", `{}`)
	req.Header.Set("Ashby-Version", "2025-01-01")
	if out := r.send(req); out.at("success") != false {
		t.Errorf("accepted: %s", out.raw)
	}
	req = r.request("apiKey.info", `{}`)
	req.Header.Set("Ashby-Version", "2026-01-01")
	if out := r.send(req); out.at("success") != true {
		t.Errorf("refused: %s", out.raw)
	}
}

func TestLogicalErrorsAre200WithSuccessFalse(t *testing.T) {
	r := overHTTP(t)
	out := r.fails("candidate.info", `{"id":"«nobody»"}`, "candidate_not_found")
	out.want(map[string]string{"errors": `["candidate_not_found"]`})
	if id := out.text("errorInfo.requestId"); !regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{26}$`).MatchString(id) {
		t.Errorf("request id %q is no ULID", id)
	}
	other := r.fails("candidate.info", `{"id":"«nobody»"}`, "candidate_not_found")
	if out.text("errorInfo.requestId") == other.text("errorInfo.requestId") {
		t.Error("two calls share a request id")
	}
}

func TestMalformedRequestsAreInvalidInput(t *testing.T) {
	r := overHTTP(t)
	for _, body := range []string{`{"name":`, `[]`, `null`, ``, `{}{}`} {
		r.fails("candidate.create", body, "invalid_input")
	}
}

func TestTheContentTypeMustBeJSON(t *testing.T) {
	r := overHTTP(t)
	req := r.request("apiKey.info", `{}`)
	req.Header.Set("Content-Type", "text/plain")
	if out := r.send(req); out.at("errorInfo.code") != "invalid_input" {
		t.Errorf("%s", out.raw)
	}
	req = r.request("apiKey.info", `{}`)
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	if out := r.send(req); out.at("success") != true {
		t.Errorf("%s", out.raw)
	}
}

func TestThreeErrorShapes(t *testing.T) {
	r := overHTTP(t)
	shape := func(s ashbytest.Shape) reply {
		r.modes(func(m *ashbytest.Modes) { m.Shape = s })
		return r.post("customField.setValue", `{"objectId":"«candidate:0»","objectType":"Candidate","fieldId":"«field:Years of experience»","fieldValue":"many"}`)
	}
	both := shape(ashbytest.ShapeBoth)
	both.want(map[string]string{"errors": `["invalid_input"]`, "errorInfo.code": `"invalid_input"`})
	objects := shape(ashbytest.ShapeObjects)
	objects.want(map[string]string{"errors.0.parameter": `"fieldValue"`, "errorInfo": `null`})
	if objects.text("errors.0.message") == "" {
		t.Error("no message")
	}
	stringsOnly := shape(ashbytest.ShapeStrings)
	stringsOnly.want(map[string]string{"errors": `["invalid_input"]`, "errorInfo": `null`})
}

func TestMixedShapesAllOccur(t *testing.T) {
	r := overHTTP(t)
	r.modes(func(m *ashbytest.Modes) { m.Shape = ashbytest.ShapeMixed })
	seen := map[string]bool{}
	for range 30 {
		out := r.post("candidate.info", `{"id":"«nobody»"}`)
		_, object := out.at("errors.0").(map[string]any)
		switch {
		case out.at("errorInfo") != nil:
			seen["both"] = true
		case object:
			seen["objects"] = true
		default:
			seen["strings"] = true
		}
	}
	if len(seen) != 3 {
		t.Errorf("saw only %v", seen)
	}
}

func TestUnknownKeysAreDroppedInSilence(t *testing.T) {
	r := overHTTP(t)
	out := r.post("candidate.create", `{"name":"Nils Berg","socialLinks":[{"type":"LinkedIn","url":"https://linkedin.com/in/nils"}],"company":"X"}`)
	out.want(map[string]string{"success": `true`, "results.socialLinks": `[]`, "results.company": `null`})
}

func TestStrictModeRejectsUnknownKeys(t *testing.T) {
	r := overHTTP(t)
	r.modes(func(m *ashbytest.Modes) { m.UnknownKeys = "reject" })
	r.fails("candidate.create", `{"name":"Nils Berg","company":"X"}`, "invalid_input")
}

func TestEndpointsWithoutAdditionalPropertiesAlwaysReject(t *testing.T) {
	r := overHTTP(t)
	r.fails("candidate.removeTag", `{"candidateId":"«candidate:0»","tagId":"«tag:Outreach»","x":1}`, "invalid_input")
	r.fails("candidate.addEmailMessage", `{"candidateId":"«candidate:0»","emailProviderEmailId":"1","subject":"s","from":"a@example.com","to":"b@example.com","body":"b","note":"x"}`, "invalid_input")
}

func TestNullForAnOptionalParameterIsAsIfNotSent(t *testing.T) {
	r := overHTTP(t)
	out := r.post("candidate.list", `{"cursor":null,"syncToken":null,"limit":null}`)
	out.want(map[string]string{"success": `true`})
	r.fails("candidate.create", `{"name":null}`, "invalid_input")
}

func TestStringsForNumbersAndFlagsAreRejected(t *testing.T) {
	r := overHTTP(t)
	r.fails("candidate.list", `{"limit":"10"}`, "invalid_input")
	r.fails("candidateTag.list", `{"includeArchived":"true"}`, "invalid_input")
}

func TestASuccessMayCarryWarnings(t *testing.T) {
	r := overHTTP(t)
	r.fault(ashbytest.Fault{Kind: ashbytest.Warned, Code: "unable_to_add_metadata", Count: 2})
	r.ok("candidate.create", `{"name":"Nils Berg"}`).want(map[string]string{"warnings": `["unable_to_add_metadata"]`})
	r.ok("candidate.list", `{}`).want(map[string]string{"warnings": `["unable_to_add_metadata"]`})
	r.ok("candidate.list", `{}`).want(map[string]string{"warnings": `null`})
}

func TestOnlyPostIsServed(t *testing.T) {
	r := overHTTP(t)
	req := r.request("apiKey.info", `{}`)
	req.Method = http.MethodGet
	if out := r.send(req); out.status != http.StatusMethodNotAllowed {
		t.Errorf("status %d", out.status)
	}
}

func TestAnUnknownEndpointIs404(t *testing.T) {
	r := overHTTP(t)
	for _, method := range []string{"candidate.delete", "candidate.merge", "webhook.list", "project.create", "source.create", "x"} {
		if out := r.post(method, `{}`); out.status != http.StatusNotFound {
			t.Errorf("%s: status %d", method, out.status)
		}
	}
}
