package ashbyspec

import (
	"slices"
	"testing"
)

// Every exception has a sample that the description alone, with the other
// exceptions, refuses: an exception that is no longer needed fails here.
func TestEveryExceptionIsNeededAndWorks(t *testing.T) {
	const setValue = `{"objectId":"«id»","objectType":"Candidate","fieldId":"«other»","fieldValue":`
	samples := map[string]struct {
		method, body string
		answer       bool
	}{
		"value-alternatives-overlap":    {method: "customField.setValue", body: setValue + `"plain"}`},
		"null-clears-a-value":           {method: "customField.setValue", body: setValue + `null}`},
		"location-values":               {method: "customField.setValue", body: setValue + `{"country":"USA","region":"California","city":"San Francisco"}}`},
		"newer-field-types":             {method: "customField.info", body: `{"success":true,"results":{"id":"«id»","title":"Site","objectType":"Candidate","isArchived":false,"fieldType":"Url","isRequired":false}}`, answer: true},
		"created-before":                {method: "candidate.list", body: `{"createdBefore":1659979196538}`},
		"private-fields-can-be-created": {method: "customField.create", body: `{"fieldType":"String","objectType":"Candidate","title":"x","isPrivate":true}`},
		"errors-without-error-info":     {method: "candidate.info", body: `{"success":false,"errors":["candidate_not_found"]}`, answer: true},
		"errors-as-objects":             {method: "candidate.info", body: `{"success":false,"errors":[{"message":"Invalid value","parameter":"fieldValue"}],"errorInfo":{"code":"invalid_input"}}`, answer: true},
	}
	all := Exceptions()
	for i, exception := range all {
		t.Run(exception.Name, func(t *testing.T) {
			if exception.Reason == "" || exception.Tolerates == "" {
				t.Error("no reason, or nothing tolerated")
			}
			sample, ok := samples[exception.Name]
			if !ok {
				t.Fatal("no sample")
			}
			delete(samples, exception.Name)
			check := func(exceptions []Exception) error {
				spec, err := load(exceptions)
				if err != nil {
					t.Fatal(err)
				}
				if sample.answer {
					return spec.CheckResponse(sample.method, fill(sample.body))
				}
				return spec.CheckRequest(sample.method, fill(sample.body))
			}
			if err := check(all); err != nil {
				t.Errorf("refused in spite of the exception: %v", err)
			}
			if check(slices.Delete(slices.Clone(all), i, i+1)) == nil {
				t.Error("passes without the exception too")
			}
		})
	}
	for name := range samples {
		t.Errorf("sample for %s, which is no exception", name)
	}
}

func TestExceptionsStayNarrow(t *testing.T) {
	spec := loaded(t)
	for _, body := range []string{
		`{"success":false,"errors":[{"parameter":"x"}]}`,
		`{"success":false,"errors":[7]}`,
	} {
		if spec.CheckResponse("candidate.info", []byte(body)) == nil {
			t.Errorf("accepted %s", body)
		}
	}
	for method, body := range map[string]string{
		"candidate.list":       `{"createdBefore":"2026-01-01"}`,
		"project.list":         `{"createdBefore":1}`,
		"customField.create":   `{"fieldType":"String","objectType":"Candidate","title":"x","isPrivate":"yes"}`,
		"customField.setValue": `{"objectId":"«id»","objectType":"Candidate","fieldId":"«other»","fieldValue":{"town":"x"}}`,
	} {
		if spec.CheckRequest(method, fill(body)) == nil {
			t.Errorf("%s accepted %s", method, body)
		}
	}
}

func TestEveryDescribedMethodCanBeChecked(t *testing.T) {
	spec := loaded(t)
	methods := spec.Methods()
	if len(methods) != 28 {
		t.Errorf("%d methods described", len(methods))
	}
	for _, method := range methods {
		if err := spec.CheckResponse(method, []byte(`{"success":false,"errors":["x"],"errorInfo":{"code":"x"}}`)); err != nil {
			t.Error(err)
		}
	}
}
