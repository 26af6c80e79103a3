package settingshttp

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/runtime/problem"
	"github.com/sourcewhale/ashby-sync/shared/runtime/trace"
)

// Problem is a problem document (RFC 9457) with our reason codes.
type Problem struct {
	Type      string    `json:"type" doc:"always about:blank" example:"about:blank"`
	Title     string    `json:"title" doc:"the status in words" example:"Conflict"`
	Status    int       `json:"status" doc:"the HTTP status" example:"409"`
	Detail    string    `json:"detail,omitempty" doc:"what is wrong and what to do, for people" example:"this key is already in use"`
	Code      string    `json:"code" doc:"stable reason code, for machines" example:"key_in_use"`
	Errors    []Mistake `json:"errors,omitempty" doc:"every mistake of the request"`
	RequestID string    `json:"request_id,omitempty" doc:"for support"`
}

// Mistake is one of several in a request.
type Mistake struct {
	Path    string `json:"path" doc:"where it is" example:"note_types[2]"`
	Code    string `json:"code" doc:"stable reason code" example:"unknown_value"`
	Message string `json:"message,omitempty" doc:"for people; never repeats what was sent"`
}

// Error gives the code, to be an error for huma.
func (p *Problem) Error() string { return p.Code }

// GetStatus gives the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of problem documents.
func (p *Problem) ContentType(string) string { return problem.ContentType }

// huma asks a variable of its own how errors look, once for the whole process.
func init() {
	huma.NewError = func(status int, message string, _ ...error) huma.StatusError {
		return problemOf(httpFault(status, message, nil), "")
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		err := httpFault(status, message, errs)
		if wait, ok := problem.RetryAfter(err); ok {
			ctx.SetHeader("Retry-After", wait)
		}
		noteFailure(ctx.Context(), err)
		return problemOf(err, trace.ID(ctx.Context()))
	}
	huma.DefaultArrayNullable = false
}

func problemOf(err error, request string) *Problem {
	d := problem.From(err, request)
	p := &Problem{d.Type, d.Title, d.Status, d.Detail, d.Code, nil, d.RequestID}
	for _, e := range d.Errors {
		p.Errors = append(p.Errors, Mistake(e))
	}
	return p
}

// httpFault makes a fault of what huma found: a handler's own error as it is, or
// huma's complaints about a request. Of these it leaves out the values.
func httpFault(status int, message string, errs []error) error {
	if status >= http.StatusInternalServerError {
		if len(errs) > 0 {
			return errs[0]
		}
		return fault.New(fault.Internal, "internal", "something went wrong on our side")
	}
	switch status {
	case http.StatusRequestEntityTooLarge:
		return fault.New(fault.TooLarge, "body_too_large", "the request's body is too large")
	case http.StatusRequestTimeout:
		return fault.New(fault.Invalid, "body_cut", "the body did not arrive in time")
	}
	if len(errs) == 0 {
		return fault.New(fault.Invalid, "invalid_request", message)
	}
	f := fault.New(fault.Invalid, "invalid_request", "the request is not what the API describes")
	for _, err := range errs {
		f = f.With(detailOf(err))
	}
	return f
}

func detailOf(err error) fault.Detail {
	d, ok := err.(huma.ErrorDetailer)
	if !ok {
		return fault.Detail{Path: "request", Code: "invalid_value"}
	}
	e := d.ErrorDetail()
	code := "invalid_value"
	if strings.HasPrefix(e.Message, "required ") {
		code = "required"
	}
	return fault.Detail{Path: e.Location, Code: code, Message: e.Message}
}
