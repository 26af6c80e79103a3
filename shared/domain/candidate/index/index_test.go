package index_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

func TestACandidateBecomesTypedValues(t *testing.T) {
	k := candidate.Known{Listed: candidate.Listed{Candidate: candidate.Candidate{
		ID: "c1", Name: "Ada Lane", SourceID: "s1", Location: "London, UK", Tags: []string{"t1", "t2", "t1"},
		Emails: []candidate.Address{{Value: "Ada@x.io", Primary: true}, {Value: "a@y.io"}},
		Phones: []candidate.Address{{Value: "+44 (20) 7946-0958"}}, Links: []candidate.Link{{Type: "LinkedIn", URL: "https://x/IN"}},
		Custom: map[string]candidate.FieldValue{
			"text": {JSON: `"Go"`}, "number": {JSON: "1.5"}, "flag": {JSON: "false"}, "day": {JSON: `"2026-01-01"`},
			"time": {JSON: `"2026-01-01T00:00:01.5Z"`}, "one": {JSON: `"o1"`}, "many": {JSON: `["o1","o2"]`},
			"place": {JSON: `{"country":"UK","city":"Leeds"}`}, "pay": {JSON: `{"value":1,"currencyCode":"USD"}`},
			"secret": {JSON: `"s"`}, "hidden": {JSON: `"h"`}, "unlisted": {JSON: `"u"`}, "wrong": {JSON: `{"a":1}`},
		},
	}, Company: "Acme", Private: []string{"hidden"}}}
	fields := []field.Field{
		{ID: "text", Type: field.String},
		{ID: "number", Type: field.Number},
		{ID: "flag", Type: field.Boolean},
		{ID: "day", Type: field.Date},
		{ID: "time", Type: field.Date},
		{ID: "one", Type: field.Select},
		{ID: "many", Type: field.MultiSelect},
		{ID: "place", Type: field.Place},
		{ID: "pay", Type: "Currency"},
		{ID: "secret", Type: field.String, Private: true},
		{ID: "hidden", Type: field.String},
		{ID: "wrong", Type: field.Number},
	}
	text := func(list ...string) index.Value { return index.Value{Texts: list} }
	want := map[string]index.Value{
		"name": text("ada lane"), "email": text("ada@x.io"), "alternate_emails": text("a@y.io"), "phone": text("442079460958"),
		"link.LinkedIn": text("https://x/in"), "location": text("london, uk"), "source": text("s1"), "tags": text("t1", "t2"), "company": text("acme"),
		"text": text("go"), "number": {Number: 1.5}, "flag": {}, "day": {Number: 1767225600000}, "time": {Number: 1767225601500},
		"one": text("o1"), "many": text("o1", "o2"), "place": text("leeds, uk"), "pay": {Number: 1},
	}
	if diff := cmp.Diff(want, index.Of(k, fields, strings.ToLower).Values); diff != "" {
		t.Error(diff)
	}
	if e := index.Of(candidate.Known{Listed: k.Listed, Gone: true}, fields, strings.ToLower); !e.Gone || len(e.Values) > 0 {
		t.Errorf("of one that is gone: %+v", e)
	}
}

func TestAnOlderReadDoesNotTakeThePlaceOfANewer(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	read := func(updated, asked int, gone bool) candidate.Known {
		k := candidate.Known{Gone: gone, ReadAt: at.Add(time.Duration(asked) * time.Second)}
		if !gone {
			k.UpdatedAt = at.Add(time.Duration(updated) * time.Second)
		}
		return k
	}
	for name, c := range map[string]struct {
		next, kept candidate.Known
		want       bool
	}{
		"changed since":                      {read(2, 9, false), read(1, 5, false), true},
		"of before a change, read later":     {read(1, 9, false), read(2, 5, false), false},
		"unchanged":                          {read(1, 9, false), read(1, 5, false), true},
		"unchanged and asked for earlier":    {read(1, 4, false), read(1, 5, false), false},
		"gone, by what was asked for before": {read(9, 4, false), read(0, 5, true), false},
		"there after all":                    {read(1, 6, false), read(0, 5, true), true},
		"deleted":                            {read(0, 6, true), read(9, 5, false), true},
	} {
		if got := c.next.Supersedes(c.kept); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestATextIsCutBetweenCharacters(t *testing.T) {
	if got := index.Cut("aéb", 2); got != "a" {
		t.Errorf("got %q", got)
	}
}

func FuzzBrokenPartsAreRefused(f *testing.F) {
	var entries []index.Entry
	for i := range 5 {
		entries = append(entries, index.Entry{ID: fmt.Sprint("c", i), Gone: i == 4, Values: map[string]index.Value{
			"a": {Texts: []string{"x", "y"}[:1+i%2]}, "b": {Texts: []string{"z"}}, "n": {Number: 1},
		}})
	}
	for _, p := range index.Build(entries).Encode() {
		f.Add(p.Field, p.Bytes)
	}
	f.Fuzz(func(_ *testing.T, name string, b []byte) {
		parts := index.Build(entries).Encode()
		i := slices.IndexFunc(parts, func(p index.Part) bool { return p.Field == name })
		if i < 0 {
			return
		}
		parts[i].Bytes = b
		s, err := index.Decode(parts)
		if err != nil {
			return
		}
		s.Entries() // must not fall over
		index.Alive([]*index.Segment{s, s})
	})
}
