// Package search finds candidates in a team's own copy of its Ashby, by the fields
// that the team, or the user within them, chose as filterable.
//
// What the segments of a copy hold is remembered by team, generation and row,
// which never change; which segments count is read for every search.
package search

import (
	"context"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/query"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// Index is where copies are kept. Segments that are not kept any more are NotFound.
type Index interface {
	// Begin reads how far a team's copy is, and what is known of the fields.
	Begin(ctx context.Context, team string) (index.State, index.Catalogue, error)
	// Layers reads segments of a generation, oldest first.
	Layers(ctx context.Context, team string, generation int, segments []int, packed []index.Packed) ([]index.Layer, error)
	// Columns gives layers with the columns of fields.
	Columns(ctx context.Context, team string, generation int, layers []index.Layer, fields []string) ([]index.Layer, error)
}

// Candidates are kept by id too.
type Candidates interface {
	Known(ctx context.Context, team string, ids []string) (map[string]candidate.Known, error)
}

// Settings say what may be searched.
type Settings interface {
	// Filterable lists the fields that a user of a team may search by.
	Filterable(ctx context.Context, team, user string) ([]string, error)
}

// People are SourceWhale's.
type People interface {
	// LinkedTo gives for candidates the person who is linked to each, if there is one,
	// and those of which we were told that they are no more.
	LinkedTo(ctx context.Context, team string, candidates []string) (people map[string]string, ended map[string]bool, err error)
}

// Searcher searches. Make one for a process: it remembers segments.
type Searcher struct {
	Index      Index
	Candidates Candidates
	Settings   Settings
	People     People
	Fold       func(string) string // makes texts comparable
	Memory     int                 // bytes of segments to remember; 0: DefaultMemory

	shelf shelf
}

// DefaultMemory is how much of the segments is remembered.
const DefaultMemory = 96 << 20

// Filters is what may be searched, and how fresh that is.
type Filters struct {
	Filters   []query.Definition
	FreshAsOf time.Time // zero: nothing can be found yet
}

// Filters lists what a user may search by.
func (s *Searcher) Filters(ctx context.Context, team, user string) (Filters, error) {
	state, catalogue, err := s.Index.Begin(ctx, team)
	if err != nil {
		return Filters{}, err
	}
	may, err := s.may(ctx, team, user, &catalogue)
	return Filters{may, state.FreshAsOf}, err
}

// may lists the fields that a user may search by and that there are: the private
// ones among them, and those that are gone, are left out.
func (s *Searcher) may(ctx context.Context, team, user string, c *index.Catalogue) ([]query.Definition, error) {
	chosen, err := s.Settings.Filterable(ctx, team, user)
	if err != nil {
		return nil, err
	}
	all := c.All()
	var out []query.Definition
	for _, id := range chosen {
		i := slices.IndexFunc(all, func(f field.Field) bool { return f.ID == id })
		if i < 0 || slices.ContainsFunc(out, func(d query.Definition) bool { return d.Field.ID == id }) {
			continue
		}
		if d, ok := query.Define(all[i]); ok {
			out = append(out, d)
		}
	}
	return out, nil
}

// Request is a search by a user of a team.
type Request struct {
	Team, User string
	Asked      query.Asked
	Cursor     string
	Limit      int
}

// CodeInvalid is the code of a search with mistakes.
const CodeInvalid = "invalid_search"

// Hit is a candidate that was found.
type Hit struct {
	Candidate candidate.Known
	Person    string // of SourceWhale's, linked to it; empty when there is none
}

// Page of what was found.
type Page struct {
	Hits      []Hit
	Fields    []field.Field // the filterable ones, to be shown with each hit
	Total     int
	Exact     bool   // of the total, as of FreshAsOf
	Next      string // cursor; empty on the last page
	FreshAsOf time.Time
	Building  bool // the copy is being read for the first time: not all can be found yet
}

// Search finds a page of candidates. Invalid lists every mistake of the request.
func (s *Searcher) Search(ctx context.Context, r Request) (Page, error) {
	state, catalogue, err := s.Index.Begin(ctx, r.Team)
	if err != nil {
		return Page{}, err
	}
	may, err := s.may(ctx, r.Team, r.User, &catalogue)
	if err != nil {
		return Page{}, err
	}
	q, mistakes := query.Parse(r.Asked, may, s.Fold)
	if len(mistakes) > 0 {
		return Page{}, fault.New(fault.Invalid, CodeInvalid, "the search has mistakes").With(mistakes...)
	}
	p := Page{FreshAsOf: state.FreshAsOf, Exact: state.Live != nil, Building: state.Live == nil}
	for _, d := range may {
		p.Fields = append(p.Fields, d.Field)
	}
	g := state.Live
	if g == nil {
		g = state.Build
	}
	if g == nil {
		g = &index.Generation{}
	}
	bound := q.Bind(r.Team, g.Number)
	after, err := query.Open(bound, r.Cursor)
	if err != nil {
		return Page{}, err
	}
	segments, alive, err := s.open(ctx, r.Team, g, q.Fields())
	if fault.Is(err, fault.NotFound) { // nobody read Ashby for so long that the copy went
		p.Building, p.Exact = true, false
		return p, nil
	}
	if err != nil {
		return Page{}, err
	}
	found := q.Run(segments, alive, after, r.Limit)
	p.Total = found.Total
	if found.More {
		p.Next = query.Seal(bound, found.Page[len(found.Page)-1])
	}
	p.Hits, err = s.hits(ctx, r.Team, found.Page)
	return p, err
}

// hits reads what was found. A candidate that has gone since is left out, be it
// that the copy has not followed yet.
func (s *Searcher) hits(ctx context.Context, team string, places []query.Place) ([]Hit, error) {
	if len(places) == 0 {
		return nil, nil
	}
	ids := make([]string, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	known, err := s.Candidates.Known(ctx, team, ids)
	if err != nil {
		return nil, err
	}
	people, ended, err := s.People.LinkedTo(ctx, team, ids)
	if err != nil {
		return nil, err
	}
	var hits []Hit
	for _, id := range ids {
		if k, ok := known[id]; ok && !k.Gone && !ended[id] {
			hits = append(hits, Hit{k, people[id]})
		}
	}
	return hits, nil
}
