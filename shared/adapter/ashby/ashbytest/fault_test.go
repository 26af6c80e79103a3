package ashbytest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// attempt makes a call that gives up after a while, and reads the answer whole.
func (r *rig) attempt(method, body string, patience time.Duration) (status int, answer []byte, err error) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	got, err := r.client.Do(r.request(method, body).WithContext(ctx))
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = got.Body.Close() }()
	answer, err = io.ReadAll(got.Body)
	return got.StatusCode, answer, err
}

const faultyNote = `{"candidateId":"«candidate:0»","note":"once"}`

func (r *rig) notes() int {
	return len(r.sim.Dump(r.made.Org)[0].Notes[r.vars["candidate:0"]])
}

// faultCases say what a caller sees of each fault, and whether the write took
// effect at once.
var faultCases = map[ashbytest.FaultKind]struct {
	applied bool
	sees    func(status int, body []byte, err error) bool
}{
	ashbytest.ResetBefore: {false, func(_ int, _ []byte, err error) bool {
		return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF)
	}},
	ashbytest.ResetAfter: {true, func(_ int, _ []byte, err error) bool {
		return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF)
	}},
	ashbytest.LostBefore: {false, func(_ int, _ []byte, err error) bool { return errors.Is(err, context.DeadlineExceeded) }},
	ashbytest.LostAfter:  {true, func(_ int, _ []byte, err error) bool { return errors.Is(err, context.DeadlineExceeded) }},
	ashbytest.LostLate:   {false, func(_ int, _ []byte, err error) bool { return errors.Is(err, context.DeadlineExceeded) }},
	ashbytest.Unavailable: {false, func(status int, body []byte, err error) bool {
		return err == nil && status == 503 && strings.HasPrefix(string(body), "<html>")
	}},
	ashbytest.Broken:      {false, func(status int, body []byte, err error) bool { return err == nil && status == 500 && json.Valid(body) }},
	ashbytest.BrokenAfter: {true, func(status int, body []byte, err error) bool { return err == nil && status == 500 && json.Valid(body) }},
	ashbytest.Cut:         {true, func(_ int, body []byte, err error) bool { return err != nil && len(body) > 0 && !json.Valid(body) }},
	ashbytest.Garbage:     {true, func(status int, body []byte, err error) bool { return err == nil && status == 200 && !json.Valid(body) }},
	ashbytest.Oversized:   {true, func(status int, body []byte, err error) bool { return err == nil && status == 200 && len(body) > 1<<20 }},
	ashbytest.Slow:        {true, func(status int, body []byte, err error) bool { return err == nil && status == 200 && json.Valid(body) }},
	ashbytest.Throttled:   {false, func(status int, body []byte, err error) bool { return err == nil && status == 429 && json.Valid(body) }},
	ashbytest.Warned: {true, func(status int, body []byte, err error) bool {
		return err == nil && status == 200 && strings.Contains(string(body), `"warnings":["sync_token_expired"]`)
	}},
	ashbytest.Refused: {false, func(status int, body []byte, err error) bool {
		return err == nil && status == 200 && strings.Contains(string(body), "sync_token_expired")
	}},
}

func TestEveryFaultAsSeenByTheCallerAndInTheState(t *testing.T) {
	for kind, want := range faultCases {
		fault := ashbytest.Fault{Kind: kind, Count: 1, DelayMs: 50, Code: "sync_token_expired", Bytes: 1 << 20}
		check := func(t *testing.T, r *rig) {
			t.Helper()
			r.fault(fault)
			status, body, err := r.attempt("candidate.createNote", faultyNote, 300*time.Millisecond)
			if !want.sees(status, body, err) {
				t.Errorf("the caller saw status %d, error %v, %.80s", status, err, body)
			}
			calls := r.sim.Calls(ashbytest.CallFilter{Endpoint: "candidate.createNote"})
			if len(calls) != 1 || calls[0].Fault != kind {
				t.Errorf("logged %+v", calls)
			}
			// A late write may have come by now.
			if kind != ashbytest.LostLate && (r.notes() == 1 != want.applied || calls[0].Applied != want.applied) {
				t.Errorf("%d notes, logged as applied: %v", r.notes(), calls[0].Applied)
			}
			r.ok("candidate.createNote", faultyNote)
		}
		t.Run(string(kind)+" in memory", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { check(t, inMemory(t, ashbytest.Config{})) })
		})
		t.Run(string(kind)+" over HTTP", func(t *testing.T) {
			r := overHTTP(t)
			// A broken connection must not be hidden by a second try.
			r.client.Transport.(*http.Transport).DisableKeepAlives = true
			check(t, r)
		})
	}
}

