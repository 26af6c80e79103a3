package tabletest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

var limitTests = []test{
	{"the largest row is stored and a byte more is too large", itemSize},
	{"the longest keys are stored and a byte more is too large", keySize},
	{"empty keys are invalid everywhere", emptyKeys},
	{"what is not UTF-8 is invalid", notUTF8},
	{"a row without a token, or a condition on none, is invalid", noToken},
	{"a transaction holds MaxTransactItems writes and no more", transactItems},
	{"a transaction holds MaxTransactBytes and no more", transactBytes},
	{"a caller who has gone gets Unavailable and writes nothing", goneCaller},
}

// sized makes a row of exactly that size.
func sized(sort string, size int) table.Item {
	item := row(sort, "1")
	item.Doc = nil
	item.Doc = bytes.Repeat([]byte("x"), size-item.Size())
	return item
}

func itemSize(t *testing.T, b *bench) {
	largest := expiring(sized("a", table.MaxItemBytes), b.clock.now().Add(hour))
	b.put(t, largest)
	b.wants(t, largest)
	large := sized("b", table.MaxItemBytes+1)
	wantKind(t, b.Write(t.Context(), table.Write{Item: large}), fault.TooLarge)
	wantKind(t, b.Write(t.Context(), table.Write{Item: large, If: table.IfAbsent()}), fault.TooLarge)
	wantKind(t, b.BatchPut(t.Context(), []table.Item{row("c", "1"), large}), fault.TooLarge)
	wantKind(t, b.Transact(t.Context(), []table.Write{{Item: row("c", "1")}, {Item: large}}), fault.TooLarge)
	b.wantsSorts(t, table.Range{Partition: "p"}, "a")
}

func keySize(t *testing.T, b *bench) {
	longest := table.Key{Partition: strings.Repeat("p", 2*table.MaxKeyBytes), Sort: strings.Repeat("é", table.MaxKeyBytes/2)}
	item := table.Item{Key: longest, Token: "1", Doc: []byte(`{}`)}
	b.put(t, item)
	b.wants(t, item)
	b.wantsSorts(t, table.Range{Partition: longest.Partition, From: longest.Sort}, longest.Sort)
	for _, key := range []table.Key{
		{Partition: longest.Partition + "p", Sort: "s"}, {Partition: "p", Sort: longest.Sort + "s"},
	} {
		item.Key = key
		for _, err := range everyCall(t.Context(), b, item) {
			wantKind(t, err, fault.TooLarge)
		}
	}
}

func emptyKeys(t *testing.T, b *bench) {
	for _, key := range []table.Key{{Partition: "p"}, {Sort: "s"}, {}} {
		item := row("", "1")
		item.Key = key
		for _, err := range everyCall(t.Context(), b, item) {
			wantKind(t, err, fault.Invalid)
		}
	}
	_, err := b.Query(t.Context(), table.Range{From: "a"})
	wantKind(t, err, fault.Invalid)
	_, _, err = b.Count(t.Context(), table.Range{}, 1)
	wantKind(t, err, fault.Invalid)
	_, err = b.Query(t.Context(), table.Range{Partition: "p", Limit: -1})
	wantKind(t, err, fault.Invalid)
}

// everyCall uses the row's key in every call that takes one.
func everyCall(ctx context.Context, b *bench, item table.Item) []error {
	_, _, get := b.Get(ctx, item.Key)
	_, batchGet := b.BatchGet(ctx, []table.Key{item.Key})
	return []error{
		get, batchGet,
		b.Write(ctx, table.Write{Item: item}),
		b.Write(ctx, table.Write{Item: item, Delete: true}),
		b.BatchPut(ctx, []table.Item{item}),
		b.Transact(ctx, []table.Write{{Item: item}}),
		b.Transact(ctx, []table.Write{{Item: item, Delete: true}}),
		b.Transact(ctx, []table.Write{{Item: item, Check: true, If: table.IfAbsent()}}),
	}
}

func notUTF8(t *testing.T, b *bench) {
	const bad = "a\xffb"
	for _, key := range []table.Key{{Partition: bad, Sort: "s"}, {Partition: "p", Sort: bad}} {
		item := row("", "1")
		item.Key = key
		for _, err := range everyCall(t.Context(), b, item) {
			wantKind(t, err, fault.Invalid)
		}
	}
	for _, r := range []table.Range{{Partition: bad}, {From: bad}, {To: bad}, {After: bad}} {
		if r.Partition == "" {
			r.Partition = "p"
		}
		_, err := b.Query(t.Context(), r)
		wantKind(t, err, fault.Invalid)
	}
	doc, token := row("s", "1"), row("s", bad)
	doc.Doc = []byte(bad)
	wantKind(t, b.Write(t.Context(), table.Write{Item: doc}), fault.Invalid)
	wantKind(t, b.Write(t.Context(), table.Write{Item: token}), fault.Invalid)
}

func noToken(t *testing.T, b *bench) {
	wantKind(t, b.Write(t.Context(), table.Write{Item: row("s", "")}), fault.Invalid)
	wantKind(t, b.Transact(t.Context(), []table.Write{{Item: row("s", "")}}), fault.Invalid)
	wantKind(t, b.Write(t.Context(), table.Write{Item: row("s", "1"), If: table.IfToken("")}), fault.Invalid)
	wantKind(t, b.Write(t.Context(), del("s", table.IfToken(""))), fault.Invalid)
	b.wantsNone(t, row("s", "").Key)
}

func transactItems(t *testing.T, b *bench) {
	var writes []table.Write
	for i := range table.MaxTransactItems + 1 {
		writes = append(writes, table.Write{Item: row(fmt.Sprint(i), "1"), If: table.IfAbsent()})
	}
	wantKind(t, b.Transact(t.Context(), writes), fault.TooLarge)
	wantCount(t, b, table.Range{Partition: "p"}, 100, 0, false)
	if err := b.Transact(t.Context(), writes[1:]); err != nil {
		t.Fatal(err)
	}
	wantCount(t, b, table.Range{Partition: "p"}, 100, table.MaxTransactItems, false)
}

func transactBytes(t *testing.T, b *bench) {
	const each = 390 << 10
	var writes []table.Write
	for i := range table.MaxTransactBytes / each {
		writes = append(writes, table.Write{Item: sized(fmt.Sprint(i), each)})
	}
	rest := table.MaxTransactBytes - each*len(writes)
	over := append(writes[:len(writes):len(writes)], table.Write{Item: sized("last", rest+1)})
	wantKind(t, b.Transact(t.Context(), over), fault.TooLarge)
	wantCount(t, b, table.Range{Partition: "p"}, 100, 0, false)
	writes = append(writes, table.Write{Item: sized("last", rest)})
	if err := b.Transact(t.Context(), writes); err != nil {
		t.Fatal(err)
	}
	wantCount(t, b, table.Range{Partition: "p"}, 100, len(writes), false)
}

func goneCaller(t *testing.T, b *bench) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range everyCall(ctx, b, row("s", "1")) {
		wantKind(t, err, fault.Unavailable)
	}
	_, err := b.Query(ctx, table.Range{Partition: "p"})
	wantKind(t, err, fault.Unavailable)
	_, _, err = b.Count(ctx, table.Range{Partition: "p"}, 1)
	wantKind(t, err, fault.Unavailable)
	b.wantsNone(t, row("s", "").Key)
}
