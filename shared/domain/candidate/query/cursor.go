package query

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// cursor is a place with what it belongs to. It needs no signature: it says only
// where to go on in what its bearer may search anyway, and names nothing that is
// looked up.
type cursor struct {
	Bound  []byte
	Blank  bool
	Text   string
	Number float64
	ID     string
}

const (
	boundBytes    = 12
	longestCursor = 1024
)

// Bind gives the mark of a query of a team over one generation of its index.
func (q Query) Bind(team string, generation int) []byte {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%q %d %q %t", team, generation, q.Sort, q.Down) // a hash never fails
	for _, f := range q.Filters {
		_, _ = fmt.Fprintf(h, " %q %q %q %g %g %t", f.Field, f.Operator, f.Texts, f.From, f.To, f.On)
	}
	sum := h.Sum(nil)
	return sum[:boundBytes]
}

// Seal makes a cursor for what follows a place.
func Seal(bound []byte, p Place) string {
	b, _ := json.Marshal(cursor{bound, p.Blank, p.Text, p.Number, p.ID}) // a column's number is always finite
	return base64.RawURLEncoding.EncodeToString(b)
}

// Open reads a cursor; nil for none. One that is not ours, or that belongs to
// another query, team or generation, is Invalid.
func Open(bound []byte, text string) (*Place, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no cursor is the first page
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	var c cursor
	if len(text) > longestCursor || err != nil || json.Unmarshal(raw, &c) != nil || c.ID == "" {
		return nil, fault.New(fault.Invalid, "cursor_malformed", "this cursor is none that we gave; begin without one")
	}
	if !bytes.Equal(c.Bound, bound) {
		return nil, fault.New(fault.Invalid, "cursor_of_another_search",
			"this cursor belongs to another search, or the index was built anew since; begin without one")
	}
	return &Place{c.Blank, c.Text, c.Number, c.ID}, nil
}
