package ashby

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// law is what must hold of a body before it may leave, whoever built it.
type law func(body map[string]json.RawMessage) error

// check holds a body to the laws of all methods and of its own.
func (e endpoint) check(body []byte) error {
	fields, err := members(body)
	if err != nil {
		return fmt.Errorf("body: %w", err)
	}
	for name, value := range fields {
		// Ashby has at times refused explicit nulls; only a field's value may be
		// one, where it clears.
		if name != "fieldValue" && bytes.Equal(value, []byte("null")) {
			return fmt.Errorf("body: %s is null; leave it out", name)
		}
	}
	if e.law == nil {
		return nil
	}
	return e.law(fields)
}

// createLaw: a backdated candidate would be missing from the list of recent ones,
// by which a lost answer is reconciled.
func createLaw(body map[string]json.RawMessage) error {
	if _, dated := body["createdAt"]; dated {
		return errors.New("a candidate is never created with a date of our own")
	}
	return nil
}

// updateLaw: left out, Ashby notifies everyone who follows the candidate.
func updateLaw(body map[string]json.RawMessage) error {
	if string(body["sendNotifications"]) != "false" {
		return errors.New("an update says sendNotifications: false")
	}
	return nil
}

// searchLaw: without either, Ashby is said to return everybody.
func searchLaw(body map[string]json.RawMessage) error {
	for _, name := range []string{"email", "name"} {
		var s string
		if json.Unmarshal(body[name], &s) == nil && s != "" {
			return nil
		}
	}
	return errors.New("a search names an email or a name")
}

// members reads the members of one JSON object, by their exact names. It refuses
// what encoding/json lets pass: repeated members and anything after the object.
func members(b []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	out := map[string]json.RawMessage{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, errors.New("not JSON")
		}
		name, _ := t.(string)
		if _, twice := out[name]; twice {
			return nil, errors.New("a member is there twice")
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, errors.New("not JSON")
		}
		out[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, errors.New("the object is cut short")
	}
	if d.More() || d.InputOffset() != int64(len(bytes.TrimRight(b, " \t\r\n"))) {
		return nil, errors.New("something follows the object")
	}
	return out, nil
}
