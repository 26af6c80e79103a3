package plan

import (
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
)

// takeValues keeps with the person what the event, and those that go together with
// it, give for the fields that the acting user may give values for.
func (p *planner) takeValues() {
	for _, e := range append(slices.Clone(p.Earlier), p.Event) {
		for _, v := range given.Of(e) {
			if slices.Contains(p.Standing.Displayed, v.Field) {
				p.after.Values = given.Newer(p.after.Values, v)
			}
		}
	}
}

// givenFor gives the values that count for the event, in what it may write.
func (p *planner) givenFor(s scope) []given.Value {
	counting := given.Counting(p.Given, p.after.Values, p.Standing.Shown)
	if s != givenOnly {
		return counting
	}
	return slices.DeleteFunc(counting, func(v given.Value) bool { return !p.owes(v.Field) && !v.At.After(p.Person.Given[v.Field]) })
}

// givenTo finds the value given for a field.
func givenTo(values []given.Value, id string) (given.Value, bool) {
	i := slices.IndexFunc(values, func(v given.Value) bool { return v.Field == id })
	if i < 0 {
		return given.Value{}, false
	}
	return values[i], true
}

// decideGiven runs a given value through the policy table.
func (p *planner) decideGiven(w *writes, v given.Value, c candidate.Candidate) {
	settled := len(w.results)
	e := mapping.Entry{To: v.Field}
	in := incoming{
		text: strings.Join(v.Items(), ", "), converts: true,
		stale: !p.creating && v.At.Before(p.Person.Given[v.Field]),
	}
	switch v.Field {
	case field.Tags:
		p.decideSet(w, v, in.stale, AskTags, c.Tags)
	case field.Projects:
		if has, ok := p.projectsOf(c); ok {
			p.decideSet(w, v, in.stale, AskProjects, has)
		}
	case field.Source:
		answer, _ := p.ask(AskSources, "")
		o, found := given.Choose(answer.Sources, in.text)
		p.decideChoice(w, in, o, found, answer.Sources, e, c)
	case field.CreditedTo:
		o, found, users := p.user(in.text)
		p.decideChoice(w, in, o, found, users, e, c)
	case field.Location:
		city, region, country := field.PlaceOf(in.text)
		in.place = place{city, region, country}
		in.text = in.place.String()
		x := p.existing(e.To, c, in)
		w.add(p.result(e, in, x, field.Case{Converts: in.text != ""}), in, x)
	default:
		p.decideGivenCustom(w, e, in, v, c)
	}
	w.settle(v, w.results[settled:])
}

// settle notes that a given value needs no further look: it is written, or Ashby
// has it, or keeps what it has.
func (w *writes) settle(v given.Value, results []FieldResult) {
	if slices.ContainsFunc(results, func(r FieldResult) bool {
		return r.Action != field.Skip || r.Code == field.Equal || r.Code == field.Protected
	}) {
		if w.given == nil {
			w.given = map[string]time.Time{}
		}
		w.given[v.Field] = v.At
	}
}

// user finds the one user of Ashby that a text names, by address, id or name.
func (p *planner) user(text string) (o field.Option, found bool, options []field.Option) {
	address, isAddress := mapping.EmailAddress(text)
	if !isAddress {
		answer, _ := p.ask(AskUsers, "")
		o, found = given.Choose(answer.Options, text)
		return o, found, answer.Options
	}
	answer, _ := p.ask(AskUser, strings.ToLower(address))
	if len(answer.Options) != 1 {
		return field.Option{}, false, answer.Options
	}
	return answer.Options[0], true, answer.Options
}

// decideChoice decides about a field that holds one of Ashby's own things: the
// option that was found for what comes, if one was.
func (p *planner) decideChoice(
	w *writes, in incoming, o field.Option, found bool, options []field.Option, e mapping.Entry, c candidate.Candidate,
) {
	title := in.text
	if found {
		in.text, title = o.Value, o.Label
	}
	x := p.existing(e.To, c, in)
	r := p.result(e, in, x, field.Case{Converts: true})
	if !found && r.Action != field.Skip {
		r.Action, r.Code = field.Skip, field.Unknown
	}
	r.Before, r.After = titleOf(options, x.text), titleIf(r.Action != field.Skip, title)
	w.add(r, in, x)
}

func titleOf(options []field.Option, id string) string {
	for _, o := range options {
		if o.Value == id {
			return o.Label
		}
	}
	return id
}

// projectsOf gives the projects that a candidate is in; ok is false while that is
// not known.
func (p *planner) projectsOf(c candidate.Candidate) ([]string, bool) {
	if p.creating || c.ID == "" {
		return nil, true
	}
	answer, ok := p.ask(AskMember, c.ID)
	var ids []string
	for _, o := range answer.Options {
		ids = append(ids, o.Value)
	}
	return ids, ok
}

// decideSet decides about tags or projects, each by itself: they are added, and
// never removed.
func (p *planner) decideSet(w *writes, v given.Value, stale bool, ask AskKind, has []string) {
	answer, ok := p.ask(ask, "")
	if !ok {
		return
	}
	e := mapping.Entry{To: v.Field}
	for _, item := range v.Items() {
		o, found := given.Choose(answer.Options, item)
		there := found && slices.Contains(has, o.Value)
		x := existing{text: titles(answer.Options, has), blank: len(has) == 0, same: there, covered: there, set: true}
		in := incoming{text: item, stale: stale}
		if found {
			in.text = o.Label
		}
		r := p.result(e, in, x, field.Case{Converts: true})
		switch {
		case r.Action == field.Skip:
		case !found || o.Archived:
			r.Action, r.Code, r.After = field.Skip, field.Unknown, ""
		default:
			r.Step = w.join(v.Field, o.Value)
		}
		w.results = append(w.results, r)
	}
}

func titles(options []field.Option, ids []string) string {
	var out []string
	for _, id := range ids {
		out = append(out, titleOf(options, id))
	}
	return strings.Join(out, ", ")
}

// join notes a tag or project to be added, and gives the id of its step.
func (w *writes) join(id, value string) string {
	if id == field.Tags {
		w.tags = append(w.tags, value)
		return stepTag + value
	}
	w.projects = append(w.projects, value)
	return stepProject + value
}

// joinSteps are the calls that add tags and projects, one each.
func (w *writes) joinSteps(candidateID string) []Step {
	var steps []Step
	for _, id := range w.tags {
		steps = append(steps, Step{stepTag + id, "candidate.addTag", body(arg{"candidateId", candidateID}, arg{"tagId", id})})
	}
	for _, id := range w.projects {
		steps = append(steps, Step{stepProject + id, "candidate.addProject", body(arg{"candidateId", candidateID}, arg{"projectId", id})})
	}
	return steps
}

// decideGivenCustom decides about a custom field.
func (p *planner) decideGivenCustom(w *writes, e mapping.Entry, in incoming, v given.Value, c candidate.Candidate) {
	f, there, ok := p.custom(e.To)
	switch {
	case !ok:
	case !there:
		w.add(p.result(e, in, existing{}, field.Case{Archived: true}), in, existing{})
	default:
		value, converts := field.ConvertItems(f, v.Items())
		p.decideInto(w, e, f, in, value, converts, c)
	}
}
