package search_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sourcewhale/ashby-sync/shared/adapter/fold"
	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/query"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/repository/candidates"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mirror"
	"github.com/sourcewhale/ashby-sync/shared/usecase/search"
)

// ashby is one that changes.
type ashby struct {
	all     map[string]candidate.Listed
	changed []candidate.Listed
}

func (a *ashby) List(_ context.Context, asked candidate.Listing) (candidate.Page, error) {
	if asked.Token != "" {
		p := candidate.Page{Candidates: a.changed, Token: "t"}
		a.changed = nil
		return p, nil
	}
	p := candidate.Page{Token: "t"}
	for _, c := range a.all {
		p.Candidates = append(p.Candidates, c)
	}
	a.changed = nil
	return p, nil
}

func (a *ashby) One(context.Context, string) (candidate.Listed, bool, error) {
	return candidate.Listed{}, false, nil
}

func (a *ashby) CustomFields(context.Context) ([]field.Field, error) {
	return []field.Field{
		{ID: "years", Title: "Years", Type: field.Number},
		{ID: "remote", Title: "Remote", Type: field.Boolean},
		{ID: "skills", Title: "Skills", Type: field.MultiSelect},
		{ID: "secret", Title: "Secret", Type: field.String, Private: true},
	}, nil
}

type world struct {
	now      time.Time
	ashby    *ashby
	mirror   *mirror.Mirror
	store    *candidates.Store
	searcher *search.Searcher
	fields   []string
	linked   map[string]string
	ended    map[string]bool
}

func (w *world) Filterable(_ context.Context, team, _ string) ([]string, error) {
	if team != "t1" {
		return []string{"name"}, nil
	}
	return w.fields, nil
}

func (w *world) LinkedTo(context.Context, string, []string) (map[string]string, map[string]bool, error) {
	return w.linked, w.ended, nil
}

func newWorld() *world {
	w := &world{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), ashby: &ashby{all: map[string]candidate.Listed{}}}
	w.fields = []string{"name", "company", "source", "tags", "years", "remote", "skills", "secret", "nothing"}
	n := 0
	clock := func() time.Time { return w.now }
	w.store = candidates.New(memory.NewTable(clock), clock, func() string { n++; return fmt.Sprint(n) })
	w.mirror = &mirror.Mirror{
		States: w.store, Catalogues: w.store, Candidates: w.store, Segments: w.store, Fold: fold.Text, Now: clock, Log: slog.New(slog.DiscardHandler),
	}
	w.searcher = &search.Searcher{Index: w.store, Candidates: w.store, Settings: w, People: w, Fold: fold.Text, Memory: 100 << 10}
	return w
}

// read lets the copy catch up.
func (w *world) read(ctx context.Context) error {
	w.now = w.now.Add(time.Hour)
	for {
		next, _, err := w.mirror.Step(ctx, "t1", "k", w.ashby)
		if err != nil || next.After(w.now) {
			return err
		}
	}
}

func aPerson(t *rapid.T, id string) candidate.Listed {
	name := rapid.SampledFrom([]string{"Ada Lane", "ADA  lané", "Bo", "José Muñoz", "jose munoz", "Øystein", ""})
	some := rapid.SampledFrom([]string{"a", "b", "c"})
	c := candidate.Listed{Candidate: candidate.Candidate{
		ID: id, Name: name.Draw(t, "name"), SourceID: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "source"),
		Tags: rapid.SliceOfNDistinct(some, 0, 3, rapid.ID).Draw(t, "tags"), Custom: map[string]candidate.FieldValue{},
	}, Company: name.Draw(t, "company")}
	set := func(id string, v any) {
		if rapid.Bool().Draw(t, id+"?") {
			b, _ := json.Marshal(v)
			c.Custom[id] = candidate.FieldValue{JSON: string(b)}
		}
	}
	set("years", rapid.IntRange(0, 5).Draw(t, "years"))
	set("remote", rapid.Bool().Draw(t, "remote"))
	set("skills", rapid.SliceOfNDistinct(some, 0, 3, rapid.ID).Draw(t, "skills"))
	set("secret", "ada")
	return c
}

