package index

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// State is how far a team's copy of its candidates is.
type State struct {
	Live   *Generation  // answers searches; nil until the first one is complete
	Build  *Generation  // is being read, to take its place
	Broken []Generation // were given up while they were read
	Old    []Generation // were replaced by Live: what they had and it has not is to be cleared up
	Last   int          // number of the newest generation
	Token  string       // Ashby's, for what changed since Live was read up to
	Run    *Run         // the reading under way; nil: none

	FreshAsOf time.Time // what was changed in Ashby before then is in Live
	FullAt    time.Time // when the last reading of everything began that was completed
	NextAt    time.Time // when the next reading is due
	Wanted    bool      // somebody asked for everything to be read again

	Unreadable int    // candidates of the last complete reading of everything that could not be read
	Problem    string // code of why the last try failed; empty: it did not
	Message    string // of the problem, for people
	Failures   int    // in a row
}

// Run is one reading of Ashby's list, of everything or of what changed.
type Run struct {
	Full       bool
	Began      time.Time
	Cursor     string // of the next page
	Pages      int
	Candidates int
	Unreadable int
}

// Generation is a copy of all candidates as one key sees them.
type Generation struct {
	Number      int
	Fingerprint string // of the key that it was read with
	Shape       string // of the custom fields that it was made with
	Segments    []int  // rows of segments in columns, oldest first
	Packed      []Packed
	NextRow     int
	Began       time.Time
}

// Packed is a small segment that is stored in one row; those of a generation are
// newer than all its segments in columns.
type Packed struct{ Row, Candidates int }

// Waiting is how many candidates of a generation are in packed segments.
func (g Generation) Waiting() int {
	n := 0
	for _, p := range g.Packed {
		n += p.Candidates
	}
	return n
}

// mostBroken bounds how many generations are remembered that were given up; what
// older ones had alone stays until somebody looks it up in vain.
const mostBroken = 5

// GiveUp ends the reading of a generation that cannot go on.
func (s State) GiveUp() State {
	if s.Build != nil {
		s.Broken = append(slices.Clone(s.Broken), *s.Build)
		s.Broken = s.Broken[max(0, len(s.Broken)-mostBroken):]
	}
	s.Build, s.Run = nil, nil
	return s
}

// TakeOver makes the generation that was being read the live one.
func (s State) TakeOver() State {
	s.Old = slices.Concat(s.Old, s.Broken)
	if s.Live != nil {
		s.Old = append(s.Old, *s.Live)
	}
	s.Live, s.Build, s.Broken = s.Build, nil, nil
	return s
}

// Complete reports whether the copy holds all that the key of that fingerprint sees.
func (s State) Complete(fingerprint string) bool {
	return s.Live != nil && s.Live.Fingerprint == fingerprint
}

// Catalogue is what is known of the fields of a team's candidates: the custom
// fields, and the titles of what built-in fields name by id.
type Catalogue struct {
	Fields []field.Field
	Titles map[string]map[string]string // by field id: of ids
}

// Shape tells catalogues apart by what values are made of: a change of a type, or
// of who may see a field, asks for everything to be read again.
func Shape(fields []field.Field) string {
	var out []string
	for _, f := range fields {
		word := f.ID + " " + string(f.Type)
		if f.Private {
			word += " private"
		}
		out = append(out, word)
	}
	slices.Sort(out)
	sum := sha256.Sum256([]byte(strings.Join(out, "\n")))
	return hex.EncodeToString(sum[:8])
}

// mostTitles bounds how many titles of a field are remembered.
const mostTitles = 1000

// Name remembers the title of what a field names by id, and reports whether that
// was news.
func (c *Catalogue) Name(field, id, title string) bool {
	if id == "" || title == "" || c.Titles[field][id] == title {
		return false
	}
	if c.Titles == nil {
		c.Titles = map[string]map[string]string{}
	}
	if c.Titles[field] == nil {
		c.Titles[field] = map[string]string{}
	}
	if _, known := c.Titles[field][id]; !known && len(c.Titles[field]) >= mostTitles {
		return false
	}
	c.Titles[field][id] = title
	return true
}

// All lists the fields that candidates have, built-in ones with the options that
// are known of them.
func (c *Catalogue) All() []field.Field {
	all := field.BuiltIns()
	for i, f := range all {
		for id, title := range c.Titles[f.ID] {
			all[i].Options = append(all[i].Options, field.Option{Value: id, Label: title})
		}
		slices.SortFunc(all[i].Options, func(a, b field.Option) int {
			return strings.Compare(a.Label+"\x00"+a.Value, b.Label+"\x00"+b.Value)
		})
	}
	return append(all, c.Fields...)
}
