// Package front gives several AWS-compatible endpoints one address, as LocalStack
// and its like have it, and lets containers of this machine reach what listens on
// loopback.
package front

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
)

// services tells by the target that the SDKs send which service a call is for.
var services = map[string]string{ //nolint:gosec // names, no secrets
	"DynamoDB_20120810": "AWS_ENDPOINT_URL_DYNAMODB",
	"AmazonSQS":         "AWS_ENDPOINT_URL_SQS",
	"secretsmanager":    "AWS_ENDPOINT_URL_SECRETS_MANAGER",
}

// New passes each call on to the endpoint of its service. The endpoints are named
// as the SDKs name them.
func New(getenv func(string) string) (http.Handler, error) {
	behind := map[string]http.Handler{}
	transport := &http.Transport{MaxIdleConnsPerHost: 100, DisableCompression: true} // as many as many functions need
	for prefix, name := range services {
		to, err := url.Parse(getenv(name))
		if err != nil || to.Host == "" {
			return nil, fmt.Errorf("%s is no URL: %q", name, getenv(name))
		}
		behind[prefix] = &httputil.ReverseProxy{Transport: transport, ErrorHandler: unanswered, Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host // it is signed
		}}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		service, _, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if h := behind[service]; h != nil {
			h.ServeHTTP(w, r)
			return
		}
		http.Error(w, "only DynamoDB, SQS and Secrets Manager are here, by their JSON protocols", http.StatusNotImplemented)
	}), nil
}

// unanswered breaks the connection, as AWS does: an answer of ours would be an answer.
func unanswered(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }

// bridge is the network of Docker's that containers reach their host by.
const bridge = "docker0"

// Bridge lets containers reach ports of loopback at host.docker.internal, until the
// context ends. Without a bridge of Docker's there is nothing to do: ok is false.
func Bridge(ctx context.Context, ports ...int) (ok bool, err error) {
	at, err := net.InterfaceByName(bridge)
	if err != nil {
		return false, nil //nolint:nilerr // no Docker is here
	}
	addresses, err := at.Addrs()
	if err != nil {
		return false, err
	}
	for _, a := range addresses {
		ip, _, err := net.ParseCIDR(a.String())
		if err != nil || ip.To4() == nil {
			continue
		}
		for _, port := range ports {
			if err := forward(ctx, net.JoinHostPort(ip.String(), fmt.Sprint(port)), net.JoinHostPort("127.0.0.1", fmt.Sprint(port))); err != nil {
				return false, err
			}
		}
		return true, nil
	}
	return false, errors.New(bridge + " has no address")
}

func forward(ctx context.Context, from, to string) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", from)
	if err != nil {
		return fmt.Errorf("let containers reach %s: %w", to, err)
	}
	context.AfterFunc(ctx, func() { _ = listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return // closed
			}
			go pass(ctx, c, to)
		}
	}()
	return nil
}

// pass copies both ways until both have said all.
func pass(ctx context.Context, in net.Conn, to string) {
	defer func() { _ = in.Close() }()
	out, err := (&net.Dialer{}).DialContext(ctx, "tcp", to)
	if err != nil {
		return
	}
	defer func() { _ = out.Close() }()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(out, in)
		if half, ok := out.(*net.TCPConn); ok {
			_ = half.CloseWrite()
		}
	}()
	_, _ = io.Copy(in, out)
	if half, ok := in.(*net.TCPConn); ok {
		_ = half.CloseWrite()
	}
	<-done
}
