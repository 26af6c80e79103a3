package field

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/pattern"
)

// Convert makes the JSON of a custom field's value from text; ok is false when
// the text does not fit the field's type. Options are matched by value, then by
// label; none is ever made.
func Convert(f Field, text string) (jsonValue string, ok bool) {
	text = strings.TrimSpace(Printable(text))
	if text == "" {
		return "", false
	}
	switch f.Type {
	case String, LongText:
		return encode(text), true
	case PhoneType:
		return encode(text), strings.ContainsAny(text, "0123456789")
	case EmailType:
		return encode(text), IsEmail(text)
	case URL:
		return encode(text), IsURL(text)
	case UUID:
		return encode(strings.ToLower(text)), uuid().MatchString(strings.ToLower(text))
	case Number:
		return number(text)
	case Boolean:
		return boolean(text)
	case Date:
		return date(text)
	case Select:
		v, ok := option(f, text)
		return encode(v), ok
	case MultiSelect:
		return options(f, text)
	case Place:
		return place(text)
	default: // built-in fields' types, and what Ashby may add
		return "", false
	}
}

// ConvertItems makes the JSON of a custom field's value from a given value's parts:
// of a multi-select each is an option, any other field has room for one.
func ConvertItems(f Field, items []string) (jsonValue string, ok bool) {
	if f.Type != MultiSelect || len(items) < 2 {
		return Convert(f, strings.Join(items, ", "))
	}
	var values []string
	for _, item := range items {
		v, ok := option(f, item)
		if !ok {
			return "", false
		}
		if !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return encode(values), true
}

func encode(v any) string {
	b, _ := json.Marshal(v) // strings and slices of strings always encode
	return string(b)
}

var uuid = pattern.Late(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// A comma only groups thousands: "1,5" may be one and a half, so that it is no number.
var decimal = pattern.Late(`^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d+)?$`)

func number(text string) (string, bool) {
	if !decimal().MatchString(text) {
		return "", false
	}
	n, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
	if err != nil || math.IsInf(n, 0) {
		return "", false
	}
	return strconv.FormatFloat(n, 'f', -1, 64), true
}

func boolean(text string) (string, bool) {
	switch strings.ToLower(text) {
	case "true", "yes", "y", "1":
		return "true", true
	case "false", "no", "n", "0":
		return "false", true
	}
	return "", false
}

func date(text string) (string, bool) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		t, err := time.Parse(layout, text)
		if t = t.UTC(); err == nil && t.Year() >= 1 && t.Year() <= 9999 {
			return encode(t.Format("2006-01-02T15:04:05.000Z")), true
		}
	}
	return "", false
}

func option(f Field, text string) (string, bool) {
	for _, by := range []func(Option) string{func(o Option) string { return o.Value }, func(o Option) string { return o.Label }} {
		for _, o := range f.Options {
			if !o.Archived && o.Value != "" && strings.EqualFold(by(o), text) {
				return o.Value, true
			}
		}
	}
	return "", false
}

func options(f Field, text string) (string, bool) {
	if v, ok := option(f, text); ok {
		return encode([]string{v}), true // a label may have a comma of its own
	}
	var values []string
	for part := range strings.SplitSeq(text, ",") {
		v, ok := option(f, strings.TrimSpace(part))
		if !ok {
			return "", false
		}
		if !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return encode(values), len(values) > 0
}
