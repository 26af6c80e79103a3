package field

import (
	"encoding/json"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Convert makes the JSON of a custom field's value from text; ok is false when
// the text does not fit the field's type. Options are matched by value, then by
// label; none is ever made.
func Convert(f Field, text string) (jsonValue string, ok bool) {
	text = strings.TrimSpace(text)
	switch f.Type {
	case String, LongText, PhoneType:
		return encode(text), text != ""
	case EmailType:
		return encode(text), strings.Count(text, "@") == 1 && !strings.ContainsAny(text, " ,;")
	case URL:
		u, err := url.Parse(text)
		return encode(text), err == nil && (u.Scheme == "http" || u.Scheme == "https") && strings.Contains(u.Host, ".")
	case UUID:
		return encode(strings.ToLower(text)), uuid.MatchString(strings.ToLower(text))
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
	}
	return "", false
}

func encode(v any) string {
	b, _ := json.Marshal(v) // strings and slices of strings always encode
	return string(b)
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func number(text string) (string, bool) {
	n, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
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
		if t, err := time.Parse(layout, text); err == nil {
			return encode(t.UTC().Format("2006-01-02T15:04:05.000Z")), true
		}
	}
	return "", false
}

func option(f Field, text string) (string, bool) {
	for _, by := range []func(Option) string{func(o Option) string { return o.Value }, func(o Option) string { return o.Label }} {
		for _, o := range f.Options {
			if !o.Archived && strings.EqualFold(by(o), text) {
				return o.Value, true
			}
		}
	}
	return "", false
}

func options(f Field, text string) (string, bool) {
	var values []string
	for part := range strings.SplitSeq(text, ",") {
		v, ok := option(f, strings.TrimSpace(part))
		if !ok {
			return "", false
		}
		values = append(values, v)
	}
	return encode(values), len(values) > 0
}