// condition is a filter with its meaning, said over the raw candidate.
type condition struct {
	asked query.AskedFilter
	holds func(candidate.Listed) bool
}

func aCondition(t *rapid.T) condition {
	text := func(id, op, value string) query.AskedFilter {
		return query.AskedFilter{Field: id, Operator: op, Value: json.RawMessage(value)}
	}
	word := rapid.SampledFrom([]string{"ada", "LANE", "jose", "É", "o"}).Draw(t, "word")
	id := rapid.SampledFrom([]string{"a", "b", "z"}).Draw(t, "id")
	n := rapid.IntRange(0, 4).Draw(t, "n")
	raw := func(c candidate.Listed, id string, into any) bool {
		v, ok := c.Custom[id]
		return ok && json.Unmarshal([]byte(v.JSON), into) == nil
	}
	skills := func(c candidate.Listed) (list []string) { raw(c, "skills", &list); return list }
	return []condition{
		{text("name", "contains", fmt.Sprintf("%q", word)), func(c candidate.Listed) bool { return strings.Contains(fold.Text(c.Name), fold.Text(word)) }},
		{text("company", "equals", `"ada lane"`), func(c candidate.Listed) bool { return fold.Text(c.Company) == "ada lane" }},
		{text("source", "any_of", fmt.Sprintf("[%q]", id)), func(c candidate.Listed) bool { return c.SourceID == id }},
		{text("source", "none_of", fmt.Sprintf("[%q]", id)), func(c candidate.Listed) bool { return c.SourceID != id }},
		{text("tags", "all_of", fmt.Sprintf("[%q,\"a\"]", id)), func(c candidate.Listed) bool { return slices.Contains(c.Tags, id) && slices.Contains(c.Tags, "a") }},
		{text("skills", "any_of", fmt.Sprintf("[%q,\"c\"]", id)), func(c candidate.Listed) bool {
			return slices.Contains(skills(c), id) || slices.Contains(skills(c), "c")
		}},
		{text("years", "range", fmt.Sprintf(`{"from":%d}`, n)), func(c candidate.Listed) bool { var y int; return raw(c, "years", &y) && y >= n }},
		{text("remote", "is", "false"), func(c candidate.Listed) bool { var on bool; return raw(c, "remote", &on) && !on }},
		{text("skills", "exists", "false"), func(c candidate.Listed) bool { return len(skills(c)) == 0 }},
	}[rapid.IntRange(0, 8).Draw(t, "which")]
}

func TestSearchesOfACopyFindWhatAScanOfAshbyFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ctx, w := context.Background(), newWorld()
		for range rapid.IntRange(1, 6).Draw(t, "rounds") {
			for range rapid.IntRange(0, 30).Draw(t, "changes") {
				id := fmt.Sprintf("%08x-0000-4000-8000-000000000000", rapid.IntRange(0, 60).Draw(t, "who"))
				c := aPerson(t, id)
				c.UpdatedAt = w.now
				w.now = w.now.Add(time.Millisecond)
				w.ashby.all[id] = c
				w.ashby.changed = append(w.ashby.changed, c)
			}
			if rapid.Bool().Draw(t, "gone") {
				id := fmt.Sprintf("%08x-0000-4000-8000-000000000000", rapid.IntRange(0, 60).Draw(t, "who is gone"))
				delete(w.ashby.all, id)
				w.ashby.changed = slices.DeleteFunc(w.ashby.changed, func(c candidate.Listed) bool { return c.ID == id })
				if err := w.mirror.Gone(ctx, "t1", id); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.read(ctx); err != nil {
				t.Fatal(err)
			}
		}
		conditions := rapid.SliceOfN(rapid.Custom(aCondition), 0, 3).Draw(t, "conditions")
		var asked query.Asked
		var want []candidate.Listed
		for _, c := range conditions {
			asked.Filters = append(asked.Filters, c.asked)
		}
		for _, c := range w.ashby.all {
			if !slices.ContainsFunc(conditions, func(k condition) bool { return !k.holds(c) }) {
				want = append(want, c)
			}
		}
		slices.SortFunc(want, func(a, b candidate.Listed) int {
			switch {
			case a.Name == "" && b.Name != "":
				return 1
			case a.Name != "" && b.Name == "":
				return -1
			}
			return cmp.Or(strings.Compare(fold.Text(a.Name), fold.Text(b.Name)), strings.Compare(a.ID, b.ID))
		})
		got := all(t, w, asked, len(want))
		for i, id := range got {
			if id != want[i].ID {
				t.Fatalf("%d: got %v, want %v", i, got, want)
			}
		}
	})
}

