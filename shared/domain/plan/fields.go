package plan

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
)

// decideFields runs every mapping entry, and the given values, through the policy
// table. A value given for a field counts in place of the mapped one.
func (p *planner) decideFields(c candidate.Candidate, s scope, isNew bool) writes {
	var w writes
	values := p.givenFor(s)
	for _, e := range p.Mapping.Entries {
		_, replaced := givenTo(values, e.To)
		switch {
		case s == givenOnly && !p.owes(e.To):
		case replaced:
			p.stands(&w, e, s)
		case isBuiltIn(e.To):
			p.decideBuiltIn(&w, e, c, s, isNew)
		default:
			p.decideCustom(&w, e, c, s)
		}
	}
	if s == changedOnly {
		return w
	}
	for _, v := range values {
		p.decideGiven(&w, v, c)
	}
	return w
}

// stands explains why an edit of a variable does not reach its field.
func (p *planner) stands(w *writes, e mapping.Entry, s scope) {
	if s != changedOnly {
		return // the given value has its own result
	}
	r := FieldResult{
		Field: e.To, Title: field.TitleOf(e.To), From: e.From, Policy: p.Mapping.Rule(e.To).Policy,
		Action: field.Skip, Code: field.GivenInstead,
	}
	if p.incoming(e, s).unchanged {
		r.Code = field.Unchanged
	}
	w.results = append(w.results, r)
}

func isBuiltIn(id string) bool {
	_, link := field.Network(id)
	return link || slices.Contains([]string{
		field.Name, field.Email, field.AlternateEmails, field.Phone, field.Location, field.Source,
		field.CreditedTo, field.Tags, field.Projects,
	}, id)
}

func (p *planner) decideBuiltIn(w *writes, e mapping.Entry, c candidate.Candidate, s scope, isNew bool) {
	v := p.incoming(e, s)
	title, unresolved := v.text, false
	if e.To == field.Source && !v.blank() && !v.unchanged && !v.stale {
		if v.text, unresolved = p.sourceID(title); unresolved {
			v.text = title
		}
	}
	x := p.existing(e.To, c, v)
	if isNew && e.To == field.Name {
		v.text = p.nameToCreate()
	}
	r := p.result(e, v, x, field.Case{Converts: v.converts, Clearable: false})
	if unresolved && r.Action != field.Skip {
		r.Action, r.Code, r.Value, r.After = field.Skip, field.Unknown, title, ""
	}
	if e.To == field.Source {
		r.Before, r.After = p.sourceTitle(x.text), titleIf(r.After != "", title)
	}
	w.add(r, v, x)
}

// sourceTitle gives a source's title, for people; its id where that is not known.
func (p *planner) sourceTitle(id string) string {
	for _, o := range p.facts[Ask{AskSources, ""}].Sources {
		if o.Value == id {
			return o.Label
		}
	}
	return id
}

func titleIf(written bool, title string) string {
	if written {
		return title
	}
	return ""
}

// sourceID finds the one source of a title in Ashby.
func (p *planner) sourceID(title string) (id string, unresolved bool) {
	answer, ok := p.ask(AskSources, "")
	if !ok {
		return "", true
	}
	for _, o := range answer.Sources {
		if o.Archived || !strings.EqualFold(strings.TrimSpace(o.Label), title) {
			continue
		}
		if id != "" {
			return "", true // a title may stand twice under different types
		}
		id = o.Value
	}
	return id, id == ""
}

func (p *planner) decideCustom(w *writes, e mapping.Entry, c candidate.Candidate, s scope) {
	v := p.incoming(e, s)
	if slices.ContainsFunc(field.BuiltIns(), func(f field.Field) bool { return f.ID == e.To }) {
		w.results = append(w.results, p.result(e, v, existing{}, field.Case{Unwritable: true}))
		return
	}
	if _, known := p.facts[Ask{AskFields, ""}]; !known && s == changedOnly && (v.unchanged || v.stale) {
		r := p.result(e, v, existing{}, field.Case{})
		r.Title = p.Mapping.Seen[e.To].Title
		w.results = append(w.results, r)
		return // whatever the field is, nothing is written: that is no reason to read
	}
	f, there, ok := p.custom(e.To)
	switch {
	case !ok:
	case !there:
		w.add(p.result(e, v, existing{}, field.Case{Archived: true}), v, existing{})
	default:
		value, converts := field.Convert(f, v.text)
		p.decideInto(w, e, f, v, value, converts, c)
	}
}

