package ashbytest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// failure is why a call does not succeed.
type failure struct {
	status    int // 200 if zero: Ashby answers logical errors with 200
	code      string
	message   string
	parameter string        // the request's key at fault, if one is
	legacy    string        // what errors[0] says where it is not the code
	retry     time.Duration // Retry-After, if positive
	scope     string        // X-RateLimit-Scope, if any
	shape     Shape         // overrides the mode's, if set
}

func fail(code, message string) *failure { return &failure{code: code, message: message} }

func invalid(parameter, message string) *failure {
	return &failure{code: "invalid_input", message: message, parameter: parameter}
}

func notFound(entity string) *failure {
	return fail(entity+"_not_found", entity+" not found - are you lacking permissions to see it?")
}

// Shape is one of the forms in which Ashby reports errors.
type Shape string

// The shapes seen. ShapeMixed draws one per call.
const (
	// ShapeBoth is errors:[code] with errorInfo, as documented.
	ShapeBoth Shape = "both"
	// ShapeObjects is errors:[{message, parameter}] alone.
	ShapeObjects Shape = "objects"
	// ShapeStrings is errors:[code] alone.
	ShapeStrings Shape = "strings"
	ShapeMixed   Shape = "mixed"
)

type errorInfo struct {
	Code      string   `json:"code"`
	Message   string   `json:"message"`
	RequestID string   `json:"requestId"`
	Meta      struct{} `json:"meta"`
}

type errorObject struct {
	Message   string `json:"message"`
	Parameter string `json:"parameter,omitempty"`
}

type errorBody struct {
	Success bool       `json:"success"`
	Errors  []any      `json:"errors"`
	Info    *errorInfo `json:"errorInfo,omitempty"`
}

// body renders the failure in a shape. In the object shape only invalid input
// has words of its own; other codes stand where the message belongs.
func (f *failure) body(shape Shape, request string) []byte {
	first := f.legacy
	if first == "" {
		first = f.code
	}
	answer := errorBody{Errors: []any{first}}
	switch shape {
	case ShapeObjects:
		message := first
		if f.code == "invalid_input" {
			message = f.message
		}
		answer.Errors = []any{errorObject{message, f.parameter}}
	case ShapeStrings:
	default:
		answer.Info = &errorInfo{Code: f.code, Message: f.message, RequestID: request}
	}
	return encode(answer)
}

// page is the results of a list with its paging.
type page struct {
	results   any
	more      bool
	cursor    string
	syncToken string
}

type successBody struct {
	Success   bool     `json:"success"`
	Results   any      `json:"results"`
	More      *bool    `json:"moreDataAvailable,omitempty"`
	Cursor    string   `json:"nextCursor,omitempty"`
	SyncToken string   `json:"syncToken,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`
}

func success(result any, warnings []string) []byte {
	p, paged := result.(page)
	if !paged {
		return encode(successBody{Success: true, Results: result, Warnings: warnings})
	}
	return encode(successBody{true, p.results, &p.more, p.cursor, p.syncToken, warnings})
}

func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // only our own types get here
	}
	return data
}

// answer is what goes back over the wire.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func newAnswer(status int, contentType string, body []byte) *answer {
	return &answer{status, http.Header{
		"Content-Type":         {contentType},
		"Ashby-Version":        {version},
		"Ashby-Version-Status": {"active"},
	}, body}
}

// version is the one active version of the API.
const version = "2026-01-01"

const jsonContent = "application/json; charset=utf-8"

func (f *failure) answer(shape Shape, request string) *answer {
	status := f.status
	if status == 0 {
		status = http.StatusOK
	}
	if f.shape != "" {
		shape = f.shape
	}
	a := newAnswer(status, jsonContent, f.body(shape, request))
	if f.retry > 0 {
		a.header.Set("Retry-After", strconv.Itoa(int((f.retry+time.Second-1)/time.Second)))
	}
	if f.scope != "" {
		a.header.Set("X-RateLimit-Scope", f.scope)
	}
	return a
}
