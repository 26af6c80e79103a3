package field

import (
	"strings"
	"testing"
)

// agreed is the decision table of field policies as it was agreed, first match
// wins. Conditions: archived, unwritable, invisible, stale, unchanged, blank,
// mayclear, clearable, converts, wasblank, same, covered; "!" negates; a policy
// is written by its name.
const agreed = `
archived                         -> skip field_gone
unwritable                       -> skip unwritable
invisible                        -> skip not_visible
never                            -> skip never
stale                            -> skip stale
unchanged                        -> skip unchanged_at_source
blank !mayclear                  -> skip no_value
blank wasblank                   -> skip no_value
blank !clearable                 -> skip cannot_clear
blank                            -> clear
!converts                        -> skip not_convertible
wasblank                         -> write
same                             -> skip equal
only_if_blank                    -> skip protected
append covered                   -> skip equal
append                           -> write_union
always                           -> write
`

func TestFieldPolicyDecidesEveryCaseAsAgreed(t *testing.T) {
	names := []string{
		"archived", "unwritable", "invisible", "stale", "unchanged", "blank", "mayclear", "clearable", "converts",
		"wasblank", "same", "covered",
	}
	seen := map[string]int{}
	for _, policy := range []Policy{Never, OnlyIfBlank, Append, Always} {
		for bits := range 1 << len(names) {
			facts := map[string]bool{string(policy): true}
			for i, n := range names {
				facts[n] = bits>>i&1 == 1
			}
			want := expect(t, facts)
			action, code := Decide(Case{
				Archived: facts["archived"], Unwritable: facts["unwritable"], Invisible: facts["invisible"],
				Policy: policy, MayClear: facts["mayclear"], Clearable: facts["clearable"], Stale: facts["stale"],
				Unchanged: facts["unchanged"], Blank: facts["blank"], Converts: facts["converts"],
				WasBlank: facts["wasblank"], Same: facts["same"], Covered: facts["covered"],
			})
			if got := strings.TrimSpace(string(action) + " " + string(code)); got != want {
				t.Fatalf("%s %v: %s, want %s", policy, facts, got, want)
			}
			seen[want]++
		}
	}
	if len(seen) != 14 {
		t.Errorf("%d distinct outcomes were reached, want 14: %v", len(seen), seen)
	}
}

func expect(t *testing.T, facts map[string]bool) string {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(agreed), "\n") {
		conditions, outcome, _ := strings.Cut(line, "->")
		if holds(strings.Fields(conditions), facts) {
			return strings.TrimSpace(outcome)
		}
	}
	t.Fatalf("no row for %v", facts)
	return ""
}

func holds(conditions []string, facts map[string]bool) bool {
	for _, c := range conditions {
		name, negated := strings.CutPrefix(c, "!")
		if facts[name] == negated {
			return false
		}
	}
	return true
}
