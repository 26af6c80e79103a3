package query_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/query"
)

// fields of the model, with what values they have.
var kinds = map[string]index.Kind{
	"name": index.Text, "links": index.Texts, "source": index.Choice, "tags": index.Choices,
	"years": index.Number, "since": index.Date, "remote": index.Flag,
}

func names() []string {
	out := make([]string, 0, len(kinds))
	for f := range kinds {
		out = append(out, f)
	}
	slices.Sort(out)
	return out
}

func anEntry(t *rapid.T) index.Entry {
	word := rapid.SampledFrom([]string{"ada", "ada lane", "lane", "bo", "é", "a", strings.Repeat("x", 70) + "1", strings.Repeat("x", 70) + "2"})
	e := index.Entry{ID: fmt.Sprintf("c%02d", rapid.IntRange(0, 40).Draw(t, "id")), Gone: rapid.IntRange(0, 9).Draw(t, "gone") == 0}
	if rapid.IntRange(0, 1).Draw(t, "uuid") == 1 {
		e.ID = "00000000-0000-4000-8000-0000000000" + e.ID[1:]
	}
	if e.Gone {
		return e
	}
	e.Values = map[string]index.Value{}
	for _, f := range names() {
		if rapid.IntRange(0, 2).Draw(t, f+"?") == 0 {
			continue
		}
		switch kinds[f] {
		case index.Text, index.Choice:
			e.Values[f] = index.Value{Texts: []string{word.Draw(t, f)}}
		case index.Texts, index.Choices:
			list := rapid.SliceOfNDistinct(word, 1, 3, rapid.ID).Draw(t, f)
			e.Values[f] = index.Value{Texts: list}
		case index.Flag:
			e.Values[f] = index.Value{Number: float64(rapid.IntRange(0, 1).Draw(t, f))}
		default:
			e.Values[f] = index.Value{Number: float64(rapid.IntRange(-3, 3).Draw(t, f))}
		}
	}
	return e
}

func aQuery(t *rapid.T) query.Query {
	q := query.Query{Sort: rapid.SampledFrom(names()).Draw(t, "sort"), Down: rapid.Bool().Draw(t, "down")}
	for range rapid.IntRange(0, 3).Draw(t, "filters") {
		f := query.Filter{Field: rapid.SampledFrom(names()).Draw(t, "field"), On: rapid.Bool().Draw(t, "on")}
		f.Operator = rapid.SampledFrom(query.OperatorsOf(kinds[f.Field])).Draw(t, "op")
		f.Texts = rapid.SliceOfN(rapid.SampledFrom([]string{"a", "ada", "lane", "é", "none"}), 1, 3).Draw(t, "texts")
		f.From = float64(rapid.IntRange(-4, 4).Draw(t, "from"))
		f.To = f.From + float64(rapid.IntRange(0, 3).Draw(t, "to"))
		q.Filters = append(q.Filters, f)
	}
	return q
}

// holds is what a filter means, said a second time.
func holds(f query.Filter, v index.Value, has bool) bool {
	one := func(id string) bool { return slices.Contains(v.Texts, id) }
	switch f.Operator {
	case query.Contains:
		return slices.ContainsFunc(v.Texts, func(text string) bool { return strings.Contains(text, f.Texts[0]) })
	case query.Equals:
		return one(f.Texts[0])
	case query.AnyOf:
		return slices.ContainsFunc(f.Texts, one)
	case query.NoneOf:
		return !slices.ContainsFunc(f.Texts, one)
	case query.AllOf:
		return !slices.ContainsFunc(f.Texts, func(id string) bool { return !one(id) })
	case query.Range:
		return has && v.Number >= f.From && v.Number <= f.To
	case query.Is:
		return has && (v.Number == 1) == f.On
	default:
		return has == f.On
	}
}

// scan answers a query by looking at every candidate as it was last written.
func scan(q query.Query, written []index.Entry) []string {
	last := map[string]index.Entry{}
	for _, e := range written {
		last[e.ID] = e
	}
	var found []index.Entry
	for _, e := range last {
		if !e.Gone && !slices.ContainsFunc(q.Filters, func(f query.Filter) bool {
			v, has := e.Values[f.Field]
			return !holds(f, v, has)
		}) {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b index.Entry) int {
		va, hasA := a.Values[q.Sort]
		vb, hasB := b.Values[q.Sort]
		switch {
		case hasA != hasB && hasA:
			return -1
		case hasA != hasB:
			return 1
		case !hasA:
			return strings.Compare(a.ID, b.ID)
		}
		by := cmp.Compare(va.Number, vb.Number)
		if len(va.Texts) > 0 {
			by = strings.Compare(index.Cut(va.Texts[0], 64), index.Cut(vb.Texts[0], 64))
		}
		if q.Down {
			by = -by
		}
		return cmp.Or(by, strings.Compare(a.ID, b.ID))
	})
	ids := []string{}
	for _, e := range found {
		ids = append(ids, e.ID)
	}
	return ids
}

func TestSegmentsAnswerAsAScanOfAllCandidatesDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var written []index.Entry
		var segments []*index.Segment
		for range rapid.IntRange(0, 5).Draw(t, "segments") {
			entries := rapid.SliceOfN(rapid.Custom(anEntry), 1, 20).Draw(t, "entries")
			written = append(written, entries...)
			s := index.Build(entries)
			if rapid.Bool().Draw(t, "stored") {
				s = again(t, s)
			}
			if rapid.Bool().Draw(t, "rebuilt") {
				s = index.Build(s.Entries())
			}
			segments = append(segments, s)
		}
		if len(segments) > 1 && rapid.Bool().Draw(t, "merged") {
			both := append(segments[0].Entries(), segments[1].Entries()...)
			segments = append([]*index.Segment{index.Build(both)}, segments[2:]...)
		}
		alive, count := index.Alive(segments)
		if all := scan(query.Query{Sort: "name"}, written); len(all) != count {
			t.Fatalf("%d alive, want %d", count, len(all))
		}
		q := aQuery(t)
		want := scan(q, written)
		got := pages(t, q, segments, alive, len(want))
		if !slices.Equal(got, want) {
			t.Fatalf("%+v\n got %v\nwant %v", q, got, want)
		}
	})
}

// pages reads all pages of a query, through cursors.
func pages(t *rapid.T, q query.Query, segments []*index.Segment, alive []index.Bits, total int) []string {
	limit := rapid.IntRange(1, 7).Draw(t, "limit")
	got, cursor := []string{}, ""
	for {
		after, err := query.Open(q.Bind("t1", 3), cursor)
		if err != nil {
			t.Fatal(err)
		}
		found := q.Run(segments, alive, after, limit)
		if found.Total != total || len(found.Page) > limit {
			t.Fatalf("total %d of %d, %d on a page", found.Total, total, len(found.Page))
		}
		for _, p := range found.Page {
			got = append(got, p.ID)
		}
		if !found.More {
			return got
		}
		cursor = query.Seal(q.Bind("t1", 3), found.Page[len(found.Page)-1])
	}
}

func again(t *rapid.T, s *index.Segment) *index.Segment {
	back, err := index.Decode(s.Encode())
	if err != nil {
		t.Fatal(err)
	}
	return back
}
