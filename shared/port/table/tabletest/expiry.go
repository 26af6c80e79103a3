package tabletest

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

const hour = time.Hour

var expiryTests = []test{
	{"a row is there until its expiry, to the millisecond", expiryInstant},
	{"an expiry is kept to the millisecond", expiryPrecision},
	{"no read sees an expired row", expiredReads},
	{"pages of expired rows lead on to the live ones", expiredPages},
	{"a create-only put succeeds over an expired row", expiredCreate},
	{"a token of an expired row no longer counts", expiredToken},
	{"a transaction takes expired rows for missing", expiredTransact},
	{"a row may be born expired", bornExpired},
}

func expiryInstant(t *testing.T, b *bench) {
	want := expiring(row("s", "a"), b.clock.now().Add(time.Second))
	b.put(t, want)
	b.clock.move(time.Second - time.Millisecond)
	b.wants(t, want)
	wantRefused(t, b.Write(t.Context(), table.Write{Item: row("s", "b"), If: table.IfAbsent()}), stood(0, want))
	b.clock.move(time.Millisecond)
	b.wantsNone(t, want.Key)
	wantRefused(t, b.Write(t.Context(), table.Write{Item: row("s", "b"), If: table.IfToken("a")}), missing(0))
}

func expiryPrecision(t *testing.T, b *bench) {
	zone := time.FixedZone("east", 7*3600)
	at := b.clock.now().Add(hour + 123*time.Millisecond + 456*time.Microsecond).In(zone)
	b.put(t, expiring(row("s", "a"), at))
	b.wants(t, expiring(row("s", "a"), at.Truncate(time.Millisecond)))
}

func expiredReads(t *testing.T, b *bench) {
	soon := b.clock.now().Add(hour)
	b.put(t, expiring(row("a", "1"), soon), row("b", "2"), expiring(row("c", "3"), soon.Add(hour)), expiring(row("d", "4"), soon))
	b.clock.move(hour)
	b.wantsNone(t, row("a", "").Key)
	b.wantsSorts(t, table.Range{Partition: "p"}, "b", "c")
	b.wantsSorts(t, table.Range{Partition: "p", Descending: true}, "c", "b")
	items, err := b.BatchGet(t.Context(), []table.Key{row("a", "").Key, row("c", "").Key, row("d", "").Key})
	if err != nil || len(items) != 1 || items[0].Sort != "c" {
		t.Fatalf("batch get: %+v, %v; want only c", items, err)
	}
	wantCount(t, b, table.Range{Partition: "p"}, 10, 2, false)
	wantCount(t, b, table.Range{Partition: "p"}, 2, 2, false)
	wantCount(t, b, table.Range{Partition: "p"}, 1, 1, true)
}

func expiredPages(t *testing.T, b *bench) {
	var items []table.Item
	soon := b.clock.now().Add(hour)
	for _, sort := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		items = append(items, expiring(row(sort, "1"), soon))
	}
	b.put(t, append(items, row("h", "1"), expiring(row("i", "1"), soon))...)
	b.clock.move(hour)
	for _, limit := range []int{0, 1, 2, 3, 20} {
		b.wantsSorts(t, table.Range{Partition: "p", Limit: limit}, "h")
		b.wantsSorts(t, table.Range{Partition: "p", Limit: limit, Descending: true}, "h")
	}
}

func expiredCreate(t *testing.T, b *bench) {
	b.put(t, expiring(row("s", "a"), b.clock.now().Add(hour)))
	b.clock.move(hour)
	if err := b.Write(t.Context(), table.Write{Item: row("s", "b"), If: table.IfAbsent()}); err != nil {
		t.Fatal(err)
	}
	b.wants(t, row("s", "b"))
}

func expiredToken(t *testing.T, b *bench) {
	b.put(t, expiring(row("s", "a"), b.clock.now().Add(hour)))
	b.clock.move(hour)
	put := table.Write{Item: row("s", "b"), If: table.IfToken("a")}
	wantRefused(t, b.Write(t.Context(), put), missing(0))
	remove := table.Write{Item: table.Item{Key: put.Item.Key}, Delete: true, If: table.IfToken("a")}
	wantRefused(t, b.Write(t.Context(), remove), missing(0))
	b.wantsNone(t, put.Item.Key)
}

func expiredTransact(t *testing.T, b *bench) {
	b.put(t, expiring(row("a", "1"), b.clock.now().Add(hour)), expiring(row("b", "1"), b.clock.now().Add(hour)))
	b.clock.move(hour)
	key := func(sort string) table.Item { return table.Item{Key: row(sort, "").Key} }
	err := b.Transact(t.Context(), []table.Write{
		{Item: row("c", "2")},
		{Item: row("a", "2"), If: table.IfToken("1")},
		{Item: key("b"), Check: true, If: table.IfToken("1")},
	})
	wantRefused(t, err, missing(1), missing(2))
	b.wantsNone(t, row("c", "").Key)
	err = b.Transact(t.Context(), []table.Write{
		{Item: row("a", "2"), If: table.IfAbsent()},
		{Item: key("b"), Check: true, If: table.IfAbsent()},
	})
	if err != nil {
		t.Fatal(err)
	}
	b.wants(t, row("a", "2"))
}

func bornExpired(t *testing.T, b *bench) {
	for _, at := range []time.Time{b.clock.now(), b.clock.now().Add(-hour), time.Unix(0, 0), time.Unix(-5, 0)} {
		b.put(t, expiring(row("s", "a"), at))
		b.wantsNone(t, row("s", "").Key)
	}
}
