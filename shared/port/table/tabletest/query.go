package tabletest

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

var queryTests = []test{
	{"rows come ordered by the bytes of their sort keys", queryOrder},
	{"bounds are inclusive below and exclusive above", queryBounds},
	{"bounds that enclose nothing give an empty page", queryEmptyRanges},
	{"a prefix selects what begins with it", queryPrefix},
	{"a query stays in its partition", queryPartition},
	{"a query of an unknown partition is empty", func(t *testing.T, b *bench) {
		b.wantsSorts(t, table.Range{Partition: "nobody"})
	}},
	{"a limit bounds the page and paging misses nothing", queryLimit},
	{"a cursor is exclusive, need not exist, and may lie outside the bounds", queryCursor},
	{"rows written while paging do not disturb it", queryWhileWriting},
	{"a page ends near MaxPageBytes", queryPageBytes},
	{"a query gives the whole rows", queryWholeRows},
}

var countTests = []test{
	{"a count stops at its bound and says so", countBound},
	{"a count keeps to its range", countRange},
	{"a count goes on over page boundaries", countManyBytes},
}

func seed(t *testing.T, b *bench, sorts ...string) {
	t.Helper()
	for _, sort := range sorts {
		b.put(t, row(sort, "1"))
	}
}

func queryOrder(t *testing.T, b *bench) {
	sorts := []string{"b", "a", "B", "a#", "a!", "a0", "aa", "é", "z", "10", "9", "😀", "\uffff", "~", "a\u0301"}
	seed(t, b, sorts...)
	slices.Sort(sorts) // Go compares bytes
	b.wantsSorts(t, table.Range{Partition: "p"}, sorts...)
	slices.Reverse(sorts)
	b.wantsSorts(t, table.Range{Partition: "p", Descending: true}, sorts...)
}

func queryBounds(t *testing.T, b *bench) {
	seed(t, b, "a", "b", "c", "d")
	for _, c := range []struct {
		from, to string
		want     []string
	}{
		{"", "", []string{"a", "b", "c", "d"}},
		{"b", "", []string{"b", "c", "d"}},
		{"", "c", []string{"a", "b"}},
		{"b", "d", []string{"b", "c"}},
		{"b", "c0", []string{"b", "c"}},
		{"a0", "c", []string{"b"}},
		{"b", "b0", []string{"b"}},
		{"0", "z", []string{"a", "b", "c", "d"}},
	} {
		b.wantsSorts(t, table.Range{Partition: "p", From: c.from, To: c.to}, c.want...)
		b.wantsSorts(t, table.Range{Partition: "p", From: c.from, To: c.to, Limit: 1}, c.want...)
		slices.Reverse(c.want)
		b.wantsSorts(t, table.Range{Partition: "p", From: c.from, To: c.to, Descending: true}, c.want...)
		b.wantsSorts(t, table.Range{Partition: "p", From: c.from, To: c.to, Descending: true, Limit: 1}, c.want...)
	}
}

func queryEmptyRanges(t *testing.T, b *bench) {
	seed(t, b, "a", "b", "c")
	for _, r := range []table.Range{{From: "b", To: "b"}, {From: "c", To: "a"}, {From: "d"}, {To: "a"}, {From: "b0", To: "b1"}} {
		r.Partition = "p"
		b.wantsSorts(t, r)
		wantCount(t, b, r, 5, 0, false)
		r.Descending = true
		b.wantsSorts(t, r)
	}
}

