package field

import "testing"

func TestConvert(t *testing.T) {
	options := []Option{{Value: "pos", Label: "Positive"}, {Value: "neg", Label: "Negative"}, {Value: "old", Label: "Old", Archived: true}}
	for _, c := range []struct {
		t    Type
		text string
		want string // empty: does not convert
	}{
		{String, ` a "b" `, `"a \"b\""`},
		{LongText, "a\nb", `"a\nb"`},
		{String, " ", ""},
		{Number, "1,234.50", "1234.5"},
		{Number, "0", "0"},
		{Number, "1e400", ""},
		{Number, "NaN", ""},
		{Number, "ten", ""},
		{Boolean, "Yes", "true"},
		{Boolean, "0", "false"},
		{Boolean, "maybe", ""},
		{Date, "2026-11-02", `"2026-11-02T00:00:00.000Z"`},
		{Date, "2026-11-02T10:00:00+02:00", `"2026-11-02T08:00:00.000Z"`},
		{Date, "02/11/2026", ""},
		{Date, "2026-02-30", ""},
		{Select, "POS", `"pos"`},
		{Select, "negative", `"neg"`},
		{Select, "old", ""},
		{Select, "new", ""},
		{MultiSelect, "Positive, neg", `["pos","neg"]`},
		{MultiSelect, "Positive, new", ""},
		{MultiSelect, "", ""},
		{URL, "https://a.example/x", `"https://a.example/x"`},
		{URL, "a.example", ""},
		{URL, "javascript:x", ""},
		{EmailType, "a@b.c", `"a@b.c"`},
		{EmailType, "a b@c.d", ""},
		{PhoneType, "+44 1", `"+44 1"`},
		{UUID, "6F1AD62E-0000-4000-8000-000000000001", `"6f1ad62e-0000-4000-8000-000000000001"`},
		{UUID, "6f1ad62e", ""},
		{Type("Currency"), "5", ""},
		{Place, "London", `{"city":"London"}`},
		{Place, " Portland,  Oregon ", `{"city":"Portland","region":"Oregon"}`},
		{Place, "Bergen, Vestland, Norway", `{"city":"Bergen","region":"Vestland","country":"Norway"}`},
		{Place, "Bergen,, Norway,", `{"city":"Bergen","region":"Norway"}`},
		{Place, "Ealing, London, England, UK", `{"city":"Ealing","region":"London, England","country":"UK"}`},
		{Place, "Bergen\nNorway", `{"city":"Bergen Norway"}`},
		{Place, " , ,", ""},
		{Place, "1,000.5", ""},
	} {
		got, ok := Convert(Field{Type: c.t, Options: options}, c.text)
		if ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s %q: %s %v, want %s", c.t, c.text, got, ok, c.want)
		}
	}
}

func TestBuiltInsThatAshbyCannotWriteSayWhy(t *testing.T) {
	unwritable := map[string]bool{"company": true, "position": true, "school": true, "timezone": true}
	for _, f := range BuiltIns() {
		if f.Writable() == unwritable[f.ID] {
			t.Errorf("%s: writable %v (%q)", f.ID, f.Writable(), f.Reason)
		}
		delete(unwritable, f.ID)
	}
	if len(unwritable) > 0 {
		t.Errorf("missing: %v", unwritable)
	}
}
