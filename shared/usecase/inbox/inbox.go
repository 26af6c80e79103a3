// Package inbox shows what needs a person, grouped by cause, and puts events back
// to work when somebody asks for it.
package inbox

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// Most is how far the events of a cause are counted.
const Most = 10_000

// rounds bounds how often a change is tried again because another writer came
// between.
const rounds = 5

// Store keeps events and which of them need somebody.
type Store interface {
	// Inbox sums up the causes; a count goes no further than most.
	Inbox(ctx context.Context, team string, most int) ([]delivery.CauseCount, error)
	// Listed gives a page of a cause's rows, the longest known first.
	Listed(ctx context.Context, team string, cause delivery.Cause, cursor string, limit int) ([]delivery.Listed, string, error)
	// CountListed counts a cause's rows, up to most.
	CountListed(ctx context.Context, team string, cause delivery.Cause, most int) (n int, more bool, err error)
	// Records reads the records of events that exist.
	Records(ctx context.Context, team string, events []string) ([]delivery.Stored, error)
	// People reads people by id; those of whom nothing is kept are left out.
	People(ctx context.Context, team string, ids []string) (map[string]person.Person, error)
}

// Ledger changes where events stand.
type Ledger interface {
	Stored(ctx context.Context, team, event string) (delivery.Stored, bool, error)
	// Apply writes a change over what was read; Conflict: another came between.
	Apply(ctx context.Context, c delivery.Change) (delivery.Stored, delivery.Subject, error)
}

// Bell tells a team's drain that there is work. What it loses the sweep finds.
type Bell interface {
	Ring(ctx context.Context, team string) error
}

// Inbox has the verbs of this package.
type Inbox struct {
	Store  Store
	Ledger Ledger
	Bell   Bell
	Now    func() time.Time
}

// Causes sums up what needs somebody, what people can do first.
func (i *Inbox) Causes(ctx context.Context, team string) ([]delivery.CauseCount, error) {
	counts, err := i.Store.Inbox(ctx, team, Most)
	if err != nil {
		return nil, err
	}
	return ranked(counts), nil
}

// ranked puts the causes in the order of the closed set, those of mandatory fields
// after the other things to fill.
func ranked(counts []delivery.CauseCount) []delivery.CauseCount {
	out := make([]delivery.CauseCount, 0, len(counts))
	for _, cause := range delivery.Causes() {
		for _, c := range counts {
			if c.Cause == cause {
				out = append(out, c)
			}
		}
		if cause == delivery.Cause(delivery.NameMissing) {
			for _, c := range counts {
				if _, ok := c.Cause.MandatoryField(); ok {
					out = append(out, c)
				}
			}
		}
	}
	return out
}

// Item is an event that needs somebody.
type Item struct {
	Record     delivery.Record
	Since      time.Time
	Candidates []string // of a review: who could be the person
}

// Page of a cause, the longest known first.
type Page struct {
	Items []Item
	Next  string // cursor of the next page; empty after the last
}

// Page lists events of a cause. One that does not exist is NotFound; one of which
// there is nothing has an empty page.
func (i *Inbox) Page(ctx context.Context, team string, cause delivery.Cause, cursor string, limit int) (Page, error) {
	if !cause.Known() {
		return Page{}, NoSuchCause()
	}
	listed, next, err := i.Store.Listed(ctx, team, cause, cursor, limit)
	if err != nil {
		return Page{}, err
	}
	events, people := make([]string, len(listed)), []string{}
	for n, l := range listed {
		events[n] = l.Event
		if cause.Code() == delivery.NeedsReview {
			people = append(people, l.Person)
		}
	}
	stored, err := i.Store.Records(ctx, team, events)
	if err != nil {
		return Page{}, err
	}
	known, err := i.Store.People(ctx, team, people)
	if err != nil {
		return Page{}, err
	}
	records := make(map[string]delivery.Record, len(stored))
	for _, r := range stored {
		records[r.Event] = r.Record
	}
	page := Page{Next: next}
	for _, l := range listed {
		r := records[l.Event]
		if r.Listed == nil || r.Listed.Cause != cause {
			continue // it moved on between the two reads
		}
		page.Items = append(page.Items, Item{r, l.Since, known[l.Person].Review.Candidates})
	}
	return page, nil
}

// NoSuchCause is the answer to a cause that is none.
func NoSuchCause() error {
	return fault.New(fault.NotFound, "no_such_cause", "the inbox knows no such cause")
}
