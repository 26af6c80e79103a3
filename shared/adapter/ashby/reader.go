package ashby

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// CatalogueLife is how long fields, sources, tags, projects and users may be
// remembered.
const CatalogueLife = 10 * time.Minute

// scanPages bounds how far a Reader looks through an account for people without
// an email address: 2,000 candidates. Beyond, it says that it has not seen all.
const scanPages = 20

// Catalogue remembers an account's fields and sources for a while, across
// readers. It is safe for concurrent use.
type Catalogue struct {
	now     func() time.Time
	loading singleflight.Group
	mu      sync.Mutex
	kept    map[string]kept
}

type kept struct {
	answer plan.Answer
	asked  time.Time
	until  time.Time
}

// NewCatalogue makes an empty one.
func NewCatalogue(now func() time.Time) *Catalogue {
	return &Catalogue{now: now, kept: map[string]kept{}}
}

// mostKept bounds the memory of a process that serves many teams.
const mostKept = 256

// get gives what is remembered under a name, or loads it, once at a time.
func (c *Catalogue) get(name string, load func() (plan.Answer, error)) (plan.Answer, error) {
	return c.since(name, time.Time{}, load)
}

// since gives what is remembered under a name if it was asked for after a time.
func (c *Catalogue) since(name string, after time.Time, load func() (plan.Answer, error)) (plan.Answer, error) {
	c.mu.Lock()
	k, ok := c.kept[name]
	c.mu.Unlock()
	asked := c.now()
	if ok && asked.Before(k.until) && !k.asked.Before(after) {
		return k.answer, nil
	}
	loaded, err, _ := c.loading.Do(name, func() (any, error) { return load() })
	if err != nil {
		return plan.Answer{}, err
	}
	answer, _ := loaded.(plan.Answer)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) >= mostKept {
		clear(c.kept)
	}
	c.kept[name] = kept{answer, asked, c.now().Add(CatalogueLife)}
	return answer, nil
}

// Reader answers what a plan asks about an account. It is made for one piece of
// work: what it has looked through once, it does not look through again.
type Reader struct {
	account   *Account
	catalogue *Catalogue
	whose     string // what the catalogue is kept under
	admit     func(context.Context) error
	index     Index         // nil: none is kept
	scanning  chan struct{} // holds one element while nobody scans
	scanned   *scan
}

var _ plan.Reader = (*Reader)(nil)

// scan is what looking through the candidates found: who bears which match key.
type scan struct {
	bearers    map[string][]candidate.Candidate
	incomplete bool
	index      Index // holds the others; nil: all that could be seen was looked through
}

// NewReader makes a reader. Whose tells keys apart in the catalogue: what one
// key sees, another may not. Before each call the reader asks admit (nil: no
// one), and gives its error as it is.
func NewReader(a *Account, c *Catalogue, whose string, admit func(context.Context) error) *Reader {
	if admit == nil {
		admit = func(context.Context) error { return nil }
	}
	r := &Reader{account: a, catalogue: c, whose: whose, admit: admit, scanning: make(chan struct{}, 1)}
	r.scanning <- struct{}{}
	return r
}

// Read answers one question. Errors are faults of the kinds that Classify gives
// for reads; a candidate that is not there is an empty answer.
func (r *Reader) Read(ctx context.Context, ask plan.Ask) (plan.Answer, error) {
	if ask.Arg == plan.Fresh {
		r.catalogue.Forget(r.whose)
		ask.Arg = ""
	}
	switch ask.Kind {
	case plan.AskCandidate:
		return r.candidate(ctx, ask.Arg)
	case plan.AskEmail:
		return r.email(ctx, ask.Arg)
	case plan.AskKeys:
		return r.keys(ctx, strings.Fields(ask.Arg))
	case plan.AskIndex:
		return r.known(ctx, strings.Fields(ask.Arg))
	case plan.AskFields:
		return r.catalogue.since(r.whose+" fields", plan.After(ask.Arg), func() (plan.Answer, error) { return r.fields(ctx) })
	case plan.AskSources:
		return r.catalogue.get(r.whose+" sources", func() (plan.Answer, error) { return r.sources(ctx) })
	case plan.AskTags, plan.AskProjects, plan.AskUsers, plan.AskUser:
		name := r.whose + " " + string(ask.Kind) + " " + ask.Arg
		return r.catalogue.get(name, func() (plan.Answer, error) { return r.options(ctx, ask) })
	case plan.AskMember:
		return r.projectsOf(ctx, ask.Arg)
	}
	return plan.Answer{}, fault.New(fault.Internal, "unknown_ask", "a plan asks what nobody can answer")
}

