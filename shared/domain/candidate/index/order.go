package index

import (
	"math"
	"sort"
)

// Order gives the rows of a column keys that sort as their values do, within this
// column. Texts count with so many bytes of their beginning.
type Order struct {
	column *Column
	ranks  []uint32 // by code; nil where no two words begin alike
	cut    int
	down   bool
}

// blankKey comes last, whichever way the others go.
const blankKey = math.MaxUint64

// Order makes the order of a column; nil: all rows are blank.
func (c *Column) Order(cut int, down bool) Order {
	o := Order{column: c, cut: cut, down: down}
	if c == nil || !c.kind.texts() {
		return o
	}
	for i, w := range c.dict {
		if i > 0 && len(w) > cut && Cut(w, cut) == Cut(c.dict[i-1], cut) {
			o.ranks = c.ranks(cut)
			break
		}
	}
	return o
}

// ranks gives words that begin alike the same number.
func (c *Column) ranks(cut int) []uint32 {
	ranks := make([]uint32, len(c.dict)+1)
	for i, w := range c.dict {
		ranks[i+1] = uint32(i + 1)
		if i > 0 && Cut(w, cut) == Cut(c.dict[i-1], cut) {
			ranks[i+1] = ranks[i]
		}
	}
	return ranks
}

// Key gives a row's key.
func (o Order) Key(row int) uint64 {
	c := o.column
	switch {
	case c == nil:
		return blankKey
	case !c.kind.texts():
		return o.number(c.nums[row])
	}
	codes := c.row(row)
	if len(codes) == 0 {
		return blankKey
	}
	return o.text(codes[0])
}

func (o Order) text(code uint32) uint64 {
	if o.ranks != nil {
		code = o.ranks[code]
	}
	return o.turned(uint64(code))
}

// number maps a number to one without a sign that sorts the same way.
func (o Order) number(n float64) uint64 {
	if math.IsNaN(n) {
		return blankKey
	}
	if n == 0 {
		n = 0 // minus zero is the same
	}
	bits := math.Float64bits(n)
	if bits>>63 == 1 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	return o.turned(bits)
}

// turned keeps room for blankKey, which no value has: the largest number's bits
// are those of a NaN, and codes begin with 1.
func (o Order) turned(key uint64) uint64 {
	if o.down {
		return blankKey - key
	}
	return key
}

// Bound is where a place of another column lies among the keys: what comes after it
// has at least this key, and where Same a key that is equal needs a greater id.
type Bound struct {
	Key  uint64
	Same bool
}

// From finds the bound of a place.
func (o Order) From(blank bool, text string, number float64) Bound {
	c := o.column
	switch {
	case blank || c == nil:
		return Bound{blankKey, blank}
	case !c.kind.texts():
		return Bound{o.number(number), true}
	}
	at := sort.Search(len(c.dict), func(i int) bool { return Cut(c.dict[i], o.cut) >= text })
	if at < len(c.dict) && Cut(c.dict[at], o.cut) == text {
		return Bound{o.text(uint32(at + 1)), true}
	}
	if o.down { // what comes after it are the words before that place
		if at == 0 {
			return Bound{blankKey, false}
		}
		return Bound{o.text(uint32(at)), false}
	}
	if at == len(c.dict) {
		return Bound{blankKey, false}
	}
	return Bound{o.text(uint32(at + 1)), false}
}
