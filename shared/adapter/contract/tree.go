package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

type kind uint8

const (
	null kind = iota
	text
	number
	boolean
	object
	list
	tooDeep // not read further
)

// node is a JSON value. Unlike a map it tells repeated keys, and its depth is
// bounded.
type node struct {
	kind   kind
	text   string // a string's content; a number or boolean as written
	keys   []string
	fields map[string]*node
	items  []*node
	twice  []string // keys that an object has more than once; the first counts
}

// byteOrderMark is what some programs put before a text; JSON has none (RFC 8259,
// section 8.1).
var byteOrderMark = []byte("\ufeff")

// parse reads a JSON object, of which nothing deeper than depth is kept. Errors:
// Invalid.
func parse(body []byte, depth int) (*node, error) {
	if !utf8.Valid(body) || bytes.HasPrefix(body, byteOrderMark) {
		return nil, fault.New(fault.Invalid, "invalid_utf8", "the body has to be UTF-8, without a byte order mark")
	}
	n, err := parseOne(body, depth)
	if err != nil || n.kind != object {
		return nil, fault.New(fault.Invalid, "malformed_json", "the body is not a JSON object")
	}
	return n, nil
}

// parseOne reads a JSON value that nothing follows.
func parseOne(body []byte, depth int) (*node, error) {
	if !json.Valid(body) { // the decoder alone lets some mistakes pass
		return nil, errors.New("not JSON")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	n, err := parseValue(d, depth)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	return n, nil
}

func parseValue(d *json.Decoder, depth int) (*node, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		if depth == 0 {
			return &node{kind: tooDeep}, skip(d)
		}
		if t == '{' {
			return parseObject(d, depth-1)
		}
		return parseList(d, depth-1)
	case string:
		return &node{kind: text, text: portable(t)}, nil
	case json.Number:
		return &node{kind: number, text: t.String()}, nil
	case bool:
		if t {
			return &node{kind: boolean, text: "true"}, nil
		}
		return &node{kind: boolean, text: "false"}, nil
	default:
		return &node{kind: null}, nil
	}
}

// portable replaces the two characters that JSON may hold and a queue may not
// (those below a space travel escaped).
func portable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 0xFFFE || r == 0xFFFF {
			return utf8.RuneError
		}
		return r
	}, s)
}

func parseObject(d *json.Decoder, depth int) (*node, error) {
	n := &node{kind: object, fields: map[string]*node{}}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string) // the decoder lets nothing else be a key
		key := portable(name)
		value, err := parseValue(d, depth)
		if err != nil {
			return nil, err
		}
		if _, ok := n.fields[key]; ok {
			n.twice = append(n.twice, key)
			continue
		}
		n.keys = append(n.keys, key)
		n.fields[key] = value
	}
	_, err := d.Token()
	return n, err
}

func parseList(d *json.Decoder, depth int) (*node, error) {
	n := &node{kind: list}
	for d.More() {
		item, err := parseValue(d, depth)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
	_, err := d.Token()
	return n, err
}

// skip reads to the end of the object or list that has just begun.
func skip(d *json.Decoder) error {
	for open := 1; open > 0; {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			open++
		case json.Delim('}'), json.Delim(']'):
			open--
		}
	}
	return nil
}

// remove takes a key out of an object.
func (n *node) remove(key string) {
	delete(n.fields, key)
	drop := func(k string) bool { return k == key }
	n.keys, n.twice = slices.DeleteFunc(n.keys, drop), slices.DeleteFunc(n.twice, drop)
}

// canonical writes the value with sorted keys and without white space; numbers
// stay as they were written.
func (n *node) canonical(b *bytes.Buffer) {
	switch n.kind {
	case object:
		b.WriteByte('{')
		for i, key := range slices.Sorted(slices.Values(n.keys)) {
			if i > 0 {
				b.WriteByte(',')
			}
			quote(b, key)
			b.WriteByte(':')
			n.fields[key].canonical(b)
		}
		b.WriteByte('}')
	case list:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.canonical(b)
		}
		b.WriteByte(']')
	case text:
		quote(b, n.text)
	case number, boolean:
		b.WriteString(n.text)
	case null, tooDeep:
		b.WriteString("null")
	}
}

func quote(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s)         // strings encode, into a buffer
	b.Truncate(b.Len() - 1) // the encoder's line break
}
