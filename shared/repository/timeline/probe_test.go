package timeline_test

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
)

func TestAKeyIsLookedAtNextAtOneTime(t *testing.T) {
	n := 0
	s := timeline.New(memory.NewTable(time.Now), time.Now, func() string { n++; return time.Duration(n).String() })
	if _, ok, err := s.NextProbe(t.Context(), "t1"); ok || err != nil {
		t.Fatalf("planned from nothing: %v, %v", ok, err)
	}
	first := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for _, due := range []time.Time{first, first.Add(time.Hour), first.Add(time.Minute), first.Add(time.Minute)} {
		if err := s.PutProbe(t.Context(), "t1", due); err != nil {
			t.Fatal(err)
		}
		if at, ok, err := s.NextProbe(t.Context(), "t1"); !ok || err != nil || !at.Equal(due) {
			t.Errorf("next %s, %v, %v, want %s", at, ok, err, due)
		}
		for by, want := range map[time.Time]bool{due.Add(-1): false, due: true} {
			if is, err := s.ChoreDue(t.Context(), "t1", by); is != want || err != nil {
				t.Errorf("due by %s: %v, %v", by, is, err)
			}
		}
	}
	if err := s.PutProbe(t.Context(), "t1", time.Time{}); err != nil {
		t.Fatal(err)
	}
	if idle, err := s.Idle(t.Context(), "t1"); !idle || err != nil {
		t.Errorf("something is left: %v", err)
	}
}
