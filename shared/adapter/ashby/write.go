package ashby

import (
	"bytes"
	"encoding/json"
	"time"
)

// Write is a change at Ashby that has not been sent: what a preview shows and a
// push sends, byte for byte the same.
type Write interface {
	// Method of Ashby's that the write goes to.
	Method() string
	body() any
}

// Body builds the bytes that Do sends for a write. Equal writes give equal
// bytes. Error: Internal, when the write breaks a law of its method.
func Body(w Write) (json.RawMessage, error) {
	b, err := encode(w.body())
	if err != nil {
		return nil, unlawful(w.Method(), err)
	}
	if err := of(w.Method()).check(b); err != nil {
		return nil, unlawful(w.Method(), err)
	}
	return b, nil
}

// encode writes JSON as a reader would want to see it in a preview: compact,
// members in the order of their struct, <, > and & as themselves.
func encode(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Place is a location in the words in which it is given; Ashby geocodes it.
type Place struct {
	City    string `json:"city,omitempty"`
	Region  string `json:"region,omitempty"`
	Country string `json:"country,omitempty"`
}

// Link is a social link. Type is one of Ashby's: LinkedIn, GitHub, Twitter,
// Medium, StackOverflow, YouTube, CodePen, Website.
type Link struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

// stamp writes a time as Ashby does: UTC with milliseconds. Zero: left out.
type stamp time.Time

// IsZero is for omitzero.
func (s stamp) IsZero() bool { return time.Time(s).IsZero() }

// MarshalText gives RFC 3339.
func (s stamp) MarshalText() ([]byte, error) {
	return []byte(time.Time(s).UTC().Format("2006-01-02T15:04:05.000Z")), nil
}
