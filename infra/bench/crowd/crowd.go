// Package crowd makes up candidates, any number of them, always the same ones, and
// measures what it takes to copy them and to search the copy.
package crowd

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// Fields are the custom fields of the crowd.
func Fields() []field.Field {
	f := []field.Field{
		{ID: "f-seniority", Title: "Seniority", Type: field.Select},
		{ID: "f-skills", Title: "Skills", Type: field.MultiSelect},
		{ID: "f-years", Title: "Years", Type: field.Number},
		{ID: "f-start", Title: "Available from", Type: field.Date},
		{ID: "f-remote", Title: "Remote", Type: field.Boolean},
		{ID: "f-title", Title: "Job title", Type: field.String},
		{ID: "f-notes", Title: "Summary", Type: field.LongText},
		{ID: "f-site", Title: "Site", Type: field.URL},
		{ID: "f-private", Title: "Salary", Type: field.Number, Private: true},
		{ID: "f-pay", Title: "Pay", Type: "Currency"},
	}
	for _, o := range seniorities {
		f[0].Options = append(f[0].Options, field.Option{Value: o, Label: o})
	}
	for _, o := range skills {
		f[1].Options = append(f[1].Options, field.Option{Value: o, Label: o})
	}
	return f
}

var (
	firsts      = []string{"Ada", "José", "Zoë", "Marcus", "Elena", "Jonas", "Mei", "Samuel", "Clara", "Elie", "Hannah", "Diego", "Aisha", "Łukasz", "Freya", "Ravi", "Naomi", "Kwame", "Ingrid", "Yara"}
	lasts       = []string{"Lindqvist", "Okafor", "Petrova", "Bakken", "Tanaka", "Adeyemi", "Beaumont", "Weiß", "Fuentes", "Rahman", "Hughes", "Marchetti", "Krishnan", "Johansen", "Moreau", "Feldman", "Mensah", "Dahl", "Novák", "Haddad"}
	companies   = []string{"Northwind Robotics", "Blue Heron Energy", "Tidewater Health", "Aurora Freight", "Paper Crane", "Lagoon Payments", "Atelier Verne", "Palmetto Cloud"}
	cities      = []string{"London", "Berlin", "Zürich", "New York", "Tokyo", "São Paulo", "Nairobi", "Oslo"}
	titles      = []string{"Backend Engineer", "Data Engineer", "Product Manager", "Designer", "Account Executive", "Recruiter", "Security Engineer"}
	seniorities = []string{"junior", "mid", "senior", "staff", "principal"}
	skills      = []string{"go", "java", "rust", "python", "kafka", "sql", "aws", "react", "swift", "sales"}
	words       = []string{"builds", "led", "a", "team", "of", "platform", "payments", "search", "for", "years", "in", "startups", "and", "banks", "with", "care"}
)

// dice are a small generator of numbers that look random (splitmix64).
type dice uint64

func (d *dice) roll(n int) int {
	*d += 0x9e3779b97f4a7c15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n))
}

func pick[T any](d *dice, list []T) T { return list[d.roll(len(list))] }

// Person is the i-th of the crowd.
func Person(i int) candidate.Listed {
	d := dice(uint64(i) * 2654435761)
	first, last := pick(&d, firsts), pick(&d, lasts)
	number := strconv.Itoa(i)
	company := pick(&d, companies)
	if d.roll(3) > 0 {
		company += " " + strconv.Itoa(d.roll(4000)) // most companies are small
	}
	at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(d.roll(5*365*24)) * time.Hour)
	c := candidate.Listed{
		Candidate: candidate.Candidate{
			ID: uuid(&d), Name: first + " " + last + " " + number, SourceID: "src-" + strconv.Itoa(d.roll(12)), CreditedTo: "user-" + strconv.Itoa(d.roll(25)),
			Emails:    []candidate.Address{{Value: "p" + number + "@example.com", Primary: true}},
			Links:     []candidate.Link{{Type: "LinkedIn", URL: "https://www.linkedin.com/in/person-" + number}},
			Location:  pick(&d, cities),
			CreatedAt: at, UpdatedAt: at,
		},
		Company: company, Position: pick(&d, titles), School: "University of " + pick(&d, cities),
	}
	c.ProfileURL = "https://app.ashbyhq.com/candidate-searches/new/right-side/candidates/" + c.ID
	if d.roll(2) == 0 {
		c.Phones = []candidate.Address{{Value: "+4420" + strconv.Itoa(70000000+i%10000000), Primary: true}}
	}
	for range d.roll(4) {
		c.Tags = append(c.Tags, "tag-"+strconv.Itoa(d.roll(40)))
	}
	c.Custom = values(&d, number)
	return c
}

// values are the custom fields of one of them; not everybody has all.
func values(d *dice, number string) map[string]candidate.FieldValue {
	out := map[string]candidate.FieldValue{}
	set := func(id, format string, args ...any) {
		if d.roll(5) > 0 {
			out[id] = candidate.FieldValue{JSON: fmt.Sprintf(format, args...)}
		}
	}
	set("f-seniority", "%q", pick(d, seniorities))
	set("f-skills", "[%q,%q]", pick(d, skills), pick(d, skills))
	set("f-years", "%d", d.roll(30))
	set("f-start", `"2026-%02d-%02dT00:00:00.000Z"`, 1+d.roll(12), 1+d.roll(28))
	set("f-remote", "%t", d.roll(2) == 0)
	set("f-title", "%q", pick(d, titles))
	set("f-site", `"https://people.example.com/%s"`, number)
	if d.roll(3) == 0 {
		text := ""
		for range 10 + d.roll(30) {
			text += pick(d, words) + " "
		}
		set("f-notes", "%q", text)
	}
	return out
}

// People are the first n of the crowd.
func People(n int) []candidate.Listed {
	out := make([]candidate.Listed, n)
	for i := range out {
		out[i] = Person(i)
	}
	return out
}

func uuid(d *dice) string {
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", d.roll(1<<32), d.roll(1<<16), d.roll(1<<12), d.roll(1<<12), d.roll(1<<48))
}

// Listing is an Ashby that lists a crowd, a hundred at a time.
type Listing []candidate.Listed

// List gives a page.
func (l Listing) List(_ context.Context, asked candidate.Listing) (candidate.Page, error) {
	if asked.Token != "" {
		return candidate.Page{Token: "token"}, nil
	}
	from, _ := strconv.Atoi(asked.Cursor) // ours, or empty
	to := min(from+100, len(l))
	p := candidate.Page{Candidates: l[from:to], Token: "token"}
	if to < len(l) {
		p.Next, p.Token = strconv.Itoa(to), ""
	}
	return p, nil
}

// One finds nobody: nothing is looked at alone.
func (Listing) One(context.Context, string) (candidate.Listed, bool, error) {
	return candidate.Listed{}, false, nil
}

// CustomFields are the crowd's.
func (Listing) CustomFields(context.Context) ([]field.Field, error) { return Fields(), nil }
