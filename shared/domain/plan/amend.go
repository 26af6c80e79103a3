package plan

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// Fresh as the argument of a question about the organisation (its fields, sources,
// users, tags, projects) asks for it as it is now, whatever is remembered.
const Fresh = "fresh"

// carriers are the members of a write that carry a built-in field.
var carriers = map[string]string{
	"email": field.Email, "alternateEmail": field.AlternateEmails, "alternateEmailAddresses": field.AlternateEmails,
	"phoneNumber": field.Phone, "location": field.Location, "sourceId": field.Source, "creditedToUserId": field.CreditedTo,
	"linkedInUrl": field.LinkTo("LinkedIn"), "githubUrl": field.LinkTo("GitHub"), "website": field.LinkTo("Website"),
}

// Amended gives the plan without what Ashby refused a step for: what the facts show
// to be gone or of another form, and what the refusal names (members of the body,
// field ids). Where neither shows anything, a write of one value is refused for
// that; of several, nobody knows: ok is false, and the step is refused as a whole.
// Each value that is dropped has its reason. Facts are those of Fresh questions.
func (o Outcome) Amended(step string, facts Facts, named []string) (amended Outcome, ok bool) {
	i := slices.IndexFunc(o.Steps, func(s Step) bool { return s.ID == step })
	if i < 0 || !slices.Contains([]string{StepCreate, StepUpdate, StepFields}, step) {
		return o, false
	}
	a := amendment{facts: facts, named: named, fields: slices.Clone(o.Fields), step: step}
	next, changed := a.body(o.Steps[i])
	if !changed {
		return o, false
	}
	o.Fields, o.Steps = a.fields, slices.Clone(o.Steps)
	if next == "" {
		o.Steps = slices.Delete(o.Steps, i, i+1)
	} else {
		o.Steps[i].Body = next
	}
	return o, true
}

// amendment is one look at a refused step.
type amendment struct {
	facts  Facts
	named  []string
	fields []FieldResult
	step   string
}

// body gives the step's body without what it was refused for; empty when nothing
// is left of it.
func (a *amendment) body(s Step) (string, bool) {
	members, err := ordered(s.Body)
	if err != nil {
		return "", false
	}
	if s.ID == StepFields {
		return a.values(members)
	}
	return a.members(members)
}

// members drops what create and update were refused for.
func (a *amendment) members(members []member) (string, bool) {
	var kept []member
	values := slices.DeleteFunc(slices.Clone(members), func(m member) bool { return !slices.Contains(valued, m.name) })
	alone := len(values) == 1 && a.step != StepCreate
	for _, m := range members {
		id, code := carriers[m.name], field.Code("")
		switch {
		case id == "" && m.name != "socialLinks":
		case m.name == "sourceId" && a.gone(AskSources, m.raw), m.name == "creditedToUserId" && a.gone(AskUsers, m.raw):
			code = field.Unknown
		case a.names(m.name), alone:
			code = field.Refused
		}
		if code == "" {
			kept = append(kept, m)
			continue
		}
		a.drop(code, func(r FieldResult) bool {
			_, link := field.Network(r.Field)
			return r.Field == id || m.name == "socialLinks" && link
		})
	}
	if len(kept) == len(members) {
		return "", false
	}
	if len(values) == len(members)-len(kept) && a.step != StepCreate {
		return "", true
	}
	return written(kept), true
}

// valued are the members of create and update that carry a value.
var valued = []string{
	"name", "email", "alternateEmail", "phoneNumber", "location", "sourceId", "creditedToUserId", "socialLinks",
}

// gone reports whether fresh facts are known and an id is not among them.
func (a *amendment) gone(kind AskKind, raw json.RawMessage) bool {
	answer, known := a.facts[Ask{kind, Fresh}]
	return known && !slices.ContainsFunc(append(answer.Sources, answer.Options...), func(o field.Option) bool {
		return !o.Archived && encode(o.Value) == string(raw)
	})
}

