package explain

import (
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// cameOf gives the planned fields with what came of them: a plan says what is to
// be written, and only the step that carries it says whether it was.
func cameOf(fields []plan.FieldResult, r delivery.Record) []plan.FieldResult {
	out := slices.Clone(fields)
	for i, f := range out {
		if f.Action == field.Skip || f.Step == "" {
			continue
		}
		switch step, begun := r.Step(f.Step); {
		case begun && step.Status == delivery.Done:
		case begun && step.Status == delivery.Refused:
			out[i].Action, out[i].Code = field.Skip, field.Refused
		case begun && step.Status != delivery.NotSent:
			out[i].Code = field.Unsure
		case r.State == delivery.Pending || r.State == delivery.Waiting:
			out[i].Code = field.NotYet
		default:
			out[i].Action, out[i].Code = field.Skip, field.NotSent
		}
	}
	return out
}
