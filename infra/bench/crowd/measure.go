package crowd

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/fold"
	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/query"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/repository/candidates"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mirror"
	"github.com/sourcewhale/ashby-sync/shared/usecase/search"
)

// Counts are what was asked of a table.
type Counts struct {
	Reads  int // calls that read
	Rows   int // read
	Bytes  int // of these rows
	Writes int // rows written or taken away
	Stored int // bytes of the rows written
}

// Counted is a table that counts what is asked of it.
type Counted struct {
	table.Table
	reads, rows, bytes, writes, stored atomic.Int64
}

// Take gives the counts since the last time.
func (c *Counted) Take() Counts {
	return Counts{
		int(c.reads.Swap(0)), int(c.rows.Swap(0)), int(c.bytes.Swap(0)), int(c.writes.Swap(0)), int(c.stored.Swap(0)),
	}
}

func (c *Counted) read(items ...table.Item) {
	c.reads.Add(1)
	for _, i := range items {
		c.rows.Add(1)
		c.bytes.Add(int64(i.Size()))
	}
}

func (c *Counted) wrote(items ...table.Item) {
	for _, i := range items {
		c.writes.Add(1)
		c.stored.Add(int64(i.Size()))
	}
}

// Get counts.
func (c *Counted) Get(ctx context.Context, key table.Key) (table.Item, bool, error) {
	item, ok, err := c.Table.Get(ctx, key)
	c.read(item)
	return item, ok, err
}

// BatchGet counts.
func (c *Counted) BatchGet(ctx context.Context, keys []table.Key) ([]table.Item, error) {
	items, err := c.Table.BatchGet(ctx, keys)
	c.read(items...)
	return items, err
}

// Query counts.
func (c *Counted) Query(ctx context.Context, r table.Range) (table.Page, error) {
	page, err := c.Table.Query(ctx, r)
	c.read(page.Items...)
	return page, err
}

// Write counts.
func (c *Counted) Write(ctx context.Context, w table.Write) error {
	c.wrote(w.Item)
	return c.Table.Write(ctx, w)
}

// BatchPut counts.
func (c *Counted) BatchPut(ctx context.Context, items []table.Item) error {
	c.wrote(items...)
	return c.Table.BatchPut(ctx, items)
}

// Copy is a copied crowd, ready to be searched.
type Copy struct {
	Size     int
	Took     time.Duration // to copy
	Wrote    Counts        // while copying
	Searcher *search.Searcher
	Tables   *Counted
	store    *candidates.Store
	timeline *timeline.Store
}

// team of all copies.
const team = "bench"

// everything may be searched by.
type everything struct{ reads *Counted }

// Filterable lists all fields, for two reads of settings.
func (e everything) Filterable(context.Context, string, string) ([]string, error) {
	e.reads.reads.Add(2) // the team's settings and the user's
	return slices.Clone(filterables), nil
}

var filterables = []string{
	"name", "email", "company", "position", "school", "location", "source", "credited_to", "tags", "link.LinkedIn", "phone",
	"f-seniority", "f-skills", "f-years", "f-start", "f-remote", "f-title", "f-notes", "f-site", "f-pay",
}

// New copies a crowd of that size with the mirror itself, into memory.
func New(ctx context.Context, size int) (*Copy, error) {
	people := Listing(People(size))
	tables := &Counted{Table: memory.NewTable(time.Now)}
	n := 0
	token := func() string { n++; return "t" + strconv.Itoa(n) }
	c := &Copy{Size: size, Tables: tables, store: candidates.New(tables, time.Now, token), timeline: timeline.New(tables, time.Now, token)}
	m := mirror.Mirror{
		States: c.store, Catalogues: c.store, Candidates: c.store, Segments: c.store, Fold: fold.Text, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	}
	began := time.Now()
	for next := began; !next.After(time.Now()); {
		var err error
		if next, _, err = m.Step(ctx, team, "key", people); err != nil {
			return nil, err
		}
	}
	c.Took, c.Wrote = time.Since(began), tables.Take()
	c.Searcher = c.Cold()
	return c, nil
}

// Cold is a searcher as a process has it that was just started.
func (c *Copy) Cold() *search.Searcher {
	return &search.Searcher{Index: c.store, Candidates: c.store, Settings: everything{c.Tables}, People: c.timeline, Fold: fold.Text}
}

// Search is one of the searches that are measured.
type Search struct {
	Name  string
	Asked query.Asked
}

// Searches are those with 1, 3 and 6 filters, of which the selective ones find few.
func Searches() []Search {
	wide := [][3]string{
		{"f-remote", "is", "true"},
		{"f-years", "range", `{"from":3}`},
		{"company", "contains", `"a"`},
		{"f-skills", "none_of", `["sales"]`},
		{"location", "exists", "true"},
		{"f-start", "range", `{"from":"2026-02-01"}`},
	}
	narrow := [][3]string{
		{"name", "contains", `"munoz"`},
		{"name", "contains", `"9"`},
		{"f-seniority", "any_of", `["staff"]`},
		{"f-skills", "all_of", `["go","kafka"]`},
		{"f-title", "contains", `"engineer"`},
		{"tags", "any_of", `["tag-1","tag-2"]`},
	}
	narrow[0][2] = `"okafor"`
	var out []Search
	for _, n := range []int{1, 3, 6} {
		out = append(out, Search{fmt.Sprintf("%d_filters_wide", n), asked(wide[:n], "")},
			Search{fmt.Sprintf("%d_filters_selective", n), asked(narrow[:n], "")})
	}
	return append(out, Search{"3_filters_wide_by_years", asked(wide[:3], "f-years")})
}

func asked(filters [][3]string, sort string) query.Asked {
	a := query.Asked{Sort: sort}
	for _, f := range filters {
		a.Filters = append(a.Filters, query.AskedFilter{Field: f[0], Operator: f[1], Value: json.RawMessage(f[2])})
	}
	return a
}

// Do does a search for its first page.
func (c *Copy) Do(ctx context.Context, s *search.Searcher, what Search) (search.Page, error) {
	return s.Search(ctx, search.Request{Team: team, User: "u", Asked: what.Asked, Limit: 25})
}

// Timing is how long searches take, in a process that was just started and in one
// that has searched before.
type Timing struct {
	Search      string
	Found       int
	Cold        time.Duration
	ColdReads   Counts
	Median, P99 time.Duration
	CPU99       time.Duration // of the processor, which does not count the waits of a busy machine
	WarmReads   Counts
}

// Time does a search once cold and so many times warm.
func (c *Copy) Time(ctx context.Context, what Search, times int) (Timing, error) {
	t := Timing{Search: what.Name}
	cold := c.Cold()
	c.Tables.Take()
	began := time.Now()
	page, err := c.Do(ctx, cold, what)
	if err != nil {
		return t, err
	}
	t.Cold, t.ColdReads, t.Found = time.Since(began), c.Tables.Take(), page.Total
	took, spent := make([]time.Duration, times), make([]time.Duration, times)
	for i := range took {
		began, used := time.Now(), processor()
		if _, err := c.Do(ctx, cold, what); err != nil {
			return t, err
		}
		took[i], spent[i] = time.Since(began), processor()-used
		t.WarmReads = c.Tables.Take()
	}
	slices.Sort(took)
	slices.Sort(spent)
	t.Median, t.P99, t.CPU99 = took[times/2], took[times*99/100], spent[times*99/100]
	return t, nil
}

// processor is how long processors have worked for this process, its garbage
// collection included.
func processor() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
