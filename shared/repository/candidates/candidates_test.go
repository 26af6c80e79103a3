package candidates_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/repository/candidates"
)

var at = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func newStore(t *testing.T) (*candidates.Store, table.Table, *time.Time) {
	t.Helper()
	now := at
	clock := func() time.Time { return now }
	tokens := 0
	rows := memory.NewTable(clock)
	return candidates.New(rows, clock, func() string { tokens++; return fmt.Sprint("t", tokens) }), rows, &now
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func entries(n int, words ...string) []index.Entry {
	var out []index.Entry
	for i := range n {
		out = append(out, index.Entry{ID: fmt.Sprintf("%08x-0000-4000-8000-000000000000", i), Values: map[string]index.Value{
			"name": {Texts: []string{words[i%len(words)] + fmt.Sprint(i)}}, "years": {Number: float64(i)},
		}})
	}
	return out
}

func TestStateIsWrittenOverTheRevisionThatWasRead(t *testing.T) {
	s, _, _ := newStore(t)
	first, err := s.SaveState(t.Context(), "t1", index.State{Last: 1}, "")
	must(t, err)
	if _, err := s.SaveState(t.Context(), "t1", index.State{Last: 2}, ""); !fault.Is(err, fault.Conflict) {
		t.Errorf("over nothing: %v", err)
	}
	_, err = s.SaveState(t.Context(), "t1", index.State{Last: 3, Token: "tok"}, first)
	must(t, err)
	must(t, s.SaveCatalogue(t.Context(), "t1", index.Catalogue{Titles: map[string]map[string]string{"source": {"s": "S"}}}))
	begun, catalogue, err := s.Begin(t.Context(), "t1")
	must(t, err)
	state, _, err := s.State(t.Context(), "t1")
	must(t, err)
	if begun.Last != 3 || state.Token != "tok" || catalogue.Titles["source"]["s"] != "S" {
		t.Errorf("begun %+v, state %+v", begun, state)
	}
	if other, _, err := s.Begin(t.Context(), "t2"); err != nil || other.Last != 0 {
		t.Errorf("another team has %+v, %v", other, err)
	}
}

func TestCandidatesAreKeptByIDAndFoundByKey(t *testing.T) {
	s, _, now := newStore(t)
	k := candidate.Known{Listed: candidate.Listed{Candidate: candidate.Candidate{
		ID: "c1", Name: "Ada", Custom: map[string]candidate.FieldValue{"f": {JSON: `"v"`}},
	}, Company: "Acme"}, ReadAt: at}
	large := k
	large.ID, large.Custom = "c2", map[string]candidate.FieldValue{"f": {JSON: strings.Repeat(fmt.Sprint(at), 40_000)}}
	gone := candidate.Known{Listed: k.Listed, Gone: true, Into: "c1", ReadAt: at}
	gone.ID = "c3"
	bears := []candidate.Bearing{{Key: "mail:a@x.io", Candidate: "c1"}, {Key: "mail:a@x.io", Candidate: "c2"}, {Key: "li:ada", Candidate: "c1"}}
	must(t, s.AddKeys(t.Context(), "t1", bears), s.Keep(t.Context(), "t1", []candidate.Known{k, large, gone}), s.DropKeys(t.Context(), "t1", bears[1:2]))
	got, err := s.Known(t.Context(), "t1", []string{"c1", "c2", "c3", "c4"})
	must(t, err)
	if diff := cmp.Diff(k, got["c1"]); diff != "" || len(got) != 3 {
		t.Error(diff)
	}
	if g := got["c3"]; !g.Gone || g.Into != "c1" || g.Name != "" || g.Company != "" {
		t.Errorf("of one that is gone %+v is kept", g)
	}
	ids, err := s.Bearers(t.Context(), "t1", "mail:a@x.io")
	must(t, err)
	if diff := cmp.Diff([]string{"c1"}, ids); diff != "" {
		t.Error(diff)
	}
	for team, key := range map[string]string{"t2": "mail:a@x.io", "t1": "li:ad"} {
		if ids, err := s.Bearers(t.Context(), team, key); err != nil || len(ids) > 0 {
			t.Errorf("%s %s: %v, %v", team, key, ids, err)
		}
	}
	if other, err := s.Known(t.Context(), "t2", []string{"c1"}); err != nil || len(other) > 0 {
		t.Errorf("another team has %v, %v", other, err)
	}
	*now = at.Add(31 * 24 * time.Hour)
	if got, err := s.Known(t.Context(), "t1", []string{"c1", "c3"}); err != nil || len(got) != 1 {
		t.Errorf("after a month: %v, %v", got, err)
	}
}

func TestSegmentsComeBackWhole(t *testing.T) {
	s, _, now := newStore(t)
	big, small := entries(20_000, "ada lane of number ", "bob"), entries(7, "newer ")
	must(t, s.PutSegment(t.Context(), "t1", 4, 0, index.Build(big)), s.PutPacked(t.Context(), "t1", 4, 1, index.Build(small)))
	read := func() ([]index.Layer, error) {
		return s.Layers(t.Context(), "t1", 4, []int{0}, []index.Packed{{Row: 1, Candidates: 7}})
	}
	layers, err := read()
	must(t, err)
	if layers[0].Segment.Len() != 20_000 || layers[0].Segment.Column("name") != nil || !layers[1].Packed {
		t.Errorf("%d rows", layers[0].Segment.Len())
	}
	some, err := s.Columns(t.Context(), "t1", 4, layers, []string{"years", "no such field"})
	must(t, err)
	if some[0].Segment.Column("years") == nil || some[0].Segment.Column("name") != nil || layers[0].Segment.Column("years") != nil {
		t.Error("not the column that was asked for, or the layers that were given changed")
	}
	all, err := s.AllColumns(t.Context(), "t1", 4, layers)
	must(t, err)
	if diff := cmp.Diff(index.Build(big).Entries()[:100], all[0].Segment.Entries()[:100]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(small, all[1].Segment.Entries()); diff != "" {
		t.Error(diff)
	}
	for _, other := range []struct {
		team string
		gen  int
	}{{"t2", 4}, {"t1", 5}} {
		if _, err := s.Layers(t.Context(), other.team, other.gen, []int{0}, nil); !fault.Is(err, fault.NotFound) {
			t.Errorf("%+v: %v", other, err)
		}
	}
	*now = at.Add(15 * 24 * time.Hour)
	if _, err := read(); !fault.Is(err, fault.NotFound) || fault.Of(err).Code() != candidates.CodeLost {
		t.Errorf("after two weeks: %v", err)
	}
}

func TestAPackedSegmentThatDoesNotFitIsRefused(t *testing.T) {
	s, _, _ := newStore(t)
	var many []index.Entry
	for i := range 9000 {
		word := fmt.Sprintf("%x", i*7919*104729+i*i*31)
		many = append(many, index.Entry{ID: fmt.Sprint("c", i), Values: map[string]index.Value{"t": {Texts: []string{word + word[1:] + fmt.Sprint(i*i*i)}}, "u": {Texts: []string{fmt.Sprint(i * 15485863 * i)}}}})
	}
	if err := s.PutPacked(t.Context(), "t1", 1, 0, index.Build(many)); err != nil && !fault.Is(err, fault.TooLarge) {
		t.Error(err)
	} else if err == nil {
		t.Skip("it fits")
	}
}

func TestBrokenRowsAreOurError(t *testing.T) {
	s, rows, _ := newStore(t)
	for _, key := range []table.Key{{Partition: "t1#mirror", Sort: "state"}, {Partition: "t1#doc#c1", Sort: "row"}, {Partition: "t1#gen#1", Sort: "p#000000000"}} {
		must(t, rows.Write(t.Context(), table.Write{Item: table.Item{Key: key, Doc: []byte(`{"Z":"AAAA","Last":"x"}`), Token: "t"}}))
	}
	_, _, headErr := s.Begin(t.Context(), "t1")
	_, knownErr := s.Known(t.Context(), "t1", []string{"c1"})
	_, layerErr := s.Layers(t.Context(), "t1", 1, nil, []index.Packed{{Row: 0}})
	for _, err := range []error{headErr, knownErr, layerErr} {
		if !fault.Is(err, fault.Internal) {
			t.Error(err)
		}
	}
}
