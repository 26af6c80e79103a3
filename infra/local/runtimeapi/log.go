package runtimeapi

import (
	"bytes"
	"io"
	"sync"
)

// sharedWriter lets several processes write, one line at a time.
type sharedWriter struct {
	mu  sync.Mutex
	out io.Writer
}

func (w *sharedWriter) line(prefix string, text []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, _ = w.out.Write(append(append([]byte(prefix), text...), '\n')) // a log that cannot be written stops nobody
}

// lineWriter cuts what one process prints into lines.
type lineWriter struct {
	prefix string
	to     *sharedWriter
	rest   []byte // a line's beginning
}

// Write never fails. os/exec calls it from one goroutine.
func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	for {
		line, rest, whole := bytes.Cut(w.rest, []byte{'\n'})
		if !whole {
			return len(p), nil
		}
		w.to.line(w.prefix, line)
		w.rest = rest
	}
}

// flush gives what the process printed last, if it ended without a line's end.
func (w *lineWriter) flush() {
	if len(w.rest) > 0 {
		w.to.line(w.prefix, w.rest)
		w.rest = nil
	}
}
