package push_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/usecase/preview"
)

// glance is Ashby as a preview sees it.
type glance struct {
	*ashby.Reader
	account *ashby.Account
}

func (g glance) Probe(ctx context.Context) (bool, error) { return g.account.Probe(ctx) }

// foreseen previews events by the world as it stands.
func (w *world) foreseen(events []event.Event) preview.Result {
	w.t.Helper()
	p := &preview.Previewer{
		Teams: w, People: w.store, Keys: w, Now: time.Now,
		Open: func(key secret.Value, fingerprint string) preview.Ashby {
			a := w.client.With(key)
			return glance{ashby.NewReader(a, ashby.NewCatalogue(time.Now), fingerprint, nil), a}
		},
	}
	out, err := p.Events(context.Background(), "t1", events)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// wrote lists the writes to Ashby in their order, as they came in.
func (w *world) wrote() []string {
	var out []string
	for _, c := range w.sim.Calls(ashbytest.CallFilter{})[w.seen:] {
		if !reads[c.Endpoint] {
			out = append(out, c.Endpoint+" "+string(c.Request))
		}
	}
	return out
}

var reads = map[string]bool{
	"candidate.info": true, "candidate.search": true, "candidate.list": true, "candidate.listNotes": true, "candidate.listProjects": true,
	"customField.list": true, "source.list": true, "candidateTag.list": true, "project.list": true, "user.list": true, "user.search": true, "apiKey.info": true,
}

// promised lists the calls of a preview, with the ids that Ashby gave since.
func (w *world) promised(r preview.Result, events []event.Event) []string {
	var names []string
	for _, e := range events {
		if s, ok := w.get(e.ID).Step(plan.StepCreate); ok {
			names = append(names, preview.CreatedBy(e.ID), s.RemoteID)
		}
	}
	later := strings.NewReplacer(names...)
	var out []string
	for _, p := range r.Events {
		created, _ := w.get(p.Event.ID).Step(plan.StepCreate)
		for _, s := range p.Explanation.Outcome.Steps {
			out = append(out, s.Method+" "+later.Replace(strings.ReplaceAll(s.Body, plan.CreatedCandidate, created.RemoteID)))
		}
	}
	return out
}

// scenes is how many are drawn; a failing one is run again by its name.
const scenes = 700

// TestAPushMakesTheVeryCallsThatItsPreviewShows draws teams, candidates, people and
// events, previews the events, lets them happen, and compares what Ashby was sent
// with what was shown, byte for byte. The scenes must have met every row of the
// sync table, every outcome of the field policies, and every kind of step.
func TestAPushMakesTheVeryCallsThatItsPreviewShows(t *testing.T) {
	met := map[string]int{}
	for seed := range uint64(scenes) {
		t.Run(fmt.Sprint("scene ", seed), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				s := &scene{world: w, r: rand.New(rand.NewPCG(seed, 7))}
				s.furnish()
				s.somebody()
				events := s.happens()
				shown := w.foreseen(events)
				w.seen = 0
				if wrote := w.wrote(); len(wrote) > 0 {
					t.Fatalf("the preview wrote %v", wrote)
				}
				w.record(events...)
				w.gathered()
				if diff := cmp.Diff(w.promised(shown, events), w.wrote()); diff != "" {
					t.Errorf("shown (-) and made (+) differ:\n%s", diff)
				}
				last := map[string]preview.Preview{} // an event that goes on later is shown twice
				for _, p := range shown.Events {
					last[p.Event.ID] = p
				}
				for _, p := range last {
					if r := w.get(p.Event.ID); r.Code != p.Explanation.Outcome.Code {
						t.Errorf("%s (%s) was foreseen as %s, and became %s %s (%s)", p.Event.ID, p.Event.Type, p.Explanation.Outcome.Code, r.State, r.Code, r.Detail)
					}
				}
				count(met, shown)
			})
		})
	}
	report(t, met)
}

// count notes what a preview met.
func count(met map[string]int, r preview.Result) {
	for _, p := range r.Events {
		out := p.Explanation.Outcome
		met[fmt.Sprintf("row %02d", out.Row)]++
		met["code "+string(out.Code)]++
		for _, f := range out.Fields {
			met["field "+string(f.Action)+" "+string(f.Code)]++
		}
		for _, s := range out.Steps {
			kind, _, _ := strings.Cut(s.ID, ":")
			met["step "+kind]++
		}
	}
}

// cells are what the scenes must meet. Row 3 cannot be reached.
func cells() []string {
	var out []string
	for _, row := range []int{0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13} {
		out = append(out, fmt.Sprintf("row %02d", row))
	}
	for _, f := range []string{
		"skip field_gone", "skip unwritable", "skip not_visible", "skip never", "skip stale", "skip unchanged_at_source", "skip no_value",
		"skip cannot_clear", "clear ", "skip not_convertible", "write ", "skip equal", "skip protected", "write_union ", "skip unknown_value", "skip not_displayed",
	} {
		out = append(out, "field "+f)
	}
	for _, s := range []string{"create", "update", "alternate", "fields", "tag", "project", "note", "email"} {
		out = append(out, "step "+s)
	}
	for _, c := range []string{
		"held", "review_never", "timeline_only", "origin_not_pushed", "manual_sync_off", "no_link", "not_in_campaign", "coalesced", "no_net_change",
		"name_missing", "mandatory_missing", "needs_review", "record_deleted",
	} {
		out = append(out, "code "+c)
	}
	return out
}

func report(t *testing.T, met map[string]int) {
	t.Helper()
	for _, cell := range cells() {
		if met[cell] == 0 {
			t.Errorf("no scene met %q", cell)
		}
	}
	if met["row 03"] > 0 {
		t.Error("row 3 was reached")
	}
	var lines []string
	for _, cell := range slices.Sorted(maps.Keys(met)) {
		lines = append(lines, fmt.Sprintf("%6d %s", met[cell], cell))
	}
	t.Logf("%d scenes met:\n%s", scenes, strings.Join(lines, "\n"))
}
