package preview

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// SampleID names the person of whom mappings are shown when nobody else is named.
const SampleID = "sample"

// Sample is what is known of that person.
func Sample() contact.Snapshot {
	return contact.Snapshot{
		contact.FirstName: {Text: "Ada"}, contact.LastName: {Text: "Lane"}, contact.Name: {Text: "Ada Lane"},
		"salutation": {Text: "Ms"}, contact.Company: {Text: "Analytical Engines"}, "previousCompany": {Text: "Looms & Co"},
		contact.Role: {Text: "Staff Engineer"}, "headline": {Text: "Staff Engineer at Analytical Engines"}, "school": {Text: "University of London"},
		"summary": {Text: "Builds engines."}, contact.City: {Text: "London"}, contact.Country: {Text: "United Kingdom"},
		contact.Location: {Text: "London, United Kingdom"}, "postcode": {Text: "N1 9GU"}, contact.Source: {Text: "LinkedIn"},
		"companyLocation": {Text: "London"}, "companyLinkedinUrl": {Text: "https://www.linkedin.com/company/analytical-engines"},
		"customVariable": {Text: "one"}, "customVariable2": {Text: "2"}, "customVariable3": {Text: "yes"}, "customVariable4": {Text: "2026-03-02"},
		contact.Emails:      {List: []string{"ada@example.com", "ada.lane@example.org"}},
		contact.Phones:      {List: []string{"+44 20 7946 0000", "+44 20 7946 0001"}},
		contact.SocialLinks: {List: []string{"https://www.linkedin.com/in/ada-lane", "https://github.com/ada-lane"}},
		contact.Links:       {List: []string{"https://ada.example.com"}},
		"skills":            {List: []string{"Go", "Analysis"}}, "industries": {List: []string{"Software"}},
		"keywords": {List: []string{"engines"}}, "domains": {List: []string{"example.com"}},
	}
}

// Mapping plans a push of a person by a mapping that is not saved: what each target
// would be given, or why it would not. An empty id is the sample person. A person
// who has no candidate is shown as one who is new to Ashby. Errors: those of Person.
func (p *Previewer) Mapping(ctx context.Context, team string, m mapping.Mapping, id string) (Preview, error) {
	r, err := p.open(ctx, team)
	if err != nil {
		return Preview{}, err
	}
	who := person.Person{Team: team, ID: SampleID}.After(event.Event{OccurredAt: time.Unix(0, 0), Person: event.Person{Snapshot: Sample()}})
	if id != "" {
		var ok bool
		if who, ok, err = p.People.Person(ctx, team, id); err != nil || !ok {
			return Preview{}, orUnknown(err)
		}
		who = who.Of(r.connection.Generation)
	}
	r.mapping = m
	in, err := r.input(ctx, plain(who), p.request(team, who.ID, event.Actor{}))
	if err != nil {
		return Preview{}, err
	}
	in.Standing.Mandatory = nil // the question is what the mapping does
	return r.plan(ctx, in)
}

// plain gives a person about whom nothing is to be decided first.
func plain(p person.Person) person.Person {
	p.Held, p.Review.Answer = false, person.Open
	if p.Link.Kind != person.Synced || p.Link.Gone || p.Link.Stopped {
		p.Link, p.Review.Answer = person.Link{}, person.CreateNew
	}
	return p
}
