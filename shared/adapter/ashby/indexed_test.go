package ashby_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// aCopy is an index that holds one candidate.
type aCopy struct {
	key      string
	c        candidate.Candidate
	asOf     time.Time
	complete bool
}

func (a aCopy) Complete(context.Context) (time.Time, bool, error) { return a.asOf, a.complete, nil }

func (a aCopy) Bearers(_ context.Context, key string) ([]candidate.Candidate, error) {
	if key == a.key {
		return []candidate.Candidate{a.c}, nil
	}
	return nil, nil
}

func TestMatchKeysAreLookedForInACompleteCopyAndInWhatWasAddedSince(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := ashbytest.New(ashbytest.Config{})
		defer func() { _ = sim.Close() }()
		made, err := sim.Seed(2500) // more than may be looked through
		if err != nil {
			t.Fatal(err)
		}
		client, err := ashby.New(ashby.Config{BaseURL: "https://ashby.example.com", HTTP: sim.Transport()})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if _, err := sim.AddCandidate(made.Org, ashbytest.Candidate{Name: "New", Links: []ashbytest.SocialLink{{Type: "LinkedIn", URL: "https://linkedin.com/in/new"}}}); err != nil {
			t.Fatal(err)
		}
		ix := aCopy{"li:old", candidate.Candidate{ID: "c-old", Name: "Old"}, time.Now(), true}
		time.Sleep(time.Second)
		read := func(ix aCopy) plan.Answer {
			r := ashby.NewReader(client.With(secret.NewValue(ashbytest.LocalKey)), ashby.NewCatalogue(time.Now), "k", nil).Indexed(ix)
			answer, err := r.Read(context.Background(), plan.Ask{Kind: plan.AskKeys, Arg: "li:old li:new li:nobody"})
			if err != nil {
				t.Fatal(err)
			}
			return answer
		}
		before := len(sim.Calls(ashbytest.CallFilter{}))
		if a := read(ix); a.Incomplete || len(a.Candidates) != 2 || a.Candidates[0].ID != "c-old" || a.Candidates[1].Name != "New" {
			t.Errorf("%+v", a)
		}
		if calls := len(sim.Calls(ashbytest.CallFilter{})) - before; calls != 1 {
			t.Errorf("%d calls", calls)
		}
		known, err := ashby.NewReader(client.With(secret.NewValue(ashbytest.LocalKey)), ashby.NewCatalogue(time.Now), "k", nil).Indexed(ix).
			Read(context.Background(), plan.Ask{Kind: plan.AskIndex, Arg: "li:old li:new"})
		if err != nil || known.Incomplete || len(known.Candidates) != 1 || len(sim.Calls(ashbytest.CallFilter{}))-before != 1 {
			t.Errorf("in the copy alone: %+v, %v", known, err)
		}
		ix.complete = false
		if a := read(ix); !a.Incomplete {
			t.Errorf("it claims to have seen all: %+v", a)
		}
	})
}
