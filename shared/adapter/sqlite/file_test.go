package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

func row(sort, token string) table.Item {
	return table.Item{Key: table.Key{Partition: "p", Sort: sort}, Doc: []byte(`{}`), Token: token}
}

func TestRowsOutliveTheProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	first, err := Open(t.Context(), path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	want := row("s", "a")
	if err := first.Table("rows").Write(t.Context(), table.Write{Item: want}); err != nil {
		t.Fatal(err)
	}
	// The second handle opens beside the first, as after a kill that closed nothing.
	second := openFile(t, path, time.Now)
	got, ok, err := second.Table("rows").Get(t.Context(), want.Key)
	if err != nil || !ok || got.Token != "a" || string(got.Doc) != `{}` {
		t.Fatal(got, ok, err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestTablesOfOneFileAreApart(t *testing.T) {
	db := openFile(t, filepath.Join(t.TempDir(), "state.db"), time.Now)
	if err := db.Table("one").Write(t.Context(), table.Write{Item: row("s", "a")}); err != nil {
		t.Fatal(err)
	}
	if err := db.Table("two").Write(t.Context(), table.Write{Item: row("s", "b"), If: table.IfAbsent()}); err != nil {
		t.Fatal(err)
	}
	got, _, err := db.Table("one").Get(t.Context(), row("s", "").Key)
	if err != nil || got.Token != "a" {
		t.Fatal(got, err)
	}
}

// Two handles stand for two processes on one file.
func TestTwoProcessesLoseNoUpdate(t *testing.T) {
	const each = 40
	path := filepath.Join(t.TempDir(), "state.db")
	handles := []table.Table{openFile(t, path, time.Now).Table("rows"), openFile(t, path, time.Now).Table("rows")}
	if err := handles[0].Write(t.Context(), table.Write{Item: row("n", "0")}); err != nil {
		t.Fatal(err)
	}
	raise := func(tab table.Table) error {
		for {
			old, _, err := tab.Get(t.Context(), row("n", "").Key)
			if err != nil {
				return err
			}
			var n int
			if _, err := fmt.Sscan(old.Token, &n); err != nil {
				return err
			}
			next := row("n", fmt.Sprint(n+1))
			err = tab.Write(t.Context(), table.Write{Item: next, If: table.IfToken(old.Token)})
			if _, refused := table.AsRefused(err); !refused {
				return err
			}
		}
	}
	errs := make([]error, len(handles))
	var group sync.WaitGroup
	for i, tab := range handles {
		group.Go(func() {
			for range each {
				errs[i] = errors.Join(errs[i], raise(tab))
			}
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	got, _, err := handles[0].Get(t.Context(), row("n", "").Key)
	if want := fmt.Sprint(each * len(handles)); err != nil || got.Token != want {
		t.Fatalf("got %s, %v; want %s", got.Token, err, want)
	}
}

func TestSweepDeletesExpiredRowsOnlyAndNotTooManyAtOnce(t *testing.T) {
	now := time.Now()
	db := openFile(t, filepath.Join(t.TempDir(), "state.db"), func() time.Time { return now })
	var items []table.Item
	for i := range sweepRows + 10 {
		item := row(fmt.Sprintf("expired%04d", i), "a")
		item.Expires = now.Add(-time.Second)
		items = append(items, item)
	}
	later := row("later", "a")
	later.Expires = now.Add(time.Millisecond)
	if err := db.Table("rows").BatchPut(t.Context(), append(items, later, row("never", "a"))); err != nil {
		t.Fatal(err)
	}
	for _, left := range []int{12, 2, 2} {
		err := db.write(t.Context(), func(tx *sql.Tx) error { return sweepItems(t.Context(), tx, now) })
		if err != nil {
			t.Fatal(err)
		}
		if got := stored(t, db); got != left {
			t.Fatalf("%d rows are left, want %d", got, left)
		}
	}
}

func TestWritesSweepNowAndThen(t *testing.T) {
	now := time.Now()
	db := openFile(t, filepath.Join(t.TempDir(), "state.db"), func() time.Time { return now })
	expired := row("expired", "a")
	expired.Expires = now
	if err := db.Table("other").Write(t.Context(), table.Write{Item: expired}); err != nil {
		t.Fatal(err)
	}
	for range sweepEvery {
		if err := db.Table("rows").Write(t.Context(), table.Write{Item: row("s", "a")}); err != nil {
			t.Fatal(err)
		}
	}
	if got := stored(t, db); got != 1 {
		t.Fatalf("%d rows are stored, want only the live one", got)
	}
}

func stored(t *testing.T, db *DB) (rows int) {
	t.Helper()
	if err := db.reader.QueryRowContext(t.Context(), `SELECT count(*) FROM item`).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func BenchmarkConditionalPut(b *testing.B) {
	db, err := Open(b.Context(), filepath.Join(b.TempDir(), "state.db"), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	tab := db.Table("rows")
	for n := 0; b.Loop(); n++ {
		if err := tab.Write(b.Context(), table.Write{Item: row(fmt.Sprintf("%09d", n), "a"), If: table.IfAbsent()}); err != nil {
			b.Fatal(err)
		}
	}
}
