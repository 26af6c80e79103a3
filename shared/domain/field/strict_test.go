package field

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestConvertRefusesWhatAshbyWouldRefuse(t *testing.T) {
	options := []Option{{Value: "a", Label: "Sales, EMEA"}, {Value: "b", Label: "Ops"}}
	for _, c := range []struct {
		kind Type
		text string
		want string // empty: does not convert
	}{
		{EmailType, "@", ""},
		{EmailType, "a@b", ""},
		{EmailType, "a..b@x.io", ""},
		{EmailType, "\"a b\"@x.io", ""},
		{EmailType, "a@[1.2.3.4]", ""},
		{EmailType, "é@x.io", ""},
		{EmailType, "a.b+c@x.io", `"a.b+c@x.io"`},
		{URL, "https://a.example/x, https://b.example/y", ""},
		{URL, "https://./x", ""},
		{URL, "https://user:secret@a.example", ""},
		{URL, "https://a.example/<x>", ""},
		{URL, "https://a.example/é?q=é", ""},
		{URL, "https://a.example:8443/x?q=1#y", `"https://a.example:8443/x?q=1#y"`},
		{Number, "1,5", ""},
		{Number, "0x10", ""},
		{Number, "1_000", ""},
		{Number, "1e9999", ""},
		{Number, "12,345.5", "12345.5"},
		{Number, "-3", "-3"},
		{Date, "9999-12-31T23:59:59-10:00", ""},
		{Date, "0000-01-01", ""},
		{Date, "2026-02-30", ""},
		{MultiSelect, "Ops, ops, b", `["b"]`},
		{MultiSelect, "Sales, EMEA", `["a"]`},
		{String, "Ada\x00 Lane", `"Ada Lane"`},
		{String, "\x00", ""},
		{LongText, "a\nb\x1b", `"a\nb"`},
		{PhoneType, "none", ""},
		{PhoneType, "+44 20 7946 0000", `"+44 20 7946 0000"`},
		{Select, "", ""},
	} {
		got, ok := Convert(Field{Type: c.kind, Options: append(options, Option{})}, c.text)
		if ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s %q: %s %v, want %q", c.kind, c.text, got, ok, c.want)
		}
	}
}

// FuzzConvertGivesOnlyValuesOfTheType holds what converts against what Ashby's
// description says of each type.
func FuzzConvertGivesOnlyValuesOfTheType(f *testing.F) {
	for _, s := range []string{"", "Ops", "a@b.io", "https://a.example/x?y", "1,000.5", "2026-11-02", "yes", "Ops,Sales, EMEA", "\x00\xff"} {
		f.Add(s)
	}
	known := []Option{{Value: "a", Label: "Sales, EMEA"}, {Value: "b", Label: "Ops"}, {Value: "c", Label: "Old", Archived: true}}
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range []Type{
			String, LongText, Number, Boolean, Date, Select, MultiSelect, URL, EmailType, PhoneType, UUID, Place, List, "Currency",
		} {
			raw, ok := Convert(Field{Type: kind, Options: known}, text)
			if !ok {
				continue
			}
			var v any
			if err := json.Unmarshal([]byte(raw), &v); err != nil || !fits(kind, v) {
				t.Fatalf("%s %q gives %s (%v)", kind, text, raw, err)
			}
		}
	})
}

func fits(kind Type, v any) bool {
	switch v := v.(type) {
	case string:
		return v != "" && fitsText(kind, v)
	case float64:
		return kind == Number
	case bool:
		return kind == Boolean
	case []any:
		seen := map[any]bool{}
		for _, o := range v {
			if o != "a" && o != "b" || seen[o] {
				return false
			}
			seen[o] = true
		}
		return kind == MultiSelect && len(v) > 0
	case map[string]any:
		return kind == Place && fitsPlace(v)
	}
	return false
}

func fitsPlace(v map[string]any) bool {
	for name, part := range v {
		text, ok := part.(string)
		if !ok || strings.TrimSpace(text) == "" || !slices.Contains([]string{"city", "region", "country"}, name) {
			return false
		}
	}
	return len(v) > 0
}

func fitsText(kind Type, s string) bool {
	switch kind {
	case String, LongText, PhoneType, EmailType:
		return true
	case Date:
		_, err := time.Parse(time.RFC3339Nano, s)
		return err == nil
	case URL:
		u, err := url.Parse(s)
		return err == nil && u.IsAbs() && u.Hostname() != "" && u.String() == s
	case UUID:
		return uuid().MatchString(s)
	case Select:
		return s == "a" || s == "b"
	}
	return false
}
