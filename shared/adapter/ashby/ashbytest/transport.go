package ashbytest

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
)

// Transport carries requests of an http.Client to this Ashby in memory, without
// sockets, whatever their host. It keeps the caller's deadline; a call whose
// caller gave up is still served to its end, as on a real server.
func (a *Ashby) Transport() http.RoundTripper { return transport{a} }

type transport struct{ ashby *Ashby }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		body, err = io.ReadAll(io.LimitReader(r.Body, maxBody+1))
		if err := errors.Join(err, r.Body.Close()); err != nil {
			return nil, err
		}
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := inbound{r.Method, r.URL.Path, r.Header.Clone(), body}
	if len(body) > maxBody {
		return nil, errors.New("request body too large")
	}
	ended := make(chan outcome, 1)
	go func() { ended <- t.ashby.exchange(in) }()
	select {
	case out := <-ended:
		return t.respond(r, out)
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

func (t transport) respond(r *http.Request, out outcome) (*http.Response, error) {
	switch out.ending {
	case reset:
		return nil, broken()
	case lost:
		select {
		case <-r.Context().Done():
			return nil, r.Context().Err()
		case <-t.ashby.closed:
			return nil, broken()
		}
	}
	var body io.Reader = bytes.NewReader(out.answer.body)
	if out.ending == cut {
		body = io.MultiReader(bytes.NewReader(out.answer.body[:len(out.answer.body)/2]), failing{io.ErrUnexpectedEOF})
	}
	return &http.Response{
		Status:        strconv.Itoa(out.answer.status) + " " + http.StatusText(out.answer.status),
		StatusCode:    out.answer.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        out.answer.header,
		Body:          io.NopCloser(body),
		ContentLength: int64(len(out.answer.body)),
		Request:       r,
	}, nil
}

func broken() error {
	return &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
