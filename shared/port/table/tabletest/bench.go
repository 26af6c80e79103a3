package tabletest

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// bench is a table under test with its clock.
type bench struct {
	table.Table
	clock *clock
}

// clock stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// row makes a small row of partition "p".
func row(sort, token string) table.Item {
	return table.Item{
		Key:   table.Key{Partition: "p", Sort: sort},
		Doc:   fmt.Appendf(nil, `{"sort":%q,"token":%q}`, sort, token),
		Token: token,
	}
}

// expiring gives a row an expiry.
func expiring(item table.Item, at time.Time) table.Item {
	item.Expires = at
	return item
}

// put stores rows without condition.
func (b *bench) put(t *testing.T, items ...table.Item) {
	t.Helper()
	for _, item := range items {
		if err := b.Write(t.Context(), table.Write{Item: item}); err != nil {
			t.Fatalf("put %q: %v", item.Sort, err)
		}
	}
}

// wants reads the row and compares it.
func (b *bench) wants(t *testing.T, want table.Item) {
	t.Helper()
	got, ok, err := b.Get(t.Context(), want.Key)
	if err != nil || !ok {
		t.Fatalf("get %q: found %v, %v", want.Sort, ok, err)
	}
	same(t, got, want)
}

// wantsNone reads the row and expects none.
func (b *bench) wantsNone(t *testing.T, key table.Key) {
	t.Helper()
	if got, ok, err := b.Get(t.Context(), key); err != nil || ok {
		t.Fatalf("get %q: found %v (%+v), %v; want none", key.Sort, ok, got, err)
	}
}

// all reads every page of a range.
func (b *bench) all(t *testing.T, r table.Range) []table.Item {
	t.Helper()
	var items []table.Item
	for range 10_000 {
		page, err := b.Query(t.Context(), r)
		if err != nil {
			t.Fatalf("query: %v", err)
		}
		if r.Limit > 0 && len(page.Items) > r.Limit {
			t.Fatalf("a page of %d rows with a limit of %d", len(page.Items), r.Limit)
		}
		items = append(items, page.Items...)
		if page.Next == "" {
			return items
		}
		r.After = page.Next
	}
	t.Fatal("paging does not end")
	return nil
}

// wantsSorts compares the sort keys of a range, in order.
func (b *bench) wantsSorts(t *testing.T, r table.Range, want ...string) {
	t.Helper()
	var got []string
	for _, item := range b.all(t, r) {
		got = append(got, item.Sort)
	}
	if !slices.Equal(got, want) {
		t.Errorf("range %+v: got %q, want %q", r, got, want)
	}
}

// same compares two rows: documents byte by byte, expiries as instants.
func same(t *testing.T, got, want table.Item) {
	t.Helper()
	if got.Key != want.Key || got.Token != want.Token || !got.Expires.Equal(want.Expires) {
		t.Fatalf("got row %+v token %q expires %v, want %+v %q %v",
			got.Key, got.Token, got.Expires, want.Key, want.Token, want.Expires)
	}
	if !bytes.Equal(got.Doc, want.Doc) {
		t.Fatalf("row %+v: got document %.200q, want %.200q", got.Key, got.Doc, want.Doc)
	}
}

// wantKind expects a fault of a kind.
func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("got %v, want a fault of kind %v", err, kind)
	}
	if _, refused := table.AsRefused(err); refused != (kind == fault.Conflict) {
		t.Fatalf("got %v: only refusals are conflicts", err)
	}
}

// wantRefused expects these refusals, in this order.
func wantRefused(t *testing.T, err error, want ...table.Refusal) {
	t.Helper()
	refused, ok := table.AsRefused(err)
	if !ok {
		t.Fatalf("got %v, want a refusal", err)
	}
	if !fault.Is(err, fault.Conflict) {
		t.Fatalf("a refusal of kind %v", fault.Of(err).Kind())
	}
	if len(refused.Refusals) != len(want) {
		t.Fatalf("got %d refusals %+v, want %d", len(refused.Refusals), refused.Refusals, len(want))
	}
	for i, got := range refused.Refusals {
		if got.Index != want[i].Index || got.Found != want[i].Found {
			t.Fatalf("refusal %d: got index %d found %v, want %d %v",
				i, got.Index, got.Found, want[i].Index, want[i].Found)
		}
		same(t, got.Old, want[i].Old)
	}
}

// stood is the refusal of a write by a row.
func stood(index int, old table.Item) table.Refusal {
	return table.Refusal{Index: index, Found: true, Old: old}
}

// missing is the refusal of a write for want of a row.
func missing(index int) table.Refusal { return table.Refusal{Index: index} }
