package queue_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

func TestCheckRefusesWhatSQSRefuses(t *testing.T) {
	long := strings.Repeat("g", 129)
	for _, c := range []struct {
		what string
		fifo bool
		m    queue.Message
		want fault.Kind
	}{
		{"no body", false, queue.Message{}, fault.Invalid},
		{"beyond the size", false, queue.Message{Body: strings.Repeat("x", queue.MaxMessageBytes+1)}, fault.TooLarge},
		{"a control character", false, queue.Message{Body: "a\x00b"}, fault.Invalid},
		{"a noncharacter", false, queue.Message{Body: "\uffff"}, fault.Invalid},
		{"broken UTF-8", false, queue.Message{Body: "\xff"}, fault.Invalid},
		{"a negative delay", false, queue.Message{Body: "x", Delay: -1}, fault.Invalid},
		{"a long delay", false, queue.Message{Body: "x", Delay: queue.MaxDelay + 1}, fault.Invalid},
		{"a long group", false, queue.Message{Body: "x", Group: long}, fault.Invalid},
		{"a blank in the group", false, queue.Message{Body: "x", Group: "a b"}, fault.Invalid},
		{"FIFO without group", true, queue.Message{Body: "x", Dedup: "d"}, fault.Invalid},
		{"FIFO without deduplication id", true, queue.Message{Body: "x", Group: "g"}, fault.Invalid},
		{"FIFO with a delay", true, queue.Message{Body: "x", Group: "g", Dedup: "d", Delay: time.Second}, fault.Invalid},
	} {
		fine := queue.Message{Body: "x", Group: "g", Dedup: "d"}
		if err := queue.Check(c.fifo, fine, c.m); !fault.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.what, err, c.want)
		}
	}
}

func TestCheckPassesWhatSQSTakes(t *testing.T) {
	for _, m := range []queue.Message{
		{Body: "x"},
		{Body: "tab\tline\nreturn\r 𝕌nicode ✓ \u202e"},
		{Body: strings.Repeat("x", queue.MaxMessageBytes), Group: "team-1", Delay: queue.MaxDelay},
	} {
		if err := queue.Check(false, m); err != nil {
			t.Error(err)
		}
	}
	if err := queue.Check(true, queue.Message{Body: "x", Group: strings.Repeat("g", 128), Dedup: "!~"}); err != nil {
		t.Error(err)
	}
}
