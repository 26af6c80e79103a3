// Package fault is the one error type of the service: a kind for machines, a
// code and a message for customers, a cause for us.
//
// A kind decides what happens next, and each edge translates it in exactly one
// place: into an HTTP status, into a redelivery, into the fate of a step. Causes
// are for logs; they never cross an edge.
package fault

import (
	"errors"
	"strings"
	"time"
)

// Kind says what a failure means for whoever has to act on it.
type Kind uint8

// The kinds. Internal is the zero value on purpose: an error nobody classified
// is our bug until someone shows otherwise.
const (
	Internal          Kind = iota // our bug; alarms
	Invalid                       // the caller's input is wrong; details say where
	Unauthenticated               // no proof, or a wrong one, of who calls
	Forbidden                     // known, but not allowed
	NotFound                      // not there, or not the caller's to see
	Conflict                      // stale version, or taken by another
	TooLarge                      // beyond a size or count limit
	Throttled                     // told to wait; RetryAfter says how long, if known
	Unavailable                   // surely not applied, or a read: may be repeated
	Ambiguous                     // a write that may or may not have been applied: never repeated blindly
	KeyRefused                    // Ashby does not accept the key
	PermissionMissing             // Ashby accepts the key, but not for this
	Rejected                      // Ashby's definite no to this very request
)

var kindNames = [...]string{
	"internal", "invalid", "unauthenticated", "forbidden", "not_found", "conflict", "too_large",
	"throttled", "unavailable", "ambiguous", "key_refused", "permission_missing", "rejected",
}

// String gives the kind's name in snake case, as logs show it.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "internal"
}

// Detail is one mistake among several: where it is, its stable code, and a
// sentence for the person who can mend it. It never repeats the offending value.
type Detail struct {
	Path    string // JSON path, such as "events[3].person.id"
	Code    string // reason code, such as "required"
	Message string
}

// Error carries a kind, a stable code and a message meant for customers.
type Error struct {
	kind       Kind
	code       string
	message    string
	details    []Detail
	retryAfter time.Duration
	cause      error
}

// New makes an error. The code is shared vocabulary (snake case); the message
// says what is wrong and what to do, without secrets or personal data.
func New(kind Kind, code, message string) *Error {
	return &Error{kind: kind, code: code, message: message}
}

// Because returns a copy that wraps the cause, for logs and errors.Is.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// With returns a copy that lists the given mistakes after those it had.
func (e *Error) With(details ...Detail) *Error {
	c := *e
	c.details = append(append([]Detail(nil), e.details...), details...)
	return &c
}

// After returns a copy that says how long to wait before another try.
func (e *Error) After(d time.Duration) *Error {
	c := *e
	c.retryAfter = d
	return &c
}

// Error gives code and message, and the cause when there is one.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.code)
	if e.message != "" {
		b.WriteString(": " + e.message)
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// Kind says what the failure means.
func (e *Error) Kind() Kind { return e.kind }

// Code is the stable reason code.
func (e *Error) Code() string { return e.code }

// Message is the sentence for customers.
func (e *Error) Message() string { return e.message }

// Details lists every mistake found, in order.
func (e *Error) Details() []Detail { return e.details }

// RetryAfter is how long to wait before another try; zero when not told.
func (e *Error) RetryAfter() time.Duration { return e.retryAfter }

// Of finds the fault in an error chain. An error without one is Internal.
// Of(nil) is nil.
func Of(err error) *Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return New(Internal, "internal", "something went wrong on our side").Because(err)
}

// Is reports whether the error is a fault of the given kind. Is(nil, k) is false.
func Is(err error, kind Kind) bool { return err != nil && Of(err).kind == kind }
