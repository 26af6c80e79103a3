package ashbytest

import (
	"math"
	"regexp"
	"slices"
	"time"
)

// showValue renders a field's value with the labels of its options.
func showValue(f *Field, value any) valueJSON {
	shown := valueJSON{ID: f.ID, Title: f.Title, IsPrivate: f.IsPrivate, Value: value}
	switch value := value.(type) {
	case string:
		if f.FieldType == "ValueSelect" {
			shown.Label = f.label(value)
		}
	case []any:
		labels := []string{}
		for _, v := range value {
			s, _ := v.(string)
			labels = append(labels, f.label(s))
		}
		shown.Label = labels
	}
	return shown
}

func (f *Field) label(value string) string {
	for _, o := range f.Options {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

// convert checks a value against its field's type and gives what is stored.
func (c *call) convert(f *Field, value any) (any, bool) {
	if check, ok := scalars[f.FieldType]; ok {
		return value, check(value)
	}
	switch f.FieldType {
	case "Date":
		s, ok := value.(string)
		return value, ok && isDate(s, f.DateOnly)
	case "ValueSelect":
		s, ok := value.(string)
		return value, ok && f.offers(s)
	case "MultiValueSelect":
		list, ok := value.([]any)
		return value, ok && !slices.ContainsFunc(list, func(v any) bool {
			s, ok := v.(string)
			return !ok || !f.offers(s)
		})
	case "Location":
		return c.convertLocation(value)
	}
	return nil, false
}

// scalars check the types that need to know nothing of the field.
var scalars = map[string]func(any) bool{
	"Boolean":           func(v any) bool { _, ok := v.(bool); return ok },
	"Number":            isNumber,
	"String":            isString,
	"LongText":          isString,
	"Phone":             isString,
	"Email":             func(v any) bool { s, ok := v.(string); return ok && isEmail(s) },
	"Url":               func(v any) bool { s, ok := v.(string); return ok && isURL(s) },
	"UUID":              func(v any) bool { s, ok := v.(string); return ok && isUUID(s) },
	"Currency":          isCurrency,
	"NumberRange":       func(v any) bool { return isRange(v, "number-range") },
	"CompensationRange": isCompensation,
}

func isString(v any) bool { _, ok := v.(string); return ok }

func isNumber(v any) bool {
	n, ok := v.(float64)
	return ok && !math.IsNaN(n) && !math.IsInf(n, 0)
}

// isDate accepts an ISO date and time, and a bare date if the field has no time.
func isDate(s string, dateOnly bool) bool {
	if _, ok := parseTime(s); ok {
		return true
	}
	_, err := time.Parse(time.DateOnly, s)
	return dateOnly && err == nil
}

func (f *Field) offers(value string) bool {
	return slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == value && !o.IsArchived })
}

var currency = regexp.MustCompile(`^[A-Z]{3}$`)

func isCurrencyCode(v any) bool { s, ok := v.(string); return ok && currency.MatchString(s) }

func isCurrency(v any) bool {
	o, ok := v.(map[string]any)
	return ok && isNumber(o["value"]) && isCurrencyCode(o["currencyCode"])
}

func isRange(v any, kind string) bool {
	o, ok := v.(map[string]any)
	if !ok || o["type"] != kind || !isNumber(o["minValue"]) || !isNumber(o["maxValue"]) {
		return false
	}
	return o["minValue"].(float64) <= o["maxValue"].(float64)
}

var intervals = []any{
	"NONE", "1 TIME", "1 HOUR", "1 DAY", "1 WEEK", "2 WEEK", "1 MONTH", "2 MONTH", "1 YEAR", "6 MONTH", "0.5 MONTH", "3 MONTH",
}

func isCompensation(v any) bool {
	o, ok := v.(map[string]any)
	return ok && isRange(v, "compensation-range") && isCurrencyCode(o["currencyCode"]) && slices.Contains(intervals, o["interval"])
}

// convertLocation geocodes {country, region, city}, of which one is enough.
func (c *call) convertLocation(v any) (any, bool) {
	parts, ok := v.(map[string]any)
	if !ok {
		return nil, false
	}
	l, ok := c.geocode(parts)
	if !ok || *l == (Location{ID: l.ID}) {
		return nil, false
	}
	out := map[string]any{}
	for name, part := range map[string]string{"country": l.Country, "region": l.Region, "city": l.City} {
		if part != "" {
			out[name] = part
		}
	}
	return out, true
}