// custom finds a custom field in Ashby; ok is false while that is not known.
func (p *planner) custom(id string) (f field.Field, there, ok bool) {
	answer, ok := p.ask(AskFields, "")
	at := func() int { return slices.IndexFunc(answer.Fields, func(f field.Field) bool { return f.ID == id }) }
	if ok && at() < 0 && !p.Mapping.At.IsZero() {
		// What is remembered may be older than the mapping, and the field new.
		answer, ok = p.ask(AskFields, Since(p.Mapping.At))
	}
	if at() < 0 {
		return field.Field{}, false, ok
	}
	return answer.Fields[at()], true, ok
}

// since begins the argument of a question about what was so at a time or later.
const since = "since "

// Since as the argument of a question about the organisation asks for what was so
// at a time or later: what is remembered from before does not do.
func Since(t time.Time) string { return since + t.UTC().Format(time.RFC3339Nano) }

// After gives the time of an argument made by Since; zero for others.
func After(arg string) time.Time {
	text, _ := strings.CutPrefix(arg, since)
	t, _ := time.Parse(time.RFC3339Nano, text) // zero for what is none
	return t
}

// decideInto decides about a custom field that is there; value is the JSON of what
// comes.
func (p *planner) decideInto(
	w *writes, e mapping.Entry, f field.Field, v incoming, value string, converts bool, c candidate.Candidate,
) {
	x := existingCustom(c, f.ID, value)
	r := p.result(e, v, x, field.Case{
		Archived: f.Archived, Unwritable: !f.Writable(), Invisible: f.Private && !p.Key.SeesPrivate,
		Converts: converts, Clearable: true,
	})
	r.Title = f.Title
	switch r.Action {
	case field.Skip:
	case field.Union:
		w.custom = append(w.custom, object{{"fieldId", f.ID}, {"fieldValue", json.RawMessage(x.union)}})
	case field.Write:
		w.custom = append(w.custom, object{{"fieldId", f.ID}, {"fieldValue", json.RawMessage(value)}})
	case field.Clear:
		w.custom = append(w.custom, object{{"fieldId", f.ID}, {"fieldValue", nil}})
	}
	w.results = append(w.results, r)
	w.mayClear = w.mayClear || v.blank() && p.Mapping.Rule(e.To).Clear
}

// result asks the policy table about one field.
func (p *planner) result(e mapping.Entry, v incoming, x existing, c field.Case) FieldResult {
	rule := p.Mapping.Rule(e.To)
	c.Policy, c.MayClear = rule.Policy, rule.Clear
	if c.Policy == field.Append && !x.set {
		c.Policy = field.OnlyIfBlank // there is nothing to append to in a scalar
	}
	c.Stale, c.Unchanged, c.Blank = v.stale, v.unchanged, v.blank()
	c.WasBlank, c.Same, c.Covered = x.blank, x.same, x.covered
	action, code := field.Decide(c)
	r := FieldResult{
		Field: e.To, Title: field.TitleOf(e.To), From: e.From, Policy: rule.Policy, Action: action, Code: code, Before: x.text,
	}
	switch action {
	case field.Skip:
		r.Value = v.text
	case field.Write, field.Union:
		r.After = v.text
	case field.Clear:
	}
	return r
}

// notDisplayed explains the given values that no displayed field takes.
func (p *planner) notDisplayed() []FieldResult {
	var out []FieldResult
	for _, v := range p.Event.Values {
		out = append(out, FieldResult{Field: v.Field, Title: field.TitleOf(v.Field), Action: field.Skip, Code: field.NotDisplayed})
	}
	return out
}
