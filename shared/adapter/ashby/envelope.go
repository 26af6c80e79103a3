package ashby

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// envelope is Ashby's answer as it lies in the body, behind whatever status.
type envelope struct {
	success  bool
	results  json.RawMessage
	id       string // of the record, where the method promises one
	warnings []string
	cursor   string
	token    string
	more     bool
	code     string
	text     string // Ashby's sentence, raw
	request  string
	problems []problem
}

// problem is one entry of errors, of either shape.
type problem struct{ text, parameter string }

// open reads an envelope. It is strict about success, which must be there and be
// true or false, and lenient about everything that only explains.
func open(body []byte) (envelope, error) {
	fields, err := members(body)
	if err != nil {
		return envelope{}, err
	}
	var e envelope
	switch string(fields["success"]) {
	case "true":
		e.success = true
	case "false":
	default:
		return envelope{}, errors.New("no envelope: success is neither true nor false")
	}
	e.results = fields["results"]
	e.warnings = texts(fields["warnings"])
	e.cursor = text(fields["nextCursor"])
	e.token = text(fields["syncToken"])
	// A cursor without the flag still means that there is more; to take a part
	// for the whole would be worse than one page too many.
	e.more = string(fields["moreDataAvailable"]) == "true" || e.cursor != ""
	return e.explained(fields["errorInfo"], fields["errors"]), nil
}

// explained finds code and sentence in whichever of Ashby's shapes are there:
// errorInfo {code, message, requestId}; errors as strings; errors as objects
// {message, parameter}. The first that looks like a code is the code.
func (e envelope) explained(info, errs json.RawMessage) envelope {
	var said struct{ Code, Message, RequestID json.RawMessage }
	if json.Unmarshal(info, &said) == nil {
		e.code, e.text, e.request = text(said.Code), text(said.Message), text(said.RequestID)
	}
	e.problems = problems(errs)
	if !codeLike(e.code) {
		if e.text == "" {
			e.text = e.code
		}
		e.code = ""
	}
	for _, p := range e.problems {
		switch {
		case codeLike(p.text) && e.code == "":
			e.code = p.text
		case !codeLike(p.text) && e.text == "":
			e.text = p.text
		}
	}
	return e
}

// problems reads errors: an array of strings, of objects, of both, or one of
// them without an array.
func problems(raw json.RawMessage) []problem {
	var entries []json.RawMessage
	if json.Unmarshal(raw, &entries) != nil {
		entries = []json.RawMessage{raw}
	}
	var out []problem
	for _, entry := range entries {
		var said struct{ Message, Code, Parameter json.RawMessage }
		p := problem{text: text(entry)}
		if json.Unmarshal(entry, &said) == nil {
			p = problem{text: text(said.Message), parameter: text(said.Parameter)}
			if code := text(said.Code); code != "" {
				out = append(out, problem{text: code, parameter: p.parameter})
			}
		}
		if p.text != "" {
			out = append(out, p)
		}
		if len(out) >= maxProblems {
			break
		}
	}
	return out
}

const maxProblems = 20

// keeps reports whether a success holds what its method promises, and gives the
// id of a promised record.
func (p promise) keeps(results json.RawMessage) (id string, err error) {
	raw := bytes.TrimSpace(results)
	switch {
	case p == nothing:
		return "", nil
	case len(raw) == 0:
		return "", errors.New("success without results")
	case p == list && raw[0] != '[', p != list && raw[0] != '{':
		return "", fmt.Errorf("results begin with %q", raw[0])
	case p != record:
		return "", nil
	}
	var r struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(raw, &r) != nil || r.ID == "" {
		return "", errors.New("results without an id")
	}
	return r.ID, nil
}

func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

func texts(raw json.RawMessage) []string {
	var entries []json.RawMessage
	if json.Unmarshal(raw, &entries) != nil {
		return nil
	}
	var out []string
	for _, entry := range entries {
		if s := text(entry); s != "" && len(out) < maxProblems {
			out = append(out, s)
		}
	}
	return out
}

// codeLike reports whether a string can be one of Ashby's codes rather than a
// sentence.
func codeLike(s string) bool {
	if s == "" || len(s) > 80 {
		return false
	}
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return true
}
