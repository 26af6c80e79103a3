// Package contact is a SourceWhale contact's data in SourceWhale's own
// variables: which there are, of which kind, and a snapshot of their values.
package contact

// Variable is a SourceWhale variable, by its name in SourceWhale's API.
type Variable string

// Kind is the shape of a variable's value.
type Kind uint8

// The kinds. Unknown is the zero value: a name SourceWhale does not have.
const (
	Unknown Kind = iota
	Text         // one string
	List         // strings
	Objects      // a list of objects; kept, not mappable
)

// The variables that this service reads by name. The rest is known by kind only.
const (
	Name         Variable = "name"
	FirstName    Variable = "firstName"
	LastName     Variable = "lastName"
	Company      Variable = "company"
	Role         Variable = "role"
	Location     Variable = "location"
	City         Variable = "city"
	State        Variable = "state"
	Country      Variable = "country"
	Source       Variable = "source"
	Emails       Variable = "emails"
	Phones       Variable = "phones"
	SocialLinks  Variable = "socialLinks"
	Links        Variable = "links"
	Education    Variable = "education"
	Experience   Variable = "experience"
	dominantRace          = "dominantRace"
	gender                = "gender"
)

var kinds = func() map[Variable]Kind {
	m := map[Variable]Kind{Education: Objects, Experience: Objects}
	for _, v := range []Variable{
		"salutation", Name, FirstName, LastName, Company, "previousCompany", "school", Role, Location, City, State,
		"postcode", Country, "companyLocation", "companyLinkedinUrl", "repo", "summary", "headline", "customVariable",
		"customVariable2", "customVariable3", "customVariable4", "comments", Source, "foundBy", "photo",
	} {
		m[v] = Text
	}
	for _, v := range []Variable{
		Emails, Phones, "domains", SocialLinks, Links, "skills", "industries", "keywords", "relationships",
	} {
		m[v] = List
	}
	return m
}()

// KindOf gives a variable's kind; Unknown for a name that is none of ours.
func KindOf(v Variable) Kind { return kinds[v] }

// Sensitive reports whether a name is one we never map, store or log. Such
// values are dropped at the door and counted.
func Sensitive(name string) bool { return name == dominantRace || name == gender }
