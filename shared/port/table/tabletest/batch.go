package tabletest

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

var batchTests = []test{
	{"batches go beyond the native limits of rows", batchMany},
	{"batches go beyond the native limits of bytes", batchBytes},
	{"a batch get leaves out what is missing and repeats nothing", batchGetMissing},
	{"of several rows with one key a batch put keeps the last", batchPutTwice},
	{"a batch put replaces rows without asking", batchPutReplaces},
	{"a batch with an impossible row or key is refused", batchInvalid},
	{"empty batches do nothing", batchEmpty},
}

func batchMany(t *testing.T, b *bench) {
	const rows = 230 // native limits: 25 puts, 100 gets
	var items []table.Item
	var keys []table.Key
	for i := range rows {
		item := row(fmt.Sprintf("%03d", i), fmt.Sprint("t", i))
		item.Partition = fmt.Sprint("p", i%7)
		items, keys = append(items, item), append(keys, item.Key)
	}
	if err := b.BatchPut(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	wantBatch(t, b, keys, items)
	wantCount(t, b, table.Range{Partition: "p3"}, rows, 33, false)
}

func batchBytes(t *testing.T, b *bench) {
	var items []table.Item
	var keys []table.Key
	for i := range 50 { // 18 MB: over the 16 MB of either call
		item := row(fmt.Sprint(i), fmt.Sprint("t", i))
		item.Doc = bytes.Repeat([]byte{byte('a' + i%26)}, 370<<10)
		items, keys = append(items, item), append(keys, item.Key)
	}
	if err := b.BatchPut(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	wantBatch(t, b, keys, items)
}

// wantBatch gets the keys at once and expects the rows, in any order.
func wantBatch(t *testing.T, b *bench, keys []table.Key, want []table.Item) {
	t.Helper()
	got, err := b.BatchGet(t.Context(), keys)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Fatalf("got %d rows, want %d", len(got), len(want))
	}
	found := map[table.Key]table.Item{}
	for _, item := range got {
		found[item.Key] = item
	}
	for _, item := range want {
		same(t, found[item.Key], item)
	}
}

func batchGetMissing(t *testing.T, b *bench) {
	b.put(t, row("a", "1"), row("c", "1"))
	key := func(sort string) table.Key { return row(sort, "").Key }
	keys := []table.Key{key("a"), key("b"), key("a"), key("c"), {Partition: "q", Sort: "a"}, key("a")}
	wantBatch(t, b, keys, []table.Item{row("a", "1"), row("c", "1")})
	wantBatch(t, b, []table.Key{key("x"), key("x")}, nil)
}

func batchPutTwice(t *testing.T, b *bench) {
	if err := b.BatchPut(t.Context(), []table.Item{row("a", "1"), row("b", "1"), row("a", "2")}); err != nil {
		t.Fatal(err)
	}
	b.wants(t, row("a", "2"))
	b.wants(t, row("b", "1"))
}

func batchPutReplaces(t *testing.T, b *bench) {
	b.put(t, row("a", "1"))
	if err := b.BatchPut(t.Context(), []table.Item{expiring(row("a", "2"), b.clock.now().Add(hour))}); err != nil {
		t.Fatal(err)
	}
	b.wants(t, expiring(row("a", "2"), b.clock.now().Add(hour)))
}

func batchInvalid(t *testing.T, b *bench) {
	wantKind(t, b.BatchPut(t.Context(), []table.Item{row("a", "1"), row("", "1")}), fault.Invalid)
	wantKind(t, b.BatchPut(t.Context(), []table.Item{row("a", "1"), row("b", "")}), fault.Invalid)
	_, err := b.BatchGet(t.Context(), []table.Key{row("a", "").Key, {Sort: "a"}})
	wantKind(t, err, fault.Invalid)
	b.wantsNone(t, row("a", "").Key) // judged before anything is put
}

func batchEmpty(t *testing.T, b *bench) {
	if err := b.BatchPut(t.Context(), nil); err != nil {
		t.Error(err)
	}
	if items, err := b.BatchGet(t.Context(), nil); err != nil || len(items) != 0 {
		t.Error(items, err)
	}
	if err := b.Transact(t.Context(), nil); err != nil {
		t.Error(err)
	}
}