func queryPrefix(t *testing.T, b *bench) {
	seed(t, b, "t", "t#", "t#1", "t#2#x", "t#é", "t#\U0010ffff", "t$", "u", "x\ud7ff", "x\ud7ff1", "x\ue000", "ß", "ßa", "à",
		"\U0010ffff", "\U0010ffffz")
	for prefix, want := range map[string][]string{
		"t":          {"t", "t#", "t#1", "t#2#x", "t#é", "t#\U0010ffff", "t$"},
		"t#":         {"t#", "t#1", "t#2#x", "t#é", "t#\U0010ffff"},
		"t#2":        {"t#2#x"},
		"t%":         nil,
		"x\ud7ff":    {"x\ud7ff", "x\ud7ff1"},
		"ß":          {"ß", "ßa"},
		"\U0010ffff": {"\U0010ffff", "\U0010ffffz"},
	} {
		from, to := table.Prefix(prefix)
		b.wantsSorts(t, table.Range{Partition: "p", From: from, To: to}, want...)
		slices.Reverse(want)
		b.wantsSorts(t, table.Range{Partition: "p", From: from, To: to, Descending: true, Limit: 2}, want...)
		wantCount(t, b, table.Range{Partition: "p", From: from, To: to}, 100, len(want), false)
	}
}

func queryPartition(t *testing.T, b *bench) {
	seed(t, b, "a", "b")
	for _, partition := range []string{"p2", "P", "o", "p#"} {
		other := row("c", "1")
		other.Partition = partition
		b.put(t, other)
	}
	b.wantsSorts(t, table.Range{Partition: "p"}, "a", "b")
	b.wantsSorts(t, table.Range{Partition: "p2", Descending: true}, "c")
}

func queryLimit(t *testing.T, b *bench) {
	var want []string
	for i := range 23 {
		want = append(want, fmt.Sprintf("%02d", i))
	}
	seed(t, b, want...)
	for _, limit := range []int{1, 5, 22, 23, 24, 1000} {
		b.wantsSorts(t, table.Range{Partition: "p", Limit: limit}, want...)
		b.wantsSorts(t, table.Range{Partition: "p", Limit: limit, From: "05", To: "19"}, want[5:19]...)
	}
	slices.Reverse(want)
	for _, limit := range []int{1, 5, 22, 23, 24, 1000} {
		b.wantsSorts(t, table.Range{Partition: "p", Limit: limit, Descending: true}, want...)
	}
	page, err := b.Query(t.Context(), table.Range{Partition: "p", Limit: 4})
	if err != nil || len(page.Items) != 4 || page.Next == "" {
		t.Fatalf("got %d rows, next %q, %v; want 4 and a next", len(page.Items), page.Next, err)
	}
}

func queryCursor(t *testing.T, b *bench) {
	seed(t, b, "b", "c", "d", "e", "f")
	for _, c := range []struct {
		r    table.Range
		want []string
	}{
		{table.Range{After: "c"}, []string{"d", "e", "f"}},
		{table.Range{After: "c5"}, []string{"d", "e", "f"}},
		{table.Range{After: "f"}, nil},
		{table.Range{After: "z"}, nil},
		{table.Range{After: "a"}, []string{"b", "c", "d", "e", "f"}},
		{table.Range{After: "a", From: "c", To: "e"}, []string{"c", "d"}},
		{table.Range{After: "c", From: "c", To: "e"}, []string{"d"}},
		{table.Range{After: "d", From: "c", To: "e"}, nil},
		{table.Range{After: "e", From: "c", To: "e"}, nil},
		{table.Range{After: "z", From: "c", To: "e"}, nil},
		{table.Range{After: "d", Descending: true}, []string{"c", "b"}},
		{table.Range{After: "c5", Descending: true}, []string{"c", "b"}},
		{table.Range{After: "b", Descending: true}, nil},
		{table.Range{After: "a", Descending: true}, nil},
		{table.Range{After: "z", Descending: true}, []string{"f", "e", "d", "c", "b"}},
		{table.Range{After: "z", From: "c", To: "e", Descending: true}, []string{"d", "c"}},
		{table.Range{After: "e", From: "c", To: "e", Descending: true}, []string{"d", "c"}},
		{table.Range{After: "d", From: "c", To: "e", Descending: true}, []string{"c"}},
		{table.Range{After: "c", From: "c", To: "e", Descending: true}, nil},
		{table.Range{After: "a", From: "c", To: "e", Descending: true}, nil},
	} {
		c.r.Partition = "p"
		b.wantsSorts(t, c.r, c.want...)
		wantCount(t, b, c.r, 10, len(c.want), false)
		c.r.Limit = 1
		b.wantsSorts(t, c.r, c.want...)
	}
}

