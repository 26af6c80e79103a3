package tabletest

import (
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

var settleTests = []test{
	{"a put is settled whatever was lost", settlePut},
	{"a transaction is settled whatever was lost", settleTransact},
	{"another's row is no success of ours, whatever was lost", settleLoser},
	{"a put whose answers stay away stays ambiguous", settleGivesUp},
	{"a late write does not undo a later one", settleLate},
	{"a lossy table does what its plan says", lossyPlan},
}

// eachLoss runs a test once for each loss of the first, and of the first two writes.
func eachLoss(b *bench, run func(lossy *Lossy, partition string, loss Loss)) {
	for _, loss := range Losses() {
		for _, times := range []int{1, 2} {
			run(NewLossy(b, First(1, times, loss)), loss.String()+string(rune('0'+times)), loss)
		}
	}
}

func in(partition string, item table.Item) table.Item {
	item.Partition = partition
	return item
}

func settlePut(t *testing.T, b *bench) {
	eachLoss(b, func(lossy *Lossy, p string, _ Loss) {
		create := table.Write{Item: in(p, row("s", "ours")), If: table.IfAbsent()}
		if err := table.Put(t.Context(), lossy, create); err != nil {
			t.Errorf("%s: create: %v", p, err)
		}
		lossy.Settle()
		b.wants(t, create.Item)
	})
	eachLoss(b, func(lossy *Lossy, p string, _ Loss) {
		swap := table.Write{Item: in(p, row("s", "next")), If: table.IfToken("ours")}
		if err := table.Put(t.Context(), lossy, swap); err != nil {
			t.Errorf("%s: compare and set: %v", p, err)
		}
		lossy.Settle()
		b.wants(t, swap.Item)
	})
}

func settleTransact(t *testing.T, b *bench) {
	eachLoss(b, func(lossy *Lossy, p string, _ Loss) {
		b.put(t, in(p, row("old", "1")), in(p, row("gone", "1")))
		writes := []table.Write{
			{Item: in(p, row("gone", "")), Delete: true, If: table.IfToken("1")},
			{Item: in(p, row("new", "2")), If: table.IfAbsent()},
			{Item: in(p, row("old", "2")), If: table.IfToken("1")},
		}
		if err := table.Transact(t.Context(), lossy, writes); err != nil {
			t.Errorf("%s: %v", p, err)
		}
		lossy.Settle()
		b.wantsSorts(t, table.Range{Partition: p}, "new", "old")
		b.wants(t, writes[1].Item)
		b.wants(t, writes[2].Item)
	})
}

func settleLoser(t *testing.T, b *bench) {
	eachLoss(b, func(lossy *Lossy, p string, _ Loss) {
		theirs := in(p, row("s", "theirs"))
		b.put(t, theirs)
		create := table.Write{Item: in(p, row("s", "ours")), If: table.IfAbsent()}
		wantRefused(t, table.Put(t.Context(), lossy, create), stood(0, theirs))
		writes := []table.Write{{Item: in(p, row("other", "ours")), If: table.IfAbsent()}, create}
		again := NewLossy(b, lossy.plan)
		wantRefused(t, table.Transact(t.Context(), again, writes), stood(1, theirs))
		lossy.Settle()
		again.Settle()
		b.wantsSorts(t, table.Range{Partition: p}, "s")
		b.wants(t, theirs)
	})
}

func settleGivesUp(t *testing.T, b *bench) {
	for loss, kind := range map[Loss]fault.Kind{
		Down: fault.Unavailable, LostWrite: fault.Ambiguous, LostAnswer: fault.Ambiguous,
	} {
		lossy := NewLossy(b, func(int) Loss { return loss })
		wantKind(t, table.Put(t.Context(), lossy, table.Write{Item: in(loss.String(), row("s", "1"))}), kind)
		if lossy.Writes() < 2 || lossy.Writes() > 10 {
			t.Errorf("%v: tried %d times", loss, lossy.Writes())
		}
	}
}

func settleLate(t *testing.T, b *bench) {
	b.put(t, row("s", "1"))
	lossy := NewLossy(b, Nth(1, LateWrite))
	wantKind(t, lossy.Write(t.Context(), table.Write{Item: row("s", "2"), If: table.IfToken("1")}), fault.Ambiguous)
	if err := lossy.Write(t.Context(), table.Write{Item: row("s", "3"), If: table.IfToken("1")}); err != nil {
		t.Fatal(err)
	}
	b.wants(t, row("s", "3"))
}

func lossyPlan(t *testing.T, b *bench) {
	for _, c := range []struct {
		loss             Loss
		kind             fault.Kind
		now, afterSettle bool // whether the row is there
	}{
		{Down, fault.Unavailable, false, false},
		{LostWrite, fault.Ambiguous, false, false},
		{LostAnswer, fault.Ambiguous, true, true},
		{LateWrite, fault.Ambiguous, false, true},
	} {
		lossy := NewLossy(b, Nth(2, c.loss))
		first, second := in(c.loss.String(), row("first", "1")), in(c.loss.String(), row("second", "1"))
		if err := lossy.Write(t.Context(), table.Write{Item: first}); err != nil {
			t.Fatal(err)
		}
		wantKind(t, lossy.BatchPut(t.Context(), []table.Item{second}), c.kind)
		if _, there, err := lossy.Get(t.Context(), second.Key); err != nil || there != c.now {
			t.Errorf("%v: there %v, %v; want %v", c.loss, there, err, c.now)
		}
		lossy.Settle()
		if _, there, err := lossy.Get(t.Context(), second.Key); err != nil || there != c.afterSettle {
			t.Errorf("%v: later there %v, %v; want %v", c.loss, there, err, c.afterSettle)
		}
		b.wants(t, first)
		if lossy.Writes() != 2 {
			t.Errorf("counted %d writes, want 2", lossy.Writes())
		}
	}
}
