package delivery

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

var allStates = []State{Pending, Waiting, Resting, Final}

func TestAnOutcomeMovesAnEventAsTheTableSays(t *testing.T) {
	allowed := map[[2]State]bool{
		{Pending, Waiting}: true, {Pending, Resting}: true, {Pending, Final}: true,
		{Waiting, Waiting}: true, {Waiting, Resting}: true, {Waiting, Final}: true,
		{Resting, Resting}: true, {Resting, Final}: true,
	}
	for _, from := range allStates {
		for _, code := range codes {
			r, err := Record{State: from, Tries: 3, Retries: 2}.Move(code, time.Unix(1, 0))
			if (err == nil) != allowed[[2]State{from, code.State()}] {
				t.Errorf("%s by %s: %v", from, code, err)
			}
			if err == nil && (r.State != code.State() || r.Code != code || r.Tries != 0 || r.Retries != 0) {
				t.Errorf("%s by %s: %+v", from, code, r)
			}
			if err != nil && !fault.Is(err, fault.Internal) {
				t.Errorf("kind of %v", err)
			}
		}
	}
}

func TestTheWaysBackToWorkAreTheseAndNoOthers(t *testing.T) {
	due := time.Unix(1, 0)
	for _, code := range append([]Code{""}, codes...) {
		state := code.State()
		if code == "" {
			state = Pending
		}
		r := Record{State: state, Code: code, Frozen: true, Tries: 3, Retries: 2}
		reopened, err := r.Reopen(due, person.Person{})
		if (err == nil) != (state != Final) {
			t.Errorf("%s %s reopened: %v", state, code, err)
		}
		retried, refused := r.Retry(due)
		if (refused == nil) != (state == Pending || state == Waiting) {
			t.Errorf("%s %s retried: %v", state, code, refused)
		}
		if refused == nil && (retried.State != Pending || retried.Code != "" || !retried.Due.Equal(due) || !retried.Frozen || retried.Tries != 3) {
			t.Errorf("%s %s retried: %+v", state, code, retried)
		}
		back := []Record{r.Again(due)}
		if err == nil {
			back = append(back, reopened)
		}
		for _, to := range back {
			if to.State != Pending || to.Code != "" || !to.Due.Equal(due) || to.Frozen || to.Tries+to.Retries != 0 {
				t.Errorf("%s %s: %+v", state, code, to)
			}
		}
	}
}

func TestNothingTakesADoneStepAgainOrForgetsAnUnknownOne(t *testing.T) {
	r := Record{State: Final, Code: Rejected, Steps: []Step{{ID: "create", Status: Done}, {ID: "note", Status: Refused, Code: "x"}}}
	if back := r.Again(time.Unix(1, 0)); back.Steps[0].Status != Done || back.Steps[1].Status != NotSent || r.Steps[1].Status != Refused {
		t.Errorf("%+v", back.Steps)
	}
	r = Record{State: Waiting, Code: Settling, Frozen: true, Steps: []Step{{ID: "note", Status: Uncertain}}}
	if back, err := r.Reopen(time.Unix(1, 0), person.Person{}); err != nil || !back.Frozen || back.Steps[0].Status != Uncertain {
		t.Errorf("a step that nobody knows of is looked for by its plan: %+v, %v", back, err)
	}
	if back := r.Again(time.Unix(1, 0)); !back.Frozen || back.Steps[0].Status != Uncertain || back.State != Waiting {
		t.Errorf("it is tried again before it was looked for: %+v", back)
	}
}

func TestWhatWasDoneToADeletedCandidateIsDoneAnewForTheNext(t *testing.T) {
	steps := []Step{
		{ID: "create", Status: Done, RemoteID: "old"},
		{ID: "update", Status: Done, Target: "old"},
		{ID: "fields", Status: Refused, Target: "old", Code: CandidateNotFound},
	}
	gone := person.Link{Kind: person.Synced, Candidate: "old", Gone: true}
	for name, c := range map[string]struct {
		person person.Person
		done   StepStatus
	}{
		"recreated":      {person.Person{Link: gone, Review: person.Review{Answer: person.Recreate}}, NotSent},
		"another linked": {person.Person{Link: person.Link{Candidate: "new"}, Review: person.Review{Answer: person.LinkTo, Was: &gone}}, NotSent},
		"merged":         {person.Person{Link: person.Link{Candidate: "survivor"}}, Done},
	} {
		r, err := Record{State: Waiting, Code: RecordDeleted, Steps: steps}.Reopen(time.Unix(1, 0), c.person)
		if err != nil || r.Steps[0].Status != c.done || r.Steps[1].Status != c.done || r.Steps[2].Status != NotSent {
			t.Errorf("%s: %+v, %v", name, r.Steps, err)
		}
	}
}

func TestADecisionFreesWhatWaitedForItAndNothingElse(t *testing.T) {
	gone := person.Link{Kind: person.Synced, Candidate: "c", Gone: true}
	linked := person.Link{Kind: person.Synced, Candidate: "c"}
	stopped := gone
	stopped.Stopped = true
	people := map[string]person.Person{
		"nothing": {}, "held": {Held: true}, "gone": {Link: gone}, "linked": {Link: linked},
		"answered": {Review: person.Review{Answer: person.NeverLink}}, "stopped": {Link: stopped},
		"recreated": {Link: gone, Review: person.Review{Answer: person.Recreate}},
	}
	freed := map[Code][]string{
		Held:          {"nothing", "gone", "linked", "answered", "stopped", "recreated"},
		NeedsReview:   {"gone", "linked", "answered", "stopped", "recreated"},
		RecordDeleted: {"nothing", "held", "linked", "answered", "stopped", "recreated"},
	}
	for _, code := range codes {
		want := map[string]bool{}
		for _, name := range freed[code] {
			want[name] = true
		}
		for name, p := range people {
			if got := (Record{State: code.State(), Code: code}).FreedBy(p); got != want[name] {
				t.Errorf("%s, %s: %v", code, name, got)
			}
		}
	}
}