// values drops, or writes anew, the custom fields that setValues was refused for.
func (a *amendment) values(members []member) (string, bool) {
	changed, left := false, 0
	for i, m := range members {
		if m.name != "values" {
			continue
		}
		var list []json.RawMessage
		if json.Unmarshal(m.raw, &list) != nil {
			return "", false
		}
		var kept []string
		for i, raw := range list {
			next := a.value(raw, len(list) == 1, fmt.Sprintf("values[%d]", i))
			changed = changed || next != string(raw)
			if next != "" {
				kept = append(kept, next)
			}
		}
		left = len(kept)
		members[i].raw = json.RawMessage("[" + strings.Join(kept, ",") + "]")
	}
	if left == 0 {
		return "", changed
	}
	return written(members), changed
}

// value gives one field's setting as it may be sent; empty when it may not.
func (a *amendment) value(raw json.RawMessage, alone bool, place string) string {
	var v struct {
		FieldID    string
		FieldValue json.RawMessage
	}
	if json.Unmarshal(raw, &v) != nil {
		return string(raw)
	}
	next, code := a.fresh(v.FieldID, v.FieldValue)
	unchanged := code == "" && next == string(v.FieldValue)
	if a.names(v.FieldID) || a.names(place) || alone && unchanged {
		code = field.Refused
	}
	if code != "" {
		a.drop(code, func(r FieldResult) bool { return r.Field == v.FieldID })
		return ""
	}
	if unchanged {
		return string(raw)
	}
	return body(arg{"fieldId", v.FieldID}, arg{"fieldValue", json.RawMessage(next)})
}

// fresh gives a value as the field would take it now, or why it would not.
func (a *amendment) fresh(id string, value json.RawMessage) (string, field.Code) {
	answer, known := a.facts[Ask{AskFields, Fresh}]
	i := slices.IndexFunc(answer.Fields, func(f field.Field) bool { return f.ID == id })
	r := slices.IndexFunc(a.fields, func(r FieldResult) bool { return r.Field == id && r.Step == StepFields })
	switch {
	case !known || r < 0:
		return string(value), ""
	case i < 0 || answer.Fields[i].Archived:
		return "", field.Gone
	case !answer.Fields[i].Writable():
		return "", field.Unwritable
	}
	switch f := answer.Fields[i]; a.fields[r].Action {
	case field.Write:
		if next, ok := field.Convert(f, a.fields[r].After); ok {
			return next, ""
		}
		return "", field.NotConvertible
	case field.Union:
		return offered(f, value)
	default:
		return string(value), ""
	}
}

// offered keeps of a set the options that the field still has.
func offered(f field.Field, value json.RawMessage) (string, field.Code) {
	var set []string
	if f.Type != field.MultiSelect || json.Unmarshal(value, &set) != nil {
		return "", field.NotConvertible
	}
	set = slices.DeleteFunc(set, func(v string) bool {
		return !slices.ContainsFunc(f.Options, func(o field.Option) bool { return o.Value == v && !o.Archived })
	})
	if len(set) == 0 {
		return "", field.NotConvertible
	}
	return encode(set), ""
}

// names reports whether the refusal names something, as a word.
func (a *amendment) names(what string) bool {
	word := regexp.MustCompile(`(^|\W)` + regexp.QuoteMeta(what) + `(\W|$)`)
	return what != "" && slices.ContainsFunc(a.named, word.MatchString)
}

// drop gives the results that a member carried their reason.
func (a *amendment) drop(code field.Code, is func(FieldResult) bool) {
	for i, r := range a.fields {
		if r.Step == a.step && is(r) && r.Action != field.Skip {
			r.Action, r.Code, r.Value, r.After, r.Step = field.Skip, code, r.After, "", ""
			a.fields[i] = r
		}
	}
}

// member of a body, in its place.
type member struct {
	name string
	raw  json.RawMessage
}

func ordered(body string) ([]member, error) {
	d := json.NewDecoder(strings.NewReader(body))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	var out []member
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		m := member{}
		m.name, _ = name.(string)
		if err := d.Decode(&m.raw); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

func written(members []member) string {
	var args []arg
	for _, m := range members {
		args = append(args, arg{m.name, m.raw})
	}
	return body(args...)
}
