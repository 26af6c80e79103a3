package explain

import (
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// fate is what became of a planned write so far.
type fate uint8

const (
	made    fate = iota
	refused      // by Ashby
	notYet       // it is still to be made
	unsure       // nobody knows yet whether it was applied
	notSent      // the event ended before it
)

// fateOf tells what became of a step that was planned for the event.
func fateOf(r delivery.Record, step string) fate {
	switch s, begun := r.Step(step); {
	case begun && s.Status == delivery.Done:
		return made
	case begun && s.Status == delivery.Refused:
		return refused
	case begun && s.Status != delivery.NotSent:
		return unsure
	case r.State == delivery.Pending || r.State == delivery.Waiting:
		return notYet
	}
	return notSent
}

var (
	fieldCodes = map[fate]field.Code{refused: field.Refused, notYet: field.NotYet, unsure: field.Unsure, notSent: field.NotSent}
	noteCodes  = map[fate]plan.NoteCode{
		refused: plan.NoteRefused, notYet: plan.NoteNotYet, unsure: plan.NoteUnsure, notSent: plan.NoteNotSent,
	}
)

// cameOf gives the planned fields with what came of them: a plan says what is to
// be written, and only the step that carries it says whether it was.
func cameOf(fields []plan.FieldResult, r delivery.Record) []plan.FieldResult {
	out := slices.Clone(fields)
	for i, f := range out {
		if f.Action == field.Skip || f.Step == "" {
			continue
		}
		fate := fateOf(r, f.Step)
		out[i].Code = fieldCodes[fate]
		if fate == refused || fate == notSent {
			out[i].Action = field.Skip
		}
	}
	return out
}

// noteCame tells what came of a note that was planned, or of the email in its place.
func noteCame(r delivery.Record, planned plan.NoteResult) *plan.NoteResult {
	step := plan.StepNote
	if planned.Email {
		step = plan.StepEmail
	}
	planned.Code = noteCodes[fateOf(r, step)]
	planned.Written = planned.Code == ""
	return &planned
}
