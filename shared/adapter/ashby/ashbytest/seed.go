package ashbytest

import (
	"fmt"
	"strings"
	"time"
)

// The keys that [Ashby.Seed] makes. They are as fake as they look.
const (
	// LocalKey may do everything in the first organisation.
	LocalKey = "sim_local_key_0000000000000001"
	// LimitedKey reads and writes candidates there and reads their metadata;
	// it has neither other permissions nor switches.
	LimitedKey = "sim_local_key_0000000000000002"
	// DisabledKey was deactivated.
	DisabledKey = "sim_local_key_0000000000000003"
	// OtherKey may do everything in the second organisation.
	OtherKey = "sim_local_key_0000000000000004"
	// SecondKey is another full key of the first organisation, to rotate to.
	SecondKey = "sim_local_key_0000000000000005"
)

// Seeded names what a seed made. Maps are from title to id.
type Seeded struct {
	Org        string            `json:"org"`
	OtherOrg   string            `json:"otherOrg"`
	Keys       map[string]string `json:"keys"` // from title to secret
	Fields     map[string]string `json:"fields"`
	Sources    map[string]string `json:"sources"`
	Tags       map[string]string `json:"tags"`
	Projects   map[string]string `json:"projects"`
	Users      map[string]string `json:"users"`      // from address to id
	Candidates []string          `json:"candidates"` // of Org, in order of adding
}

// Seed adds two organisations with data to show and to test with: so many
// people in the first (25 if 0) and three in the second, all fictional, with
// sources, tags, projects, users and a custom field of every type. The same
// seed on an empty Ashby gives the same ids.
func (a *Ashby) Seed(people int) (Seeded, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.store.secrets[LocalKey] != nil {
		return Seeded{}, fmt.Errorf("already seeded: reset first")
	}
	if people == 0 {
		people = len(cast)
	}
	main := a.newSeeder("Fjordlight Talent")
	main.furnish()
	main.people(people)
	other := a.newSeeder("Harbour Lane Labs")
	other.furnish()
	other.people(3)
	if err := a.save(append(main.recs, other.recs...)...); err != nil {
		return Seeded{}, err
	}
	out := main.made
	out.OtherOrg = other.org.ID
	if err := a.seedKeys(main.org.ID, other.org.ID, out.Keys); err != nil {
		return Seeded{}, err
	}
	return out, nil
}

func (a *Ashby) seedKeys(org, other string, made map[string]string) error {
	limited := []string{CandidatesRead, CandidatesWrite, HiringProcessMetadataRead}
	for _, k := range []Key{
		{Org: org, Secret: LocalKey, Title: "Local run", Confidential: true, Private: true},
		{Org: org, Secret: LimitedKey, Title: "Limited", Scopes: limited},
		{Org: org, Secret: DisabledKey, Title: "Disabled", Disabled: true},
		{Org: other, Secret: OtherKey, Title: "Other organisation", Confidential: true, Private: true},
		{Org: org, Secret: SecondKey, Title: "Local run, second", Confidential: true, Private: true},
	} {
		if _, err := a.addKey(k); err != nil {
			return err
		}
		made[k.Title] = k.Secret
	}
	return nil
}

// seeder gathers the records of one organisation.
type seeder struct {
	*Ashby
	org      *Org
	seq, rev int64
	recs     []any
	made     Seeded
}

func (a *Ashby) newSeeder(name string) *seeder {
	s := &seeder{Ashby: a, org: &Org{ID: a.store.newID(), Name: name}}
	s.recs = []any{s.org}
	s.made = Seeded{
		Org: s.org.ID, Keys: map[string]string{}, Fields: map[string]string{}, Sources: map[string]string{},
		Tags: map[string]string{}, Projects: map[string]string{}, Users: map[string]string{},
	}
	return s
}

func (s *seeder) next() (id string, seq, rev int64) {
	s.seq, s.rev = s.seq+1, s.rev+1
	return s.store.newID(), s.seq, s.rev
}

// furnish makes everything but people.
func (s *seeder) furnish() {
	for _, name := range []string{"Ingrid Solberg", "Tomas Reyes", "Priya Nair"} {
		first, last, _ := strings.Cut(name, " ")
		id, seq, rev := s.next()
		role := "Limited Access"
		if seq == 1 {
			role = "Organization Admin"
		}
		address := strings.ToLower(first) + "@" + slug(s.org.Name) + ".example.com"
		s.recs = append(s.recs, &User{id, s.org.ID, seq, rev, first, last, address, role, false, s.now()})
		s.made.Users[address] = id
	}
	sourced, inbound := SourceType{ID: s.store.newID(), Title: "Sourced"}, SourceType{ID: s.store.newID(), Title: "Inbound"}
	s.source("SourceWhale", sourced, false)
	s.source("LinkedIn", sourced, false)
	s.source("Careers page", inbound, false)
	s.source("LinkedIn", inbound, false) // a title may repeat under another type
	s.source("Job fair 2019", inbound, true)
	for _, title := range []string{"Outreach", "Strong candidate", "Open to relocation"} {
		id, seq, rev := s.next()
		s.recs = append(s.recs, &Tag{id, s.org.ID, seq, rev, title, false})
		s.made.Tags[title] = id
	}
	for _, title := range []string{"Nordic engineering pool", "Executive search"} {
		id, seq, rev := s.next()
		s.recs = append(s.recs, &Project{
			ID: id, Org: s.org.ID, Seq: seq, Rev: rev, Title: title,
			Confidential: title == "Executive search", CreatedAt: s.now().AddDate(0, -6, 0),
		})
		s.made.Projects[title] = id
	}
	s.fields()
}

