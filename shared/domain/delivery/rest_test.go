package delivery

import (
	"testing"
	"time"
)

func TestWhatIsWithheldEndsAfterNinetyDaysAndNothingElseDoes(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	end := at.Add(90 * 24 * time.Hour)
	for _, code := range codes {
		r := Record{State: code.State(), Code: code, Row: 5, AcceptedAt: at}
		if got := r.AsOf(end.Add(-time.Nanosecond)); got.State != r.State || got.Code != code {
			t.Errorf("%s is %s %s before its time", code, got.State, got.Code)
		}
		got := r.AsOf(end)
		switch {
		case code.State() != Resting && (got.State != r.State || got.Code != code):
			t.Errorf("%s is %s %s after 90 days", code, got.State, got.Code)
		case code.State() == Resting && (got.State != Final || got.Code != ExpiredWithheld || !got.Changed.Equal(end) || got.Row != 5):
			t.Errorf("%s is %s %s of %s", code, got.State, got.Code, got.Changed)
		case code.State() == Resting && got.Redrivable():
			t.Errorf("%s may be sent again", code)
		}
	}
	if r := (Record{State: Resting, Code: NoRecordYet}); r.AsOf(end).State != Resting {
		t.Error("a record without a time has ended")
	}
}
