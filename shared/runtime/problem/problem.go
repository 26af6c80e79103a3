// Package problem turns faults into RFC 9457 problem documents. It is the only
// place where a kind of failure becomes an HTTP status.
package problem

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/runtime/trace"
)

// ContentType of a problem document.
const ContentType = "application/problem+json"

// defaultWait is what Retry-After says when the fault does not.
const defaultWait = 5 * time.Second

// Document is a problem as it is sent. The type is always "about:blank": what
// happened is told by Code, which is stable, and Detail, which is for people.
type Document struct {
	Type      string  `json:"type"`
	Title     string  `json:"title"`
	Status    int     `json:"status"`
	Detail    string  `json:"detail,omitempty"`
	Code      string  `json:"code"`
	Errors    []Entry `json:"errors,omitempty"`
	RequestID string  `json:"request_id,omitempty"`
}

// Entry is one mistake among several, by its place in the request.
type Entry struct {
	Path    string `json:"path"`
	Code    string `json:"code"`
	Message string `json:"message,omitempty"`
}

var statuses = map[fault.Kind]int{
	fault.Internal:          http.StatusInternalServerError,
	fault.Invalid:           http.StatusBadRequest,
	fault.Unauthenticated:   http.StatusUnauthorized,
	fault.Forbidden:         http.StatusForbidden,
	fault.NotFound:          http.StatusNotFound,
	fault.Conflict:          http.StatusConflict,
	fault.TooLarge:          http.StatusRequestEntityTooLarge,
	fault.Throttled:         http.StatusTooManyRequests,
	fault.Unavailable:       http.StatusServiceUnavailable,
	fault.Ambiguous:         http.StatusGatewayTimeout, // may have been applied; not to be repeated blindly
	fault.KeyRefused:        http.StatusUnprocessableEntity,
	fault.PermissionMissing: http.StatusUnprocessableEntity,
	fault.Rejected:          http.StatusUnprocessableEntity,
}

// plainly are the codes that are 400 although they say where the mistakes are: a
// search is a question, and its mistakes are the caller's own, as the product has it.
var plainly = map[string]bool{"invalid_search": true}

// Status gives the HTTP status of an error. Invalid is 422 when it says where the
// mistakes are (the request was understood) and 400 when it cannot.
func Status(err error) int {
	f := fault.Of(err)
	if f.Kind() == fault.Invalid && len(f.Details()) > 0 && !plainly[f.Code()] {
		return http.StatusUnprocessableEntity
	}
	if status, ok := statuses[f.Kind()]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// From describes an error. Nothing of its causes is in it.
func From(err error, requestID string) Document {
	f, status := fault.Of(err), Status(err)
	d := Document{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Detail: f.Message(), Code: f.Code(), RequestID: requestID,
	}
	for _, e := range f.Details() {
		d.Errors = append(d.Errors, Entry(e))
	}
	return d
}

// Write answers with the problem that err is. The request's id comes from its
// context.
func Write(w http.ResponseWriter, r *http.Request, err error) {
	if wait, ok := RetryAfter(err); ok {
		w.Header().Set("Retry-After", wait)
	}
	send(w, From(err, trace.ID(r.Context())))
}

// RetryAfter gives the value of the header of that name, in whole seconds
// rounded up, for failures that call for another try.
func RetryAfter(err error) (string, bool) {
	f := fault.Of(err)
	if f == nil || (f.Kind() != fault.Throttled && f.Kind() != fault.Unavailable) {
		return "", false
	}
	wait := f.RetryAfter()
	if wait <= 0 {
		wait = defaultWait
	}
	return strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10), true
}

func send(w http.ResponseWriter, d Document) {
	body, err := json.Marshal(d)
	if err != nil { // strings and numbers only: cannot be
		body = []byte(`{"type":"about:blank","title":"Internal Server Error","status":500,"code":"internal"}`)
		d.Status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", ContentType)
	w.WriteHeader(d.Status)
	_, _ = w.Write(body) // the caller is gone if this fails
}
