package preview

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// imagined is an Ashby as it would be after writes that nobody made: by it the
// later ones of several events can be planned as if the earlier ones had gone.
type imagined struct {
	real  plan.Reader
	known map[string]candidate.Candidate // as last read, or as imagined
	made  []string                       // ids of those that are imagined whole
	dirty []string                       // ids of those that are other than Ashby has them
	joins map[string][]string            // projects that they are put into, by candidate
}

// imagine begins with Ashby as it is.
func imagine(as plan.Reader) *imagined {
	return &imagined{real: as, known: map[string]candidate.Candidate{}, joins: map[string][]string{}}
}

// CreatedBy stands for the id of the candidate that an event's create step would
// make, in the plans of later events.
func CreatedBy(event string) string { return "$" + event + ".candidateId" }

// Read answers as Ashby would. Errors are those of the real reader.
func (i *imagined) Read(ctx context.Context, ask plan.Ask) (plan.Answer, error) {
	if c, ok := i.known[ask.Arg]; ok && ask.Kind == plan.AskCandidate && slices.Contains(i.dirty, ask.Arg) {
		return plan.Answer{Candidates: []candidate.Candidate{c}}, nil
	}
	if ask.Kind == plan.AskMember {
		return i.member(ctx, ask)
	}
	answer, err := i.real.Read(ctx, ask)
	if err != nil {
		return answer, err
	}
	answer.Candidates = i.beside(answer.Candidates, ask)
	return answer, nil
}

// member answers which projects a candidate is in. One that is imagined whole is in
// none but those that it is put into.
func (i *imagined) member(ctx context.Context, ask plan.Ask) (plan.Answer, error) {
	var answer plan.Answer
	if !slices.Contains(i.made, ask.Arg) {
		var err error
		if answer, err = i.real.Read(ctx, ask); err != nil {
			return answer, err
		}
	}
	for _, project := range i.joins[ask.Arg] {
		answer.Options = append(answer.Options, field.Option{Value: project})
	}
	return answer, nil
}

// beside gives what was found as it is imagined, with those that would be found too.
func (i *imagined) beside(found []candidate.Candidate, ask plan.Ask) []candidate.Candidate {
	var out []candidate.Candidate
	for _, c := range found {
		if !slices.Contains(i.dirty, c.ID) {
			i.known[c.ID] = c
		}
		out = append(out, i.known[c.ID])
	}
	for _, id := range i.dirty {
		there := slices.ContainsFunc(out, func(c candidate.Candidate) bool { return c.ID == id })
		if !there && answers(i.known[id], ask) {
			out = append(out, i.known[id])
		}
	}
	return out
}

// answers reports whether a candidate would be among those that a search finds.
func answers(c candidate.Candidate, ask plan.Ask) bool {
	switch ask.Kind {
	case plan.AskEmail:
		return c.HasEmail(ask.Arg)
	case plan.AskKeys:
		keys := mapping.Keys(c)
		return slices.ContainsFunc(strings.Fields(ask.Arg), func(key string) bool { return slices.Contains(keys, key) })
	default:
		return false
	}
}

// take applies an event's steps, in order.
func (i *imagined) take(event string, steps []plan.Step) {
	for _, s := range steps {
		var w written
		if json.Unmarshal([]byte(s.Body), &w) != nil {
			continue // our own bytes always parse
		}
		id := w.CandidateID + w.ObjectID
		if s.ID == plan.StepCreate || id == plan.CreatedCandidate {
			id = CreatedBy(event)
		}
		if w.Project != "" {
			i.joins[id] = append(i.joins[id], w.Project)
		}
		if s.ID == plan.StepCreate {
			i.made = append(i.made, id)
		}
		before, read := i.known[id]
		if before.ID = id; !read && s.ID != plan.StepCreate {
			continue // a note, to a candidate of which no field was looked at
		}
		i.known[id] = w.on(before)
		if !slices.Contains(i.dirty, id) {
			i.dirty = append(i.dirty, id)
		}
	}
}
