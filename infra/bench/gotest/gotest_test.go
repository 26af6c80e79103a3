package gotest_test

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/bench/gotest"
)

func TestBenchmarksAreReadWithTheMedianOfTheirRuns(t *testing.T) {
	got := gotest.Benchmarks([]byte(`goos: linux
BenchmarkPlan/note-2         	  100	      7000 ns/op	    142857 plans/s	    4096 B/op	      60 allocs/op
BenchmarkPlan/note-2         	  100	      9000 ns/op	    111111 plans/s	    4096 B/op	      60 allocs/op
BenchmarkPlan/note-2         	  100	      8000 ns/op	    125000 plans/s	    4096 B/op	      60 allocs/op
BenchmarkVerify-2            	 1000	       900.5 ns/op
PASS
`))
	if len(got) != 2 || got[0].Name != "BenchmarkPlan/note" || got[0].By["ns/op"] != 8000 || got[0].By["plans/s"] != 125000 ||
		got[0].By["allocs/op"] != 60 || got[1].By["ns/op"] != 900.5 {
		t.Errorf("%+v", got)
	}
}

func TestTheDrainsOfABacklogAreRead(t *testing.T) {
	got := gotest.Backlogs([]byte("    throughput_test.go:99: sliding_log, 150ms a call: 10402 calls in 11m2s, 958 a minute once it had climbed, 0 429s; a reply's wait p50 612ms, p99 1.4s (12 in flight at most)\n"))
	want := gotest.Backlog{
		Server: "sliding_log", Latency: 150 * time.Millisecond, PerMinute: 958, P50: 612 * time.Millisecond, P99: 1400 * time.Millisecond, InFlight: 12,
	}
	if len(got) != 1 || got[0] != want {
		t.Errorf("%+v", got)
	}
}

func TestATestThatFailsIsAnError(t *testing.T) {
	if _, err := gotest.Run(t.Context(), t.TempDir(), "./nothing"); err == nil {
		t.Error("nothing has passed")
	}
}
