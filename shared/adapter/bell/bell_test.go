package bell_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/bell"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// sent remembers messages.
type sent struct{ messages []queue.Message }

func (s *sent) Send(_ context.Context, messages ...queue.Message) error {
	s.messages = append(s.messages, messages...)
	return nil
}

func TestEveryRingIsAMessageOfItsOwnInTheTeamsGroup(t *testing.T) {
	var q sent
	n := 0
	b := bell.New(&q, func() string { n++; return fmt.Sprint(n) })
	for range 2 {
		if err := b.Ring(t.Context(), "t1"); err != nil {
			t.Fatal(err)
		}
	}
	want := []queue.Message{
		{Body: `{"team":"t1"}`, Group: "t1", Dedup: "1"},
		{Body: `{"team":"t1"}`, Group: "t1", Dedup: "2"},
	}
	if diff := cmp.Diff(want, q.messages); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	if team, err := bell.Team(q.messages[0].Body); team != "t1" || err != nil {
		t.Errorf("read back: %q, %v", team, err)
	}
}

func TestWhatNamesNoTeamIsNoRing(t *testing.T) {
	for _, body := range []string{"", "t1", "{}", `{"team":""}`, `{"team":1}`, `[]`} {
		if _, err := bell.Team(body); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", body, err)
		}
	}
}