func TestALateWriteComesAfterItsAnswerWasLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := inMemory(t, ashbytest.Config{})
		r.fault(ashbytest.Fault{Kind: ashbytest.LostLate, DelayMs: ashbytest.Ms(20 * time.Second), Count: 1})
		start := time.Now()
		if _, _, err := r.attempt("candidate.createNote", faultyNote, 8*time.Second); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the caller saw %v", err)
		}
		if r.notes() != 0 || r.sim.Calls(ashbytest.CallFilter{})[0].Applied {
			t.Error("applied at once")
		}
		time.Sleep(13 * time.Second)
		call := r.sim.Calls(ashbytest.CallFilter{})[0]
		if r.notes() != 1 || !call.Applied || call.AppliedAt.Sub(start) != 20*time.Second || call.Status != 0 {
			t.Errorf("%d notes, call %+v", r.notes(), call)
		}
	})
}

func TestALateWriteMeetsTheStateOfItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := inMemory(t, ashbytest.Config{})
		r.fault(ashbytest.Fault{Kind: ashbytest.LostLate, DelayMs: 20_000, Count: 1})
		_, _, _ = r.attempt("customField.setValue", setValue("Company", `"Old"`), time.Second)
		r.ok("customField.setValue", setValue("Company", `"New"`))
		time.Sleep(time.Minute)
		values := r.ok("candidate.info", `{"id":"«candidate:1»"}`)
		if !strings.Contains(encode(t, values.at("results.customFields")), `"Old"`) {
			t.Error("the late write did not undo the newer value")
		}
		r.fault(ashbytest.Fault{Kind: ashbytest.LostLate, DelayMs: 20_000, Count: 1})
		_, _, _ = r.attempt("candidate.createNote", faultyNote, time.Second)
		if err := r.sim.Delete(r.vars["candidate:0"]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		calls := r.sim.Calls(ashbytest.CallFilter{Endpoint: "candidate.createNote"})
		if calls[0].Applied || calls[0].Code != "candidate_not_found" {
			t.Errorf("a late note on a deleted candidate: %+v", calls[0])
		}
	})
}

func TestACallerThatGivesUpDoesNotStopTheWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := inMemory(t, ashbytest.Config{})
		r.modes(func(m *ashbytest.Modes) { m.Latency = 5000 })
		if _, _, err := r.attempt("candidate.createNote", faultyNote, time.Second); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the caller saw %v", err)
		}
		time.Sleep(5 * time.Second)
		if r.notes() != 1 {
			t.Error("the write was not applied")
		}
	})
}

func TestLatencyIsWhatItSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := inMemory(t, ashbytest.Config{})
		r.modes(func(m *ashbytest.Modes) { m.Latency = 150 })
		start := time.Now()
		r.ok("apiKey.info", `{}`)
		if took := time.Since(start); took != 150*time.Millisecond {
			t.Errorf("took %v", took)
		}
		r.fault(ashbytest.Fault{Kind: ashbytest.Slow, DelayMs: 850, Count: 1})
		start = time.Now()
		r.ok("apiKey.info", `{}`)
		if took := time.Since(start); took != time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestAFaultStrikesOnlyWhatItIsMeantFor(t *testing.T) {
	r := overHTTP(t)
	struck := func(f ashbytest.Fault, calls ...string) string {
		f.Kind = ashbytest.Unavailable
		id := r.fault(f)
		defer r.sim.ClearFaults(id)
		var seen strings.Builder
		for _, call := range calls {
			method, body, _ := strings.Cut(call, " ")
			seen.WriteString(map[bool]string{true: "x", false: "."}[r.post(method, body).status == 503])
		}
		return seen.String()
	}
	info, note, list := `candidate.info {"id":"«candidate:0»"}`, "candidate.createNote "+faultyNote, `source.list {}`
	for name, c := range map[string]struct {
		fault ashbytest.Fault
		want  string
	}{
		"everything":   {ashbytest.Fault{}, "xxxxxx"},
		"one endpoint": {ashbytest.Fault{Endpoints: []string{"source.list"}}, "..x..x"},
		"a family":     {ashbytest.Fault{Endpoints: []string{"candidate.*"}}, "xx.xx."},
		"writes":       {ashbytest.Fault{Writes: true}, ".x..x."},
		"a count":      {ashbytest.Fault{Count: 2}, "xx...."},
		"after some":   {ashbytest.Fault{Skip: 2, Count: 1}, "..x..."},
		"another key":  {ashbytest.Fault{Key: "other"}, "......"},
	} {
		if got := struck(c.fault, info, note, list, info, note, list); got != c.want {
			t.Errorf("%s: struck %s, want %s", name, got, c.want)
		}
	}
}

