package ashby

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// Defaults of a Config.
const (
	DefaultTimeout = 8 * time.Second
	DefaultMaxBody = 8 << 20 // bytes; a full page of candidates takes well under one MiB
)

// apiVersion is the version of Ashby's API that this package is written against.
// Left out, a key follows the version that was newest when it was made.
const apiVersion = "2026-01-01"

// Config of a client.
type Config struct {
	// BaseURL is where Ashby is, fixed by the deployment. https, or http on a
	// loopback address.
	BaseURL string
	// AllowHTTP permits http on any host: for containers that reach a simulator by
	// name. Never in AWS.
	AllowHTTP bool
	// HTTP carries the requests; nil: a transport of the client's own.
	HTTP http.RoundTripper
	// Timeout of one call, from dialling to the last byte; 0: DefaultTimeout.
	Timeout time.Duration
	// MaxBody is how many bytes of an answer, after decompression, are read; 0:
	// DefaultMaxBody.
	MaxBody int64
	// Log gets one line per call; nil: none.
	Log *slog.Logger
	// Observe is told of every call; nil: nobody is. It must not block.
	Observe func(Call)
}

// Client is one deployment's way to Ashby. It holds no key, and many goroutines
// may use it at once.
type Client struct {
	base    string // without a slash at the end
	http    http.RoundTripper
	timeout time.Duration
	maxBody int64
	log     *slog.Logger
	observe func(Call)
}

// New makes a client, or lists all that is wrong with the configuration.
func New(c Config) (*Client, error) {
	base, err := parseBase(c.BaseURL, c.AllowHTTP)
	if c.Timeout < 0 {
		err = errors.Join(err, errors.New("ashby timeout is negative"))
	}
	if c.MaxBody < 0 {
		err = errors.Join(err, errors.New("ashby body limit is negative"))
	}
	if err != nil {
		return nil, err
	}
	client := &Client{base: base, http: c.HTTP, timeout: c.Timeout, maxBody: c.MaxBody, log: c.Log, observe: c.Observe}
	if client.http == nil {
		client.http = newTransport()
	}
	if client.timeout == 0 {
		client.timeout = DefaultTimeout
	}
	if client.maxBody == 0 {
		client.maxBody = DefaultMaxBody
	}
	if client.log == nil {
		client.log = slog.New(slog.DiscardHandler)
	}
	if client.observe == nil {
		client.observe = func(Call) {}
	}
	return client, nil
}

// parseBase validates the base URL. It repeats none of it but the host: someone
// may have pasted credentials into it.
func parseBase(raw string, allowHTTP bool) (string, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil, u.Host == "", u.Hostname() == "":
		return "", errors.New("ashby base URL is not an absolute URL")
	case u.User != nil, u.RawQuery != "", u.ForceQuery, u.Fragment != "":
		return "", errors.New("ashby base URL has more than scheme, host and path")
	case u.Scheme == "https", u.Scheme == "http" && (allowHTTP || loopback(u.Hostname())):
		return u.Scheme + "://" + u.Host + strings.TrimRight(u.EscapedPath(), "/"), nil
	}
	return "", fmt.Errorf("ashby base URL must be https: host %s is not loopback", u.Host)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Warm opens a connection to Ashby, so that the first call does not pay for it.
// It sends no key and does not care for the answer. Error: Unavailable.
func (c *Client) Warm(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, c.base+"/", nil)
	if err != nil {
		return fault.New(fault.Internal, "internal", "the address of Ashby is wrong").Because(err)
	}
	res, err := c.http.RoundTrip(req)
	if err != nil {
		return fault.New(fault.Unavailable, CodeNotSent, "Ashby could not be reached").Because(err)
	}
	return res.Body.Close()
}

// Close lets go of idle connections. Calls may still be made afterwards.
func (c *Client) Close() {
	if t, ok := c.http.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// With binds a key. The account is cheap; make one per piece of work.
func (c *Client) With(key secret.Value) *Account { return &Account{client: c, key: key} }

// Account is one team's Ashby, as far as one key may see it.
type Account struct {
	client *Client
	key    secret.Value
	admit  Admit
}

// Admit gives leave for one call, to be given back when it is over. Its error is
// the call's.
type Admit func(ctx context.Context) (release func(), err error)

// Admitted gives the account with leave to be asked for before each call.
func (a *Account) Admitted(admit Admit) *Account {
	return &Account{client: a.client, key: a.key, admit: admit}
}