func (r *Reader) candidate(ctx context.Context, id string) (plan.Answer, error) {
	if err := r.admit(ctx); err != nil {
		return plan.Answer{}, err
	}
	found, err := r.account.Candidate(ctx, id)
	if err != nil {
		if isNotFound(err) {
			return plan.Answer{}, nil
		}
		return plan.Answer{}, err
	}
	return plan.Answer{Candidates: []candidate.Candidate{found.Result}}, nil
}

func isNotFound(err error) bool {
	f := fault.Of(err)
	return err != nil && f.Kind() == fault.Rejected && f.Code() == CodeCandidateNotFound
}

// email believes only candidates that bear the very address: Ashby's search may
// be looser.
func (r *Reader) email(ctx context.Context, address string) (plan.Answer, error) {
	if err := r.admit(ctx); err != nil {
		return plan.Answer{}, err
	}
	found, err := r.account.Search(ctx, address, "")
	if err != nil {
		return plan.Answer{}, err
	}
	return plan.Answer{Candidates: slices.DeleteFunc(found.Result, func(c candidate.Candidate) bool {
		return !c.HasEmail(address)
	})}, nil
}

// keys looks through the account, once, for candidates that bear a match key.
// Without a key the answer still says whether all could be looked through.
func (r *Reader) keys(ctx context.Context, keys []string) (plan.Answer, error) {
	select {
	case <-r.scanning:
		defer func() { r.scanning <- struct{}{} }()
	case <-ctx.Done():
		return plan.Answer{}, fault.New(fault.Unavailable, CodeCancelled, "the call to Ashby was given up").Because(ctx.Err())
	}
	if err := r.lookThrough(ctx); err != nil {
		return plan.Answer{}, err
	}
	found, err := bearing(ctx, keys, r.scanned.of)
	if err != nil {
		return plan.Answer{}, err
	}
	return plan.Answer{Candidates: found, Incomplete: r.scanned.incomplete}, nil
}

func (r *Reader) scan(ctx context.Context) (*scan, error) {
	s := &scan{bearers: map[string][]candidate.Candidate{}, incomplete: true}
	var asked CandidatesAsked
	for range scanPages {
		if err := r.admit(ctx); err != nil {
			return nil, err
		}
		page, err := r.account.Candidates(ctx, asked)
		if err != nil {
			return nil, err
		}
		for _, c := range page.Result {
			s.add(c)
		}
		if !page.More {
			s.incomplete = false
			break
		}
		if page.NextCursor == "" || page.NextCursor == asked.Cursor {
			break // it does not say how to go on: not everything was seen
		}
		asked.Cursor = page.NextCursor
	}
	return s, nil
}

func (s *scan) add(c candidate.Candidate) {
	for _, key := range mapping.Keys(c) {
		s.bearers[key] = append(s.bearers[key], c)
	}
}

// Do sends exactly these bytes, as the account does. A candidate that it makes
// is found by its match keys from then on.
func (r *Reader) Do(ctx context.Context, method string, body []byte) (Answer[json.RawMessage], error) {
	answer, err := r.account.Do(ctx, method, body)
	if method == methodEmail && AlreadyExists(err) {
		return answer, nil
	}
	var made candidateWire
	if err != nil || method != methodCreate || json.Unmarshal(answer.Result, &made) != nil {
		return answer, err
	}
	<-r.scanning
	defer func() { r.scanning <- struct{}{} }()
	if r.scanned != nil {
		r.scanned.add(made.plain())
	}
	return answer, nil
}

// methodCreate is the one write that makes candidates.
const methodCreate = "candidate.create"

// methodEmail is the one write that Ashby recognises when it comes again.
const methodEmail = "candidate.addEmailMessage"

func (r *Reader) fields(ctx context.Context) (plan.Answer, error) {
	all, err := Every(ctx, admitted(r, r.account.EveryField))
	if err != nil {
		return plan.Answer{}, err
	}
	answer := plan.Answer{}
	for _, f := range all {
		if f.OfCandidate() {
			answer.Fields = append(answer.Fields, f.Field)
		}
	}
	slices.SortFunc(answer.Fields, func(a, b field.Field) int { return strings.Compare(a.ID, b.ID) })
	return answer, nil
}

func (r *Reader) sources(ctx context.Context) (plan.Answer, error) {
	if err := r.admit(ctx); err != nil {
		return plan.Answer{}, err
	}
	all, err := r.account.Sources(ctx)
	if err != nil {
		return plan.Answer{}, err
	}
	answer := plan.Answer{}
	for _, s := range all.Result {
		answer.Sources = append(answer.Sources, s.Option)
	}
	return answer, nil
}

// admitted asks for leave before each page of a list.
func admitted[T any](
	r *Reader, list func(context.Context, Page) (Answer[[]T], error),
) func(context.Context, Page) (Answer[[]T], error) {
	return func(ctx context.Context, p Page) (Answer[[]T], error) {
		if err := r.admit(ctx); err != nil {
			return Answer[[]T]{}, err
		}
		return list(ctx, p)
	}
}
