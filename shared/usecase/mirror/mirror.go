// Package mirror keeps our copy of a team's Ashby candidates: it reads all of
// them, then what changed, a page at a time, whenever the team's drain has nothing
// else to do.
//
// Everything is read into a generation of its own, which takes the place of the
// live one when it is complete; until then the live one answers. A page is written
// down before the state that counts it, so that a crash only means reading it
// again (decision 16).
package mirror

import (
	"context"
	"log/slog"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// Ashby is one team's account, as far as a copy needs it. Errors are faults; one
// with a detail {answer, restart_sync} says that cursor and token are of no use.
type Ashby interface {
	// List gives a page of all candidates, or of those that changed since a token.
	List(ctx context.Context, asked candidate.Listing) (candidate.Page, error)
	// One reads a candidate as lists show it; ok is false when it is not there.
	One(ctx context.Context, id string) (c candidate.Listed, ok bool, err error)
	// CustomFields lists the custom fields of candidates.
	CustomFields(ctx context.Context) ([]field.Field, error)
}

// States keeps how far a team's copy is. Conflict: another came between.
type States interface {
	State(ctx context.Context, team string) (index.State, delivery.Revision, error)
	SaveState(ctx context.Context, team string, s index.State, over delivery.Revision) (delivery.Revision, error)
}

// Catalogues keeps what is known of a team's fields.
type Catalogues interface {
	Catalogue(ctx context.Context, team string) (index.Catalogue, error)
	SaveCatalogue(ctx context.Context, team string, c index.Catalogue) error
}

// Candidates keeps candidates by id and by match key. A key is a hint: put it
// before its candidate and drop it after.
type Candidates interface {
	Known(ctx context.Context, team string, ids []string) (map[string]candidate.Known, error)
	Keep(ctx context.Context, team string, list []candidate.Known) error
	AddKeys(ctx context.Context, team string, list []candidate.Bearing) error
	DropKeys(ctx context.Context, team string, list []candidate.Bearing) error
}

// Segments keeps the segments of generations. TooLarge: it does not fit into a row.
type Segments interface {
	PutPacked(ctx context.Context, team string, generation, row int, s *index.Segment) error
	PutSegment(ctx context.Context, team string, generation, row int, s *index.Segment) error
	Layers(ctx context.Context, team string, generation int, segments []int, packed []index.Packed) ([]index.Layer, error)
}

// Mirror keeps copies.
type Mirror struct {
	States     States
	Catalogues Catalogues
	Candidates Candidates
	Segments   Segments
	// Missing is told of candidates that the same key saw before and that a complete
	// list does not have any more; nil: nobody is.
	Missing func(ctx context.Context, team string, ids []string) error
	Fold    func(string) string // makes texts comparable
	Now     func() time.Time
	Log     *slog.Logger
}

// Times of a copy.
const (
	// Every is how long after a reading what changed is read again.
	Every = 10 * time.Minute
	// Heal is how old a copy is when everything is read again: deletions that no
	// hook told of show in no other way.
	Heal = 24 * time.Hour

	withoutToken = 2 * time.Hour

	firstWait   = time.Minute // after a failure; doubles with every other one
	longestWait = time.Hour
	noLeaveWait = 15 * time.Minute // for a permission that is missing
)

// Bounds of what is not in columns yet.
const (
	sealAt     = 10_000 // candidates of a generation that is being read
	sealRows   = 100    // their rows
	liveAt     = 5_000  // of the one that answers
	liveRows   = 16
	mergeBelow = 300 // candidates of a row that more are put into
	mostSealed = 24  // segments of a generation before everything is read anew
)

// job is one step of a team's copy.
type job struct {
	*Mirror
	team        string
	fingerprint string
	ashby       Ashby
	state       index.State
	over        delivery.Revision
	fields      []field.Field
	catalogue   index.Catalogue
	news        bool // the catalogue changed
}

// Step does the next piece of a team's copy, a page as a rule, and says when the
// one after it is due; complete tells that this step made the copy hold all that
// the key sees. Its calls to Ashby are one or two. The error is Ashby's, after it
// was noted, or the store's.
func (m *Mirror) Step(ctx context.Context, team, fingerprint string, a Ashby) (next time.Time, complete bool, err error) {
	j := &job{Mirror: m, team: team, fingerprint: fingerprint, ashby: a}
	if j.state, j.over, err = m.States.State(ctx, team); err != nil {
		return time.Time{}, false, err
	}
	before := j.state.FullAt
	next, err = j.step(ctx)
	return next, err == nil && j.state.FullAt.After(before), err
}

func (j *job) step(ctx context.Context) (next time.Time, err error) {
	m := j.Mirror
	if m.Now().Before(j.state.NextAt) && !(j.anotherKey() && j.state.Failures == 0) && !j.untidy() {
		return j.state.NextAt, nil
	}
	if done, err := j.tidy(ctx); done || err != nil {
		return m.Now(), err
	}
	if err := j.read(ctx); err != nil {
		return j.failed(ctx, err)
	}
	if j.untidy() {
		return m.Now(), nil
	}
	return j.state.NextAt, nil
}

// anotherKey reports whether the copy was read, or is being read, with another
// key than the team has now, which may see others.
func (j *job) anotherKey() bool {
	if g := j.state.Build; g != nil {
		return g.Fingerprint != j.fingerprint
	}
	return j.state.Live != nil && j.state.Live.Fingerprint != j.fingerprint
}

// read reads the next page, and begins a reading where none is under way.
func (j *job) read(ctx context.Context) error {
	var err error
	if j.catalogue, err = j.Catalogues.Catalogue(ctx, j.team); err != nil {
		return err
	}
	j.fields = j.catalogue.Fields
	if j.state.Run == nil || j.anotherKey() {
		if err := j.begin(ctx); err != nil {
			return err
		}
	}
	asked, run := j.Now().UTC(), j.state.Run
	listing := candidate.Listing{Cursor: run.Cursor}
	if !run.Full {
		listing.Token = j.state.Token
	}
	page, err := j.ashby.List(ctx, listing)
	if err != nil {
		return answer{err}
	}
	if err := j.take(ctx, page.Candidates, asked); err != nil {
		return err
	}
	run.Pages, run.Unreadable, run.Cursor = run.Pages+1, run.Unreadable+page.Unreadable, page.Next
	j.state.Problem, j.state.Message, j.state.Failures, j.state.NextAt = "", "", 0, time.Time{}
	if page.Next == "" {
		j.complete(ctx, page.Token)
	}
	return j.save(ctx)
}

// begin starts a reading: of everything where there is no copy, where it is old,
// of another key or made of other fields, or where somebody wants it.
func (j *job) begin(ctx context.Context) error {
	fields, err := j.ashby.CustomFields(ctx)
	switch {
	case fault.Is(err, fault.PermissionMissing):
		fields = nil // built-in fields are better than none; the connection says what is missing
	case err != nil:
		return answer{err}
	}
	j.fields = fields
	s, now := &j.state, j.Now().UTC()
	shape := index.Shape(fields)
	if j.catalogue.Fields == nil || !sameFields(j.catalogue.Fields, fields) {
		j.catalogue.Fields, j.news = fields, true
	}
	full := s.Live == nil || s.Token == "" || s.Wanted || now.Sub(s.FullAt) >= Heal || j.anotherKey() ||
		s.Live.Shape != shape || len(s.Live.Segments) > mostSealed
	*s = s.GiveUp()
	s.Run = &index.Run{Full: full, Began: now}
	if full {
		s.Last++
		s.Build = &index.Generation{Number: s.Last, Fingerprint: j.fingerprint, Shape: shape, Began: now}
		s.Wanted = false
	}
	return nil
}

// complete ends a reading. A generation that is complete takes over.
func (j *job) complete(ctx context.Context, token string) {
	s := &j.state
	run := s.Run
	if run.Full {
		*s = s.TakeOver()
		s.FullAt, s.Unreadable = run.Began, run.Unreadable
	} else {
		s.Unreadable += run.Unreadable
	}
	if token != "" || run.Full {
		s.Token = token
	}
	s.FreshAsOf, s.Run = run.Began, nil
	s.NextAt = j.Now().UTC().Add(Every)
	if s.Token == "" {
		s.NextAt = j.Now().UTC().Add(withoutToken) // Ashby gave none, so that everything is to be read again
	}
	if s.Wanted {
		s.NextAt = time.Time{} // asked for while this reading was under way
	}
	j.Log.LogAttrs(ctx, slog.LevelInfo, "mirror read", slog.String("team", j.team), slog.Bool("full", run.Full),
		slog.Int("pages", run.Pages), slog.Int("candidates", run.Candidates), slog.Int("unreadable", run.Unreadable),
		slog.Int64("duration_ms", j.Now().Sub(run.Began).Milliseconds()))
}

// save writes catalogue and state down. What the page brought is written already.
func (j *job) save(ctx context.Context) error {
	if j.news {
		if err := j.Catalogues.SaveCatalogue(ctx, j.team, j.catalogue); err != nil {
			return err
		}
		j.news = false
	}
	var err error
	j.over, err = j.States.SaveState(ctx, j.team, j.state, j.over)
	return err
}