func TestProbabilitiesAreSeeded(t *testing.T) {
	pattern := func(seed uint64) string {
		r := inMemory(t, ashbytest.Config{Seed: seed})
		r.fault(ashbytest.Fault{Kind: ashbytest.Broken, Probability: 0.3})
		var seen strings.Builder
		for range 200 {
			seen.WriteString(map[bool]string{true: "x", false: "."}[r.post("apiKey.info", `{}`).status == 500])
		}
		return seen.String()
	}
	one := pattern(1)
	if n := strings.Count(one, "x"); n < 40 || n > 80 {
		t.Errorf("%d of 200 at 0.3", n)
	}
	if one != pattern(1) {
		t.Error("the same seed gives another pattern")
	}
	if one == pattern(2) {
		t.Error("another seed gives the same pattern")
	}
}

func TestFaultsComeInBursts(t *testing.T) {
	r := inMemory(t, ashbytest.Config{Seed: 1})
	r.fault(ashbytest.Fault{Kind: ashbytest.Unavailable, Probability: 0.02, Burst: 5})
	var seen strings.Builder
	for range 300 {
		seen.WriteString(map[bool]string{true: "x", false: "."}[r.post("apiKey.info", `{}`).status == 503])
	}
	runs := strings.FieldsFunc(strings.TrimRight(seen.String(), "x"), func(c rune) bool { return c == '.' })
	if len(runs) == 0 {
		t.Fatal("no burst")
	}
	for _, run := range runs {
		if len(run) < 5 {
			t.Errorf("a burst of %d", len(run))
		}
	}
}

func TestIDsAndRollsDoNotDependOnTheOrderOfArrival(t *testing.T) {
	bodies := []string{`{"name":"A"}`, `{"name":"B"}`, `{"name":"C"}`, `{"name":"D"}`, `{"name":"D"}`}
	run := func(order ...int) string {
		r := inMemory(t, ashbytest.Config{Seed: 5})
		r.fault(ashbytest.Fault{Kind: ashbytest.Broken, Probability: 0.4})
		seen := map[string][]string{}
		for _, i := range order {
			out := r.post("candidate.create", bodies[i])
			id, _ := out.at("results.id").(string)
			seen[bodies[i]] = append(seen[bodies[i]], fmt.Sprint(out.status, id))
		}
		return encode(t, seen)
	}
	one, other := run(0, 1, 2, 3, 4), run(4, 2, 3, 1, 0)
	if one != other {
		t.Errorf("one order gives %s, another %s", one, other)
	}
	if !strings.Contains(one, "500") || !strings.Contains(one, "200") {
		t.Errorf("only one kind of answer: %s", one)
	}
}

func TestAClosedAshbyBreaksEveryConnection(t *testing.T) {
	for _, r := range []*rig{overHTTP(t), inMemory(t, ashbytest.Config{})} {
		if err := r.sim.Close(); err != nil {
			t.Fatal(err)
		}
		if status, _, err := r.attempt("candidate.create", `{"name":"X"}`, time.Second); err == nil || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("status %d, error %v", status, err)
		}
		if err := r.sim.Close(); err != nil {
			t.Errorf("the second close: %v", err)
		}
	}
}

func TestImpossibleFaultsAndModesAreRefused(t *testing.T) {
	r := overHTTP(t)
	for _, f := range []ashbytest.Fault{
		{Kind: "nonsense"},
		{Kind: ashbytest.Refused},
		{Kind: ashbytest.Slow, DelayMs: -1},
		{Kind: ashbytest.Cut, Probability: 1.5},
	} {
		if _, err := r.sim.AddFault(f); err == nil {
			t.Errorf("accepted %+v", f)
		}
	}
	before := fmt.Sprint(r.sim.Modes())
	for _, change := range []func(*ashbytest.Modes){
		func(m *ashbytest.Modes) { m.Shape = "round" },
		func(m *ashbytest.Modes) { m.EmptySearch = "" },
		func(m *ashbytest.Modes) { m.Limit = ashbytest.Limit{Kind: ashbytest.TokenBucket} },
		func(m *ashbytest.Modes) { m.WebhookDuplicates = 2 },
	} {
		if r.sim.SetModes(change) == nil {
			t.Error("accepted a switch in no position")
		}
	}
	if fmt.Sprint(r.sim.Modes()) != before {
		t.Error("a refused change changed something")
	}
}

func TestClosingEndsWhatIsHeld(t *testing.T) {
	r := overHTTP(t)
	r.fault(ashbytest.Fault{Kind: ashbytest.LostBefore})
	ended := make(chan error, 1)
	go func() {
		_, _, err := r.attempt("apiKey.info", `{}`, time.Minute)
		ended <- err
	}()
	eventually(t, func() bool { return len(r.sim.Calls(ashbytest.CallFilter{})) == 1 })
	if err := r.sim.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the caller saw %v", err)
	}
}