// all reads all pages.
func all(t *rapid.T, w *world, asked query.Asked, total int) (ids []string) {
	r := search.Request{Team: "t1", User: "u", Asked: asked, Limit: rapid.IntRange(1, 9).Draw(t, "limit")}
	for {
		page, err := w.searcher.Search(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		if page.Total != total || !page.Exact {
			t.Fatalf("%d in all (exact %v), want %d", page.Total, page.Exact, total)
		}
		for _, h := range page.Hits {
			ids = append(ids, h.Candidate.ID)
		}
		if page.Next == "" {
			if len(ids) != total {
				t.Fatalf("%d ids of %d", len(ids), total)
			}
			return ids
		}
		r.Cursor = page.Next
	}
}

func TestPrivateFieldsAndThoseThatAreGoneCannotBeSearched(t *testing.T) {
	w := newWorld()
	w.ashby.all["c1"] = candidate.Listed{Candidate: candidate.Candidate{ID: "c1", Name: "Ada"}}
	if err := w.read(t.Context()); err != nil {
		t.Fatal(err)
	}
	f, err := w.searcher.Filters(t.Context(), "t1", "u")
	if err != nil || len(f.Filters) != 7 || f.FreshAsOf.IsZero() {
		t.Errorf("%d filters, %v", len(f.Filters), err)
	}
	_, err = w.searcher.Search(t.Context(), search.Request{Team: "t1", Limit: 5, Asked: query.Asked{
		Filters: []query.AskedFilter{{Field: "secret", Operator: "equals", Value: json.RawMessage(`"ada"`)}},
	}})
	if !fault.Is(err, fault.Invalid) || fault.Of(err).Details()[0].Code != query.CodeNotFilterable {
		t.Errorf("%v", err)
	}
}

func TestATeamWithoutACopyFindsNothingYet(t *testing.T) {
	w := newWorld()
	page, err := w.searcher.Search(t.Context(), search.Request{Team: "t1", Limit: 5})
	if err != nil || !page.Building || page.Exact || len(page.Hits) > 0 {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestACopyThatIsKeptNoMoreIsBuiltAnew(t *testing.T) {
	w := newWorld()
	w.ashby.all["c1"] = candidate.Listed{Candidate: candidate.Candidate{ID: "c1", Name: "Ada"}}
	if err := w.read(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(15 * 24 * time.Hour)
	page, err := w.searcher.Search(t.Context(), search.Request{Team: "t1", Limit: 5})
	if err != nil || !page.Building || page.Exact {
		t.Errorf("%+v, %v", page, err)
	}
	if err := w.read(t.Context()); err != nil {
		t.Fatal(err)
	}
	page, err = w.searcher.Search(t.Context(), search.Request{Team: "t1", Limit: 5})
	if err != nil || page.Building || page.Total != 1 {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestACandidateThatAHookEndedIsNotShownAlthoughTheCopyHasItStill(t *testing.T) {
	w := newWorld()
	for _, id := range []string{"c1", "c2"} {
		w.ashby.all[id] = candidate.Listed{Candidate: candidate.Candidate{ID: id, Name: "Ada " + id}}
	}
	if err := w.read(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.ended, w.linked = map[string]bool{"c1": true}, map[string]string{"c2": "p2"}
	page, err := w.searcher.Search(t.Context(), search.Request{Team: "t1", Limit: 5})
	if err != nil || len(page.Hits) != 1 || page.Hits[0].Candidate.ID != "c2" || page.Hits[0].Person != "p2" {
		t.Errorf("%+v, %v", page.Hits, err)
	}
}
