package ashbytest_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// limited is a rig with a limit, at the start of a minute.
func limited(t *testing.T, limit ashbytest.Limit) *rig {
	t.Helper()
	r := inMemory(t, ashbytest.Config{})
	r.modes(func(m *ashbytest.Modes) { m.Limit = limit })
	now := time.Now()
	time.Sleep(now.Truncate(time.Minute).Add(time.Minute).Sub(now))
	return r
}

// burst makes calls and counts those let through.
func (r *rig) burst(calls int) (through int) {
	r.t.Helper()
	for range calls {
		if r.post("apiKey.info", `{}`).status == http.StatusOK {
			through++
		}
	}
	return through
}

func TestThreeKindsOfRateLimit(t *testing.T) {
	type step struct {
		wait    time.Duration
		calls   int
		through int
	}
	for kind, steps := range map[ashbytest.LimitKind][]step{
		// Late in one window and early in the next: twice the limit passes.
		ashbytest.FixedWindow: {{50 * time.Second, 12, 10}, {10 * time.Second, 12, 10}, {59 * time.Second, 3, 0}, {time.Second, 1, 1}},
		// Any 60 s hold ten at most.
		ashbytest.SlidingLog: {{50 * time.Second, 12, 10}, {10 * time.Second, 12, 0}, {50 * time.Second, 12, 10}},
		// Ten at once, then one every 6 s.
		ashbytest.TokenBucket: {{0, 12, 10}, {6 * time.Second, 3, 1}, {30 * time.Second, 9, 5}, {10 * time.Minute, 12, 10}},
	} {
		t.Run(string(kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := limited(t, ashbytest.Limit{Kind: kind, Calls: 10, Per: 60_000})
				for i, s := range steps {
					time.Sleep(s.wait)
					if got := r.burst(s.calls); got != s.through {
						t.Errorf("step %d: %d of %d calls went through, want %d", i+1, got, s.calls, s.through)
					}
				}
			})
		})
	}
}

func TestTheDefaultLimitIsAThousandAMinuteForEachKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := limited(t, ashbytest.DefaultModes().Limit)
		if got := r.burst(1001); got != 1000 {
			t.Errorf("%d calls went through", got)
		}
		if got := r.as(ashbytest.SecondKey).burst(1); got != 1 {
			t.Error("another key is limited too")
		}
	})
}

func TestA429IsAnEnvelopeAndRetryAfterIsASwitch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limit := ashbytest.Limit{Kind: ashbytest.FixedWindow, Calls: 1, Per: 60_000}
		r := limited(t, limit)
		r.burst(1)
		out := r.post("apiKey.info", `{}`)
		out.want(map[string]string{"success": `false`, "errors": `["Rate limit exceeded"]`, "errorInfo.code": `"rate_limit_exceeded"`})
		if out.status != http.StatusTooManyRequests || out.header.Get("Retry-After") != "" || out.header.Get("X-RateLimit-Scope") != "" {
			t.Errorf("status %d, headers %v", out.status, out.header)
		}
		limit.RetryAfter = true
		r.modes(func(m *ashbytest.Modes) { m.Limit = limit })
		time.Sleep(20 * time.Second)
		r.burst(1)
		if after := r.post("apiKey.info", `{}`).header.Get("Retry-After"); after != "40" {
			t.Errorf("Retry-After %q, want 40", after)
		}
	})
}

func TestThePartnersLimitSpansKeysAndNamesItsScope(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := inMemory(t, ashbytest.Config{})
		r.modes(func(m *ashbytest.Modes) {
			m.Partner = ashbytest.Limit{Kind: ashbytest.SlidingLog, Calls: 2, Per: 60_000}
		})
		r.ok("apiKey.info", `{}`)
		r.as(ashbytest.OtherKey).ok("apiKey.info", `{}`)
		out := r.as(ashbytest.SecondKey).post("apiKey.info", `{}`)
		if out.status != http.StatusTooManyRequests || out.header.Get("X-RateLimit-Scope") != "integration-partner" {
			t.Errorf("status %d, headers %v", out.status, out.header)
		}
	})
}

func TestConcurrentCallsCanBeLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := inMemory(t, ashbytest.Config{})
		r.modes(func(m *ashbytest.Modes) { m.Concurrent, m.Latency = 2, 100 })
		var mu sync.Mutex
		statuses := map[int]int{}
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				out := r.post("apiKey.info", `{}`)
				mu.Lock()
				defer mu.Unlock()
				statuses[out.status]++
				if out.status != 200 && out.at("errorInfo.code") != "concurrent_limit_exceeded" {
					t.Errorf("%s", out.raw)
				}
			})
		}
		all.Wait()
		if fmt.Sprint(statuses) != "map[200:2 429:3]" {
			t.Errorf("%v", statuses)
		}
		r.ok("apiKey.info", `{}`)
		if n := r.sim.Stats().MaxInFlight; n != 2 {
			t.Errorf("%d in flight at most", n)
		}
	})
}

func TestRefusedCallsAreLoggedAndNotApplied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := limited(t, ashbytest.Limit{Kind: ashbytest.FixedWindow, Calls: 1, Per: 60_000})
		r.burst(1)
		r.post("candidate.create", `{"name":"Nils Berg"}`)
		calls := r.sim.Calls(ashbytest.CallFilter{Status: 429})
		if len(calls) != 1 || calls[0].Applied || calls[0].Code != "rate_limit_exceeded" {
			t.Errorf("%+v", calls)
		}
	})
}
