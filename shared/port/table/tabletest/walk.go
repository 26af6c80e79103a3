package tabletest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

var walkTests = []test{
	{"a random walk agrees with a plain model", walk},
}

// model is the plainest table that could be right: rows by their key.
type model map[table.Key]table.Item

func (m model) live(key table.Key, now time.Time) (table.Item, bool) {
	item, ok := m[key]
	if !ok || !item.Expires.IsZero() && !item.Expires.After(now) {
		return table.Item{}, false
	}
	return item, true
}

func (m model) transact(writes []table.Write, now time.Time) []table.Refusal {
	var refusals []table.Refusal
	for i, w := range writes {
		old, found := m.live(w.Item.Key, now)
		token, wantsToken := w.If.Wanted()
		if w.If.WantsAbsent() && found || wantsToken && (!found || old.Token != token) {
			refusals = append(refusals, table.Refusal{Index: i, Found: found, Old: old})
		}
	}
	if len(refusals) > 0 {
		return refusals
	}
	for _, w := range writes {
		switch {
		case w.Check:
		case w.Delete:
			delete(m, w.Item.Key)
		default:
			m[w.Item.Key] = w.Item
		}
	}
	return nil
}

func (m model) query(r table.Range, now time.Time) []table.Item {
	var items []table.Item
	for key := range m {
		item, ok := m.live(key, now)
		if ok && key.Partition == r.Partition && key.Sort >= r.From && (r.To == "" || key.Sort < r.To) {
			items = append(items, item)
		}
	}
	slices.SortFunc(items, func(a, b table.Item) int { return strings.Compare(a.Sort, b.Sort) })
	if r.Descending {
		slices.Reverse(items)
	}
	return items
}

// walker makes random calls from a fixed seed.
type walker struct {
	*rand.Rand
	tokens int
}

func (w *walker) sort() string { return string("abcdef"[w.IntN(6)]) + string("0123"[w.IntN(4)]) }

func (w *walker) item(now time.Time) table.Item {
	w.tokens++
	item := row(w.sort(), fmt.Sprint("t", w.tokens))
	item.Partition = string("pq"[w.IntN(2)])
	if w.IntN(3) == 0 {
		item.Expires = now.Add(time.Duration(w.IntN(4000)) * time.Millisecond)
	}
	return item
}

// write conditions half of its tokens on the row that stands there.
func (w *walker) write(m model, now time.Time) table.Write {
	write := table.Write{Item: w.item(now), Delete: w.IntN(4) == 0}
	switch w.IntN(4) {
	case 0:
		write.If = table.IfAbsent()
	case 1:
		write.If = table.IfToken("t1")
		if old, ok := m[write.Item.Key]; ok {
			write.If = table.IfToken(old.Token)
		}
	}
	return write
}

func (w *walker) transaction(m model, now time.Time) []table.Write {
	var writes []table.Write
	for range 1 + w.IntN(4) {
		write := w.write(m, now)
		if w.IntN(4) == 0 && !write.If.Unconditional() {
			write.Delete, write.Check = false, true
		}
		if !slices.ContainsFunc(writes, func(o table.Write) bool { return o.Item.Key == write.Item.Key }) {
			writes = append(writes, write)
		}
	}
	return writes
}

func (w *walker) bounds() table.Range {
	r := table.Range{Partition: string("pq"[w.IntN(2)]), Limit: w.IntN(5), Descending: w.IntN(2) == 0}
	if w.IntN(2) == 0 {
		r.From = w.sort()
	}
	if w.IntN(2) == 0 {
		r.To = w.sort()
	}
	return r
}

func walk(t *testing.T, b *bench) {
	w, m := &walker{Rand: rand.New(rand.NewPCG(1, 2))}, model{}
	for range 600 {
		now := b.clock.now()
		switch w.IntN(5) {
		case 0:
			writes := w.transaction(m, now)
			wantsWrite(t, b.Transact(t.Context(), writes), m.transact(writes, now))
		case 1, 2:
			write := w.write(m, now)
			wantsWrite(t, b.Write(t.Context(), write), m.transact([]table.Write{write}, now))
		case 3:
			r := w.bounds()
			want := m.query(r, now)
			wantCount(t, b, table.Range{Partition: r.Partition, From: r.From, To: r.To}, 6, min(6, len(want)), len(want) > 6)
			got := b.all(t, r)
			if len(got) != len(want) {
				t.Fatalf("range %+v: got %d rows, want %d", r, len(got), len(want))
			}
			for i := range want {
				same(t, got[i], want[i])
			}
		case 4:
			b.clock.move(time.Duration(w.IntN(500)) * time.Millisecond)
		}
	}
}

func wantsWrite(t *testing.T, err error, want []table.Refusal) {
	t.Helper()
	if len(want) > 0 {
		wantRefused(t, err, want...)
	} else if err != nil {
		t.Fatal(err)
	}
}
