// Package query is a search over a team's candidates: typed filters, an order, a
// place to go on from, and what they find in the segments of an index.
package query

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// Operator of a filter.
type Operator string

// The operators.
const (
	Contains Operator = "contains" // text: has this anywhere
	Equals   Operator = "equals"   // text: is this, all of it
	AnyOf    Operator = "any_of"   // choices: one of these
	AllOf    Operator = "all_of"   // choices: every one of these
	NoneOf   Operator = "none_of"  // choices: not one of these
	Range    Operator = "range"    // numbers and dates: from, to, or both, included
	Is       Operator = "is"       // true or false
	Exists   Operator = "exists"   // has a value, or has none
)

// OperatorsOf lists what may be asked of a kind of field.
func OperatorsOf(k index.Kind) []Operator {
	switch k {
	case index.Text, index.Texts:
		return []Operator{Contains, Equals, Exists}
	case index.Choice:
		return []Operator{AnyOf, NoneOf, Exists}
	case index.Choices:
		return []Operator{AnyOf, AllOf, NoneOf, Exists}
	case index.Number, index.Date:
		return []Operator{Range, Exists}
	case index.Flag:
		return []Operator{Is, Exists}
	case index.Presence:
	}
	return []Operator{Exists}
}

// Sortable reports whether candidates can be put in the order of a kind's values.
func Sortable(k index.Kind) bool {
	return k == index.Text || k == index.Texts || k == index.Number || k == index.Date || k == index.Flag
}

// Filter is one condition, ready to be applied.
type Filter struct {
	Field    string
	Operator Operator
	Texts    []string // folded texts, or ids of options
	From, To float64  // of a range; infinite where it is open
	On       bool     // of is and exists
}

// Query is a search. A candidate is found when all filters hold.
type Query struct {
	Filters []Filter
	Sort    string // field id
	Down    bool   // from the highest to the lowest
}

// ByName is the order where none is asked for.
const ByName = field.Name

// Fields lists the fields whose columns the query needs, each once.
func (q Query) Fields() []string {
	seen, out := map[string]bool{}, []string{}
	for _, f := range q.Filters {
		if !seen[f.Field] {
			seen[f.Field] = true
			out = append(out, f.Field)
		}
	}
	if !seen[q.Sort] {
		out = append(out, q.Sort)
	}
	return out
}

// Select takes out of a set of a segment's rows those for which a filter does not hold.
func (q Query) Select(s *index.Segment, rows index.Bits) {
	for _, f := range q.Filters {
		f.narrow(s, rows)
	}
}

func (f Filter) narrow(s *index.Segment, rows index.Bits) {
	c := s.Column(f.Field)
	hit := index.NewBits(s.Len(), false)
	switch f.Operator {
	case Contains:
		c.WhereText(hit, func(text string) bool { return strings.Contains(text, f.Texts[0]) })
	case Equals:
		c.WhereIs(hit, f.Texts[0])
	case AnyOf:
		f.anyOf(c, hit)
	case NoneOf:
		f.anyOf(c, hit)
		rows.Without(hit)
		return
	case AllOf:
		for _, id := range f.Texts {
			one := index.NewBits(s.Len(), false)
			c.WhereIs(one, id)
			rows.And(one)
		}
		return
	case Range:
		c.WhereNumber(hit, f.From, f.To)
	case Is:
		n := 0.0
		if f.On {
			n = 1
		}
		c.WhereNumber(hit, n, n)
	case Exists:
		c.WhereAny(hit)
		if !f.On {
			rows.Without(hit)
			return
		}
	}
	rows.And(hit)
}

func (f Filter) anyOf(c *index.Column, hit index.Bits) {
	wanted := make(map[string]bool, len(f.Texts))
	for _, id := range f.Texts {
		wanted[id] = true
	}
	c.WhereText(hit, func(id string) bool { return wanted[id] })
}

// Place of a candidate in the order of a query: by the value of the field that it
// is sorted by, those without a value last, and then by id.
type Place struct {
	Blank  bool
	Text   string // its beginning
	Number float64
	ID     string
}

// sortedBy is how much of a text counts for the order, in bytes.
const sortedBy = 64

func (q Query) place(s *index.Segment, row int) Place {
	text, n, ok := s.Column(q.Sort).First(row)
	return Place{Blank: !ok, Text: index.Cut(text, sortedBy), Number: n, ID: s.ID(row)}
}

// compare orders two places.
func (q Query) compare(a, b Place) int {
	if a.Blank || b.Blank {
		return cmp.Or(boolean(a.Blank)-boolean(b.Blank), strings.Compare(a.ID, b.ID))
	}
	by := cmp.Or(strings.Compare(a.Text, b.Text), cmp.Compare(a.Number, b.Number))
	if q.Down {
		by = -by
	}
	return cmp.Or(by, strings.Compare(a.ID, b.ID))
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Found is what a query finds: a page in order, and how many there are in all.
type Found struct {
	Page  []Place
	Total int
	More  bool // others follow the page
}

// Run applies a query to segments of which only some rows count, and gives the
// page that follows a place; nil: the first.
func (q Query) Run(segments []*index.Segment, alive []index.Bits, after *Place, limit int) Found {
	var f Found
	for i, s := range segments {
		rows := append(index.Bits(nil), alive[i]...)
		q.Select(s, rows)
		f.Total += rows.Count()
		for _, row := range q.first(s, rows, after, limit+1) {
			f.Page = append(f.Page, q.place(s, row))
		}
	}
	slices.SortFunc(f.Page, q.compare)
	if len(f.Page) > limit {
		f.Page, f.More = f.Page[:limit], true
	}
	return f
}

func open(from, to *float64) (float64, float64) {
	a, b := math.Inf(-1), math.Inf(1)
	if from != nil {
		a = *from
	}
	if to != nil {
		b = *to
	}
	return a, b
}
