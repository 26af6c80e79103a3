package index

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Part is a piece of a segment as it is stored: the rows' ids, or a column.
type Part struct {
	Field string // empty: the ids
	Bytes []byte
}

// Encode gives a segment's parts, the ids first.
func (s *Segment) Encode() []Part {
	parts := []Part{{Bytes: s.encodeIDs()}}
	for _, f := range s.Fields() {
		parts = append(parts, Part{f, s.columns[f].encode()})
	}
	return parts
}

// Decode makes a segment of its parts, of which the ids must be one.
func Decode(parts []Part) (*Segment, error) {
	s := &Segment{columns: map[string]*Column{}}
	i := slices.IndexFunc(parts, func(p Part) bool { return p.Field == "" })
	if i < 0 {
		return nil, unreadable()
	}
	if err := s.decodeIDs(parts[i].Bytes); err != nil {
		return nil, err
	}
	for _, p := range parts {
		if p.Field == "" {
			continue
		}
		c, err := DecodeColumn(p.Bytes, s.Len())
		if err != nil {
			return nil, err
		}
		s.columns[p.Field] = c
	}
	return s, nil
}

// With gives the segment with one more column.
func (s *Segment) With(field string, c *Column) *Segment {
	next := &Segment{ids: s.ids, gone: s.gone, columns: make(map[string]*Column, len(s.columns)+1)}
	for f, old := range s.columns {
		next.columns[f] = old
	}
	next.columns[field] = c
	return next
}

func unreadable() error {
	return fault.New(fault.Internal, "index_unreadable", "a part of the index cannot be read")
}

// Ids are written as 16 bytes where all of them are UUIDs, as Ashby's are.
const (
	idsAsTexts byte = iota
	idsAsBytes
)

const uuidBytes = 16

func (s *Segment) encodeIDs() []byte {
	b := []byte{idsAsBytes}
	if slices.ContainsFunc(s.ids, func(id string) bool { _, ok := packID(id); return !ok }) {
		b[0] = idsAsTexts
	}
	b = binary.AppendUvarint(b, uint64(len(s.ids)))
	for _, id := range s.ids {
		if b[0] == idsAsBytes {
			packed, _ := packID(id)
			b = append(b, packed...)
		} else {
			b = appendText(b, id)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(s.gone)))
	for _, row := range s.gone {
		b = binary.AppendUvarint(b, uint64(row))
	}
	return b
}

func (s *Segment) decodeIDs(b []byte) error {
	r := reader{b: b}
	form := r.byte()
	n := r.count()
	s.ids = make([]string, 0, n)
	for range n {
		switch form {
		case idsAsBytes:
			s.ids = append(s.ids, unpackID(r.take(uuidBytes)))
		default:
			s.ids = append(s.ids, string(r.take(r.count())))
		}
	}
	for range r.count() {
		row := r.number()
		if row >= uint64(n) {
			return unreadable()
		}
		s.gone = append(s.gone, int(row))
	}
	return r.end()
}

func packID(id string) ([]byte, bool) {
	if len(id) != 36 || id[8] != '-' || id[13] != '-' || id[18] != '-' || id[23] != '-' {
		return nil, false
	}
	packed, err := hex.DecodeString(id[:8] + id[9:13] + id[14:18] + id[19:23] + id[24:])
	return packed, err == nil && unpackID(packed) == id
}

func unpackID(b []byte) string {
	if len(b) != uuidBytes {
		return ""
	}
	var out [36]byte
	hex.Encode(out[:8], b[:4])
	hex.Encode(out[9:13], b[4:6])
	hex.Encode(out[14:18], b[6:8])
	hex.Encode(out[19:23], b[8:10])
	hex.Encode(out[24:], b[10:])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}

func (c *Column) encode() []byte {
	b := []byte{byte(c.kind)}
	if c.kind == Number {
		for _, n := range c.nums {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(n))
		}
		return b
	}
	b = binary.AppendUvarint(b, uint64(len(c.dict)))
	before := ""
	for _, w := range c.dict {
		same := shared(before, w)
		b = binary.AppendUvarint(b, uint64(same))
		b = appendText(b, w[same:])
		before = w
	}
	for row := range c.rows {
		codes := c.row(row)
		if c.kind.many() {
			b = binary.AppendUvarint(b, uint64(len(codes)))
		} else if len(codes) == 0 {
			b = binary.AppendUvarint(b, 0)
		}
		for _, code := range codes {
			b = binary.AppendUvarint(b, uint64(code))
		}
	}
	return b
}

// DecodeColumn reads a column of so many rows.
func DecodeColumn(b []byte, rows int) (*Column, error) {
	r := reader{b: b}
	c := &Column{kind: Kind(r.byte()), rows: rows}
	switch c.kind {
	case Number:
		c.nums = make([]float64, rows)
		for i := range c.nums {
			if n := r.take(8); len(n) == 8 {
				c.nums[i] = math.Float64frombits(binary.LittleEndian.Uint64(n))
			}
		}
		return c, r.end()
	case Text, Texts:
		c.decodeTexts(&r)
		return c, r.end()
	default:
		return nil, unreadable()
	}
}

func (c *Column) decodeTexts(r *reader) {
	n := r.count()
	c.dict = make([]string, 0, n)
	var word []byte
	for range n {
		same := min(r.number(), uint64(len(word)))
		word = append(word[:same], r.take(r.count())...)
		c.dict = append(c.dict, string(word))
	}
	c.codes = make([]uint32, 0, c.rows)
	if c.kind.many() {
		c.at = make([]uint32, 0, c.rows+1)
	}
	for range c.rows {
		several := 1
		if c.kind.many() {
			several = r.count()
			c.at = append(c.at, uint32(len(c.codes)))
		}
		for range several {
			code := r.number()
			if code > uint64(n) || code == 0 && c.kind.many() {
				r.bad, code = true, 0
			}
			c.codes = append(c.codes, uint32(code))
		}
	}
	if c.kind.many() {
		c.at = append(c.at, uint32(len(c.codes)))
	}
}

func shared(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// reader reads what may be broken: after the first mistake it gives zeros.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) take(n int) []byte {
	if r.bad || n > len(r.b) {
		r.bad = true
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) byte() byte {
	if b := r.take(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.b)
	if r.bad || size <= 0 {
		r.bad = true
		return 0
	}
	r.b = r.b[size:]
	return n
}

// count reads a number of things of a byte or more each, of which there cannot be
// more than there are bytes left.
func (r *reader) count() int {
	n := r.number()
	if n > uint64(len(r.b)) {
		r.bad = true
		return 0
	}
	return int(n)
}

func (r *reader) end() error {
	if r.bad || len(r.b) > 0 {
		return unreadable()
	}
	return nil
}
