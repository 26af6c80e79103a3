package review

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// Listings knows which events wait for a decision.
type Listings interface {
	// Listed gives a page of a cause's events, the longest known first.
	Listed(ctx context.Context, team string, cause delivery.Cause, cursor string, limit int) ([]delivery.Listed, string, error)
	// Load reads a person with the records of their latest events, in order.
	Load(ctx context.Context, team, person string, besides []string) (delivery.Subject, []delivery.Stored, error)
}

// Teams has a team's connection.
type Teams interface {
	Connection(ctx context.Context, team string) (connection.Connection, error)
}

// Ashby shows candidates.
type Ashby interface {
	// Candidate reads one; ok is false when there is none.
	Candidate(ctx context.Context, team, id string) (c candidate.Candidate, ok bool, err error)
}

// Lister shows what is to be decided.
type Lister struct {
	Listings Listings
	Teams    Teams
	Ashby    Ashby
}

// Case is a person about whom something is to be decided, or was and can be taken
// back.
type Case struct {
	Person   person.Person
	Question person.Question
	Since    time.Time // when the first of their events came to wait; zero: none does
	Waiting  int       // events
	Suspects []Suspect // looked up in Ashby for one case, ids alone in a list
}

// Suspect is a candidate who could be the person.
type Suspect struct {
	ID       string
	Name     string
	Profile  string
	Emails   []string
	Evidence []string // what they have in common, such as "email ada@example.com"
	Gone     bool     // Ashby has no such candidate, or not any more
}

// causes of decisions, in the order in which they are listed.
var causes = []delivery.Cause{delivery.Cause(delivery.NeedsReview), delivery.Cause(delivery.RecordDeleted)}

// Page lists cases, the longest waiting first: those where several candidates
// could be the person, then those whose candidate was deleted. A page may be short
// and yet have a next; there is nothing behind a next only where much was looked
// through.
func (l *Lister) Page(ctx context.Context, team, cursor string, limit int) (page []Case, next string, err error) {
	next = cursor
	for range mostEmpty {
		if page, next, err = l.page(ctx, team, next, limit); err != nil || len(page) > 0 || next == "" {
			break
		}
	}
	if err == nil && next != "" {
		next, err = l.behind(ctx, team, next)
	}
	return page, next, err
}

// behind gives the cursor at which there is a case, from that one on; empty when there
// is none.
func (l *Lister) behind(ctx context.Context, team, cursor string) (string, error) {
	for range mostEmpty {
		ahead, next, err := l.page(ctx, team, cursor, lookAhead)
		switch {
		case err != nil, len(ahead) > 0:
			return cursor, err
		case next == "":
			return "", nil
		}
		cursor = next
	}
	return cursor, nil
}

// lookAhead is how many rows are looked through at once for whether there is more.
const lookAhead = 5

// mostEmpty bounds how many empty pages are passed over.
const mostEmpty = 5

func (l *Lister) page(ctx context.Context, team, cursor string, limit int) (page []Case, next string, err error) {
	conn, err := l.Teams.Connection(ctx, team)
	if err != nil {
		return nil, "", err
	}
	at, place := 0, ""
	if cause, rest, ok := strings.Cut(cursor, "#"); ok {
		at, place = max(0, slices.Index(causes, delivery.Cause(cause))), rest
	}
	rows, more, err := l.Listings.Listed(ctx, team, causes[at], place, limit)
	if err != nil {
		return nil, "", err
	}
	for _, row := range rows {
		c, first, err := l.load(ctx, team, row.Person, causes[at], conn)
		if err != nil {
			return nil, "", err
		}
		if first == row.Event && c.Question != person.NoQuestion {
			page = append(page, c)
		}
	}
	switch {
	case more != "":
		return page, string(causes[at]) + "#" + more, nil
	case at+1 < len(causes):
		return page, string(causes[at+1]) + "#", nil
	}
	return page, "", nil
}

// load reads a case; first is the event of the person that is listed first under
// the cause, so that each case is in the list once.
func (l *Lister) load(
	ctx context.Context, team, id string, cause delivery.Cause, conn connection.Connection,
) (c Case, first string, err error) {
	subject, records, err := l.Listings.Load(ctx, team, id, nil)
	if err != nil {
		return Case{}, "", err
	}
	c.Person = subject.Person.Of(conn.Generation)
	c.Question = c.Person.Asked()
	for _, r := range records {
		if r.State != delivery.Waiting || r.Listed == nil || !slices.Contains(causes, r.Listed.Cause) {
			continue
		}
		c.Waiting++
		if r.Listed.Cause == cause && (first == "" || r.Listed.Since.Before(c.Since)) {
			c.Since, first = r.Listed.Since, r.Event
		}
	}
	for _, suspect := range c.suspects() {
		c.Suspects = append(c.Suspects, Suspect{ID: suspect})
	}
	if subject.Revision == "" && len(records) == 0 {
		return Case{}, "", fault.New(fault.NotFound, "no_such_person", "nothing is known of this person")
	}
	return c, first, nil
}

// suspects are the candidates that the question is about.
func (c Case) suspects() []string {
	if c.Question == person.Deleted {
		link := c.Person.Link
		if was := c.Person.Review.Was; was != nil && was.Gone {
			link = *was
		}
		return []string{link.Candidate}
	}
	return c.Person.Review.Candidates
}

// One shows a case with what Ashby has of its candidates. NotFound: nothing is to
// be decided about the person, nor was. Errors are those of reading Ashby.
func (l *Lister) One(ctx context.Context, team, id string) (Case, error) {
	conn, err := l.Teams.Connection(ctx, team)
	if err != nil {
		return Case{}, err
	}
	var c Case
	for _, cause := range causes {
		loaded, first, err := l.load(ctx, team, id, cause, conn)
		if err != nil {
			return Case{}, err
		}
		if c = loaded; first != "" {
			break
		}
	}
	if c.Question == person.NoQuestion && c.Person.Review.Answer == person.Open {
		return Case{}, fault.New(fault.NotFound, "no_such_review", "nothing is to be decided about this person")
	}
	for i, s := range c.Suspects {
		found, ok, err := l.Ashby.Candidate(ctx, team, s.ID)
		if err != nil {
			return Case{}, err
		}
		c.Suspects[i].Gone = !ok
		if ok {
			c.Suspects[i] = suspectOf(found, c.Person)
		}
	}
	return c, nil
}

func suspectOf(c candidate.Candidate, p person.Person) Suspect {
	s := Suspect{ID: c.ID, Name: c.Name, Profile: c.ProfileURL}
	keys := plan.IdentityKeys(p.Snapshot())
	for _, e := range c.Emails {
		s.Emails = append(s.Emails, e.Value)
		if slices.Contains(keys, strings.ToLower(strings.TrimSpace(e.Value))) {
			s.Evidence = append(s.Evidence, "email "+e.Value)
		}
	}
	for _, k := range mapping.Keys(c) {
		if !slices.Contains(keys, k) {
			continue
		}
		_, value, _ := strings.Cut(k, ":")
		kind := "profile"
		if mapping.IsPhoneKey(k) {
			kind = "phone"
		}
		s.Evidence = append(s.Evidence, kind+" "+value)
	}
	return s
}
