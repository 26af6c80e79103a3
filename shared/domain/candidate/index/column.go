package index

import (
	"iter"
	"math"
	"math/bits"
	"slices"
)

// Column holds the values of one field, a row for each candidate of a segment.
type Column struct {
	kind  Kind
	rows  int
	dict  []string  // of texts and ids: each once, sorted
	codes []uint32  // one text: a code for each row, 0 for none; several: all rows' codes, one row after another
	at    []uint32  // several: where each row's codes begin, and where the last one's end
	nums  []float64 // NaN: none
}

// Bits is a set of rows.
type Bits []uint64

// NewBits makes a set for so many rows, with all of them in it or none.
func NewBits(rows int, all bool) Bits {
	b := make(Bits, (rows+63)/64)
	if all {
		for i := range b {
			b[i] = ^uint64(0)
		}
		if rest := rows % 64; rest != 0 {
			b[len(b)-1] = 1<<rest - 1
		}
	}
	return b
}

// Add puts a row into the set.
func (b Bits) Add(row int) { b[row/64] |= 1 << (row % 64) }

// Drop takes a row out.
func (b Bits) Drop(row int) { b[row/64] &^= 1 << (row % 64) }

// Has reports whether a row is in it.
func (b Bits) Has(row int) bool { return b[row/64]&(1<<(row%64)) != 0 }

// And keeps what is in both sets.
func (b Bits) And(o Bits) {
	for i := range b {
		b[i] &= o[i]
	}
}

// Without takes the other set's rows out.
func (b Bits) Without(o Bits) {
	for i := range b {
		b[i] &^= o[i]
	}
}

func (k Kind) texts() bool { return k == Text || k == Texts || k == Choice || k == Choices }
func (k Kind) many() bool  { return k == Texts || k == Choices }

// newColumn makes the column of a field. Its kind is the one that holds all of
// the values.
func newColumn(entries []Entry, field string) *Column {
	c := &Column{rows: len(entries)}
	words := map[string]uint32{}
	longest := 0
	for _, e := range entries {
		v := e.Values[field]
		longest = max(longest, len(v.Texts))
		for _, t := range v.Texts {
			words[t] = 0
		}
	}
	switch {
	case longest == 0:
		c.kind = Number
	case longest == 1:
		c.kind = Text
	default:
		c.kind = Texts
	}
	if c.kind == Number {
		c.nums = make([]float64, len(entries))
		for i, e := range entries {
			c.nums[i] = math.NaN()
			if v, ok := e.Values[field]; ok {
				c.nums[i] = v.Number
			}
		}
		return c
	}
	c.index(entries, field, words)
	return c
}

func (c *Column) index(entries []Entry, field string, words map[string]uint32) {
	for w := range words {
		c.dict = append(c.dict, w)
	}
	slices.Sort(c.dict)
	for i, w := range c.dict {
		words[w] = uint32(i + 1)
	}
	for _, e := range entries {
		list := e.Values[field].Texts
		if c.kind.many() {
			c.at = append(c.at, uint32(len(c.codes)))
		} else if len(list) == 0 {
			c.codes = append(c.codes, 0)
		}
		for _, t := range list {
			c.codes = append(c.codes, words[t])
		}
	}
	if c.kind.many() {
		c.at = append(c.at, uint32(len(c.codes)))
	}
}

// value gives a row's value back.
func (c *Column) value(row int) (Value, bool) {
	if c.kind == Number {
		return Value{Number: c.nums[row]}, !math.IsNaN(c.nums[row])
	}
	var v Value
	for _, code := range c.row(row) {
		v.Texts = append(v.Texts, c.dict[code-1])
	}
	return v, len(v.Texts) > 0
}

// row gives the codes of a row, none of them 0.
func (c *Column) row(row int) []uint32 {
	switch {
	case c.kind.many():
		return c.codes[c.at[row]:c.at[row+1]]
	case c.codes[row] == 0:
		return nil
	}
	return c.codes[row : row+1]
}

// WhereText adds to the set the rows of which a text matches. Each distinct text
// is looked at once.
func (c *Column) WhereText(into Bits, match func(string) bool) {
	if c == nil || !c.kind.texts() {
		return
	}
	hit := make([]bool, len(c.dict)+1)
	found := false
	for i, w := range c.dict {
		hit[i+1] = match(w)
		found = found || hit[i+1]
	}
	if !found {
		return
	}
	if !c.kind.many() {
		for row, code := range c.codes {
			if hit[code] {
				into.Add(row)
			}
		}
		return
	}
	for row := range c.rows {
		for _, code := range c.codes[c.at[row]:c.at[row+1]] {
			if hit[code] {
				into.Add(row)
				break
			}
		}
	}
}

// WhereIs adds the rows of which a text is exactly this one.
func (c *Column) WhereIs(into Bits, text string) {
	if c == nil || !c.kind.texts() {
		return
	}
	if _, ok := slices.BinarySearch(c.dict, text); ok {
		c.WhereText(into, func(w string) bool { return w == text })
	}
}

// WhereNumber adds the rows whose number lies between two, both included.
func (c *Column) WhereNumber(into Bits, from, to float64) {
	if c == nil || c.kind.texts() {
		return
	}
	for row, n := range c.nums {
		if n >= from && n <= to { // false for NaN
			into.Add(row)
		}
	}
}

// WhereAny adds the rows that have a value.
func (c *Column) WhereAny(into Bits) {
	switch {
	case c == nil:
	case !c.kind.texts():
		c.WhereNumber(into, math.Inf(-1), math.Inf(1))
	default:
		c.WhereText(into, func(string) bool { return true })
	}
}

// First gives what a row is sorted by: its first text, or its number.
func (c *Column) First(row int) (text string, n float64, ok bool) {
	if c == nil {
		return "", 0, false
	}
	if !c.kind.texts() {
		if n := c.nums[row]; !math.IsNaN(n) {
			return "", n, true
		}
		return "", 0, false
	}
	codes := c.row(row)
	if len(codes) == 0 {
		return "", 0, false
	}
	return c.dict[codes[0]-1], 0, true
}

// Bytes is about how much memory the column takes.
func (c *Column) Bytes() int {
	n := 4*len(c.codes) + 4*len(c.at) + 8*len(c.nums)
	for _, w := range c.dict {
		n += len(w) + 16
	}
	return n
}

// Rows gives the rows of the set, in order.
func (b Bits) Rows() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, word := range b {
			for word != 0 {
				if !yield(i*64 + bits.TrailingZeros64(word)) {
					return
				}
				word &= word - 1
			}
		}
	}
}

// Count is how many rows are in the set.
func (b Bits) Count() int {
	n := 0
	for _, word := range b {
		n += bits.OnesCount64(word)
	}
	return n
}
