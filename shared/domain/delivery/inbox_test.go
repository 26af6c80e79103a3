package delivery

import (
	"slices"
	"testing"
	"time"
)

func TestWhatNeedsAPersonIsListedUnderACauseOfTheClosedSetAndNothingElseIs(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	for _, c := range codes {
		r := Record{State: c.State(), Code: c, Missing: []string{"field"}}
		cause, listed := CauseOf(r, now)
		ended := []Code{Rejected, Quarantined, ExpiredUnconnected}
		if want := c.State() == Waiting && c != Settling || slices.Contains(ended, c); listed != want || listed && (!cause.Known() || cause.Code() != c) {
			t.Errorf("%s is listed: %v, under %q", c, listed, cause)
		}
	}
	if _, listed := CauseOf(Record{State: Pending, Retries: 5}, now); listed {
		t.Error("what is tried again by itself needs a person")
	}
	lost := Record{State: Waiting, Code: Settling}.WithStep(Step{ID: "note", Status: Uncertain, IntentAt: now.Add(-overdue)})
	if cause, listed := CauseOf(lost, now); !listed || cause != Cause(Settling) {
		t.Errorf("a write of which nobody knows for long: %v, %q", listed, cause)
	}
	part := Record{State: Final, Code: Synced}.WithStep(Step{ID: "fields", Status: Refused})
	if cause, listed := CauseOf(part, now); !listed || cause != Cause(Rejected) {
		t.Errorf("a part that was refused: %v, %q", listed, cause)
	}
}
