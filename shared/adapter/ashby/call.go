package ashby

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Headers that Ashby sends; all documented in October 2026.
const (
	headerVersion       = "Ashby-Version"
	headerVersionStatus = "Ashby-Version-Status"
	headerScope         = "X-RateLimit-Scope" // only on the partner-wide limit
	scopePartner        = "integration-partner"
)

// Answer is what Ashby said to one call. Beside an error, Result is its zero
// value and Meta holds what is known.
type Answer[T any] struct {
	Result T
	Meta
}

// Meta is what an answer says about itself.
type Meta struct {
	Status        int      // HTTP; 0: no answer
	RecordID      string   // of the one record that was made or read; empty for lists and mere acknowledgements
	RequestID     string   // for Ashby's support; Ashby documents it for failures only
	Version       string   // of the API, as answered
	VersionStatus string   // "active"; anything else is a warning from Ashby
	Warnings      []string // a success with exceptions

	NextCursor string // of a list: where the next page begins
	SyncToken  string // of a list's last page: ask with it for what changed since
	More       bool   // of a list: another page follows
}

// Ack is the result of a write whose success says all there is to know.
type Ack struct{}

// Do sends exactly these bytes to a method and gives the results as they came.
// Whether the method writes is the table's to say. Errors are faults, see
// Classify; an unknown method or a body that we never send is Internal, and
// nothing is sent.
func (a *Account) Do(ctx context.Context, method string, body []byte) (Answer[json.RawMessage], error) {
	meta, results, err := a.do(ctx, method, body, nil)
	return Answer[json.RawMessage]{results, meta}, err
}

// plainer is a wire struct that turns into the value it stands for.
type plainer[T any] interface{ plain() T }

// call sends arguments and reads the results as W.
func call[W plainer[T], T any](ctx context.Context, a *Account, method string, args any) (Answer[T], error) {
	body, err := encode(args)
	if err != nil {
		return Answer[T]{}, unlawful(method, err)
	}
	var results W
	meta, _, err := a.do(ctx, method, body, &results)
	if err != nil {
		return Answer[T]{Meta: meta}, err
	}
	return Answer[T]{results.plain(), meta}, nil
}

// acknowledge sends a write whose results nobody needs.
func acknowledge(ctx context.Context, a *Account, w Write) (Answer[Ack], error) {
	body, err := Body(w)
	if err != nil {
		return Answer[Ack]{}, err
	}
	meta, _, err := a.do(ctx, w.Method(), body, nil)
	return Answer[Ack]{Meta: meta}, err
}

// do is the one way to Ashby: guard, exchange, judge, tell.
func (a *Account) do(ctx context.Context, method string, body []byte, into any) (Meta, json.RawMessage, error) {
	if err := a.guard(method, body); err != nil {
		return Meta{}, nil, err
	}
	if a.admit != nil {
		release, err := a.admit(ctx)
		if err != nil {
			return Meta{}, nil, err
		}
		defer release()
	}
	start := time.Now()
	r := a.exchange(ctx, method, body)
	v := Classify(r)
	if v.Err == nil && into != nil {
		if err := json.Unmarshal(v.open.results, into); err != nil {
			v = r.misread(err, v.open)
		}
	}
	meta := r.meta(v.open)
	a.client.tell(ctx, r, v, meta, len(body), time.Since(start))
	if v.Err != nil {
		return meta, nil, v.Err
	}
	return meta, v.open.results, nil
}

// guard refuses what must never be sent.
func (a *Account) guard(method string, body []byte) error {
	e, known := endpoints[method]
	switch {
	case !known:
		return fault.New(fault.Internal, CodeUnknownMethod, "there is no such call to Ashby")
	case a.key.Empty():
		return fault.New(fault.KeyRefused, CodeKeyMissing, "there is no API key for Ashby")
	}
	if err := e.check(body); err != nil {
		return unlawful(method, err)
	}
	return nil
}

func unlawful(method string, err error) error {
	return fault.New(fault.Internal, CodeUnlawfulBody, "we were about to send Ashby something wrong, and did not").
		Because(fmt.Errorf("%s: %w", method, err))
}

// exchange sends one request and reads one answer, within the client's time.
func (a *Account) exchange(ctx context.Context, method string, body []byte) Reply {
	ctx, cancel := context.WithTimeout(ctx, a.client.timeout)
	defer cancel()
	r := Reply{Method: method, Key: a.key}
	if err := ctx.Err(); err != nil {
		r.NotSent, r.Err = true, err
		return r
	}
	var s sending
	req, err := a.request(s.watch(ctx), method, body)
	if err != nil {
		r.NotSent, r.Err = true, err
		return r
	}
	// RoundTrip and not a http.Client: that follows redirects, and gives an error
	// instead of the status where it cannot.
	res, err := a.client.http.RoundTrip(req)
	r.At = time.Now()
	if err != nil {
		r.NotSent, r.Err = s.never(err), err
		return r
	}
	defer func() { _ = res.Body.Close() }()
	r.Status, r.Header = res.StatusCode, res.Header
	r.Body, r.Err = readAll(res, a.client.maxBody)
	return r
}

func (a *Account) request(ctx context.Context, method string, body []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.client.base+"/"+method, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header = http.Header{
		"Authorization": {basic(a.key)},
		"Content-Type":  {"application/json"},
		"Accept":        {"application/json"},
		headerVersion:   {apiVersion},
		"User-Agent":    {"sourcewhale-ashby-sync"},
	}
	return req, nil
}

// readAll reads a body up to the limit.
func readAll(res *http.Response, limit int64) ([]byte, error) {
	if res.ContentLength > limit {
		return nil, errTooLarge
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if int64(len(body)) > limit {
		return body[:limit], errTooLarge
	}
	return body, err
}

// misread is a success whose results are not what the method promises.
func (r Reply) misread(err error, env envelope) Verdict {
	// The decoder's own message can quote the answer; where it stumbled is enough.
	cause := errors.New("results are not of the documented shape")
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		cause = fmt.Errorf("results.%s is not of the documented type", wrong.Field)
	}
	if of(r.Method).write {
		return r.unclear(12, fault.Ambiguous, cause, env)
	}
	return r.unclear(2, fault.Unavailable, cause, env)
}

func (r Reply) meta(e envelope) Meta {
	id := token(e.request)
	if id == "" {
		id = token(scrub(r.Key, r.Header.Get("X-Request-Id")))
	}
	return Meta{
		Status: r.Status, RecordID: e.id, RequestID: id, Warnings: e.warnings,
		Version: token(r.Header.Get(headerVersion)), VersionStatus: token(r.Header.Get(headerVersionStatus)),
		NextCursor: e.cursor, SyncToken: e.token, More: e.more,
	}
}
