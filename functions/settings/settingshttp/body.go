package settingshttp

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// members reads a body that is one JSON object: its members, each once. Errors
// repeat nothing of it.
func members(body []byte) (map[string]json.RawMessage, error) {
	malformed := fault.New(fault.Invalid, "malformed_json", "the body is not one JSON object")
	if !utf8.Valid(body) {
		return nil, malformed
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, malformed
	}
	out := map[string]json.RawMessage{}
	for d.More() {
		key, err := d.Token()
		name, ok := key.(string)
		if err != nil || !ok {
			return nil, malformed
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, malformed
		}
		if _, twice := out[name]; twice {
			return nil, fault.New(fault.Invalid, "malformed_json", "a member is in the body twice")
		}
		out[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, malformed
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, malformed
	}
	return out, nil
}

// soleIn reads a body that may have one member. It gives the member as it came, nil
// where it is missing, and every other member as a mistake.
func soleIn(body []byte, name string) (json.RawMessage, []fault.Detail, error) {
	given, err := members(body)
	if err != nil {
		return nil, nil, err
	}
	r := reading{given: given}
	r.only(name)
	return given[name], r.mistakes, nil
}

// refused lists mistakes; nil for none.
func refused(mistakes []fault.Detail) error {
	if len(mistakes) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "invalid_request", "the request has mistakes").With(mistakes...)
}

func unknownMember(path string) fault.Detail {
	return fault.Detail{Path: shortened(path), Code: "unknown_field", Message: "there is no such member here"}
}

// shortened keeps a name that a caller chose from filling an answer.
func shortened(name string) string {
	const most = 60
	if r := []rune(name); len(r) > most {
		return string(r[:most]) + "…"
	}
	return name
}

// textsIn reads a body whose members are texts: the required ones, none of them
// blank, and the optional ones, which may be left out or null.
func textsIn(body []byte, required, optional []string) (map[string]string, error) {
	given, err := members(body)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	var mistakes []fault.Detail
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(required, name) && !slices.Contains(optional, name) {
			mistakes = append(mistakes, unknownMember(name))
			continue
		}
		var text *string
		if err := json.Unmarshal(given[name], &text); err != nil {
			mistakes = append(mistakes, fault.Detail{Path: name, Code: "wrong_type", Message: "this is a text"})
			continue
		}
		if text != nil {
			out[name] = *text
		}
	}
	for _, name := range required {
		wrong := slices.ContainsFunc(mistakes, func(m fault.Detail) bool { return m.Path == name })
		if out[name] == "" && !wrong {
			mistakes = append(mistakes, fault.Detail{Path: name, Code: "required", Message: "this must be given"})
		}
	}
	return out, refused(mistakes)
}