func (s *seeder) source(title string, kind SourceType, archived bool) {
	id, seq, _ := s.next()
	s.recs = append(s.recs, &Source{id, s.org.ID, seq, title, archived, kind})
	if _, taken := s.made.Sources[title]; !taken {
		s.made.Sources[title] = id
	}
}

func (s *seeder) fields() {
	options := func(values ...string) (list []Option) {
		for _, v := range values {
			list = append(list, Option{Label: v, Value: slug(v)})
		}
		return list
	}
	for _, f := range []Field{
		{Title: "Company", FieldType: "String"},
		{Title: "Title", FieldType: "String"},
		{Title: "Summary", FieldType: "LongText"},
		{Title: "Open to work", FieldType: "Boolean"},
		{Title: "Available from", FieldType: "Date", DateOnly: true},
		{Title: "Last contacted", FieldType: "Date"},
		{Title: "Years of experience", FieldType: "Number"},
		{Title: "Seniority", FieldType: "ValueSelect", Options: append(options("Junior", "Mid", "Senior", "Staff"), Option{"Intern", "intern", true})},
		{Title: "Languages", FieldType: "MultiValueSelect", Options: options("English", "Norwegian", "Spanish", "Hindi")},
		{Title: "Portfolio", FieldType: "Url"},
		{Title: "External id", FieldType: "UUID"},
		{Title: "Second email", FieldType: "Email"},
		{Title: "Assistant phone", FieldType: "Phone"},
		{Title: "Preferred location", FieldType: "Location"},
		{Title: "Current salary", FieldType: "Currency"},
		{Title: "Team size", FieldType: "NumberRange"},
		{Title: "Salary expectation", FieldType: "CompensationRange"},
		{Title: "Private rating", FieldType: "Number", IsPrivate: true},
		{Title: "Old score", FieldType: "Number", IsArchived: true},
		{Title: "Pipeline key", FieldType: "String", APIOnly: true, Description: "Set by integrations only"},
		{Title: "Job code", FieldType: "String", ObjectType: "Job"},
	} {
		f.ID, f.Seq, f.Rev = s.next()
		f.Org = s.org.ID
		if f.ObjectType == "" {
			f.ObjectType = "Candidate"
		}
		s.recs = append(s.recs, &f)
		s.made.Fields[f.Title] = f.ID
	}
}

func slug(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "-")) }

// people adds so many candidates, the newest added an hour ago.
func (s *seeder) people(n int) {
	for i := range n {
		id, seq, rev := s.next()
		p := person(i)
		added := s.now().Add(-time.Duration(n-i) * time.Hour)
		c := &Candidate{
			ID: id, Org: s.org.ID, Seq: seq, Rev: rev, Name: p.first + " " + p.last,
			Emails:    []Contact{{p.address(), "Personal", true}},
			Links:     []SocialLink{{"LinkedIn", "https://www.linkedin.com/in/" + p.slug()}},
			Company:   p.company,
			Position:  p.title,
			Source:    s.made.Sources["LinkedIn"],
			Location:  &Location{s.store.newID(), "Norway", "", "Oslo"},
			CreatedAt: added, AddedAt: added, UpdatedAt: added, IndexedAt: added,
			Fields: []Value{
				{s.made.Fields["Company"], p.company},
				{s.made.Fields["Title"], p.title},
				{s.made.Fields["Years of experience"], float64(2 + i%15)},
			},
		}
		s.vary(c, i)
		s.recs = append(s.recs, c)
		s.made.Candidates = append(s.made.Candidates, id)
	}
}

// vary gives people their differences: phones, second addresses, tags.
func (s *seeder) vary(c *Candidate, i int) {
	if i%2 == 0 {
		c.Phones = []Contact{{fmt.Sprintf("+1202555%04d", 100+i%100), "Personal", true}}
	}
	if i%3 == 0 {
		c.Emails = append(c.Emails, Contact{"work." + c.Emails[0].Value, "Work", false})
	}
	if i%4 == 0 {
		c.Tags = []string{s.made.Tags["Outreach"]}
		c.Fields = append(c.Fields, Value{s.made.Fields["Seniority"], "senior"})
	}
	if i%5 == 0 {
		c.Projects = []string{s.made.Projects["Nordic engineering pool"]}
		c.Fields = append(c.Fields, Value{s.made.Fields["Languages"], []any{"english", "norwegian"}})
	}
	if i%7 == 6 {
		c.Fields = append(c.Fields, Value{s.made.Fields["Private rating"], float64(1 + i%5)})
	}
}

// Furnish makes one more organisation with all that a seed gives but its keys,
// and so many people (none if 0), with a key that may do everything.
func (a *Ashby) Furnish(name string, people int) (Seeded, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.newSeeder(name)
	s.furnish()
	s.people(people)
	if err := a.save(s.recs...); err != nil {
		return Seeded{}, err
	}
	key, err := a.addKey(Key{Org: s.org.ID, Title: "Everything", Confidential: true, Private: true})
	s.made.Keys[key.Title] = key.Secret
	return s.made, err
}
