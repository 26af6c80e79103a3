// Package gateway stands in for API Gateway's HTTP API on a laptop: it turns
// requests into the very events that a Lambda function receives (payload format
// 2.0) and the function's answers back into responses.
package gateway

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// Function is a Lambda function behind the gateway.
type Function func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// maxBody is API Gateway's limit on a request, 10 MB.
const maxBody = 10 << 20

// timeout is API Gateway's limit on a function behind an HTTP API.
const timeout = 29 * time.Second

var requests atomic.Int64

// Serve runs the function for every request of a route.
func Serve(f Function, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			plain(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		answer, err := f(ctx, event(r, body))
		if err != nil {
			log.ErrorContext(ctx, "a function failed", "path", r.URL.Path, "error", err)
			plain(w, http.StatusInternalServerError, "Internal Server Error")
			return
		}
		write(w, answer)
	})
}

// plain answers as API Gateway itself does.
func plain(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"message":%q}`, message)
}

func event(r *http.Request, body []byte) events.APIGatewayV2HTTPRequest {
	headers := make(map[string]string, len(r.Header)+1)
	for name, values := range r.Header {
		if name != "Cookie" {
			headers[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	headers["host"] = r.Host
	source, _, _ := net.SplitHostPort(r.RemoteAddr)
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "$default", RawPath: r.URL.EscapedPath(), RawQueryString: r.URL.RawQuery, Headers: headers,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RequestID: fmt.Sprintf("local-%d-%d", time.Now().UnixNano(), requests.Add(1)), Stage: "$default", DomainName: r.Host,
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: r.Method, Path: r.URL.Path, Protocol: r.Proto, SourceIP: source, UserAgent: r.UserAgent(),
			},
		},
	}
	for _, c := range r.Cookies() {
		e.Cookies = append(e.Cookies, c.String())
	}
	if e.Body = string(body); !utf8.Valid(body) {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return e
}

func write(w http.ResponseWriter, answer events.APIGatewayV2HTTPResponse) {
	body := []byte(answer.Body)
	if answer.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(answer.Body)
		if err != nil {
			plain(w, http.StatusInternalServerError, "Internal Server Error")
			return
		}
		body = decoded
	}
	for name, value := range answer.Headers {
		w.Header().Set(name, value)
	}
	for name, values := range answer.MultiValueHeaders {
		w.Header()[http.CanonicalHeaderKey(name)] = values
	}
	for _, c := range answer.Cookies {
		w.Header().Add("Set-Cookie", c)
	}
	if answer.StatusCode == 0 {
		answer.StatusCode = http.StatusOK
	}
	w.WriteHeader(answer.StatusCode)
	_, _ = w.Write(body)
}
