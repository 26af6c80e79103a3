package memory

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// fill puts n rows into one partition, in the order of the permutation.
func fill(tb testing.TB, order []int) *Table {
	tb.Helper()
	t := NewTable(time.Now)
	for _, i := range order {
		item := table.Item{Key: table.Key{Partition: "p", Sort: fmt.Sprintf("%06d", i)}, Token: "t"}
		if err := t.Write(tb.Context(), table.Write{Item: item, If: table.IfAbsent()}); err != nil {
			tb.Fatal(err)
		}
	}
	return t
}

func ordered(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

func TestManyRowsStayInOrderWhateverOrderTheyCameAndWentIn(t *testing.T) {
	const n = 20_000
	down := ordered(n)
	slices.Reverse(down)
	for name, order := range map[string][]int{
		"ascending": ordered(n), "descending": down, "shuffled": rand.New(rand.NewPCG(3, 4)).Perm(n),
	} {
		tab := fill(t, order)
		for _, i := range order { // every third row goes, so that chunks run dry
			if i%3 == 0 || i > n/4 && i < n/2 {
				tab.remove(table.Key{Partition: "p", Sort: fmt.Sprintf("%06d", i)})
			}
		}
		var want []string
		for i := range n {
			if i%3 != 0 && (i <= n/4 || i >= n/2) {
				want = append(want, fmt.Sprintf("%06d", i))
			}
		}
		if got := sorts(tab, table.Range{Partition: "p"}); !slices.Equal(got, want) {
			t.Errorf("%s: %d rows, want %d in order", name, len(got), len(want))
		}
		slices.Reverse(want)
		if got := sorts(tab, table.Range{Partition: "p", Descending: true}); !slices.Equal(got, want) {
			t.Errorf("%s, descending: %d rows, want %d in order", name, len(got), len(want))
		}
		for i, chunk := range tab.partitions["p"].chunks {
			if len(chunk) == 0 || len(chunk) > chunkRows {
				t.Errorf("%s: chunk %d has %d rows", name, i, len(chunk))
			}
		}
	}
}

func sorts(t *Table, r table.Range) []string {
	var out []string
	for item := range t.scan(r) {
		out = append(out, item.Sort)
	}
	return out
}

func TestAnEmptiedPartitionIsForgotten(t *testing.T) {
	tab := fill(t, ordered(3))
	for i := range 3 {
		tab.remove(table.Key{Partition: "p", Sort: fmt.Sprintf("%06d", i)})
	}
	if len(tab.partitions) != 0 {
		t.Errorf("%d partitions are left", len(tab.partitions))
	}
}

// Rows that arrive in no order are the hard case for a sorted partition.
func BenchmarkHundredThousandRowsInOnePartition(b *testing.B) {
	for b.Loop() {
		fill(b, rand.New(rand.NewPCG(1, 1)).Perm(100_000))
	}
}
