package ashby

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// liar is a server whose network lies: it may apply a request and lose the
// answer, or answer with half of it. applied counts what it took in whole.
type liar struct {
	*httptest.Server
	applied atomic.Int32
	hold    chan struct{} // closed at the end; a slow answer waits for it
}

func lie(t *testing.T, answer func(l *liar, w http.ResponseWriter)) *liar {
	t.Helper()
	l := &liar{hold: make(chan struct{})}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err == nil {
			l.applied.Add(1)
		}
		answer(l, w)
	}))
	t.Cleanup(func() { close(l.hold); l.Close() })
	return l
}

func account(t *testing.T, c Config) *Account {
	t.Helper()
	client, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client.With(secret.NewValue("a-key"))
}

// hangUp ends the connection; with a reset when asked to, else with an end of file.
func hangUp(w http.ResponseWriter, reset bool, before string) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = io.WriteString(conn, before)
	if tcp, ok := conn.(*net.TCPConn); ok && reset {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

const page = "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 75\r\n\r\n"

// After the request has left, every failure is ambiguous for a write and
// repeatable for a read, and nothing is sent twice.
func TestAnAnswerThatIsLostAfterTheWriteIsAmbiguous(t *testing.T) {
	cases := []struct {
		name   string
		answer func(l *liar, w http.ResponseWriter)
		code   string
		config Config
	}{
		{"closed", func(_ *liar, w http.ResponseWriter) { hangUp(w, false, "") }, CodeConnectionLost, Config{}},
		{"reset", func(_ *liar, w http.ResponseWriter) { hangUp(w, true, "") }, CodeConnectionLost, Config{}},
		{"cut in the headers", func(_ *liar, w http.ResponseWriter) { hangUp(w, false, "HTTP/1.1 200 OK\r\nConte") }, CodeConnectionLost, Config{}},
		{"not HTTP", func(_ *liar, w http.ResponseWriter) { hangUp(w, false, "a-key 220 smtp ready\r\n\r\n") }, CodeConnectionLost, Config{}},
		{"cut in the body", func(_ *liar, w http.ResponseWriter) {
			hangUp(w, false, "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n"+yes)
		}, CodeAnswerCut, Config{}},
		{"cut in a chunk", func(_ *liar, w http.ResponseWriter) {
			hangUp(w, false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+fmt.Sprintf("%x\r\n%s\r\n", len(yes), yes))
		}, CodeAnswerCut, Config{}},
		{"cut where only JSON can tell", func(_ *liar, w http.ResponseWriter) {
			hangUp(w, false, "HTTP/1.0 200 OK\r\n\r\n"+yes[:len(yes)-1])
		}, CodeAnswerUnread, Config{}},
		{"page", func(_ *liar, w http.ResponseWriter) {
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, errorPage)
		}, CodeAshbyDown, Config{}},
		{"page cut short", func(_ *liar, w http.ResponseWriter) { hangUp(w, true, page+errorPage[:9]) }, CodeAshbyDown, Config{}},
		{"oversized, announced", func(_ *liar, w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"success":true,"results":{"id":"`+strings.Repeat("x", 1000)+`"}}`)
		}, CodeAnswerTooLarge, Config{MaxBody: 1000}},
		{"oversized, in a stream", func(_ *liar, w http.ResponseWriter) {
			for range 1000 {
				_, _ = io.WriteString(w, strings.Repeat("x", 100))
				w.(http.Flusher).Flush()
			}
		}, CodeAnswerTooLarge, Config{MaxBody: 1000}},
		{"slow", func(l *liar, _ http.ResponseWriter) { <-l.hold }, CodeTimeout, Config{Timeout: 30 * time.Millisecond}},
		{"slow in the body", func(l *liar, w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"success":true,`)
			w.(http.Flusher).Flush()
			<-l.hold
		}, CodeTimeout, Config{Timeout: 30 * time.Millisecond}},
	}
	for _, c := range cases {
		for method, kind := range map[string]fault.Kind{aRead: fault.Unavailable, aWrite: fault.Ambiguous} {
			t.Run(c.name+"/"+method, func(t *testing.T) {
				l := lie(t, c.answer)
				c.config.BaseURL = l.URL
				_, err := account(t, c.config).Do(t.Context(), method, []byte(`{"id":"c1"}`))
				if !fault.Is(err, kind) || fault.Of(err).Code() != c.code {
					t.Errorf("%v, want %s, %s", err, kind, c.code)
				}
				if n := l.applied.Load(); n != 1 {
					t.Errorf("sent %d times", n)
				}
				if strings.Contains(fmt.Sprint(err), "a-key") {
					t.Errorf("the error repeats the key: %v", err)
				}
			})
		}
	}
}

