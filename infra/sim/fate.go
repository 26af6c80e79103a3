package sim

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// What troubles are like is drawn from a stream of its own.

// freeze says how a process stands still: some for minutes, as a machine does that is
// put aside, and some after the write that they were about, of which they hear when
// they go on. At a call to Ashby nothing is prolonged: the caller's own time is up.
func (w *World) freeze(e *effect, still time.Duration) (heard chan struct{}, _ time.Duration) {
	if e.kind != storeWrite && e.kind != storeRead {
		return nil, still
	}
	if w.fate.IntN(2) == 0 {
		still += time.Duration(w.fate.Int64N(int64(7 * time.Minute)))
	}
	if e.kind == storeWrite && w.fate.IntN(2) == 0 {
		heard = make(chan struct{})
		time.AfterFunc(still, func() { close(heard) })
	}
	return heard, still
}

// vary says how long one is told to wait, and lets some answers be old.
func (w *World) vary(e *effect, v *verdict) {
	switch {
	case v.fault == limited || v.fault == limitedAll:
		v.late = []time.Duration{7 * time.Second, 30 * time.Second, time.Minute}[w.fate.IntN(3)]
	case v.fault == none && e.kind == ashbyRead && lags(e.key) && time.Now().Before(w.calm) && w.fate.IntN(4) == 0:
		v.fault, v.late = staleRead, time.Duration(w.fate.Int64N(int64(time.Minute)))
	case v.fault != none && (e.kind == storeRead || e.kind == storeWrite) && v.fault != freeze:
		e.by.suffer(0)
	}
}

// lags reports whether a read may be answered by what was there a moment ago: notes,
// a search, and the list of those who came lately. A list with a token is a contract.
func lags(key string) bool {
	return strings.HasPrefix(key, "/candidate.listNotes") || strings.HasPrefix(key, "/candidate.search") ||
		strings.HasPrefix(key, "/candidate.list") && strings.Contains(key, "createdAfter")
}

// withoutLate leaves out of a list what came since then.
func withoutLate(res *http.Response, since time.Time) (*http.Response, error) {
	body, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return nil, err
	}
	var list map[string]json.RawMessage
	var rows []json.RawMessage
	if json.Unmarshal(body, &list) == nil && json.Unmarshal(list["results"], &rows) == nil {
		kept := []json.RawMessage{}
		for _, row := range rows {
			var made struct{ CreatedAt time.Time }
			if json.Unmarshal(row, &made) != nil || !made.CreatedAt.After(since) {
				kept = append(kept, row)
			}
		}
		if list["results"], err = json.Marshal(kept); err != nil {
			return nil, err
		}
		if body, err = json.Marshal(list); err != nil {
			return nil, err
		}
	}
	res.Body, res.ContentLength = io.NopCloser(strings.NewReader(string(body))), int64(len(body))
	res.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return res, nil
}
