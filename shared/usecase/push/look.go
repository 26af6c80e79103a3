package push

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// verdict is what one look for an unknown step says.
type verdict uint8

const (
	hidden     verdict = iota // it proves nothing: what must be there is not seen either
	absent                    // it is not there, and would be seen
	there                     // it was applied
	repeatable                // it is not there, and to send it again changes nothing else
	several                   // more than one thing is there that it may have made
	gone                      // the candidate that it went to is not there
)

func (v verdict) String() string {
	return [...]string{"hidden", "absent", "there", "repeatable", "several", "gone"}[v]
}

// sight is a look's result.
type sight struct {
	verdict    verdict
	id         string // of what the step made
	profile    string // Ashby's page of it
	candidates []string
	why        string // it is hidden, for people
	moved      bool   // the candidate is another by now: the event is to be planned anew
}

// look looks for what an unknown step would have left in Ashby. A listing that
// could not be read to its end is an error, not a result.
func (w *worker) look(ctx context.Context, s delivery.Step) (sight, error) {
	switch s.ID {
	case plan.StepCreate:
		return w.lookForCandidate(ctx, s)
	case plan.StepNote:
		return w.lookForNote(ctx, s)
	case plan.StepEmail:
		return w.lookForEmail(s), nil
	default:
		return w.lookForValues(ctx, s)
	}
}

// Reasons for which a look proves nothing, for people.
const (
	whyOtherKey = "the API key was changed since, and does not show what the earlier one did"
	whyHidden   = "the API key is new, and does not show the candidate; it may be hidden from the key"
	whyNotes    = "the API key does not show notes that are known to be there"
	whyNoPlan   = "what was to be written is not kept any more"
)

// otherKey reports whether the step was taken with another key than today's.
func (w *worker) otherKey(s delivery.Step) bool { return s.Fingerprint != w.connection.Fingerprint }

// notThere judges a candidate that is not there. Only the key that wrote to it,
// or Ashby itself, can say that it is gone; and a key that is new may never have seen
// it, although it announced a write.
func (w *worker) notThere(ctx context.Context, s delivery.Step) (sight, error) {
	if w.otherKey(s) && !w.subject.Person.Link.Gone {
		return sight{verdict: hidden, why: whyOtherKey}, nil
	}
	if unseen, err := w.hidden(ctx); err != nil || unseen {
		return sight{verdict: hidden, why: whyHidden}, err
	}
	return sight{verdict: gone}, nil
}

// targets are the candidate that a step went to and, if the person has another
// one by now, that one, because the first may have been merged into it. Steps of
// old do not name theirs.
func (w *worker) targets(s delivery.Step) []string {
	var out []string
	if s.Target != "" {
		out = append(out, s.Target)
	}
	if link := w.subject.Person.Link; link.Candidate != s.Target && link.Candidate != "" && !link.Gone {
		out = append(out, link.Candidate)
	}
	return out
}

// lookForNote looks for the event's reference among the candidate's notes.
func (w *worker) lookForNote(ctx context.Context, s delivery.Step) (sight, error) {
	for _, target := range w.targets(s) {
		notes, err := w.account.NotesOf(ctx, target)
		if fault.Is(err, fault.Rejected) && fault.Of(err).Code() == delivery.CandidateNotFound {
			continue
		}
		if err != nil {
			return sight{}, err
		}
		seen := w.amongNotes(notes, target)
		seen.moved = s.Target != "" && target != s.Target
		return seen, nil
	}
	return w.notThere(ctx, s)
}

// amongNotes judges the notes of a candidate.
func (w *worker) amongNotes(notes map[string]string, target string) sight {
	if id, ok := noteOf(notes, w.current().Event); ok {
		return sight{verdict: there, id: id}
	}
	known, seen := 0, 0
	for _, r := range w.records {
		if earlier, ok := r.Step(plan.StepNote); ok && earlier.Status == delivery.Done && earlier.Target == target {
			known++
			if _, ok := noteOf(notes, r.Event); ok {
				seen++
			}
		}
	}
	if known > 0 && seen == 0 {
		return sight{verdict: hidden, why: whyNotes}
	}
	return sight{verdict: absent}
}

