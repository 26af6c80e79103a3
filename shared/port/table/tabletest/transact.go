package tabletest

import (
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

var transactTests = []test{
	{"a transaction puts, deletes and checks together", transactAll},
	{"one refused condition keeps everything from being written", transactNothing},
	{"every refused condition is named with its row", transactReasons},
	{"a check writes nothing", transactCheck},
	{"a transaction spans partitions", transactPartitions},
	{"a key twice in a transaction is refused", transactTwice},
}

// del and check make writes of small rows.
func del(sort string, cond table.Condition) table.Write {
	return table.Write{Item: table.Item{Key: row(sort, "").Key}, Delete: true, If: cond}
}

func check(sort string, cond table.Condition) table.Write {
	return table.Write{Item: table.Item{Key: row(sort, "").Key}, Check: true, If: cond}
}

func transactAll(t *testing.T, b *bench) {
	b.put(t, row("a", "1"), row("b", "1"), row("c", "1"), row("d", "1"))
	err := b.Transact(t.Context(), []table.Write{
		{Item: row("a", "2"), If: table.IfToken("1")},
		del("b", table.IfToken("1")),
		check("c", table.IfToken("1")),
		del("d", table.Always()),
		{Item: row("e", "2"), If: table.IfAbsent()},
		check("f", table.IfAbsent()),
		{Item: expiring(row("g", "2"), b.clock.now().Add(hour))},
		del("nothing", table.Always()),
	})
	if err != nil {
		t.Fatal(err)
	}
	b.wantsSorts(t, table.Range{Partition: "p"}, "a", "c", "e", "g")
	b.wants(t, row("a", "2"))
	b.wants(t, row("c", "1"))
	b.wants(t, row("e", "2"))
	b.wants(t, expiring(row("g", "2"), b.clock.now().Add(hour)))
}

func transactNothing(t *testing.T, b *bench) {
	b.put(t, row("a", "1"), row("b", "1"), row("c", "1"))
	for _, refused := range []table.Write{
		{Item: row("c", "2"), If: table.IfToken("0")},
		{Item: row("c", "2"), If: table.IfAbsent()},
		del("c", table.IfToken("0")),
		check("c", table.IfToken("0")),
		check("c", table.IfAbsent()),
	} {
		err := b.Transact(t.Context(), []table.Write{
			{Item: row("a", "2"), If: table.IfToken("1")},
			del("b", table.IfToken("1")),
			{Item: row("new", "2"), If: table.IfAbsent()},
			refused,
			{Item: row("new2", "2")},
		})
		wantRefused(t, err, stood(3, row("c", "1")))
		b.wantsSorts(t, table.Range{Partition: "p"}, "a", "b", "c")
		for _, sort := range []string{"a", "b", "c"} {
			b.wants(t, row(sort, "1"))
		}
	}
}

func transactReasons(t *testing.T, b *bench) {
	b.put(t, row("a", "1"), row("b", "2"), row("c", "3"), row("d", "4"))
	err := b.Transact(t.Context(), []table.Write{
		{Item: row("a", "9"), If: table.IfAbsent()},
		{Item: row("e", "9"), If: table.IfAbsent()},
		check("b", table.IfToken("0")),
		check("c", table.IfToken("3")),
		del("d", table.IfToken("0")),
		{Item: row("f", "9"), If: table.IfToken("1")},
		check("g", table.IfToken("1")),
		{Item: row("h", "9")},
	})
	wantRefused(t, err, stood(0, row("a", "1")), stood(2, row("b", "2")), stood(4, row("d", "4")), missing(5), missing(6))
	b.wantsSorts(t, table.Range{Partition: "p"}, "a", "b", "c", "d")
}

func transactCheck(t *testing.T, b *bench) {
	b.put(t, row("a", "1"))
	w := check("a", table.IfToken("1"))
	w.Item = row("a", "other") // a check's row is not written
	if err := b.Transact(t.Context(), []table.Write{w, check("b", table.IfAbsent())}); err != nil {
		t.Fatal(err)
	}
	b.wants(t, row("a", "1"))
	b.wantsSorts(t, table.Range{Partition: "p"}, "a")
	wantKind(t, b.Write(t.Context(), w), fault.Invalid)
	wantKind(t, b.Transact(t.Context(), []table.Write{check("a", table.Always())}), fault.Invalid)
	both := del("a", table.IfToken("1"))
	both.Check = true
	wantKind(t, b.Transact(t.Context(), []table.Write{both}), fault.Invalid)
	b.wants(t, row("a", "1"))
}

func transactPartitions(t *testing.T, b *bench) {
	other := row("a", "2")
	other.Partition = "q"
	writes := []table.Write{{Item: row("a", "1"), If: table.IfAbsent()}, {Item: other, If: table.IfAbsent()}}
	if err := b.Transact(t.Context(), writes); err != nil {
		t.Fatal(err)
	}
	b.wants(t, row("a", "1"))
	b.wants(t, other)
}

func transactTwice(t *testing.T, b *bench) {
	err := b.Transact(t.Context(), []table.Write{{Item: row("a", "1")}, {Item: row("b", "1")}, check("a", table.IfAbsent())})
	wantKind(t, err, fault.Invalid)
	b.wantsSorts(t, table.Range{Partition: "p"})
}
