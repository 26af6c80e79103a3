package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// wire carries a process's calls to Ashby, in memory.
type wire struct {
	w *World
	p *process
}

// steps names the writes by the step that makes them; anything else is a read.
var steps = map[string]string{
	"candidate.create": "create", "candidate.update": "update", "customField.setValues": "fields",
	"candidate.createNote": "note", "candidate.addEmailMessage": "email", "candidate.addTag": "tag", "candidate.addProject": "project",
}

// RoundTrip makes one call, or what becomes of it.
func (t wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err = errors.Join(err, r.Body.Close()); err != nil {
		return nil, err
	}
	name, k := steps[strings.TrimPrefix(r.URL.Path, "/")], ashbyWrite
	if name == "" || bytes.Contains(body, []byte(nobody)) { // a look at what the key may do writes nothing
		name, k = "read", ashbyRead
	}
	key, _, _ := r.BasicAuth()
	t.w.begins(t.p, key)
	v := t.w.gate.pass(t.p, k, name, r.URL.Path+string(body))
	res, err := t.after(r, body, v, k == ashbyWrite)
	if r.Context().Err() != nil { // many end at once; they go on one at a time
		t.w.gate.pass(t.p, givenUp, name, r.URL.Path+string(body))
	}
	t.w.ends(t.p, key, res)
	return res, err
}

func (t wire) after(r *http.Request, body []byte, v verdict, write bool) (*http.Response, error) {
	sent := func(ctx context.Context) (*http.Response, error) {
		again := r.Clone(ctx)
		again.Body = io.NopCloser(bytes.NewReader(body))
		if write && v.late == 0 {
			landed := t.w.fly(body)
			defer landed()
		}
		return t.w.ashby.RoundTrip(again)
	}
	if write && unclear(v.fault) {
		t.w.closed(t.w.teamOf(r), r.URL.Path, body, v.fault)
	}
	switch v.fault {
	case none, freeze, staleRead:
		res, err := sent(r.Context())
		if t.p.isDead() {
			return nil, errDead
		}
		if v.fault == staleRead && err == nil {
			return withoutLate(res, time.Now().Add(-v.late))
		}
		return res, err
	case dead, crashBefore:
		return nil, t.w.die(t.p)
	case crashAfter:
		_, _ = sent(context.WithoutCancel(r.Context())) // served to its end, heard by nobody
		return nil, t.w.die(t.p)
	case crashLate, lostLate:
		t.w.delay(t.w.teamOf(r), r.URL.Path, body)
		time.AfterFunc(v.late, func() { _, _ = sent(context.WithoutCancel(r.Context())) }) //nolint:bodyclose,contextcheck // in memory, and nobody hears it
		if v.fault == crashLate {
			return nil, t.w.die(t.p)
		}
		return nil, t.silence(r)
	case notSent:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	case resetBefore:
		return nil, reset()
	case resetAfter:
		_, _ = sent(r.Context())
		return nil, reset()
	case lostBefore, ashbyDown:
		return nil, t.silence(r)
	case lostAfter:
		_, _ = sent(r.Context())
		return nil, t.silence(r)
	case edge503:
		return answer(r, http.StatusServiceUnavailable, "text/html", "<html><body><h1>503</h1></body></html>", nil), nil
	case limited, limitedAll, limitedMany:
		return throttled(r, v), nil
	default:
		res, err := sent(r.Context())
		if err != nil {
			return nil, err
		}
		return spoiled(r, res, v.fault)
	}
}

// fly notes that a write to a candidate is on its way, until landed.
func (w *World) fly(body []byte) (landed func()) {
	var to struct{ CandidateID, ObjectID string }
	_ = json.Unmarshal(body, &to)
	id := to.CandidateID + to.ObjectID
	if id == "" || id == nobody {
		return func() {}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.flying[id]++; w.flying[id] > 1 {
		w.overlaps = append(w.overlaps, fmt.Sprintf("two writes to %s at %s", id, time.Since(w.start)))
	}
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.flying[id]--
	}
}

// unclear tells the troubles after which nobody can know whether a write was
// applied, or still will be.
func unclear(t trouble) bool {
	return slices.Contains([]trouble{
		freeze, crashAfter, crashLate, resetBefore, resetAfter, lostBefore, lostAfter, lostLate, edge503, broken500, cutAnswer, garbage, ashbyDown,
	}, t)
}

// silence is no answer until the caller gives up.
func (t wire) silence(r *http.Request) error {
	<-r.Context().Done()
	if t.p.isDead() {
		return errDead
	}
	return r.Context().Err()
}

func reset() error {
	return &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
}

// spoiled is an answer that cannot be read.
func spoiled(r *http.Request, res *http.Response, t trouble) (*http.Response, error) {
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	switch t {
	case broken500:
		return answer(r, http.StatusInternalServerError, "application/json", `{"success":false,"errorInfo":{"code":"internal_error"}}`, nil), nil
	case cutAnswer:
		res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body[:len(body)/2]), failing{io.ErrUnexpectedEOF}))
	default:
		res.Body = io.NopCloser(strings.NewReader("\x1f\x8b this is not JSON {"))
		res.ContentLength = -1
	}
	return res, nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func throttled(r *http.Request, v verdict) *http.Response {
	code, header := "rate_limit_exceeded", http.Header{"Retry-After": {strconv.Itoa(int(v.late.Seconds()))}}
	if v.fault == limitedAll {
		header.Set("X-RateLimit-Scope", "integration-partner")
	}
	if v.fault == limitedMany {
		code, header = "concurrent_limit_exceeded", nil
	}
	return answer(r, http.StatusTooManyRequests, "application/json",
		fmt.Sprintf(`{"success":false,"errorInfo":{"code":%q,"message":"slow down"}}`, code), header)
}

func answer(r *http.Request, status int, kind, body string, header http.Header) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", kind)
	return &http.Response{
		Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r,
	}
}
