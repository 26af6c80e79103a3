package ashby

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// newTransport makes a transport for a function that is frozen between calls and
// must know what it sent.
//
// HTTP/1.1 only: on one shared HTTP/2 connection a single reset would leave every
// write in flight unknown. No proxy: nothing in the environment may come between
// the key and Ashby.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 3 * time.Second, KeepAlive: 15 * time.Second}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		DialContext:         dialer.DialContext,
		TLSHandshakeTimeout: 3 * time.Second,
		TLSClientConfig: &tls.Config{
			MinVersion:         tls.VersionTLS12,
			ClientSessionCache: tls.NewLRUClientSessionCache(16),
		},
		Protocols:           protocols,
		MaxIdleConns:        32,
		MaxIdleConnsPerHost: 32,
		// Well below the minute after which servers close idle connections. net/http
		// goes by the wall clock here, so a connection that slept through a freeze is
		// not used again; to send a write on a dead one would make it ambiguous.
		IdleConnTimeout:        20 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// sending watches one request to learn whether any of it can have left.
type sending struct{ sought, connected atomic.Bool }

// watch returns a context that reports to s. net/http tries again on another
// connection only after nothing was written to the first, so each search for a
// connection starts the watch anew.
func (s *sending) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) {
			s.sought.Store(true)
			s.connected.Store(false)
		},
		GotConn: func(httptrace.GotConnInfo) { s.connected.Store(true) },
	})
}

// never reports whether surely nothing was sent: a connection was sought and did
// not come about, or the error can only come from before there was one. A
// transport that reports nothing counts as having sent.
func (s *sending) never(err error) bool {
	if err == nil {
		return false
	}
	if s.sought.Load() {
		return !s.connected.Load()
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return true
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return true
	}
	_, ok := errors.AsType[*tls.CertificateVerificationError](err)
	return ok
}