// noteOf finds the note of an event.
func noteOf(notes map[string]string, event string) (id string, ok bool) {
	ref := plan.Ref(event)
	for _, id := range slices.Sorted(maps.Keys(notes)) {
		if strings.Contains(notes[id], ref) {
			return id, true
		}
	}
	return "", false
}

// clocks is how far Ashby's clock may be from ours.
const clocks = 2 * time.Minute

// lookForCandidate looks for candidates that a create may have made, by search
// and in the list of those added since.
func (w *worker) lookForCandidate(ctx context.Context, s delivery.Step) (sight, error) {
	body, ok, err := w.sentBody(ctx, s)
	if err != nil || !ok {
		return sight{verdict: hidden, why: whyNoPlan}, err
	}
	made := readCreation(body)
	since := s.IntentAt.Add(-clocks)
	found := map[string]candidate.Candidate{}
	for _, email := range made.emails {
		answer, err := w.account.Read(ctx, plan.Ask{Kind: plan.AskEmail, Arg: email})
		if err != nil {
			return sight{}, err
		}
		for _, c := range answer.Candidates {
			if !c.CreatedAt.Before(since) {
				found[c.ID] = c
			}
		}
	}
	recent, err := w.account.AddedSince(ctx, since)
	if err != nil {
		return sight{}, err
	}
	for _, c := range recent {
		if made.mayBe(c) {
			found[c.ID] = c
		}
	}
	return w.judge(ctx, s, found)
}

func (w *worker) judge(ctx context.Context, s delivery.Step, found map[string]candidate.Candidate) (sight, error) {
	ids := slices.Sorted(maps.Keys(found))
	switch len(ids) {
	case 0:
		trusted, err := w.seesWitness(ctx, s)
		if err != nil || !trusted {
			return sight{verdict: hidden, why: whyOtherKey}, err
		}
		return sight{verdict: absent}, nil
	case 1:
		return sight{verdict: there, id: ids[0], profile: found[ids[0]].ProfileURL}, nil
	default:
		return sight{verdict: several, candidates: ids}, nil
	}
}

// seesWitness reports whether today's key sees candidates at all: the key of the
// attempt does, another one shows it by a candidate that was known before.
func (w *worker) seesWitness(ctx context.Context, s delivery.Step) (bool, error) {
	if !w.otherKey(s) {
		return true, nil
	}
	for _, id := range []string{s.Witness, w.witnesses.of(w.team, s.IntentAt)} {
		if id == "" {
			continue
		}
		answer, err := w.account.Read(ctx, plan.Ask{Kind: plan.AskCandidate, Arg: id})
		if err != nil || len(answer.Candidates) > 0 {
			return err == nil, err
		}
	}
	return false, nil
}

// lookForValues compares a candidate with what a write was to set. Such a write
// may be repeated, now that no earlier one is on its way any more.
func (w *worker) lookForValues(ctx context.Context, s delivery.Step) (sight, error) {
	body, ok, err := w.sentBody(ctx, s)
	if err != nil || !ok {
		return sight{verdict: repeatable}, err // planned anew, from what is there
	}
	answer, err := w.account.Read(ctx, plan.Ask{Kind: plan.AskCandidate, Arg: targetOf(body)})
	if err != nil {
		return sight{}, err
	}
	switch {
	case len(answer.Candidates) == 0 && len(w.targets(s)) > 1:
		return sight{verdict: repeatable, moved: true}, nil
	case len(answer.Candidates) == 0:
		return w.notThere(ctx, s)
	case bears(answer.Candidates[0], s.Method, body):
		return sight{verdict: there}, nil
	default:
		return sight{verdict: repeatable}, nil
	}
}

// sentBody gives the bytes of a step, from the plan that was kept; ok is false
// when none was.
func (w *worker) sentBody(ctx context.Context, s delivery.Step) (body []byte, ok bool, err error) {
	r := w.current()
	if !r.Frozen {
		return nil, false, nil
	}
	x, ok, err := w.Ledger.Explanation(ctx, w.team, r.Record)
	if err != nil || !ok {
		return nil, false, err
	}
	for _, step := range x.Outcome.Steps {
		if step.ID == s.ID {
			return w.bodyOf(step), true, nil
		}
	}
	return nil, false, nil
}
