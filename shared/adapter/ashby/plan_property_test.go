package ashby_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbyspec"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// TestEveryPlanEndsRepeatsItselfAndIsTakenByAshby drives plans of random events
// in random accounts, and holds each against what is promised of all of them.
func TestEveryPlanEndsRepeatsItselfAndIsTakenByAshby(t *testing.T) {
	spec, err := ashbyspec.Load()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		if _, err := examine(spec, scenes.Draw(t, "scene")); err != nil {
			t.Fatal(err)
		}
	})
}

// TestRandomPlansReachEveryRowAndEveryFieldOutcome guards the property above
// against scenes that leave half of the tables out. Row 3 cannot be reached.
func TestRandomPlansReachEveryRowAndEveryFieldOutcome(t *testing.T) {
	spec, err := ashbyspec.Load()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for seed := range 1500 {
		out, err := examine(spec, scenes.Example(seed))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		seen[fmt.Sprintf("row %d", out.Row)]++
		for _, r := range out.Fields {
			seen["field "+string(r.Action)+" "+string(r.Code)]++
		}
	}
	for _, row := range []int{1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13} {
		if seen[fmt.Sprintf("row %d", row)] == 0 {
			t.Errorf("row %d was never reached", row)
		}
	}
	if seen["row 3"] > 0 {
		t.Error("row 3 was reached")
	}
	for _, outcome := range []string{
		"skip field_gone", "skip unwritable", "skip not_visible", "skip never", "skip stale", "skip unchanged_at_source",
		"skip no_value", "skip cannot_clear", "clear ", "skip not_convertible", "write ", "skip equal", "skip protected",
		"write_union ", "skip unknown_value", "skip not_displayed",
	} {
		if seen["field "+outcome] == 0 {
			t.Errorf("no field came to %q", outcome)
		}
	}
}

func examine(spec *ashbyspec.Spec, s scene) (plan.Outcome, error) {
	before, err := json.Marshal(s)
	if err != nil {
		return plan.Outcome{}, err
	}
	out, asks, err := plan.Drive(context.Background(), s.In, s)
	if err != nil {
		return out, fmt.Errorf("the plan does not end: %w", err)
	}
	again, askedAgain, _ := plan.Drive(context.Background(), s.In, s)
	if diff := cmp.Diff(out, again) + cmp.Diff(asks, askedAgain); diff != "" {
		return out, errors.New("planned twice, it differs: " + diff)
	}
	if after, _ := json.Marshal(s); string(after) != string(before) {
		return out, errors.New("the plan changed its input")
	}
	return out, errors.Join(taken(spec, out), silent(out, asks), explained(s, out), rested(out, asks))
}

// taken checks every call against Ashby's description.
func taken(spec *ashbyspec.Spec, out plan.Outcome) error {
	var errs []error
	for _, step := range out.Steps {
		body := strings.ReplaceAll(step.Body, plan.CreatedCandidate, uuidOf(999))
		if err := spec.CheckRequest(step.Method, []byte(body)); err != nil {
			errs = append(errs, fmt.Errorf("%s %s: %w", step.ID, body, err))
		}
		if step.Method == "candidate.update" && !strings.HasSuffix(body, `"sendNotifications":false}`) {
			errs = append(errs, errors.New("an update notifies: "+body))
		}
		if strings.Contains(body, `\u0000`) {
			errs = append(errs, errors.New("a NUL is sent: "+body))
		}
	}
	return errors.Join(errs...)
}

// silent holds outcomes without a write to that, and withheld events to no read.
func silent(out plan.Outcome, asks []plan.Ask) error {
	if slices.Contains([]int{2, 4, 5, 6, 7, 13}, out.Row) && len(out.Steps) > 0 {
		return fmt.Errorf("row %d writes: %+v", out.Row, out.Steps)
	}
	withheld := out.Code == delivery.WithheldUntilMarked || out.Code == delivery.TriggerNever || out.Code.State() == delivery.Final && out.Row == 0
	if withheld && (len(asks) > 0 || len(out.Steps) > 0) {
		return fmt.Errorf("%s costs %v", out.Code, asks)
	}
	if out.Row == 12 && slices.ContainsFunc(out.Steps, func(s plan.Step) bool { return s.ID != plan.StepNote }) {
		return fmt.Errorf("a note-only link writes: %+v", out.Steps)
	}
	return nil
}

// explained holds every field to one reason or one step that is there.
func explained(s scene, out plan.Outcome) error {
	steps := map[string]string{}
	for _, step := range out.Steps {
		steps[step.ID] = step.Body
	}
	for _, r := range out.Fields {
		_, there := steps[r.Step]
		switch {
		case (r.Action == field.Skip) != (r.Code != ""):
			return fmt.Errorf("%s: a skip needs a reason, and nothing else has one: %+v", r.Field, r)
		case r.Action == field.Skip && strings.Contains(steps[plan.StepFields], r.Field):
			return fmt.Errorf("%s is skipped as %s, but written: %s", r.Field, r.Code, steps[plan.StepFields])
		case r.Action != field.Skip && !there:
			return fmt.Errorf("%s names the step %q, which is not there: %+v", r.Field, r.Step, r)
		case r.Action != field.Skip && s.In.Mapping.Rule(r.Field).Policy == field.Never:
			return fmt.Errorf("%s is written against its policy", r.Field)
		case r.Action == field.Write && r.Before != "" && s.In.Mapping.Rule(r.Field).Policy == field.OnlyIfBlank:
			return fmt.Errorf("%s is protected, has a value and is written: %+v", r.Field, r)
		}
	}
	if (steps[plan.StepNote] != "") != out.Note.Written || out.Note.Written == (out.Note.Code != "") {
		return fmt.Errorf("the note's explanation is %+v", out.Note)
	}
	return nil
}

// rested holds every field write to a fresh read of its candidate.
func rested(out plan.Outcome, asks []plan.Ask) error {
	for _, step := range out.Steps {
		if step.ID == plan.StepCreate || step.ID == plan.StepNote || strings.Contains(step.Body, plan.CreatedCandidate) {
			continue
		}
		if !slices.ContainsFunc(asks, func(a plan.Ask) bool { return a.Kind == plan.AskCandidate && strings.Contains(step.Body, a.Arg) }) {
			return fmt.Errorf("%s rests on no fresh read: %s", step.ID, step.Body)
		}
	}
	return nil
}
