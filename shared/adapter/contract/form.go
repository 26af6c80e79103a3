package contract

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// form reads an object strictly: each getter takes one key, notes what is wrong
// with it, and done notes the keys that nobody took. A null counts as absent.
type form struct {
	*sheet
	n     *node
	path  string
	taken []string
}

func newForm(s *sheet, n *node, path string) *form { return &form{sheet: s, n: n, path: path} }

// get takes a key; nil when it is absent or null, or its value is another kind.
func (f *form) get(key string, kinds ...kind) *node {
	f.taken = append(f.taken, key)
	n := f.n.fields[key]
	switch {
	case n == nil || n.kind == null:
		return nil
	case n.kind == tooDeep:
		f.add(step(f.path, key), "too_deep")
		return nil
	case !slices.Contains(kinds, n.kind):
		f.add(step(f.path, key), "type")
		return nil
	}
	return n
}

// text takes a string of at most limit bytes.
func (f *form) text(key string, limit int) string {
	n := f.get(key, text)
	if n == nil {
		return ""
	}
	if len(n.text) > limit {
		f.add(step(f.path, key), "too_long")
		return ""
	}
	return n.text
}

// cut takes a string of any length, and keeps at most limit bytes of it, whole
// characters.
func (f *form) cut(key string, limit int) string {
	n := f.get(key, text)
	switch {
	case n == nil:
		return ""
	case len(n.text) <= limit:
		return n.text
	}
	for !utf8.RuneStart(n.text[limit]) {
		limit--
	}
	return n.text[:limit]
}

// id takes the object's own id, which must be there.
func (f *form) id() string {
	before := len(f.mistakes)
	id := f.optionalID("id")
	if id == "" && len(f.mistakes) == before {
		f.add(step(f.path, "id"), "required")
	}
	return id
}

func (f *form) optionalID(key string) string {
	n := f.get(key, text)
	if n == nil || n.text == "" {
		return ""
	}
	if !fitID(n.text) {
		f.add(step(f.path, key), "bad_id")
		return ""
	}
	return n.text
}

// word takes a string that read understands.
func word[T any](f *form, key, code string, read func(string) (T, bool)) (value T, given bool) {
	n := f.get(key, text)
	if n == nil {
		return value, false
	}
	value, ok := read(n.text)
	if !ok {
		f.add(step(f.path, key), code)
	}
	return value, ok
}

func (f *form) flag(key string) *bool {
	n := f.get(key, boolean)
	if n == nil {
		return nil
	}
	value := n.text == "true"
	return &value
}

// time takes an RFC 3339 time; zero when absent or wrong.
func (f *form) time(key string) time.Time {
	n := f.get(key, text)
	if n == nil {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, n.text)
	if err != nil || t.Year() < 1900 || t.Year() > 9000 {
		f.add(step(f.path, key), "bad_time")
		return time.Time{}
	}
	return t.UTC()
}

// seconds takes a duration of at most a week.
func (f *form) seconds(key string) time.Duration {
	n := f.get(key, number)
	if n == nil {
		return 0
	}
	s, err := strconv.ParseFloat(n.text, 64)
	if err != nil || len(n.text) > maxNumber || s < 0 || s > 7*24*3600 {
		f.add(step(f.path, key), "bad_number")
		return 0
	}
	return time.Duration(s * float64(time.Second))
}

// object takes an object; nil when absent or wrong.
func (f *form) object(key string) *form {
	n := f.get(key, object)
	if n == nil {
		return nil
	}
	return newForm(f.sheet, n, step(f.path, key))
}

// objects takes a list of at most limit objects.
func (f *form) objects(key string, limit int) []*form {
	n := f.get(key, list)
	if n == nil {
		return nil
	}
	path := step(f.path, key)
	if len(n.items) > limit {
		f.add(path, "too_many")
		return nil
	}
	var out []*form
	for i, item := range n.items {
		at := place(path, i)
		switch item.kind {
		case object:
			out = append(out, newForm(f.sheet, item, at))
		case tooDeep:
			f.add(at, "too_deep")
		default:
			f.add(at, "type")
		}
	}
	return out
}

// texts reads a list of strings, of so many bytes each, that is at path.
func (s *sheet) texts(n *node, path string, bytes int) []string {
	if len(n.items) > maxItems {
		s.add(path, "too_many")
		return nil
	}
	out := make([]string, 0, len(n.items))
	for i, item := range n.items {
		switch {
		case item.kind != text:
			s.add(place(path, i), "type")
		case len(item.text) > bytes:
			s.add(place(path, i), "too_long")
		default:
			out = append(out, item.text)
		}
	}
	return out
}

// done notes the keys that the contract does not have, and those that are there
// twice.
func (f *form) done() {
	for _, key := range f.n.keys {
		if !slices.Contains(f.taken, key) {
			f.add(step(f.path, key), "unknown_key")
		}
	}
	for _, key := range f.n.twice {
		f.add(step(f.path, key), "repeated_key")
	}
}

func place(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
