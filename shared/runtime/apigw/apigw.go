// Package apigw serves an http.Handler behind API Gateway's HTTP API (payload
// format 2.0).
//
// Headers arrive whole: API Gateway joins repeated ones by commas, and commas
// also occur inside values (webhook-signature: v1,…), so nothing is cut at them.
package apigw

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/runtime/header"
	"github.com/sourcewhale/ashby-sync/shared/runtime/problem"
	"github.com/sourcewhale/ashby-sync/shared/runtime/trace"
)

// Func is what lambda.Start runs.
type Func func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// Handler runs h for every request. The request's context bears API Gateway's
// request id as trace. The error is always nil: an error would become API
// Gateway's own 500 with an HTML-ish body. Panics are problem.Guard's to catch.
func Handler(h http.Handler) Func {
	return func(ctx context.Context, in events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		out := &response{header: http.Header{}}
		r, err := request(trace.With(ctx, in.RequestContext.RequestID), in)
		if err != nil {
			header.API(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { problem.Write(w, r, err) })).ServeHTTP(out, r)
		} else {
			h.ServeHTTP(out, r)
		}
		return out.event(), nil
	}
}

// request always gives a request, if only to answer a broken one.
func request(ctx context.Context, in events.APIGatewayV2HTTPRequest) (*http.Request, error) {
	body, err := []byte(in.Body), error(nil)
	if in.IsBase64Encoded {
		body, err = base64.StdEncoding.DecodeString(in.Body)
	}
	r := (&http.Request{
		Method: in.RequestContext.HTTP.Method, URL: target(in), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Host: in.RequestContext.DomainName, RemoteAddr: in.RequestContext.HTTP.SourceIP,
		Body: http.NoBody, ContentLength: int64(len(body)),
	}).WithContext(ctx)
	r.RequestURI = r.URL.RequestURI()
	for name, value := range in.Headers {
		r.Header.Set(name, value)
	}
	if len(in.Cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(in.Cookies, "; "))
	}
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
		r.Header.Del("Host")
	}
	if err != nil {
		return r, fault.New(fault.Invalid, "body_encoding", "the body is not valid base64").Because(err)
	}
	if len(body) > 0 {
		r.Body = readCloser{bytes.NewReader(body)}
	}
	return r, nil
}

// target is the URL without the stage, which API Gateway puts before the path
// unless it is $default.
func target(in events.APIGatewayV2HTTPRequest) *url.URL {
	raw := in.RawPath
	if stage := in.RequestContext.Stage; stage != "" && stage != "$default" {
		if rest, ok := strings.CutPrefix(raw, "/"+stage); ok && (rest == "" || rest[0] == '/') {
			raw = rest
		}
	}
	if raw == "" {
		raw = "/"
	}
	u := &url.URL{Path: raw, RawQuery: in.RawQueryString}
	if path, err := url.PathUnescape(raw); err == nil && path != raw {
		u.Path, u.RawPath = path, raw
	}
	return u
}

type readCloser struct{ *bytes.Reader }

// Close has nothing to close.
func (readCloser) Close() error { return nil }
