package plan

import (
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// linkAndUpdate links the person to a candidate that was found, once every
// mandatory field is filled: by the writes, or in Ashby already.
func (p *planner) linkAndUpdate(out *Outcome, row Row, found candidate.Candidate) {
	w := p.decideFields(found, allMapped, false)
	missing := p.missing(w, found)
	if len(p.asks) > 0 {
		return
	}
	if len(missing) > 0 || w.touches() {
		c, ok := p.read(out, found.ID)
		if !ok {
			return
		}
		w = p.decideFields(c, allMapped, false)
		if missing = p.missing(w, c); len(p.asks) > 0 {
			return
		}
		found = c
	}
	if len(missing) > 0 {
		*out = p.lacking(row.Number, missing)
		p.noteAlone(out, found)
		return
	}
	out.Link = p.link(person.Synced, found)
	p.write(out, w, found)
}

// missing lists the mandatory fields that neither the writes fill nor the
// candidate has a value in.
func (p *planner) missing(w writes, c candidate.Candidate) []string {
	var ids []string
	for _, id := range p.Standing.Mandatory {
		filled := slices.ContainsFunc(w.results, func(r FieldResult) bool {
			return r.Field == id && (r.Action == field.Write || r.Action == field.Union)
		})
		if !filled && !p.has(c, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// has reports whether a candidate has a value in a field.
func (p *planner) has(c candidate.Candidate, id string) bool {
	switch {
	case p.creating:
		return false
	case id == field.Projects:
		ids, _ := p.projectsOf(c)
		return len(ids) > 0
	case isBuiltIn(id):
		return !p.existing(id, c, incoming{}).blank
	}
	return !existingCustom(c, id, "").blank
}

// lacking is the outcome of an event that waits for mandatory fields. The detail
// names them.
func (p *planner) lacking(row int, missing []string) Outcome {
	out := p.end(delivery.MandatoryMissing, row)
	out.Note = NoteResult{Code: p.whyNoNote(NoteAfterWait)}
	out.Missing = missing
	var names []string
	for _, id := range missing {
		names = append(names, p.titleOf(id))
	}
	out.Detail = strings.Join(names, ", ")
	return out
}

// titleOf gives a field's title as Ashby has it.
func (p *planner) titleOf(id string) string {
	if isBuiltIn(id) {
		return field.TitleOf(id)
	}
	if f, there, _ := p.custom(id); there {
		return f.Title
	}
	return id
}

// noteAlone lets the note of a person who cannot be linked yet go where notes may
// be added to anybody who is in Ashby.
func (p *planner) noteAlone(out *Outcome, c candidate.Candidate) {
	s := p.situation()
	if s.Trigger == setting.OnAdd || s.Toggle || p.whyNoNote("") != "" {
		return
	}
	out.Link = p.link(person.NoteOnly, c)
	p.note(out, c.ID)
}
