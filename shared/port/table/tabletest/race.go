package tabletest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

var raceTests = []test{
	{"no concurrent compare-and-set is lost", raceCounter},
	{"of concurrent creates exactly one wins and the others see it", raceCreate},
	{"concurrent transactions neither tear nor fail for meeting", raceTransfer},
	{"no reader sees half a transaction", raceReaders},
}

// together runs f n times at once and reports what failed.
func together(t *testing.T, n int, f func(i int) error) {
	t.Helper()
	errs := make([]error, n)
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { errs[i] = f(i) })
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// number is a row that holds a number.
func number(sort string, n int, token string) table.Item {
	item := row(sort, token)
	item.Doc = []byte(strconv.Itoa(n))
	return item
}

// untilWon repeats a compare-and-set until no one came between.
func untilWon(f func(try int) error) error {
	for try := range 1000 {
		err := f(try)
		if _, refused := table.AsRefused(err); !refused {
			return err
		}
	}
	return errors.New("refused a thousand times")
}

func raceCounter(t *testing.T, b *bench) {
	const writers, each = 8, 8
	ctx := t.Context()
	b.put(t, number("n", 0, "start"))
	together(t, writers, func(i int) error {
		for j := range each {
			if err := untilWon(func(try int) error {
				old, _, err := b.Get(ctx, row("n", "").Key)
				if err != nil {
					return err
				}
				n, err := strconv.Atoi(string(old.Doc))
				if err != nil {
					return err
				}
				next := number("n", n+1, fmt.Sprint(i, ".", j, ".", try))
				return b.Write(ctx, table.Write{Item: next, If: table.IfToken(old.Token)})
			}); err != nil {
				return err
			}
		}
		return nil
	})
	got, _, err := b.Get(ctx, row("n", "").Key)
	if err != nil || string(got.Doc) != strconv.Itoa(writers*each) {
		t.Fatalf("got %s, %v; want %d", got.Doc, err, writers*each)
	}
}

func raceCreate(t *testing.T, b *bench) {
	const writers = 12
	ctx := t.Context()
	winners := make([]string, writers)
	together(t, writers, func(i int) error {
		winners[i] = fmt.Sprint("w", i)
		err := b.Write(ctx, table.Write{Item: row("s", winners[i]), If: table.IfAbsent()})
		if refused, ok := table.AsRefused(err); ok {
			winners[i] = refused.Refusals[0].Old.Token
			return nil
		}
		return err
	})
	b.wants(t, row("s", winners[0]))
	for i, winner := range winners {
		if winner != winners[0] {
			t.Errorf("writer %d takes %q for the winner, writer 0 takes %q", i, winner, winners[0])
		}
	}
}

// raceTransfer moves one from a row to another and back in transactions that
// meet on both rows, in either order. None may report another's presence as
// anything but a refusal.
func raceTransfer(t *testing.T, b *bench) {
	const writers, each = 6, 4
	ctx := t.Context()
	b.put(t, number("a", 100, "0a"), number("b", 100, "0b"))
	together(t, writers, func(i int) error {
		from, to := "a", "b"
		if i%2 == 1 {
			from, to = to, from
		}
		for j := range each {
			token := fmt.Sprint(i, ".", j)
			if err := untilWon(func(try int) error { return transfer(ctx, b, from, to, fmt.Sprint(token, ".", try)) }); err != nil {
				return err
			}
		}
		return nil
	})
	b.wants(t, number("a", 100, b.token(t, "a")))
	b.wants(t, number("b", 100, b.token(t, "b")))
}

func (b *bench) token(t *testing.T, sort string) string {
	t.Helper()
	item, _, err := b.Get(t.Context(), row(sort, "").Key)
	if err != nil {
		t.Fatal(err)
	}
	return item.Token
}

func transfer(ctx context.Context, b *bench, from, to, token string) error {
	var writes []table.Write
	for sort, by := range map[string]int{from: -1, to: +1} {
		old, _, err := b.Get(ctx, row(sort, "").Key)
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(string(old.Doc))
		if err != nil {
			return err
		}
		writes = append(writes, table.Write{Item: number(sort, n+by, token+sort), If: table.IfToken(old.Token)})
	}
	return b.Transact(ctx, writes)
}

// raceReaders has a writer that gives two rows always the same number; a
// reader that sees the first at n must then see the second at n or later.
func raceReaders(t *testing.T, b *bench) {
	const rounds = 30
	ctx := t.Context()
	b.put(t, number("a", 0, "0"), number("b", 0, "0"))
	read := func(sort string) (int, error) {
		item, _, err := b.Get(ctx, row(sort, "").Key)
		if err != nil {
			return 0, err
		}
		return strconv.Atoi(string(item.Doc))
	}
	together(t, 3, func(i int) error {
		for n := 1; n <= rounds; n++ {
			if i == 0 {
				token := strconv.Itoa(n)
				if err := b.Transact(ctx, []table.Write{{Item: number("a", n, token)}, {Item: number("b", n, token)}}); err != nil {
					return err
				}
				continue
			}
			first, err := read("a")
			second, err2 := read("b")
			if err := errors.Join(err, err2); err != nil {
				return err
			}
			if second < first {
				return fmt.Errorf("saw %d in the one row and afterwards %d in the other", first, second)
			}
		}
		return nil
	})
}