// A connection that the server closed while it was idle is the usual way to lose
// a write: the request leaves and nobody is there.
func TestAWriteOnAConnectionThatDiesIsNotRepeated(t *testing.T) {
	var calls atomic.Int32
	l := lie(t, func(_ *liar, w http.ResponseWriter) {
		if calls.Add(1) == 1 {
			_, _ = io.WriteString(w, yes)
			return
		}
		hangUp(w, true, "")
	})
	a := account(t, Config{BaseURL: l.URL})
	if _, err := a.Do(t.Context(), aWrite, []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Do(t.Context(), aWrite, []byte(`{}`)); !fault.Is(err, fault.Ambiguous) {
		t.Errorf("%v, want ambiguous", err)
	}
	if calls.Load() != 2 {
		t.Errorf("%d calls: one was repeated", calls.Load())
	}
}

func TestAWriteThatNeverLeftMayBeRepeated(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	foreign := httptest.NewUnstartedServer(http.NotFoundHandler()) // of a certificate nobody knows
	foreign.Config.ErrorLog = log.New(io.Discard, "", 0)
	foreign.StartTLS()
	t.Cleanup(foreign.Close)
	silent := listen(t, func(net.Conn) {}) // takes the connection, never speaks TLS
	dead := listen(t, func(c net.Conn) { _ = c.Close() })
	done, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx    context.Context
		config Config
	}{
		"refused":                   {t.Context(), Config{BaseURL: closed.URL}},
		"unknown certificate":       {t.Context(), Config{BaseURL: foreign.URL}},
		"no handshake in time":      {t.Context(), Config{BaseURL: "https://" + silent, Timeout: 30 * time.Millisecond}},
		"hung up at the handshake":  {t.Context(), Config{BaseURL: "https://" + dead}},
		"plain where TLS should be": {t.Context(), Config{BaseURL: "https://" + listen(t, func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.0 400 Bad\r\n\r\n"); _ = c.Close() })}},
		"given up before":           {done, Config{BaseURL: closed.URL}},
		"no such host":              {t.Context(), Config{BaseURL: "https://ashby.invalid", HTTP: failing{&net.DNSError{Err: "no such host", IsNotFound: true}}}},
		"dial, without a trace":     {t.Context(), Config{BaseURL: "https://ashby.invalid", HTTP: failing{&net.OpError{Op: "dial", Err: errors.New("network is unreachable")}}}},
		"TLS, without a trace":      {t.Context(), Config{BaseURL: "https://ashby.invalid", HTTP: failing{&tls.CertificateVerificationError{Err: errors.New("expired")}}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := account(t, c.config).Do(c.ctx, aWrite, []byte(`{}`))
			if !fault.Is(err, fault.Unavailable) || fault.Of(err).Code() != CodeNotSent {
				t.Errorf("%v, want unavailable, %s", err, CodeNotSent)
			}
		})
	}
}

// A transport that says nothing of connections must not make a write repeatable.
func TestAFailureThatNobodyTracedCountsAsSent(t *testing.T) {
	for _, lost := range []error{io.EOF, context.DeadlineExceeded, &net.OpError{Op: "read", Err: errors.New("reset")}} {
		_, err := account(t, Config{BaseURL: "https://ashby.invalid", HTTP: failing{lost}}).Do(t.Context(), aWrite, []byte(`{}`))
		if !fault.Is(err, fault.Ambiguous) {
			t.Errorf("%v became %v, want ambiguous", lost, err)
		}
		if !errors.Is(err, lost) {
			t.Errorf("the cause %v is lost in %v", lost, err)
		}
	}
}

func TestACallThatIsGivenUpMidwayIsAmbiguousForAWrite(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	l := lie(t, func(l *liar, _ http.ResponseWriter) { cancel(); <-l.hold })
	_, err := account(t, Config{BaseURL: l.URL}).Do(ctx, aWrite, []byte(`{}`))
	if !fault.Is(err, fault.Ambiguous) || fault.Of(err).Code() != CodeCancelled {
		t.Errorf("%v, want ambiguous, %s", err, CodeCancelled)
	}
}

func TestRedirectsAreRefusedAndNotFollowed(t *testing.T) {
	for _, location := range []string{"/elsewhere", "http://127.0.0.1:1/", "::not a url::", ""} {
		l := lie(t, func(_ *liar, w http.ResponseWriter) {
			w.Header().Set("Location", location)
			w.WriteHeader(http.StatusTemporaryRedirect)
		})
		_, err := account(t, Config{BaseURL: l.URL}).Do(t.Context(), aWrite, []byte(`{}`))
		if !fault.Is(err, fault.Rejected) || fault.Of(err).Code() != CodeOurBugRedirect {
			t.Errorf("to %q: %v", location, err)
		}
		if l.applied.Load() != 1 {
			t.Errorf("to %q: %d requests", location, l.applied.Load())
		}
	}
}

type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

// listen takes connections on a loopback port and keeps them open unless do
// closes them.
func listen(t *testing.T, do func(net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			do(conn)
			t.Cleanup(func() { _ = conn.Close() })
		}
	}()
	return l.Addr().String()
}
