package tabletest

import (
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

var writeTests = []test{
	{"a row that was written is read at once", readAfterWrite},
	{"there is no row before it is written", func(t *testing.T, b *bench) { b.wantsNone(t, row("s", "a").Key) }},
	{"documents are kept byte by byte", documents},
	{"keys are any UTF-8", oddKeys},
	{"the returned document is the caller's own", ownCopies},
	{"an unconditional put replaces the whole row", replace},
	{"a create-only put is refused by the row that stands there", createOnly},
	{"a put with a token replaces only that revision", tokenPut},
	{"a put with a token is refused where there is no row", tokenPutMissing},
	{"a delete with a token deletes only that revision", tokenDelete},
	{"a delete of what is not there succeeds", deleteMissing},
	{"a delete only if absent is refused by a row", deleteIfAbsent},
	{"a refusal tells our own token from another's", ownToken},
}

func readAfterWrite(t *testing.T, b *bench) {
	for _, token := range []string{"a", "b", "c"} {
		want := row("s", token)
		b.put(t, want)
		b.wants(t, want)
	}
}

func documents(t *testing.T, b *bench) {
	for i, doc := range []string{
		"", `{}`, `null`, ` { "b" : 1,  "a" : 1.0e2 } ` + "\n", `{"a":1,"a":2}`,
		`{"html":"<b>&amp;</b>","sep":"` + "\u2028\u2029" + `"}`, "\"\u00e9e\u0301😀\\u00e9\"", "\x00\x01\x1f\x7f",
		`12345678901234567890.000`, strings.Repeat("ü", 100_000),
	} {
		want := row("s", strings.Repeat("t", i+1))
		want.Doc = []byte(doc)
		b.put(t, want)
		b.wants(t, want)
	}
}

func oddKeys(t *testing.T, b *bench) {
	for _, key := range []table.Key{
		{Partition: "a#b", Sort: "c"},
		{Partition: "a", Sort: "b#c"},
		{Partition: " ", Sort: " "},
		{Partition: "é", Sort: "e\u0301"},
		{Partition: "😀", Sort: "\u00e9"},
		{Partition: "%_'\"", Sort: "*?[x]\\"},
		{Partition: "A", Sort: "S"},
		{Partition: "a", Sort: "s"},
		{Partition: "0", Sort: "00"},
		{Partition: "0", Sort: "0"},
		{Partition: "x\x00y", Sort: "s\x00"},
		{Partition: "x\x00y", Sort: "s"},
		{Partition: "x", Sort: "s"},
	} {
		item := row("", key.Partition+"|"+key.Sort)
		item.Key = key
		if err := b.Write(t.Context(), table.Write{Item: item, If: table.IfAbsent()}); err != nil {
			t.Fatalf("%+q: %v", key, err)
		}
		b.wants(t, item)
	}
}

func ownCopies(t *testing.T, b *bench) {
	want := row("s", "a")
	given := row("s", "a")
	b.put(t, given)
	given.Doc[0] = 'X'
	b.wants(t, want)
	for range 2 {
		page, err := b.Query(t.Context(), table.Range{Partition: "p"})
		if err != nil || len(page.Items) != 1 {
			t.Fatal(page, err)
		}
		same(t, page.Items[0], want)
		page.Items[0].Doc[0] = 'X'
	}
	err := b.Write(t.Context(), table.Write{Item: row("s", "b"), If: table.IfAbsent()})
	refused, ok := table.AsRefused(err)
	if !ok {
		t.Fatal(err)
	}
	refused.Refusals[0].Old.Doc[0] = 'X'
	b.wants(t, want)
}

func replace(t *testing.T, b *bench) {
	b.put(t, expiring(row("s", "a"), b.clock.now().Add(hour)), row("s", "b"))
	b.clock.move(2 * hour)
	b.wants(t, row("s", "b")) // nor does the old expiry stay
}

func createOnly(t *testing.T, b *bench) {
	create := func(token string) error {
		return b.Write(t.Context(), table.Write{Item: row("s", token), If: table.IfAbsent()})
	}
	if err := create("a"); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, create("b"), stood(0, row("s", "a")))
	b.wants(t, row("s", "a"))
}

func tokenPut(t *testing.T, b *bench) {
	b.put(t, row("s", "a"))
	swap := func(from, to string) error {
		return b.Write(t.Context(), table.Write{Item: row("s", to), If: table.IfToken(from)})
	}
	if err := swap("a", "b"); err != nil {
		t.Fatal(err)
	}
	b.wants(t, row("s", "b"))
	wantRefused(t, swap("a", "c"), stood(0, row("s", "b")))
	wantRefused(t, swap("B", "c"), stood(0, row("s", "b")))
	b.wants(t, row("s", "b"))
}

func tokenPutMissing(t *testing.T, b *bench) {
	err := b.Write(t.Context(), table.Write{Item: row("s", "b"), If: table.IfToken("a")})
	wantRefused(t, err, missing(0))
	b.wantsNone(t, row("s", "").Key)
}

func tokenDelete(t *testing.T, b *bench) {
	b.put(t, row("s", "a"), row("s2", "a"))
	remove := func(token string) error {
		return b.Write(t.Context(), table.Write{
			Item: table.Item{Key: row("s", "").Key}, Delete: true, If: table.IfToken(token),
		})
	}
	wantRefused(t, remove("z"), stood(0, row("s", "a")))
	b.wants(t, row("s", "a"))
	if err := remove("a"); err != nil {
		t.Fatal(err)
	}
	b.wantsNone(t, row("s", "").Key)
	wantRefused(t, remove("a"), missing(0))
	b.wants(t, row("s2", "a"))
}

func deleteMissing(t *testing.T, b *bench) {
	gone := table.Write{Item: table.Item{Key: row("s", "").Key}, Delete: true}
	b.put(t, row("s", "a"))
	for range 2 {
		if err := b.Write(t.Context(), gone); err != nil {
			t.Fatal(err)
		}
		b.wantsNone(t, gone.Item.Key)
	}
}

func deleteIfAbsent(t *testing.T, b *bench) {
	w := table.Write{Item: table.Item{Key: row("s", "").Key}, Delete: true, If: table.IfAbsent()}
	if err := b.Write(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	b.put(t, row("s", "a"))
	wantRefused(t, b.Write(t.Context(), w), stood(0, row("s", "a")))
	b.wants(t, row("s", "a"))
}

func ownToken(t *testing.T, b *bench) {
	w := table.Write{Item: row("s", "ours"), If: table.IfAbsent()}
	if err := b.Write(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, b.Write(t.Context(), w), stood(0, w.Item)) // as the store itself sees a repeated write
	if err := table.Put(t.Context(), b, w); err != nil {
		t.Fatalf("our own row refused us: %v", err)
	}
	w.Item.Token = "another's"
	wantRefused(t, table.Put(t.Context(), b, w), stood(0, row("s", "ours")))
}
