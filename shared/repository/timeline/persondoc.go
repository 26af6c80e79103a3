package timeline

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// personDoc is how a person is stored: the time that most values are of is written
// once, and not beside each of them, and what the key or another field says is left
// out. The row is written with every event that tells something of the person, and
// billed by its kilobytes.
type personDoc struct {
	person.Person
	At    time.Time                          // what most values are of
	Of    map[contact.Variable]contact.Value // the known values of that time
	Wrote []contact.Variable                 // variables whose value of that time was written to Ashby
}

// inProfile stands for the candidate's id in the address of their page; no address
// has it, for it is not escaped.
const inProfile = "{}"

func personDocOf(p person.Person) personDoc {
	doc := personDoc{Person: p, At: commonest(p)}
	doc.Team, doc.ID = "", ""
	if c := p.Link.Candidate; c != "" {
		doc.Link.Profile = strings.ReplaceAll(p.Link.Profile, c, inProfile)
	}
	if doc.At.IsZero() {
		return doc
	}
	doc.Known, doc.Applied = map[contact.Variable]person.Known{}, map[contact.Variable]time.Time{}
	doc.Of = map[contact.Variable]contact.Value{}
	for v, k := range p.Known {
		if k.At.Equal(doc.At) {
			doc.Of[v] = k.Value
		} else {
			doc.Known[v] = k
		}
	}
	for _, v := range slices.Sorted(maps.Keys(p.Applied)) {
		if at := p.Applied[v]; at.Equal(doc.At) {
			doc.Wrote = append(doc.Wrote, v)
		} else {
			doc.Applied[v] = at
		}
	}
	if len(doc.Known) == 0 {
		doc.Known = nil
	}
	if len(doc.Applied) == 0 {
		doc.Applied = nil
	}
	return doc
}

// commonest gives the time that most known values are of, the latest of those; zero
// when nothing is known.
func commonest(p person.Person) (at time.Time) {
	count := map[int64]int{}
	most := 0
	for _, k := range p.Known {
		key := k.At.UnixNano()
		if count[key]++; count[key] > most || count[key] == most && k.At.After(at) {
			most, at = count[key], k.At
		}
	}
	return at.UTC()
}

// person is the inverse, for the row's key; one that was written in full has all of it.
func (d personDoc) person(key table.Key) person.Person {
	p := d.Person
	p.Team, p.ID, _ = strings.Cut(key.Partition, personInfix)
	p.Link.Profile = strings.ReplaceAll(p.Link.Profile, inProfile, p.Link.Candidate)
	if len(d.Of) > 0 && p.Known == nil {
		p.Known = make(map[contact.Variable]person.Known, len(d.Of))
	}
	for v, value := range d.Of {
		p.Known[v] = person.Known{Value: value, At: d.At}
	}
	if len(d.Wrote) > 0 && p.Applied == nil {
		p.Applied = make(map[contact.Variable]time.Time, len(d.Wrote))
	}
	for _, v := range d.Wrote {
		p.Applied[v] = d.At
	}
	return p
}

// readPerson decodes a person's row.
func readPerson(row table.Item) (person.Person, error) {
	var doc personDoc
	err := read(row, &doc)
	return doc.person(row.Key), err
}

// getPerson reads a person's row; nobody known is a person with nothing but ids.
func (s *Store) getPerson(ctx context.Context, team, id string) (person.Person, delivery.Revision, error) {
	row, ok, err := s.t.Get(ctx, personKey(team, id))
	if err != nil || !ok {
		return person.Person{Team: team, ID: id}, "", err
	}
	p, err := readPerson(row)
	return p, delivery.Revision(row.Token), err
}
