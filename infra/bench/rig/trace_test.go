package rig

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/campaign"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// people of the trace. A figure counts with 10,000; the test holds with fewer.
var people = flag.Int("people", 200, "people of the trace")

// latency of a call to Ashby; and what an invocation of intake takes, which sends one
// message and, on simulated time, takes none.
const (
	latency    = 150 * time.Millisecond
	intakeTime = 15 * time.Millisecond
)

// settled is how long is waited after a step of the trace, in simulated time.
const settled = 2 * time.Hour

// trace sends what the figures are measured on: 10,000 people, put into Ashby when
// added, 70 % of them linked before, eight events each over eight days, requests of
// 25 events, 5 % of the deliveries repeated.
func trace(t *testing.T, r *Rig, n int) (events, requests int) {
	t.Helper()
	c := campaign.Campaign{Team: "t1", Name: "trace", People: n, Now: time.Now().Add(8 * 24 * time.Hour)}
	send := func(list []campaign.Event) {
		for i, request := range campaign.Requests(list) {
			if err := r.Send(t.Context(), "t1", fmt.Sprintf("%s-%d", list[0].ID, i), request); err != nil {
				t.Fatal(err)
			}
			requests++
			time.Sleep(time.Second)
		}
		time.Sleep(settled)
	}
	all := c.Events()
	past := slices.Clone(all[:n*7/10])
	for i := range past { // an earlier campaign linked them
		past[i].ID = "past-" + past[i].ID
	}
	send(past)
	for i := n * 7 / 10; i < n*85/100; i++ { // half of the others are in Ashby, and nobody linked them
		who := all[i].Person.Snapshot
		if err := r.Know("t1", fmt.Sprint(who["firstName"], " ", who["lastName"]), who["emails"].([]string)[0]); err != nil {
			t.Fatal(err)
		}
	}
	r.Reset()
	requests = 0
	for step := range campaign.PerPerson {
		send(all[step*n : (step+1)*n])
		time.Sleep(22 * time.Hour)
	}
	return len(all), requests
}

func inRig(t *testing.T, latency time.Duration, test func(t *testing.T, r *Rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r, err := New(latency)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { r.Run(ctx, 2) })
		if err := r.Connect(t.Context(), "t1"); err != nil {
			t.Fatal(err)
		}
		test(t, r)
		cancel()
		running.Wait()
		r.Close()
	})
}

