// Package candidates keeps our copy of the candidates in a team's Ashby: what
// each of them is, who bears which match key, and the segments that searches read.
//
// Its rows, in the table of the same name, which can be built anew from Ashby at
// any time (decision 16). `#` never occurs in the ids of teams.
//
//	what            partition          sort                lives
//	state           team#mirror        state               for ever; written by compare and set
//	catalogue       team#mirror        catalogue           for ever
//	candidate       team#doc#id        row                 for ever; 30 days once it is gone
//	match key       team#key#key       candidate           as long as a candidate bears it
//	packed segment  team#gen#n         p#row               14 days
//	segment         team#gen#n         s#row#m             14 days; its fields
//	its ids         team#gen#n         s#row#i#part        14 days
//	its columns     team#gen#n         s#row#c#field#part  14 days; field is its place in s#row#m
//
// Segments never change, so that a process may remember them by team, generation
// and row; which of them count is in the state alone. A match key is a hint: it is
// put before the candidate's row and taken away after it, so that one too many
// may stand there, and whoever follows it looks whether the candidate bears it.
package candidates

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

const (
	day         = 24 * time.Hour
	segmentLife = 14 * day
	goneLife    = 30 * day
	// mostPart bounds a row's piece of a segment, in bytes before base64.
	mostPart = 220 << 10
)

// Store is the candidates table. Its errors are the table's faults. It is safe
// for concurrent use.
type Store struct {
	t     table.Table
	now   func() time.Time
	token func() string
}

// New makes a store over a table. The token source gives a fresh, unique token
// for every write.
func New(t table.Table, now func() time.Time, token func() string) *Store {
	return &Store{t, now, token}
}

// packedDoc is a document of bytes: deflated, and in base64 as JSON has it.
type packedDoc struct{ Z []byte }

// A writer of package flate takes a megabyte, which is too much for every row anew.
var (
	writers = sync.Pool{New: func() any {
		w, _ := flate.NewWriter(io.Discard, flate.BestSpeed) // fails for unknown levels only
		return w
	}}
	readers = sync.Pool{New: func() any { return flate.NewReader(nil) }}
)

func deflate(b []byte) []byte {
	var out bytes.Buffer
	w, ok := writers.Get().(*flate.Writer)
	if !ok {
		return nil // never: the pool holds nothing else
	}
	defer writers.Put(w)
	w.Reset(&out)
	_, _ = w.Write(b) // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}

func inflate(b []byte) ([]byte, error) {
	r, ok := readers.Get().(io.ReadCloser)
	if !ok {
		return nil, unreadable(nil)
	}
	defer readers.Put(r)
	if again, ok := r.(flate.Resetter); ok {
		if err := again.Reset(bytes.NewReader(b), nil); err != nil {
			return nil, unreadable(err)
		}
	}
	out, err := io.ReadAll(r)
	if err != nil {
		return nil, unreadable(err)
	}
	return out, nil
}

func unreadable(err error) error {
	return fault.New(fault.Internal, "row_unreadable", "a stored document cannot be read").Because(err)
}

func (s *Store) item(key table.Key, doc any, expires time.Time) (table.Item, error) {
	b, err := json.Marshal(doc)
	if err != nil {
		return table.Item{}, fault.New(fault.Internal, "row_unwritable", "a document cannot be written").Because(err)
	}
	return table.Item{Key: key, Doc: b, Token: s.token(), Expires: expires}, nil
}

func decode(row table.Item, into any) error {
	if err := json.Unmarshal(row.Doc, into); err != nil {
		return unreadable(err)
	}
	return nil
}
