package ashbytest

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// maxBody is the largest request accepted; Ashby's own limit is not known.
const maxBody = 4 << 20

// ServeHTTP serves the API, and control under /_sim/.
func (a *Ashby) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_sim/") {
		a.control.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	out := a.exchange(inbound{r.Method, r.URL.Path, r.Header, body})
	switch out.ending {
	case reset:
		breakConnection(w)
	case lost:
		select {
		case <-r.Context().Done():
		case <-a.closed:
		}
		panic(http.ErrAbortHandler)
	case cut:
		out.answer.send(w, len(out.answer.body)/2)
		panic(http.ErrAbortHandler)
	default:
		out.answer.send(w, len(out.answer.body))
	}
}

// send writes the header and the first bytes of the body.
func (a *answer) send(w http.ResponseWriter, bytes int) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	// A caller that went away is not our concern.
	_, _ = w.Write(a.body[:bytes])
	if bytes < len(a.body) {
		_ = http.NewResponseController(w).Flush()
	}
}

// breakConnection makes the caller see a reset where the connection allows it,
// else an early end.
func breakConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if errors.Is(err, http.ErrNotSupported) {
		panic(http.ErrAbortHandler)
	}
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
