package ashbytest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// entry is one line of the journal: what one call, control request or webhook
// attempt changed, whole or not at all.
type entry struct {
	// Count is how many ids had been drawn by then.
	Count int64 `json:"n,omitempty"`
	// Call is a call's log entry; a later one of the same seq replaces it.
	Call  *Call  `json:"call,omitempty"`
	Puts  []put  `json:"puts,omitempty"`
	Modes *Modes `json:"modes,omitempty"`
	// Reset empties everything before the line takes effect.
	Reset bool `json:"reset,omitempty"`
}

// journal is an append-only file of entries, one JSON object a line. Each is
// written with a single write before the call it belongs to is answered, and
// not synced: a killed process loses nothing, a power cut may.
type journal struct {
	file *os.File
	err  error
}

// openJournal opens or makes the file and reads its entries. A last line that a
// kill cut short is removed; its call was never answered. Any other damage is
// an error.
func openJournal(path string) (*journal, []entry, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("open journal: %w", err)
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("read journal: %w", err), file.Close())
	}
	entries, good, err := parse(data)
	if err == nil {
		err = file.Truncate(int64(good))
	}
	if err == nil {
		_, err = file.Seek(int64(good), io.SeekStart)
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("journal %s: %w", path, err), file.Close())
	}
	return &journal{file: file}, entries, nil
}

// parse reads whole lines and says how many bytes they take.
func parse(data []byte) (entries []entry, good int, err error) {
	for number := 1; ; number++ {
		line, _, whole := bytes.Cut(data[good:], []byte("\n"))
		if !whole {
			return entries, good, nil
		}
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, 0, fmt.Errorf("line %d: %w", number, err)
		}
		entries = append(entries, e)
		good += len(line) + 1
	}
}

func (j *journal) append(e entry) error {
	if j.err != nil {
		return j.err
	}
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	// After a failed write the file may end in half a line: stop for good.
	_, j.err = j.file.Write(append(line, '\n'))
	return j.err
}

func (j *journal) close() error { return j.file.Close() }

// replay applies an entry from the journal.
func (a *Ashby) replay(e entry) error {
	if e.Reset {
		a.clear()
	}
	a.store.count = max(a.store.count, e.Count)
	for _, p := range e.Puts {
		if _, err := a.store.apply(p.Rec); err != nil {
			return err
		}
	}
	if e.Modes != nil {
		a.modes = *e.Modes
	}
	if e.Call != nil {
		a.logged(e.Call)
	}
	return nil
}

// record writes an entry, if there is a journal. It needs the lock.
func (a *Ashby) record(e entry) error {
	if a.journal == nil {
		return nil
	}
	e.Count = a.store.count
	if err := a.journal.append(e); err != nil {
		a.cfg.Log.Error("journal write failed", "error", err)
		return err
	}
	return nil
}

// save stores records outside of a call, for control and webhooks.
func (a *Ashby) save(recs ...any) error {
	puts := make([]put, 0, len(recs))
	for _, rec := range recs {
		p, err := a.store.apply(rec)
		if err != nil {
			return err
		}
		puts = append(puts, p)
	}
	return a.record(entry{Puts: puts})
}

// clear empties everything but the journal's file.
func (a *Ashby) clear() {
	a.store = newStore(a.cfg.Seed)
	a.modes = DefaultModes()
	a.faults = faults{}
	a.limiters = map[string]limiter{}
	a.calls, a.callSeq, a.epoch, a.busiest = nil, 0, 0, 0
	a.repeats = map[[32]byte]int{}
}
