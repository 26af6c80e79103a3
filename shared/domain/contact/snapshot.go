package contact

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// Value of a variable: Text for a text variable, List for a list, Raw (JSON) for
// a list of objects. A value that is present but blank says "cleared"; a variable
// that is absent from a snapshot says nothing.
type Value struct {
	Text string
	List []string
	Raw  string
}

// Blank reports whether nothing but white space is in the value.
func (v Value) Blank() bool {
	return strings.TrimSpace(v.Text) == "" && v.Raw == "" && len(v.Items()) == 0
}

// Items gives the list without blanks and without repeats (case-folded), in order.
func (v Value) Items() []string {
	var out []string
	for _, s := range v.List {
		s = strings.TrimSpace(s)
		if s != "" && !slices.ContainsFunc(out, func(o string) bool { return strings.EqualFold(o, s) }) {
			out = append(out, s)
		}
	}
	return out
}

// Equal reports whether two values say the same, blanks aside.
func (v Value) Equal(w Value) bool {
	return strings.TrimSpace(v.Text) == strings.TrimSpace(w.Text) && v.Raw == w.Raw && slices.Equal(v.Items(), w.Items())
}

// MarshalJSON writes the value as what it is: a string, an array of strings, or
// the objects as they came.
func (v Value) MarshalJSON() ([]byte, error) {
	switch {
	case v.Raw != "":
		return []byte(v.Raw), nil
	case v.List != nil:
		return json.Marshal(v.List)
	default:
		return json.Marshal(v.Text)
	}
}

// UnmarshalJSON reads what MarshalJSON writes; an array with anything but
// strings is kept raw.
func (v *Value) UnmarshalJSON(b []byte) error {
	*v = Value{}
	if !json.Valid(b) || len(b) == 0 {
		return errors.New("a variable's value is not JSON")
	}
	switch b[0] {
	case '"':
		return json.Unmarshal(b, &v.Text)
	case '[':
		if json.Unmarshal(b, &v.List) == nil {
			return nil
		}
		v.List = nil
		var compact bytes.Buffer
		err := json.Compact(&compact, b)
		v.Raw = compact.String()
		return err
	default:
		return errors.New("a variable's value is a string or an array")
	}
}

// Snapshot is what was known of a contact at one time.
type Snapshot map[Variable]Value

// Text gives a text variable, trimmed; empty when absent.
func (s Snapshot) Text(v Variable) string { return strings.TrimSpace(s[v].Text) }

// Items gives a list variable without blanks and repeats.
func (s Snapshot) Items(v Variable) []string { return s[v].Items() }
