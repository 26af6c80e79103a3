package plan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// expectedRows is the sync table as it was agreed, all 128 situations: for each
// trigger, toggle, linked and reached, the row for a person who is in Ashby, not
// in Ashby, gone, ambiguous.
const expectedRows = `
trigger       toggle linked reached | yes no gone ambiguous
never         on     yes    no      | 1   3  2    3
never         on     yes    yes     | 1   3  2    3
never         off    yes    no      | 1   3  2    3
never         off    yes    yes     | 1   3  2    3
on_add        on     yes    no      | 1   3  2    3
on_add        on     yes    yes     | 1   3  2    3
on_add        off    yes    no      | 1   3  2    3
on_add        off    yes    yes     | 1   3  2    3
on_reply      on     yes    no      | 1   3  2    3
on_reply      on     yes    yes     | 1   3  2    3
on_reply      off    yes    no      | 1   3  2    3
on_reply      off    yes    yes     | 1   3  2    3
on_interested on     yes    no      | 1   3  2    3
on_interested on     yes    yes     | 1   3  2    3
on_interested off    yes    no      | 1   3  2    3
on_interested off    yes    yes     | 1   3  2    3
never         on     no     no      | 4   4  4    4
never         on     no     yes     | 4   4  4    4
never         off    no     no      | 12  13 6    7
never         off    no     yes     | 12  13 6    7
on_add        on     no     no      | 8   9  6    7
on_add        on     no     yes     | 8   9  6    7
on_add        off    no     no      | 8   9  6    7
on_add        off    no     yes     | 8   9  6    7
on_reply      on     no     no      | 5   5  5    5
on_reply      on     no     yes     | 10  11 6    7
on_reply      off    no     no      | 12  13 6    7
on_reply      off    no     yes     | 10  11 6    7
on_interested on     no     no      | 5   5  5    5
on_interested on     no     yes     | 10  11 6    7
on_interested off    no     no      | 12  13 6    7
on_interested off    no     yes     | 10  11 6    7
`

// expectedEffects is what each row does, as it was agreed.
var expectedEffects = map[int]struct {
	write Write
	note  bool
	code  delivery.Code
	state delivery.State
}{
	1:  {WriteByType, true, "synced", delivery.Final},
	2:  {WriteNone, false, "record_deleted", delivery.Waiting},
	3:  {WriteNone, false, "link_inconsistent", delivery.Waiting},
	4:  {WriteNone, false, "trigger_never", delivery.Resting},
	5:  {WriteNone, false, "withheld_until_marked", delivery.Resting},
	6:  {WriteNone, false, "record_deleted", delivery.Waiting},
	7:  {WriteNone, false, "needs_review", delivery.Waiting},
	8:  {WriteLink, true, "matched", delivery.Final},
	9:  {WriteCreate, true, "created", delivery.Final},
	10: {WriteLink, true, "matched", delivery.Final},
	11: {WriteCreate, true, "created", delivery.Final},
	12: {WriteNoted, true, "noted_only", delivery.Final},
	13: {WriteNone, false, "no_record_yet", delivery.Resting},
}

func expectations(t *testing.T) map[Situation]int {
	t.Helper()
	out := map[Situation]int{}
	for _, line := range strings.Split(strings.TrimSpace(expectedRows), "\n")[1:] {
		var trigger, toggle, linked, reached string
		var rows [4]int
		if _, err := fmt.Sscanf(line, "%s %s %s %s | %d %d %d %d", &trigger, &toggle, &linked, &reached,
			&rows[0], &rows[1], &rows[2], &rows[3]); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		for i, in := range []Presence{"yes", "no", "gone", "ambiguous"} {
			out[Situation{setting.Trigger(trigger), toggle == "on", linked == "yes", reached == "yes", in}] = rows[i]
		}
	}
	if len(out) != 128 {
		t.Fatalf("%d situations are typed in, want 128", len(out))
	}
	return out
}

func TestSyncTableGivesTheAgreedRowForAll128Situations(t *testing.T) {
	for s, want := range expectations(t) {
		got, ok := lookUp(syncTable, s)
		if !ok {
			t.Errorf("%+v: no row", s)
			continue
		}
		if got.Number != want {
			t.Errorf("%+v: row %d, want %d", s, got.Number, want)
		}
	}
}

func TestSyncTableRowsHaveTheAgreedEffects(t *testing.T) {
	if len(syncTable) != len(expectedEffects) {
		t.Fatalf("%d rows, want %d", len(syncTable), len(expectedEffects))
	}
	for _, r := range syncTable {
		want := expectedEffects[r.Number]
		if r.Write != want.write || r.Note != want.note || r.Code != want.code || r.Code.State() != want.state {
			t.Errorf("row %d: %v, want %v", r.Number, r, want)
		}
	}
}

func TestSyncTableFailsWhenTwoOverlappingRowsOfDifferentOutcomeAreSwapped(t *testing.T) {
	expected := expectations(t)
	swaps := 0
	for i := range syncTable {
		for j := i + 1; j < len(syncTable); j++ {
			if !overlap(syncTable[i], syncTable[j], expected) {
				continue
			}
			swaps++
			table := append([]Row(nil), syncTable...)
			table[i], table[j] = table[j], table[i]
			if agrees(table, expected) {
				t.Errorf("rows %d and %d can be swapped unnoticed", syncTable[i].Number, syncTable[j].Number)
			}
		}
	}
	if swaps == 0 {
		t.Error("no overlapping rows were found to swap")
	}
}

func TestSyncTableFailsWhenARowIsMissing(t *testing.T) {
	expected := expectations(t)
	for i := range syncTable {
		table := append(append([]Row(nil), syncTable[:i]...), syncTable[i+1:]...)
		if agrees(table, expected) {
			t.Errorf("row %d can be left out unnoticed", syncTable[i].Number)
		}
	}
}

func overlap(a, b Row, all map[Situation]int) bool {
	for s := range all {
		if a.matches(s) && b.matches(s) && a.Code != b.Code {
			return true
		}
	}
	return false
}

func agrees(table []Row, all map[Situation]int) bool {
	for s, want := range all {
		if r, ok := lookUp(table, s); !ok || r.Number != want {
			return false
		}
	}
	return true
}

func TestPresenceIsOnlyNeededWhereTheOpenRowsDiffer(t *testing.T) {
	for s, want := range expectations(t) {
		same := true
		for other, row := range expectations(t) {
			other.In = s.In
			if other == s && row != want {
				same = false
			}
		}
		if _, without := decideWithout(s); without != same {
			t.Errorf("%+v: decided without looking = %v, want %v", s, without, same)
		}
	}
}
