package mapping

import (
	"slices"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

var catalogue = append(
	field.BuiltIns(),
	field.Field{ID: "text", Title: "Current company", Type: field.String},
	field.Field{ID: "text2", Title: "Summary", Type: field.LongText},
	field.Field{ID: "url", Title: "Portfolio", Type: field.URL},
	field.Field{ID: "number", Title: "Years", Type: field.Number},
	field.Field{ID: "select", Title: "Seniority", Type: field.Select},
	field.Field{ID: "multi", Title: "Languages", Type: field.MultiSelect},
	field.Field{ID: "place", Title: "Preferred place", Type: field.Place},
	field.Field{ID: "old", Title: "Old", Type: field.String, Archived: true},
	field.Field{ID: "money", Title: "Salary", Type: "Currency"},
	field.Field{ID: "range", Title: "Team size", Type: "NumberRange"},
)

func entry(to string, take Take, from ...contact.Variable) Entry { return Entry{from, to, take} }

func TestTheDefaultMappingPassesItsOwnCheck(t *testing.T) {
	m, added := Fill(Default(), catalogue)
	if mistakes := m.Check(catalogue); len(mistakes) > 0 {
		t.Errorf("%+v", mistakes)
	}
	if len(added) != 1 || added[0].Field.ID != "text" || m.Seen["text"].Title != "Current company" {
		t.Errorf("added %+v, seen %v", added, m.Seen)
	}
}

func TestMappingsThatAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		entries []Entry
		want    []string
	}{
		"nothing mapped":       {[]Entry{entry("text", Whole)}, []string{"entries[0].from variable_required"}},
		"no target":            {[]Entry{entry("", Whole, "role")}, []string{"entries[0].to target_required"}},
		"unknown on both ends": {[]Entry{entry("nobody", Whole, "shoeSize")}, []string{"entries[0].from[0] unknown_variable", "entries[0].to unknown_target"}},
		"sensitive":            {[]Entry{entry("text", Whole, "gender"), entry("text2", Whole, "dominantRace")}, []string{"entries[0].from[0] sensitive_variable", "entries[1].from[0] sensitive_variable"}},
		"objects":              {[]Entry{entry("text", Whole, contact.Experience)}, []string{"entries[0].from[0] object_variable"}},
		"unwritable":           {[]Entry{entry("company", Whole, contact.Company)}, []string{"entries[0].to field_unwritable"}},
		"archived":             {[]Entry{entry("old", Whole, contact.Company)}, []string{"entries[0].to field_archived"}},
		"given only":           {[]Entry{entry(field.Tags, All, "skills")}, []string{"entries[0].to field_not_mappable"}},
		"money and ranges":     {[]Entry{entry("money", Whole, "comments"), entry("range", Whole, "summary")}, []string{"entries[0].to type_not_convertible", "entries[1].to type_not_convertible"}},
		"two targets of a text": {
			[]Entry{entry("text", Whole, contact.Company), entry("text2", Whole, contact.Company)},
			[]string{"entries[1].from[0] variable_taken"},
		},
		"a part of a name elsewhere": {
			[]Entry{entry(field.Name, Whole, contact.FirstName, contact.LastName), entry("text", Whole, contact.FirstName)},
			[]string{"entries[1].from[0] variable_taken"},
		},
		"two entries for one field": {
			[]Entry{entry("text", Whole, contact.Company), entry("text", Whole, contact.Role)},
			[]string{"entries[1].to field_taken"},
		},
		"two variables for one field": {[]Entry{entry("text", Whole, contact.Company, contact.Role)}, []string{"entries[0].from not_composite"}},
		"a variable twice":            {[]Entry{entry("text", Whole, contact.Company, contact.Company)}, []string{"entries[0].from not_composite"}},
		"a list and a text":           {[]Entry{entry("text", First, contact.Emails, contact.Role)}, []string{"entries[0].from not_composite"}},
		"half a name":                 {[]Entry{entry(field.Name, Whole, contact.FirstName)}, []string{"entries[0].from composite_required"}},
		"half a place":                {[]Entry{entry(field.Location, Whole, contact.City, contact.State)}, []string{"entries[0].from not_composite"}},
		"a whole list":                {[]Entry{entry("text", Whole, "skills")}, []string{"entries[0].take take_required"}},
		"rest to a text":              {[]Entry{entry("text", Rest, "skills")}, []string{"entries[0].take take_unfit"}},
		"joined to a select":          {[]Entry{entry("select", Joined, "skills")}, []string{"entries[0].take take_unfit"}},
		"joined to the email":         {[]Entry{entry(field.Email, Joined, contact.Emails)}, []string{"entries[0].take take_unfit"}},
		"joined to a set":             {[]Entry{entry("multi", Joined, "skills")}, []string{"entries[0].take take_unfit"}},
		"a part of a text":            {[]Entry{entry("text", First, contact.Role)}, []string{"entries[0].take take_unfit"}},
		"a part of links":             {[]Entry{entry("link.GitHub", First, contact.Links)}, []string{"entries[0].take take_unfit"}},
		"a company's page as link":    {[]Entry{entry("link.LinkedIn", Whole, "companyLinkedinUrl")}, []string{"entries[0].from links_required"}},
		"a text to a list":            {[]Entry{entry(field.AlternateEmails, Whole, "customVariable")}, []string{"entries[0].from list_required"}},
		"too many":                    {make([]Entry, MaxEntries+1), []string{"entries too_many_entries"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, m := range (Mapping{Entries: c.entries}).Check(catalogue) {
				got = append(got, m.Path+" "+string(m.Code))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestMappingsThatPass(t *testing.T) {
	m := Mapping{Entries: []Entry{
		entry(field.Name, Whole, contact.LastName, contact.FirstName),
		entry(field.Location, Whole, contact.City, contact.State, contact.Country),
		entry(field.Email, First, contact.Emails),
		entry(field.AlternateEmails, All, contact.Emails),
		entry("text", Joined, contact.Emails),
		entry("multi", Rest, contact.Emails),
		entry(field.Phone, Whole, "customVariable"),
		entry("link.LinkedIn", Whole, contact.SocialLinks),
		entry("url", First, contact.Links),
		entry("place", Whole, contact.Location),
		entry("number", Whole, "customVariable2"),
	}}
	if mistakes := m.Check(catalogue); len(mistakes) > 0 {
		t.Errorf("%+v", mistakes)
	}
	full := Mapping{Entries: []Entry{entry("text", Whole, contact.FirstName, contact.LastName)}}
	if mistakes := full.Check(catalogue); len(mistakes) > 0 {
		t.Errorf("a full name as text: %+v", mistakes)
	}
}

func TestPoliciesAreChecked(t *testing.T) {
	for name, c := range map[string]struct {
		id   string
		rule Rule
		want []string
	}{
		"append to one value":       {"text", Rule{Policy: field.Append}, []string{"policies.text.policy append_on_scalar"}},
		"append to the email":       {field.Email, Rule{Policy: field.Append}, []string{"policies.email.policy append_on_scalar"}},
		"append to a set":           {"multi", Rule{Policy: field.Append}, nil},
		"append to links":           {"link.GitHub", Rule{Policy: field.Append}, nil},
		"append to phones":          {field.Phone, Rule{Policy: field.Append}, nil},
		"protected":                 {field.Name, Rule{Policy: field.OnlyIfBlank}, nil},
		"clear a custom field":      {"text", Rule{Policy: field.Always, Clear: true}, nil},
		"clear without always":      {"text", Rule{Policy: field.OnlyIfBlank, Clear: true}, []string{"policies.text.clear clear_needs_always"}},
		"clear a built-in":          {field.Location, Rule{Policy: field.Always, Clear: true}, []string{"policies.location.clear field_cannot_clear"}},
		"both, with never":          {field.Location, Rule{Policy: field.Never, Clear: true}, []string{"policies.location.clear clear_needs_always", "policies.location.clear field_cannot_clear"}},
		"a field nobody has":        {"nobody", Rule{Policy: field.Always}, []string{"policies.nobody unknown_target"}},
		"one that Ashby keeps shut": {"school", Rule{Policy: field.Always}, []string{"policies.school field_unwritable"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, m := range (Mapping{Rules: map[string]Rule{c.id: c.rule}}).Check(catalogue) {
				got = append(got, m.Path+" "+string(m.Code))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestRefusalsNameWhatToUseAndWhatCameFirst(t *testing.T) {
	m := Mapping{Entries: []Entry{
		entry("company", Whole, contact.Company), entry("position", Whole, contact.Role), entry("text2", Whole, contact.Company),
	}}
	said := m.Check(catalogue)
	for i, want := range []string{"“Current company” (text)", "create a custom field “Role”", "company goes to “Company” already"} {
		if i >= len(said) || !strings.Contains(said[i].About, want) {
			t.Errorf("%d: %+v does not say %s", i, said, want)
		}
	}
}

func TestWhatBecomesOfTargetsIsWarnedAbout(t *testing.T) {
	before := []field.Field{
		{ID: "a", Title: "A", Type: field.String},
		{ID: "b", Title: "B", Type: field.String},
		{ID: "c", Title: "C", Type: field.Number},
		{ID: "d", Title: "D", Type: field.Select, Options: []field.Option{
			{Value: "x", Label: "Ex"}, {Value: "y", Label: "Why"}, {Value: "z", Label: "Zed", Archived: true},
		}},
		{ID: "e", Title: "E", Type: field.String},
	}
	m := Mapping{Entries: []Entry{
		entry("a", Whole, "role"), entry("b", Whole, "company"), entry("c", Whole, "school"), entry("d", Whole, "comments"), entry("e", Whole, "headline"),
	}}.Remember(before)
	if w := m.Warnings(before); len(w) > 0 {
		t.Fatalf("at first: %+v", w)
	}
	after := slices.Clone(before)[1:]
	after[0].Archived = true
	after[1].Type = field.Date
	after[2].Options = []field.Option{{Value: "y", Label: "Why not"}, {Value: "x", Label: "Ex", Archived: true}}
	got := m.Warnings(after)
	for i, want := range []Mistake{
		{"entries[0].to", FieldGone, "“A”"},
		{"entries[1].to", FieldArchived, "“B”"},
		{"entries[2].to", FieldRetyped, "“C” was Number and is Date"},
		{"entries[3].to", OptionGone, "of “D”: “Ex”"},
	} {
		if i >= len(got) || got[i] != want {
			t.Errorf("%d: %+v, want %+v", i, got, want)
		}
	}
	if len(got) != 4 {
		t.Errorf("%+v", got)
	}
	if again := m.Remember(after).Seen; again["a"].Title != "A" || again["c"].Type != field.Date || len(again["d"].Options) != 1 {
		t.Errorf("remembered %+v", again)
	}
}

func TestAMappingDoesNotRememberMoreOptionsThanARowHolds(t *testing.T) {
	var fields []field.Field
	var entries []Entry
	for i := range 30 {
		f := field.Field{ID: string(rune('A' + i)), Type: field.Select}
		for j := range 100 {
			f.Options = append(f.Options, field.Option{Value: string(rune('a' + j))})
		}
		fields, entries = append(fields, f), append(entries, entry(f.ID, First, "skills"))
	}
	fields[0].Options = append(fields[0].Options, make([]field.Option, mostOptions)...)
	seen, kept := Mapping{Entries: entries}.Remember(fields).Seen, 0
	for _, s := range seen {
		kept += len(s.Options)
	}
	if kept != allOptions || len(seen["A"].Options) != 0 || seen["A"].Type != field.Select {
		t.Errorf("%d options kept, %d of the first field", kept, len(seen["A"].Options))
	}
}
