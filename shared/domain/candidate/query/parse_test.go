package query_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/query"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

func may(t *testing.T) []query.Definition {
	t.Helper()
	var out []query.Definition
	for _, f := range append(field.BuiltIns(),
		field.Field{ID: "years", Title: "Years", Type: field.Number}, field.Field{ID: "since", Title: "Since", Type: field.Date},
		field.Field{ID: "remote", Title: "Remote", Type: field.Boolean}, field.Field{ID: "pay", Title: "Pay", Type: "Currency"},
		field.Field{ID: "seniority", Title: "Seniority", Type: field.Select}, field.Field{ID: "secret", Type: field.String, Private: true},
	) {
		if d, ok := query.Define(f); ok {
			out = append(out, d)
		}
	}
	return out
}

func parse(t *testing.T, asked query.Asked) (query.Query, []fault.Detail) {
	t.Helper()
	return query.Parse(asked, may(t), strings.ToLower)
}

func one(id, op, value string) query.Asked {
	return query.Asked{Filters: []query.AskedFilter{{Field: id, Operator: op, Value: json.RawMessage(value)}}}
}

func TestWhatFitsItsTypeIsUnderstood(t *testing.T) {
	day := 1767225600000.0 // 2026-01-01
	for name, c := range map[string]struct {
		asked query.Asked
		want  query.Filter
	}{
		"text":          {one("name", "contains", `"ADA"`), query.Filter{Texts: []string{"ada"}}},
		"phone":         {one("phone", "contains", `"+44 (20) 7946"`), query.Filter{Texts: []string{"44207946"}}},
		"choice":        {one("source", "any_of", `["S1","s2"]`), query.Filter{Texts: []string{"S1", "s2"}}},
		"choices":       {one("tags", "all_of", `["t"]`), query.Filter{Texts: []string{"t"}}},
		"open range":    {one("years", "range", `{"from":2}`), query.Filter{From: 2, To: math.Inf(1)}},
		"days":          {one("since", "range", `{"from":"2026-01-01","to":"2026-01-01"}`), query.Filter{From: day, To: day + 86399999}},
		"a moment":      {one("since", "range", `{"to":"2026-01-01T01:00:00+01:00"}`), query.Filter{From: math.Inf(-1), To: day}},
		"flag":          {one("remote", "is", `false`), query.Filter{}},
		"presence":      {one("pay", "exists", `true`), query.Filter{On: true}},
		"not SQL":       {one("name", "equals", `"' OR 1=1 --"`), query.Filter{Texts: []string{"' or 1=1 --"}}},
		"no expression": {one("name", "contains", `".*%_$ne{}"`), query.Filter{Texts: []string{".*%_$ne{}"}}},
	} {
		q, mistakes := parse(t, c.asked)
		if len(mistakes) > 0 {
			t.Errorf("%s: %v", name, mistakes)
			continue
		}
		c.want.Field, c.want.Operator = c.asked.Filters[0].Field, query.Operator(c.asked.Filters[0].Operator)
		got := q.Filters[0]
		if got.From != c.want.From || got.To != c.want.To || got.On != c.want.On || !slices.Equal(got.Texts, c.want.Texts) {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestWhatDoesNotFitIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		asked query.Asked
		want  string // path code, and a word of the message
	}{
		"unknown field":    {one("shoe_size", "equals", `"1"`), "filters[0].field not_filterable shoe_size"},
		"private field":    {one("secret", "equals", `"1"`), "filters[0].field not_filterable secret"},
		"projects":         {one("projects", "exists", `true`), "filters[0].field not_filterable projects"},
		"odd field":        {one("<script>", "equals", `"1"`), "filters[0].field not_filterable this field"},
		"operator":         {one("years", "contains", `"1"`), "filters[0].op operator_unfit Years"},
		"no operator":      {one("years", "", `1`), "filters[0].op operator_unfit range, exists"},
		"text":             {one("name", "contains", `5`), "filters[0].value value_unfit Name"},
		"null":             {one("name", "contains", `null`), "filters[0].value value_unfit text"},
		"blank":            {one("name", "contains", `""`), "filters[0].value value_unfit text"},
		"long":             {one("name", "contains", `"`+strings.Repeat("a", 501)+`"`), "filters[0].value value_unfit 500"},
		"missing":          {one("name", "contains", ``), "filters[0].value value_unfit text"},
		"object":           {one("name", "equals", `{"$ne":""}`), "filters[0].value value_unfit text"},
		"one id":           {one("source", "any_of", `"s1"`), "filters[0].value value_unfit list"},
		"no ids":           {one("source", "any_of", `[]`), "filters[0].value value_unfit list"},
		"null id":          {one("tags", "any_of", `[null]`), "filters[0].value value_unfit list"},
		"words":            {one("years", "range", `{"from":"two"}`), "filters[0].value value_unfit from"},
		"no bounds":        {one("years", "range", `{}`), "filters[0].value value_unfit from"},
		"unknown bound":    {one("years", "range", `{"above":1}`), "filters[0].value value_unfit from"},
		"upside down":      {one("years", "range", `{"from":2,"to":1}`), "filters[0].value value_unfit not above"},
		"huge number":      {one("years", "range", `{"from":1e999}`), "filters[0].value value_unfit from"},
		"no date":          {one("since", "range", `{"from":"soon"}`), "filters[0].value value_unfit 2026"},
		"no flag":          {one("remote", "is", `"yes"`), "filters[0].value value_unfit true or false"},
		"sorted by no one": {query.Asked{Sort: "shoe_size"}, "sort.field not_filterable shoe_size"},
		"sorted by tags":   {query.Asked{Sort: "tags"}, "sort.field not_sortable Tags"},
		"sideways":         {query.Asked{Dir: "sideways"}, "sort.dir unknown_value asc"},
		"too many":         {query.Asked{Filters: make([]query.AskedFilter, 21)}, "filters too_many 20"},
	} {
		q, mistakes := parse(t, c.asked)
		if len(mistakes) != 1 {
			t.Errorf("%s: %+v, %v", name, q, mistakes)
			continue
		}
		m := mistakes[0]
		parts := strings.SplitN(c.want, " ", 3)
		if m.Path != parts[0] || m.Code != parts[1] || !strings.Contains(m.Message, parts[2]) {
			t.Errorf("%s: got %+v, want %s", name, m, c.want)
		}
	}
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	asked := query.Asked{Sort: "nothing", Filters: []query.AskedFilter{{Field: "x"}, {Field: "name", Operator: "is"}}}
	if _, mistakes := parse(t, asked); len(mistakes) != 3 {
		t.Errorf("%v", mistakes)
	}
}

func TestACursorIsGoodForItsOwnSearchAlone(t *testing.T) {
	q, _ := parse(t, one("name", "contains", `"ada"`))
	other, _ := parse(t, one("name", "contains", `"bob"`))
	down := q
	down.Down = true
	cursor := query.Seal(q.Bind("t1", 1), query.Place{Text: "ada", ID: "c1"})
	if p, err := query.Open(q.Bind("t1", 1), cursor); err != nil || p.ID != "c1" || p.Text != "ada" {
		t.Errorf("%+v, %v", p, err)
	}
	for name, bound := range map[string][]byte{
		"team": q.Bind("t2", 1), "generation": q.Bind("t1", 2), "query": other.Bind("t1", 1), "order": down.Bind("t1", 1),
	} {
		if _, err := query.Open(bound, cursor); !fault.Is(err, fault.Invalid) || fault.Of(err).Code() != "cursor_of_another_search" {
			t.Errorf("another %s: %v", name, err)
		}
	}
	for _, text := range []string{"x", "e30", strings.Repeat("A", 2000), cursor + "=", cursor[:len(cursor)-3], "bnVsbA"} {
		if _, err := query.Open(q.Bind("t1", 1), text); fault.Of(err).Code() != "cursor_malformed" {
			t.Errorf("%.20s: %v", text, err)
		}
	}
}
