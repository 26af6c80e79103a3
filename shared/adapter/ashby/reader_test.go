package ashby_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// reading is a reader over an Ashby that runs.
type reading struct {
	*ashby.Reader
	sim       *ashbytest.Ashby
	made      ashbytest.Seeded
	account   *ashby.Account
	catalogue *ashby.Catalogue
	now       time.Time
}

func newReading(t *testing.T, people int) *reading {
	t.Helper()
	r := &reading{now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)}
	r.sim = ashbytest.New(ashbytest.Config{})
	t.Cleanup(func() { _ = r.sim.Close() })
	var err error
	if r.made, err = r.sim.Seed(people); err != nil {
		t.Fatal(err)
	}
	client, err := ashby.New(ashby.Config{BaseURL: "https://ashby.example.com", HTTP: r.sim.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	r.account = client.With(secret.NewValue(ashbytest.LocalKey))
	r.catalogue = ashby.NewCatalogue(func() time.Time { return r.now })
	r.Reader = ashby.NewReader(r.account, r.catalogue, "k1", nil)
	return r
}

func (r *reading) add(t *testing.T, c ashbytest.Candidate) string {
	t.Helper()
	id, err := r.sim.AddCandidate(r.made.Org, c)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (r *reading) read(t *testing.T, kind plan.AskKind, arg string) plan.Answer {
	t.Helper()
	answer, err := r.Read(context.Background(), plan.Ask{Kind: kind, Arg: arg})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func ids(a plan.Answer) []string {
	out := []string{}
	for _, c := range a.Candidates {
		out = append(out, c.ID)
	}
	return out
}

func (r *reading) calls(endpoint string) int {
	return len(r.sim.Calls(ashbytest.CallFilter{Endpoint: endpoint}))
}

func TestAReaderFindsACandidateByIDAndNoneIsAnEmptyAnswer(t *testing.T) {
	r := newReading(t, 3)
	if got := ids(r.read(t, plan.AskCandidate, r.made.Candidates[0])); !cmp.Equal(got, r.made.Candidates[:1]) {
		t.Errorf("found %v, want %v", got, r.made.Candidates[:1])
	}
	if got := ids(r.read(t, plan.AskCandidate, "00000000-0000-4000-8000-000000000000")); len(got) != 0 {
		t.Errorf("found %v", got)
	}
}

func TestAReaderBelievesOnlyTheVeryAddress(t *testing.T) {
	r := newReading(t, 1)
	id := r.add(t, ashbytest.Candidate{Name: "Ada Lane", Emails: []ashbytest.Contact{{Value: "Ada@Example.com", IsPrimary: true}}})
	r.add(t, ashbytest.Candidate{Name: "Ada Lang", Emails: []ashbytest.Contact{{Value: "ada@example.com.org", IsPrimary: true}}})
	if got := ids(r.read(t, plan.AskEmail, "ada@example.com")); !cmp.Equal(got, []string{id}) {
		t.Errorf("found %v, want %v", got, id)
	}
}

func TestAReaderLooksThroughTheAccountOnceForMatchKeys(t *testing.T) {
	r := newReading(t, 1)
	id := r.add(t, ashbytest.Candidate{
		Name: "Ada Lane", Links: []ashbytest.SocialLink{{Type: "LinkedIn", URL: "https://www.linkedin.com/in/ada-lane"}},
	})
	for range 3 {
		answer := r.read(t, plan.AskKeys, "li:ada-lane tel:+441234567890")
		if got := ids(answer); !cmp.Equal(got, []string{id}) || answer.Incomplete {
			t.Errorf("found %v, incomplete %v; want %v", got, answer.Incomplete, id)
		}
	}
	if n := r.calls("candidate.list"); n != 1 {
		t.Errorf("%d calls", n)
	}
	if got := r.read(t, plan.AskKeys, ""); len(got.Candidates) != 0 || got.Incomplete {
		t.Errorf("without keys: %+v", got)
	}
}

func TestAReaderThatHasNotSeenEverybodySaysSo(t *testing.T) {
	r := newReading(t, 1)
	for i := range 2000 {
		r.add(t, ashbytest.Candidate{Name: fmt.Sprintf("Person %d", i)})
	}
	if answer := r.read(t, plan.AskKeys, "li:nobody"); !answer.Incomplete {
		t.Error("2,001 candidates, and the answer claims to be complete")
	}
	if n := r.calls("candidate.list"); n != 20 {
		t.Errorf("%d calls", n)
	}
}

func TestAReaderRemembersFieldsAndSourcesForAWhile(t *testing.T) {
	r := newReading(t, 1)
	for range 2 {
		answer := r.read(t, plan.AskFields, "")
		if len(answer.Fields) == 0 || answer.Fields[0].Type == field.Type("") {
			t.Errorf("fields %+v", answer.Fields)
		}
		if len(r.read(t, plan.AskSources, "").Sources) == 0 {
			t.Error("no sources")
		}
	}
	if f, s := r.calls("customField.list"), r.calls("source.list"); f != 1 || s != 1 {
		t.Errorf("%d and %d calls within ten minutes", f, s)
	}
	r.now = r.now.Add(ashby.CatalogueLife)
	r.read(t, plan.AskFields, "")
	if f := r.calls("customField.list"); f != 2 {
		t.Errorf("%d calls after ten minutes", f)
	}
	other := ashby.NewReader(r.account, r.catalogue, "k2", nil)
	if _, err := other.Read(context.Background(), plan.Ask{Kind: plan.AskFields}); err != nil || r.calls("customField.list") != 3 {
		t.Errorf("another key got what the first one sees: %v", err)
	}
}

func TestAReaderAsksForLeaveBeforeEveryCallAndGivesTheRefusalAsItIs(t *testing.T) {
	r := newReading(t, 1)
	no := fault.New(fault.Unavailable, "not_now", "")
	asked := 0
	reader := ashby.NewReader(r.account, r.catalogue, "k1", func(context.Context) error { asked++; return no })
	for _, kind := range []plan.AskKind{plan.AskCandidate, plan.AskEmail, plan.AskKeys, plan.AskFields, plan.AskSources} {
		if _, err := reader.Read(context.Background(), plan.Ask{Kind: kind, Arg: "x"}); !errors.Is(err, no) {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if n := r.calls(""); asked != 5 || n != 0 {
		t.Errorf("asked %d times, called %d times", asked, n)
	}
}

func TestAReadersErrorsKeepTheirKind(t *testing.T) {
	r := newReading(t, 1)
	if _, err := r.sim.AddFault(ashbytest.Fault{Kind: ashbytest.Throttled}); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []plan.AskKind{plan.AskCandidate, plan.AskEmail, plan.AskKeys, plan.AskFields, plan.AskSources} {
		if _, err := r.Read(context.Background(), plan.Ask{Kind: kind, Arg: "x"}); !fault.Is(err, fault.Throttled) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
