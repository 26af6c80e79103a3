package ashbytest

import (
	"fmt"
	"strings"
)

// someone is a fictional person.
type someone struct {
	first, last, title, company string
	number                      int // above 0 if the name is not unique
}

// cast are the people of a default seed.
var cast = []someone{
	{first: "Ada", last: "Lindqvist", title: "Backend Engineer", company: "Northwind Robotics"},
	{first: "Marcus", last: "Okafor", title: "Data Engineer", company: "Blue Heron Energy"},
	{first: "Elena", last: "Petrova", title: "Product Manager", company: "Tidewater Health"},
	{first: "Jonas", last: "Bakken", title: "Site Reliability Engineer", company: "Aurora Freight"},
	{first: "Mei", last: "Tanaka", title: "Frontend Engineer", company: "Paper Crane Studio"},
	{first: "Samuel", last: "Adeyemi", title: "Engineering Manager", company: "Lagoon Payments"},
	{first: "Clara", last: "Beaumont", title: "UX Researcher", company: "Atelier Verne"},
	{first: "Elie", last: "Beaubrun", title: "Account Executive", company: "Palmetto Cloud"},
	{first: "Hannah", last: "Weiss", title: "Machine Learning Engineer", company: "Kestrel Vision"},
	{first: "Diego", last: "Fuentes", title: "Mobile Engineer", company: "Andes Mobility"},
	{first: "Aisha", last: "Rahman", title: "Security Engineer", company: "Granite Shield"},
	{first: "Oliver", last: "Hughes", title: "Sales Director", company: "Fernhill Software"},
	{first: "Sofia", last: "Marchetti", title: "Designer", company: "Linea Quattro"},
	{first: "Ravi", last: "Krishnan", title: "Platform Engineer", company: "Monsoon Analytics"},
	{first: "Freya", last: "Johansen", title: "Recruiter", company: "Skagen People"},
	{first: "Lucas", last: "Moreau", title: "QA Engineer", company: "Pont Neuf Systems"},
	{first: "Naomi", last: "Feldman", title: "Technical Writer", company: "Cedar & Quill"},
	{first: "Kwame", last: "Mensah", title: "Solutions Architect", company: "Volta Networks"},
	{first: "Ingrid", last: "Dahl", title: "Data Scientist", company: "Fjellheim Research"},
	{first: "Peter", last: "Novak", title: "Embedded Engineer", company: "Charles Bridge Devices"},
	{first: "Yara", last: "Haddad", title: "Marketing Lead", company: "Olive Branch Media"},
	{first: "Thomas", last: "Keller", title: "Finance Manager", company: "Alpenblick Capital"},
	{first: "Grace", last: "Mbeki", title: "Operations Manager", company: "Table Bay Logistics"},
	{first: "Liam", last: "O'Connell", title: "DevOps Engineer", company: "Shannon Cloudworks"},
	{first: "Zoe", last: "Papadaki", title: "Customer Success Manager", company: "Aegean Apps"},
}

// person is the i-th person: one of the cast, or a new name made of theirs.
func person(i int) someone {
	if i < len(cast) {
		return cast[i]
	}
	p := cast[i%len(cast)]
	p.last = cast[(i/len(cast)+i*7)%len(cast)].last
	p.number = i
	return p
}

func (p someone) slug() string {
	s := strings.ToLower(p.first + "-" + strings.ReplaceAll(p.last, "'", ""))
	if p.number > 0 {
		s += fmt.Sprintf("-%d", p.number)
	}
	return s
}

func (p someone) address() string {
	return strings.ReplaceAll(p.slug(), "-", ".") + "@example.com"
}
