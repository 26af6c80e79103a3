package table_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

func TestPrefixBoundsAreTheNextStringOfSameOrShorterLength(t *testing.T) {
	for p, want := range map[string]string{
		"t#":            "t$",
		"a":             "b",
		"":              "",
		"\x7f":          "\u0080",
		"x\u00bf":       "x\u00c0",
		"x\ud7ff":       "x\ue000",
		"a\U0010ffff":   "b",
		"\U0010ffff":    "",
		"a#\U0010ffff":  "a$",
		"live#":         "live$",
		"value#camp#1#": "value#camp#1$",
	} {
		if from, to := table.Prefix(p); from != p || to != want {
			t.Errorf("%q: got %q to %q, want to %q", p, from, to, want)
		}
	}
}

func FuzzPrefixSelectsExactlyWhatBeginsWithIt(f *testing.F) {
	f.Add("t#", "t#1")
	f.Add("é", "ê")
	f.Add("\ud7ff", "\ue000")
	f.Fuzz(func(t *testing.T, p, s string) {
		p, s = strings.ToValidUTF8(p, ""), strings.ToValidUTF8(s, "")
		from, to := table.Prefix(p)
		for _, s := range []string{s, p + s} {
			if in := s >= from && (to == "" || s < to); in != strings.HasPrefix(s, p) {
				t.Errorf("%q in %q to %q: %v", s, from, to, in)
			}
		}
	})
}

func TestMillisKeepsTheExpiryAndNever(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 5_999_999, time.UTC)
	if got := table.FromMillis(table.Millis(at)); !got.Equal(at.Truncate(time.Millisecond)) {
		t.Errorf("got %v", got)
	}
	if got := table.FromMillis(table.Millis(time.Time{})); !got.IsZero() {
		t.Errorf("never became %v", got)
	}
	if table.Millis(time.Unix(0, 0)) == 0 {
		t.Error("an expiry in 1970 became never")
	}
}

// rows gives rows of a size, with the n-th expired.
func rows(size, expired int) iter.Seq2[table.Item, error] {
	return func(yield func(table.Item, error) bool) {
		for i := range 100 {
			item := table.Item{Key: table.Key{Partition: "p", Sort: fmt.Sprintf("%02d", i)}}
			if i == expired {
				item.Expires = time.Unix(1, 0)
			}
			item.Doc = make([]byte, size-item.Size())
			if !yield(item, nil) {
				return
			}
		}
	}
}

func TestCutEndsAtTheLimitOrWithTheRowThatPassesThePage(t *testing.T) {
	for _, c := range []struct {
		size, limit, expired int
		items                int
		next                 string
	}{
		{size: 100, limit: 0, expired: -1, items: 100},
		{size: 100, limit: 3, expired: -1, items: 3, next: "02"},
		{size: 100, limit: 3, expired: 1, items: 2, next: "02"},
		{size: 100, limit: 100, expired: -1, items: 100, next: "99"},
		{size: table.MaxPageBytes / 4, limit: 0, expired: -1, items: 5, next: "04"},
		{size: table.MaxPageBytes / 4, limit: 0, expired: 0, items: 4, next: "04"},
		{size: table.MaxPageBytes / 4, limit: 2, expired: -1, items: 2, next: "01"},
	} {
		page, err := table.Cut(rows(c.size, c.expired), c.limit, time.Unix(2, 0))
		if err != nil || len(page.Items) != c.items || page.Next != c.next {
			t.Errorf("%+v: got %d rows, next %q, %v", c, len(page.Items), page.Next, err)
		}
	}
}

func TestCutGivesNoPartOfAPageThatBroke(t *testing.T) {
	broken := errors.New("broken")
	page, err := table.Cut(func(yield func(table.Item, error) bool) {
		_ = yield(table.Item{}, nil) && yield(table.Item{}, broken)
	}, 0, time.Now())
	if !errors.Is(err, broken) || len(page.Items) != 0 {
		t.Errorf("got %+v, %v", page, err)
	}
}

func TestDistinctAndLastOfEachKeepTheOrder(t *testing.T) {
	a, b := table.Key{Partition: "p", Sort: "a"}, table.Key{Partition: "p", Sort: "b"}
	if got := table.Distinct([]table.Key{b, a, b, a}); !slices.Equal(got, []table.Key{b, a}) {
		t.Errorf("got %v", got)
	}
	got := table.LastOfEach([]table.Item{{Key: b, Token: "1"}, {Key: a, Token: "1"}, {Key: b, Token: "2"}})
	if len(got) != 2 || got[0].Key != b || got[0].Token != "2" || got[1].Key != a {
		t.Errorf("got %+v", got)
	}
}

func TestErrorOfARefusalNamesNoKey(t *testing.T) {
	err := error(&table.Refused{Refusals: []table.Refusal{{Old: table.Item{Key: table.Key{Partition: "secret", Sort: "secret"}}}}})
	if strings.Contains(err.Error(), "secret") || !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v of kind %v", err, fault.Of(err).Kind())
	}
	if _, ok := table.AsRefused(fmt.Errorf("store person: %w", err)); !ok {
		t.Error("a wrapped refusal was not found")
	}
	if _, ok := table.AsRefused(fault.New(fault.Conflict, "stale", "")); ok {
		t.Error("a conflict of another origin was taken for a refusal")
	}
}
