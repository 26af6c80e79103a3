package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// refusable is a plan with a create, an update of links, and custom fields.
func refusable() plan.Outcome {
	wrote := func(id, after, step string, a field.Action) plan.FieldResult {
		return plan.FieldResult{Field: id, After: after, Step: step, Action: a}
	}
	return plan.Outcome{
		Steps: []plan.Step{
			{ID: "create", Body: `{"name":"Ada","phoneNumber":"020","sourceId":"s-1"}`},
			{ID: "update", Body: `{"candidateId":"c","socialLinks":[{"type":"Medium","url":"u"}],"sendNotifications":false}`},
			{ID: "fields", Body: `{"objectId":"c","objectType":"Candidate","values":[{"fieldId":"f-1","fieldValue":"5"},{"fieldId":"f-2","fieldValue":["a","b"]}]}`},
			{ID: "note", Body: `{"candidateId":"c"}`},
		},
		Fields: []plan.FieldResult{
			wrote(field.Phone, "020", "create", field.Write), wrote(field.Source, "Website", "create", field.Write),
			wrote(field.LinkTo("Medium"), "u", "update", field.Union),
			wrote("f-1", "5", "fields", field.Write), wrote("f-2", "A, B", "fields", field.Union),
		},
	}
}

func TestARefusedStepIsAmendedByWhatIsKnownNow(t *testing.T) {
	fields := func(list ...field.Field) plan.Facts {
		return plan.Facts{{Kind: plan.AskFields, Arg: plan.Fresh}: {Fields: list}}
	}
	sources := func(list ...field.Option) plan.Facts {
		return plan.Facts{{Kind: plan.AskSources, Arg: plan.Fresh}: {Sources: list}}
	}
	text, number := field.Field{ID: "f-1", Type: field.String}, field.Field{ID: "f-1", Type: field.Number}
	set := field.Field{ID: "f-2", Type: field.MultiSelect, Options: []field.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}}
	short := field.Field{ID: "f-2", Type: field.MultiSelect, Options: []field.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B", Archived: true}}}
	archived := field.Field{ID: "f-1", Type: field.String, Archived: true}
	const head = `{"objectId":"c","objectType":"Candidate","values":[`
	const one, two = `{"fieldId":"f-1","fieldValue":"5"}`, `{"fieldId":"f-2","fieldValue":["a","b"]}`
	for name, c := range map[string]struct {
		step  string
		facts plan.Facts
		named []string
		body  string // empty: not amended; -: the step is gone
		codes map[string]field.Code
	}{
		"a field is archived":             {"fields", fields(archived, set), nil, head + two + `]}`, map[string]field.Code{"f-1": field.Gone}},
		"a field is gone":                 {"fields", fields(set), nil, head + two + `]}`, map[string]field.Code{"f-1": field.Gone}},
		"a field is of another type":      {"fields", fields(number, set), nil, head + `{"fieldId":"f-1","fieldValue":5},` + two + `]}`, nil},
		"an option is gone":               {"fields", fields(text, short), nil, head + one + `,{"fieldId":"f-2","fieldValue":["a"]}]}`, nil},
		"a set is none any more":          {"fields", fields(text, field.Field{ID: "f-2", Type: field.Number}), nil, head + one + `]}`, map[string]field.Code{"f-2": field.NotConvertible}},
		"the refusal names a field":       {"fields", fields(text, set), []string{"no value for f-1"}, head + two + `]}`, map[string]field.Code{"f-1": field.Refused}},
		"the refusal names a place":       {"fields", fields(text, set), []string{"values[1].fieldValue"}, head + one + `]}`, map[string]field.Code{"f-2": field.Refused}},
		"all fields are gone":             {"fields", fields(), nil, "-", map[string]field.Code{"f-1": field.Gone, "f-2": field.Gone}},
		"nothing is known of the reason":  {"fields", fields(text, set), []string{"Invalid input"}, "", nil},
		"the source is gone":              {"create", sources(field.Option{Value: "s-2"}), nil, `{"name":"Ada","phoneNumber":"020"}`, map[string]field.Code{field.Source: field.Unknown}},
		"the refusal names a member":      {"create", sources(field.Option{Value: "s-1"}), []string{"phoneNumber"}, `{"name":"Ada","sourceId":"s-1"}`, map[string]field.Code{field.Phone: field.Refused}},
		"a name cannot be left out":       {"create", sources(field.Option{Value: "s-1"}), []string{"name"}, "", nil},
		"an update of one value":          {"update", nil, nil, "-", map[string]field.Code{field.LinkTo("Medium"): field.Refused}},
		"a note has nothing to leave out": {"note", nil, []string{"candidateId"}, "", nil},
		"no such step":                    {"tag:1", nil, nil, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			before := refusable()
			out, ok := before.Amended(c.step, c.facts, c.named)
			if diff := cmp.Diff(refusable(), before); diff != "" {
				t.Fatalf("it changed the plan that it was given: %s", diff)
			}
			got := "-"
			for _, s := range out.Steps {
				if s.ID == c.step {
					got = s.Body
				}
			}
			if ok != (c.body != "") || ok && got != c.body {
				t.Errorf("%v %s\nwant %s", ok, got, c.body)
			}
			codes := map[string]field.Code{}
			for _, r := range out.Fields {
				if r.Action == field.Skip {
					codes[r.Field] = r.Code
					if r.Value == "" || r.After != "" || r.Step != "" {
						t.Errorf("dropped, and yet %+v", r)
					}
				}
			}
			if len(codes)+len(c.codes) > 0 {
				if diff := cmp.Diff(c.codes, codes); diff != "" {
					t.Errorf("reasons (-want +got):\n%s", diff)
				}
			}
		})
	}
}
