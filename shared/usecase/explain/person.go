package explain

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// mostWaits bounds how many waiting events are told of a person; their number is
// told in full.
const mostWaits = 20

// Standing is where a person and their latest events stand.
type Standing struct {
	Person  person.Person
	Waits   []Entry // the first of those that are not done with, oldest first
	Pending int     // events that will be carried out in their turn
	Waiting int     // events that wait for something
	Resting int     // events that are withheld
}

// Person tells where a person stands. One of whom nothing was ever recorded is
// NotFound.
func (x *Explainer) Person(ctx context.Context, team, id string) (Standing, error) {
	subject, records, err := x.Store.Load(ctx, team, id, nil)
	if err != nil {
		return Standing{}, err
	}
	if subject.Revision == "" && len(records) == 0 {
		return Standing{}, fault.New(fault.NotFound, "no_such_person", "nothing is known of this person")
	}
	conn, err := x.Teams.Connection(ctx, team)
	if err != nil {
		return Standing{}, err
	}
	s := Standing{Person: subject.Person.Of(conn.Generation)}
	var open []delivery.Record
	for _, r := range records {
		switch r.State {
		case delivery.Pending:
			s.Pending++
		case delivery.Waiting:
			s.Waiting++
		case delivery.Resting:
			s.Resting++
			continue
		case delivery.Final:
			continue
		}
		if len(open) < mostWaits {
			open = append(open, r.Record)
		}
	}
	s.Waits, err = x.entries(ctx, team, id, open)
	return s, err
}