func TestCallsAndCostsOfTheTrace(t *testing.T) {
	var ours float64
	inRig(t, latency, func(t *testing.T, r *Rig) {
		events, requests := trace(t, r, *people)
		stats, timeline, config := r.Stats(), r.Timeline.Used(), r.Config.Used()
		calls, n := 0, float64(events)
		for _, method := range slices.Sorted(maps.Keys(stats.Endpoints)) {
			if method != "apiKey.info" { // the probe of a key, every five minutes whatever happens
				calls += stats.Endpoints[method]
				t.Log(Say("trace/calls/"+method, float64(stats.Endpoints[method]), "calls"))
			}
		}
		ours = float64(calls) / n
		t.Log(Say("trace/events", n, "events"))
		t.Log(Say("trace/calls_per_event", ours, "calls"))
		t.Log(Say("trace/rows_per_event", float64(timeline.Rows+config.Rows)/n, "rows"))
		t.Log(Say("trace/write_units_per_event", (timeline.Writes+config.Writes)/n, "units"))
		t.Log(Say("trace/read_units_per_event", (timeline.Reads+config.Reads)/n, "units"))
		sayKinds(t, "trace/write_units/", r.Timeline.Kinds(), n)
		sayKinds(t, "trace/write_units/config ", r.Config.Kinds(), n)
		sayKinds(t, "trace/read_units/", r.Timeline.ReadKinds(), n)
		sayKinds(t, "trace/read_units/config ", r.Config.ReadKinds(), n)
		t.Log(Say("trace/statuses_429", float64(stats.Statuses[429]), "answers"))
		record, push := r.Spent[Record], r.Spent[Push]
		million := 1e6 / n
		dollars := HTTPRequest.For(float64(requests)*million) +
			LambdaRequest.For(float64(requests+record.Invocations+push.Invocations)*million) +
			LambdaSecond.For((time.Duration(requests)*intakeTime+record.Time+push.Time).Seconds()*million) +
			QueueRequest.For(float64(requests+2*record.Invocations)*million) + FIFORequest.For(float64(3*push.Invocations)*million) +
			SecretRead.For(float64(r.SecretsRead())*million) + WriteUnit.For((timeline.Writes+config.Writes)*million) + ReadUnit.For((timeline.Reads+config.Reads)*million)
		t.Log(Say("trace/dollars_per_million", dollars, "$"))
		t.Log(Say("trace/dollars/requests", HTTPRequest.For(float64(requests)*million)+LambdaRequest.For(float64(requests+record.Invocations+push.Invocations)*million), "$"))
		t.Log(Say("trace/dollars/compute", LambdaSecond.For((record.Time+push.Time).Seconds()*million), "$"))
		t.Log(Say("trace/dollars/queues", QueueRequest.For(float64(requests+2*record.Invocations)*million)+FIFORequest.For(float64(3*push.Invocations)*million), "$"))
		t.Log(Say("trace/dollars/writes", WriteUnit.For((timeline.Writes+config.Writes)*million), "$"))
		t.Log(Say("trace/dollars/reads", ReadUnit.For((timeline.Reads+config.Reads)*million), "$"))
		t.Log(Say("trace/push_seconds_per_event", push.Time.Seconds()/n, "s"))
		if got := stats.Applied["candidate.createNote"]; got != 5**people {
			t.Errorf("%d notes, want %d", got, 5**people)
		}
		if stats.Statuses[429] > 0 {
			t.Errorf("%d answers were 429", stats.Statuses[429])
		}
	})
	if ours > 1.25 {
		t.Errorf("%.3f calls for each event", ours)
	}
}

func sayKinds(t *testing.T, name string, kinds map[string]float64, n float64) {
	t.Helper()
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		t.Log(Say(name+kind, kinds[kind]/n, "units"))
	}
}

func TestWhatTheNaiveDesignCosts(t *testing.T) { synctest.Test(t, naively) }

func naively(t *testing.T) {
	n := min(*people, 1000)
	c := campaign.Campaign{Team: "t1", Name: "trace", People: n, Now: Midnight}
	a := ashbytest.New(ashbytest.Config{Seed: 1})
	defer func() { _ = a.Close() }()
	org, err := a.AddOrg("Organisation")
	if err != nil {
		t.Fatal(err)
	}
	key, err := a.AddKey(ashbytest.Key{Org: org, Title: "Key"})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.SetModes(func(m *ashbytest.Modes) { m.Limit.Calls = 1 << 30 }); err != nil { // it has no pacer; what it would draw is not the question
		t.Fatal(err)
	}
	if _, err := a.AddFault(ashbytest.Fault{Kind: ashbytest.LostAfter, Writes: true, Probability: 0.01}); err != nil {
		t.Fatal(err)
	}
	naive, all := NewNaive(a, key.Secret), c.Events()
	requests := campaign.Requests(all)
	for _, request := range requests {
		for _, e := range request {
			naive.Carry(t.Context(), e)
		}
	}
	t.Log(Say("naive/calls_per_event", float64(naive.Calls)/float64(len(all)), "calls"))
	t.Log(Say("naive/rows_per_event", float64(naive.Writes)/float64(len(all)), "rows"))
	t.Log(Say("naive/dollars_per_million", naive.Dollars(len(all), len(requests), latency), "$"))
	written := map[string]bool{}
	total := 0
	for _, list := range a.Dump(org)[0].Notes {
		for _, note := range list {
			written[note.Content] = true
			total++
		}
	}
	t.Log(Say("naive/notes_doubled_per_million", float64(total-len(written))/float64(len(all))*1e6, "notes"))
	if total == len(written) {
		t.Error("nothing was doubled: the comparison compares nothing")
	}
}
