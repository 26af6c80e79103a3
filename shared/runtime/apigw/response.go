package apigw

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// response collects an answer in memory.
type response struct {
	header http.Header
	sent   http.Header // the header as it was when the status was written
	status int
	body   bytes.Buffer
}

// Header gives the header to write into.
func (w *response) Header() http.Header { return w.header }

// WriteHeader fixes the status and the header, once.
func (w *response) WriteHeader(status int) {
	if w.status != 0 || status < 200 { // informational answers do not pass API Gateway
		return
	}
	w.status, w.sent = status, w.header.Clone()
}

// Write adds to the body.
func (w *response) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.sent.Get("Content-Type") == "" && len(b) > 0 {
		w.sent.Set("Content-Type", http.DetectContentType(b))
	}
	return w.body.Write(b)
}

// event translates the answer. Payload 2.0 knows one value per header, so
// repeated ones are joined, and cookies travel apart. What is not text, or is
// encoded, travels as base64.
func (w *response) event() events.APIGatewayV2HTTPResponse {
	w.WriteHeader(http.StatusOK)
	out := events.APIGatewayV2HTTPResponse{StatusCode: w.status, Headers: map[string]string{}}
	for name, values := range w.sent {
		if name == "Set-Cookie" {
			out.Cookies = values
			continue
		}
		out.Headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	if body := w.body.Bytes(); w.sent.Get("Content-Encoding") == "" && utf8.Valid(body) {
		out.Body = string(body)
	} else {
		out.Body, out.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return out
}
