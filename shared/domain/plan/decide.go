package plan

import (
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// Plan decides what the event does, or asks for what it must know first.
//
// The order is that of the work: what the type may do, what stops the person,
// the rows that need nothing of Ashby, identity, and then the steps.
func Plan(in Input, facts Facts) Outcome {
	p := &planner{Input: in, facts: facts}
	p.takeIn()
	p.Mapping = in.Mapping.Protecting(in.Standing.Protected)
	out := p.plan()
	if len(p.asks) > 0 {
		return Outcome{Asks: p.asks}
	}
	out.Owed = p.owing(out)
	return out
}

// planner holds one call of Plan: input, facts, and the questions that came up.
type planner struct {
	Input
	facts    Facts
	after    person.Person // with the event's own marks and variables
	snapshot contact.Snapshot
	edits    map[contact.Variable]edited // of an edit, with the earlier ones
	asks     []Ask
	evidence []string                       // candidates that speak for an ambiguous person
	others   map[contact.Variable]time.Time // when the candidate's other people last wrote a variable's value
	creating bool                           // the writes are for a candidate that is yet to be made
}

// ask gives the answer to a question; ok is false when it is not known yet, and
// then the question is put.
func (p *planner) ask(kind AskKind, arg string) (Answer, bool) {
	a := Ask{kind, arg}
	answer, ok := p.facts[a]
	if !ok && !slices.Contains(p.asks, a) {
		p.asks = append(p.asks, a)
	}
	return answer, ok
}

// end is an outcome without steps.
func (p *planner) end(code delivery.Code, row int) Outcome {
	return Outcome{
		Code: code, Row: row, Person: p.after, Fields: p.notDisplayed(),
		Note: NoteResult{Code: p.whyNoNote(NoteByRow)},
	}
}

func (p *planner) plan() Outcome {
	if code, done := p.byType(); done {
		return p.end(code, 0)
	}
	if code, stopped := p.stopped(); stopped {
		return p.end(code, 0)
	}
	s := p.situation()
	if p.Event.Type == event.ContactEdited {
		return p.edit(s)
	}
	if row, ok := decideWithout(s); ok && !s.Linked {
		return p.end(row.Code, row.Number)
	}
	in, found, ok := p.presence()
	if !ok {
		return Outcome{}
	}
	if in == unprovable {
		return p.end(delivery.IndexBuilding, 0)
	}
	s.In = in
	row, ok := lookUp(syncTable, s)
	if !ok {
		return p.end(delivery.LinkInconsistent, 0) // no such row: the test over all combinations proves it unreachable
	}
	return p.carryOut(row, found)
}

// byType ends events that reach no row of the sync table.
func (p *planner) byType() (delivery.Code, bool) {
	switch e := p.Event; {
	case p.explicit():
		return "", false
	case e.Type == event.ContactRemoved:
		return delivery.TimelineOnly, true
	case e.Type == event.ContactEdited:
		return delivery.OriginNotPushed, e.Origin != event.Manual
	case e.Campaign == nil:
		return delivery.NotInCampaign, true
	}
	return "", false
}

// stopped ends or parks everything of a person about whom somebody decided.
func (p *planner) stopped() (delivery.Code, bool) {
	switch {
	case p.after.Held:
		return delivery.Held, true
	case p.after.Review.Answer == person.NeverLink:
		return delivery.ReviewNever, true
	case p.after.Link.Stopped:
		return delivery.LinkStopped, true
	}
	return "", false
}

// explicit reports whether somebody asked for this push: it counts as on_add, and
// writes all mapped variables.
func (p *planner) explicit() bool { return p.Event.Type.Requested() }

// situation gives T, O, Y and R, read after the event's own mark.
func (p *planner) situation() Situation {
	l := p.after.Link
	recreate := l.Gone && p.after.Review.Creates()
	s := Situation{
		Trigger: p.Settings.Trigger, Toggle: p.Settings.OnlySynced,
		Linked: l.Kind == person.Synced && !recreate,
	}
	if p.explicit() || recreate {
		s.Trigger = setting.OnAdd
	}
	switch s.Trigger {
	case setting.Never, setting.OnAdd: // wait for no stage
	case setting.OnReply:
		s.Reached = p.after.Responded.Reached()
	case setting.OnInterested:
		s.Reached = p.after.Interested.Reached()
	}
	return s
}

// edit handles a manual edit: it never links, creates or notes.
func (p *planner) edit(s Situation) Outcome {
	switch {
	case !s.Linked || p.after.Link.Gone:
		return p.end(delivery.NoLink, 0)
	case !p.Settings.Manual:
		return p.end(delivery.ManualSyncOff, 1)
	}
	row := syncTable[0]
	out := p.carryOut(row, candidate.Candidate{ID: p.after.Link.Candidate})
	if len(p.Earlier) > 0 && out.Code == row.Code && !p.changedAnything() {
		out.Code = delivery.NoNetChange
	}
	return out
}

// carryOut turns a row into steps.
func (p *planner) carryOut(row Row, found candidate.Candidate) Outcome {
	out := p.end(row.Code, row.Number)
	switch row.Write {
	case WriteNone:
		out.Review = p.evidence
		if row.Code == delivery.NeedsReview {
			out.Person.Review.Candidates = p.evidence
		}
		return out
	case WriteCreate:
		if p.nameToCreate() == "" {
			waits := p.end(delivery.NameMissing, row.Number)
			waits.Note = NoteResult{Code: p.whyNoNote(NoteAfterWait)}
			return waits
		}
		p.create(&out)
	case WriteLink:
		p.linkAndUpdate(&out, row, found)
	case WriteNoted:
		out.Link = p.link(person.NoteOnly, found)
	case WriteByType:
		if p.explicit() || p.after.Chosen() {
			p.update(&out, found, allMapped)
		} else if p.Event.Type == event.ContactEdited {
			p.update(&out, found, changedOnly)
		} else {
			p.update(&out, found, givenOnly)
		}
	}
	if p.Redo != nil && out.Code == delivery.Synced && p.after.Link.By == p.Event.ID { // it made the link that it finds
		out.Code, out.Row = p.Redo.Code, p.Redo.Row
		row.Code = out.Code
	}
	if row.Note && out.Code == row.Code {
		p.note(&out, targetOf(row.Write, found.ID))
	}
	return out
}

func targetOf(w Write, id string) string {
	if w == WriteCreate {
		return CreatedCandidate
	}
	return id
}

// link gives the link to be recorded; nil when there is one like it.
func (p *planner) link(kind person.LinkKind, c candidate.Candidate) *person.Link {
	if p.after.Link.Kind == kind && p.after.Link.Candidate == c.ID {
		return nil
	}
	return &person.Link{
		Kind: kind, Candidate: c.ID, Profile: c.ProfileURL, By: p.Event.ID, At: p.Event.OccurredAt,
	}
}

// note adds the note's step, if the type is chosen.
func (p *planner) note(out *Outcome, candidateID string) {
	if why := p.whyNoNote(""); why != "" {
		out.Note = NoteResult{Code: why}
		return
	}
	out.Note = NoteResult{Written: true}
	if p.asEmail() {
		m := emailOf(p.Event)
		if out.Note.Lacks = m.lacks(); out.Note.Lacks == "" {
			out.Note.Email = true
			out.Steps = append(out.Steps, p.emailStep(m, candidateID))
			return
		}
	}
	out.Steps = append(out.Steps, p.noteStep(candidateID))
}

// whyNoNote gives the reason that holds whatever the row; else the given one.
func (p *planner) whyNoNote(otherwise NoteCode) NoteCode {
	switch t := p.Event.Type; {
	case t == event.ContactEdited, t == event.ContactRemoved, t.Requested():
		return NoteNeverGiven
	case !slices.Contains(p.Settings.NoteTypes, t):
		return NoteTypeOff
	}
	return otherwise
}
