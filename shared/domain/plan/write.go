package plan

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// create plans a new candidate with everything that create can carry, then what
// it cannot.
func (p *planner) create(out *Outcome) {
	p.creating = true
	w := p.decideFields(candidate.Candidate{}, allMapped, true)
	missing := p.missing(w, candidate.Candidate{})
	if len(p.asks) > 0 {
		return
	}
	if len(missing) > 0 {
		*out = p.lacking(out.Row, missing)
		return
	}
	w.name = p.nameToCreate()
	args := withText(nil, "name", w.name)
	args = withText(args, "email", w.email)
	args = withText(args, "phoneNumber", w.phone)
	args = withText(args, "linkedInUrl", w.link("LinkedIn"))
	args = withText(args, "githubUrl", w.link("GitHub"))
	args = withText(args, "website", w.link("Website"))
	if all := w.allAlternates(candidate.Candidate{}); len(all) > 0 {
		args = append(args, arg{"alternateEmailAddresses", all})
	}
	args = withText(args, "sourceId", w.source)
	args = withText(args, "creditedToUserId", w.creditedTo)
	if w.location != (place{}) {
		args = append(args, arg{"location", w.location.object()})
	}
	out.Steps = append(out.Steps, Step{StepCreate, "candidate.create", body(args...)})
	if slices.ContainsFunc(w.links, func(l candidate.Link) bool { return !carriedByCreate(l.Type) }) {
		out.Steps = append(out.Steps, updateStep(StepUpdate, CreatedCandidate, arg{"socialLinks", linkObjects(w.links)}))
	}
	p.finish(out, w, CreatedCandidate, StepCreate)
}

func carriedByCreate(network string) bool {
	return network == "LinkedIn" || network == "GitHub" || network == "Website"
}

// update plans field writes to a candidate that is there. They rest on a fresh
// read of it; where nothing would be written anyway, there is none.
func (p *planner) update(out *Outcome, found candidate.Candidate, s scope) {
	w := p.decideFields(found, s, false)
	if len(p.asks) > 0 || !w.touches() {
		out.Fields = append(out.Fields, w.results...)
		p.remember(out, w)
		return
	}
	if c, ok := p.read(out, found.ID); ok {
		p.write(out, p.decideFields(c, s, false), c)
	}
}

// read reads a candidate freshly; ok is false while it is not read, and when it is
// no more, which is the outcome then.
func (p *planner) read(out *Outcome, id string) (c candidate.Candidate, ok bool) {
	answer, known := p.ask(AskCandidate, id)
	switch {
	case !known:
		return candidate.Candidate{}, false
	case len(answer.Candidates) == 0:
		p.gone(out)
		return candidate.Candidate{}, false
	}
	p.others = answer.Others
	return answer.Candidates[0], true
}

// write adds the steps of the writes to a candidate that was just read.
func (p *planner) write(out *Outcome, w writes, c candidate.Candidate) {
	if args := w.updateArgs(c); len(args) > 0 {
		out.Steps = append(out.Steps, updateStep(StepUpdate, c.ID, args...))
	}
	for i, a := range w.laterAlternates(c) {
		out.Steps = append(out.Steps, updateStep(fmt.Sprintf(alternateHead+"%d", i+2), c.ID, arg{"alternateEmail", a}))
	}
	p.finish(out, w, c.ID, StepUpdate)
}

// gone turns the outcome into the question about a deleted candidate.
func (p *planner) gone(out *Outcome) {
	*out = p.end(delivery.RecordDeleted, 0)
	out.Person = out.Person.Lost()
}

// finish adds the custom fields' one call and what is remembered.
func (p *planner) finish(out *Outcome, w writes, id, builtInStep string) {
	if len(w.custom) > 0 {
		out.Steps = append(out.Steps, Step{StepFields, "customField.setValues", body(
			arg{"objectId", id}, arg{"objectType", "Candidate"}, arg{"values", w.custom},
		)})
	}
	out.Steps = append(out.Steps, w.joinSteps(id)...)
	for i, r := range w.results {
		if r.Action == field.Skip || r.Step != "" {
			continue
		}
		w.results[i].Step = builtInStep
		network, isLink := field.Network(r.Field)
		switch {
		case !isBuiltIn(r.Field):
			w.results[i].Step = StepFields
		case isLink && !carriedByCreate(network):
			w.results[i].Step = StepUpdate
		}
	}
	out.Fields = append(out.Fields, w.results...)
	p.remember(out, w)
}

// remember notes the times of values that are now in Ashby, and the location as
// it was sent.
func (p *planner) remember(out *Outcome, w writes) {
	applied := make(map[contact.Variable]time.Time, len(out.Person.Applied))
	if !p.creating {
		maps.Copy(applied, out.Person.Applied)
	}
	for _, r := range w.results {
		if r.Action == field.Skip && r.Code != field.Equal {
			continue
		}
		for _, v := range r.From {
			if t := p.timeOf(v); !t.IsZero() {
				applied[v] = later(applied[v], t)
			}
		}
	}
	out.Person.Applied, out.Person.Location = applied, p.sentLocation()
	if len(w.given) > 0 {
		pushed := map[string]time.Time{}
		if !p.creating {
			maps.Copy(pushed, out.Person.Given)
		}
		maps.Copy(pushed, w.given)
		out.Person.Given = pushed
	}
	if w.location != (place{}) {
		out.Person.Location = w.location.String()
	}
}

// sentLocation gives what this candidate was last sent as location; what went to
// another one says nothing of it.
func (p *planner) sentLocation() string {
	if p.creating || p.after.Link.Kind != person.Synced {
		return ""
	}
	return p.Person.Location
}