func queryWhileWriting(t *testing.T, b *bench) {
	seed(t, b, "b", "d", "f", "h")
	first, err := b.Query(t.Context(), table.Range{Partition: "p", Limit: 2})
	if err != nil || first.Next != "d" {
		t.Fatal(first, err)
	}
	seed(t, b, "a", "e") // one behind the cursor, one before it
	if err := b.Write(t.Context(), table.Write{Item: row("d", ""), Delete: true}); err != nil {
		t.Fatal(err) // the cursor's own row goes
	}
	b.wantsSorts(t, table.Range{Partition: "p", Limit: 2, After: first.Next}, "e", "f", "h")
}

func queryPageBytes(t *testing.T, b *bench) {
	const rows, size = 9, 300 << 10
	var want []string
	for i := range rows {
		item := row(fmt.Sprint(i), "1")
		item.Doc = bytes.Repeat([]byte("x"), size)
		b.put(t, item)
		want = append(want, item.Sort)
	}
	page, err := b.Query(t.Context(), table.Range{Partition: "p"})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(page.Items); n*size > table.MaxPageBytes+table.MaxItemBytes || n < table.MaxPageBytes/size || page.Next == "" {
		t.Errorf("a page of %d rows of %d bytes, next %q", n, size, page.Next)
	}
	b.wantsSorts(t, table.Range{Partition: "p"}, want...)
	b.wantsSorts(t, table.Range{Partition: "p", From: "2", To: "8"}, want[2:8]...)
	slices.Reverse(want)
	b.wantsSorts(t, table.Range{Partition: "p", Descending: true, Limit: 100}, want...)
}

func queryWholeRows(t *testing.T, b *bench) {
	want := []table.Item{row("a", "1"), expiring(row("b", "2"), b.clock.now().Add(hour)), row("c", "3")}
	b.put(t, want...)
	got := b.all(t, table.Range{Partition: "p"})
	if len(got) != len(want) {
		t.Fatalf("got %d rows", len(got))
	}
	for i := range want {
		same(t, got[i], want[i])
	}
}

func wantCount(t *testing.T, b *bench, r table.Range, most, want int, wantMore bool) {
	t.Helper()
	n, more, err := b.Count(t.Context(), r, most)
	if err != nil || n != want || more != wantMore {
		t.Errorf("count of %+v up to %d: got %d, more %v, %v; want %d, %v", r, most, n, more, err, want, wantMore)
	}
}

func countBound(t *testing.T, b *bench) {
	seed(t, b, "a", "b", "c", "d", "e")
	all := table.Range{Partition: "p"}
	wantCount(t, b, all, 4, 4, true)
	wantCount(t, b, all, 5, 5, false)
	wantCount(t, b, all, 6, 5, false)
	wantCount(t, b, all, 0, 0, true)
	wantCount(t, b, all, math.MaxInt, 5, false)
	wantCount(t, b, table.Range{Partition: "nobody"}, 0, 0, false)
}

func countRange(t *testing.T, b *bench) {
	seed(t, b, "a", "b", "c", "d", "e")
	wantCount(t, b, table.Range{Partition: "p", From: "b", To: "e"}, 10, 3, false)
	wantCount(t, b, table.Range{Partition: "p", From: "b", To: "e"}, 2, 2, true)
	wantCount(t, b, table.Range{Partition: "p", From: "b", To: "e", After: "b"}, 10, 2, false)
	wantCount(t, b, table.Range{Partition: "p", Limit: 2}, 10, 5, false) // a page's limit is no bound
	wantCount(t, b, table.Range{Partition: "p", Limit: 2, Descending: true, After: "c"}, 10, 2, false)
}

func countManyBytes(t *testing.T, b *bench) {
	for i := range 6 {
		item := row(fmt.Sprint(i), "1")
		item.Doc = bytes.Repeat([]byte("x"), 300<<10)
		b.put(t, item)
	}
	wantCount(t, b, table.Range{Partition: "p"}, 100, 6, false)
	wantCount(t, b, table.Range{Partition: "p"}, 5, 5, true)
}
